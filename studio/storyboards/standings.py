"""What the layers above know of a project: whether a take is in flight, approved, released.

They register here when they load (`apps.ready`); the projects page asks without knowing them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Q


@dataclass(frozen=True)
class Badge:
    """A word on a project's card. `mood` is one of good, warn, bad, busy or empty."""

    word: str
    mood: str = ""


@dataclass(frozen=True)
class Source:
    """One app's knowledge.

    `filters` maps a filter's name in the address to its label and the rule projects must meet;
    `badges` gives what stands on the cards of the projects with these pks, in a fixed number of
    queries.
    """

    filters: Mapping[str, tuple[str, Callable[[], Q]]] = field(default_factory=dict)
    badges: Callable[[Collection[int]], Mapping[int, Badge]] = lambda _pks: {}


_sources: dict[str, Source] = {}


def register(app: str, source: Source) -> None:
    """Make an app's knowledge known; again under the same name, it takes the former's place."""
    _sources[app] = source


def labels() -> dict[str, str]:
    """The labels of all filters, by name."""
    return {name: label for one in _sources.values() for name, (label, _) in one.filters.items()}


def rule(name: str) -> Q | None:
    """The rule of the filter with this name, if some app brings it."""
    found = next((one.filters[name][1] for one in _sources.values() if name in one.filters), None)
    return found() if found else None


def badges_of(pks: Collection[int]) -> dict[int, list[Badge]]:
    """The badges of these projects, in the order the apps registered."""
    badges: dict[int, list[Badge]] = {pk: [] for pk in pks}
    for source in _sources.values():
        for pk, badge in source.badges(pks).items():
            badges[pk].append(badge)
    return badges
