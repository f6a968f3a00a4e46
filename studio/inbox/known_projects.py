"""What the inbox may know of projects, which stand above it: their titles, and whose they are.

The layer that has them registers here when it loads (`apps.ready`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from studio.accounts.models import User, Workspace

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project as the inbox sees it; `url` is the path of its page."""

    number: int
    title: str
    workspace: Workspace
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where projects are asked for. `of_member` gives those among `numbers`, or with None the
    newest `MOST_LISTED`, of all workspaces that the person belongs to."""

    of_member: Callable[[User, Collection[int] | None], Sequence[KnownProject]]
    titles: Callable[[Collection[int]], Mapping[int, str]]


_sources: list[Source] = []


def register(source: Source) -> None:
    """Make the one source known; again, it takes the former's place."""
    _sources[:] = [source]


def of_member(user: User, numbers: Collection[int] | None = None) -> list[KnownProject]:
    """The projects of a person's workspaces: those numbered, or the newest."""
    return [known for source in _sources for known in source.of_member(user, numbers)]


def find(user: User, number: int) -> KnownProject | None:
    """One project, if the person belongs to its workspace."""
    return next(iter(of_member(user, [number])), None)


def titles(numbers: Collection[int]) -> dict[int, str]:
    """The titles of these projects, by number; those that are gone are missing."""
    found: dict[int, str] = {}
    for source in _sources if numbers else ():
        found |= source.titles(numbers)
    return found
