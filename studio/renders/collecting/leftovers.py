"""What has arrived of a take's broken downloads: it waits in the vault for the rest."""

from contextlib import AbstractContextManager
from pathlib import Path

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.vault import storing

_KIND = "take"


def pieces_of(take: Take) -> AbstractContextManager[Path]:
    """The folder of this take's pieces, which outlives the process that fetched them."""
    return storing.incoming_in_pieces(_name(take.pk))


def forget(take: Take) -> None:
    """Remove what is left: the take has all its files."""
    storing.forget_incoming(_name(take.pk))


def prune() -> int:
    """Remove the pieces of takes that nobody collects any more; returns of how many.

    A collector may die between having everything and clearing up, and a take may be given up.
    """
    waiting = {int(folder.name.removeprefix(f"{_KIND}-")) for folder in storing.incoming_of(_KIND)}
    wanted = Take.objects.filter(
        pk__in=waiting,
        status__in=(Status.COLLECTING, Status.UNCOLLECTED),
        discarded_at=None,
        files_deleted_at=None,
    ).values_list("pk", flat=True)
    over = waiting - set(wanted)
    for take_id in over:
        storing.forget_incoming(_name(take_id))
    return len(over)


def _name(take_id: int) -> str:
    return f"{_KIND}-{take_id}"
