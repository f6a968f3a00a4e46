"""What became of takes once they were ready: judged, released, withdrawn.

The layers above know it and register here when they load (`apps.ready`); the pages of takes ask
without knowing them.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.db.models import F

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.wording import Standing, standing_of


class Source(Protocol):
    """By the takes' pks, what to show for those that something was decided on.

    In as many queries for many takes as for one. `exactly` looks into the vault too, take by take.
    """

    def __call__(self, takes: Sequence[Take], *, exactly: bool) -> Mapping[int, Standing]: ...


_sources: dict[str, Source] = {}


def register(app: str, source: Source) -> None:
    """Make an app's knowledge known; again under the same name, it takes the former's place."""
    _sources[app] = source


def standings_of(takes: Sequence[Take], *, exactly: bool = False) -> list[Standing]:
    """What to show for each take as it is now, in their order."""
    ready = [one for one in takes if one.status == Status.READY and one.files_deleted_at is None]
    known: dict[int, Standing] = {}
    for source in _sources.values() if ready else ():
        known |= source(ready, exactly=exactly)
    return [known.get(one.pk) or standing_of(one) for one in takes]


def standing_now(take: Take) -> Standing:
    """What to show for one take, looked at as closely as its own page does."""
    return standings_of([take], exactly=True)[0]


def changed(take: Take) -> None:
    """Have every page that shows the take look at it anew; in the transaction that changed it."""
    Take.objects.filter(pk=take.pk).update(changes=F("changes") + 1)
