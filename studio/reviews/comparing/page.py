"""What the page shows that puts two takes beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.comparing import comparisons
from studio.reviews.comparing.shots import Shots, shots_of
from studio.reviews.comparing.surprises import calm
from studio.reviews.comparing.versions import former_of, is_watchable
from studio.reviews.models import Comparison
from studio.reviews.playing.player import Player, player_of
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import Picture
from studio.reviews.seals import says_deleted
from studio.storyboards.models import Project

IN_WORK = (Comparison.Status.WAITING, Comparison.Status.WORKING)
# In pixels, until a film tells its own.
_USUAL = Picture(480, 270)


@dataclass(frozen=True)
class Side:
    """One of the two takes, and its film to be played. `name`: former or later."""

    name: str
    take: Take
    player: Player | None

    @property
    def is_playable(self) -> bool:
        return self.player is not None and self.player.is_playable

    @property
    def is_in_work(self) -> bool:
        return self.player is not None and self.player.is_in_work

    @property
    def has_failed(self) -> bool:
        return self.player is not None and not (self.is_playable or self.is_in_work)

    @property
    def has_preview(self) -> bool:
        return is_watchable(self.take)

    @property
    def picture(self) -> Picture:
        facts = self.player.film.facts if self.player and self.is_playable else {}
        return Picture(facts["width"], facts["height"]) if facts else _USUAL

    @property
    def says(self) -> str:
        """Why there is nothing to play, and what to do."""
        take = self.take
        if take.files_deleted_at is not None:
            return says_deleted(take)
        if take.status != Status.READY:
            return f"Take {take.number} has no preview. Choose one that is ready."
        if self.player is None:
            return "Its preview is missing. Ask your admin to look at the vault."
        if self.has_failed:
            return f"Its film could not be drawn. {self.player.row.says}"
        return "Its film is being drawn; this takes a few seconds."


@dataclass(frozen=True)
class Compared:
    """Two takes of a project. `comparison` is None while one of them has no preview."""

    project: Project
    former: Side
    later: Side
    comparison: Comparison | None

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.former, self.later

    @property
    def can_play(self) -> bool:
        return self.former.is_playable and self.later.is_playable

    @property
    def films_state(self) -> str:
        """While it is the same, so is the stage."""
        rows = (side.player.row for side in self.sides if side.player)
        return "-".join(f"{row.pk}{row.status}" for row in rows)

    @property
    def are_films_in_work(self) -> bool:
        return self.former.is_in_work or self.later.is_in_work

    @property
    def is_in_work(self) -> bool:
        return self.comparison is not None and self.comparison.status in IN_WORK

    @property
    def has_failed(self) -> bool:
        return self.comparison is not None and self.comparison.status == Comparison.Status.FAILED

    @property
    def state(self) -> str:
        """While it is the same, so are the findings."""
        return f"{self.comparison.pk}{self.comparison.status}" if self.comparison else "none"

    @cached_property
    def shots(self) -> Shots:
        is_ready = self.comparison and self.comparison.status == Comparison.Status.READY
        ready = self.comparison if is_ready else None
        return shots_of(self.former.take, self.later.take, ready)

    @property
    def calm(self) -> str:
        return calm(self.shots.looks)

    @property
    def is_measured(self) -> bool:
        return self.comparison is not None and not (self.is_in_work or self.has_failed)

    @property
    def query(self) -> str:
        return urlencode({"former": self.former.take.pk, "later": self.later.take.pk})

    @property
    def swapped(self) -> str:
        """The address with the two the other way round."""
        query = urlencode({"former": self.later.take.pk, "later": self.former.take.pk})
        return f"{reverse('reviews:compare', args=[self.project.pk])}?{query}"


def choices_of(project: Project) -> list[Take]:
    """The takes that can be chosen, newest first: those that got ready, even if their files are
    deleted by now. One query."""
    takes = Take.objects.filter(project=project, status=Status.READY)
    return list(takes.defer("payload", "error_body").order_by("-number"))


def chosen(
    project: Project, takes: Sequence[Take], former: str, later: str
) -> tuple[Take, Take] | None:
    """The takes of these keys; where one is not named, the newest of `takes` that suits the other.
    None where there are no two to compare. Raises Http404 for what is no take of the project."""
    watchable = [take for take in takes if is_watchable(take)]
    first = _named(project, former) if former else None
    second = _named(project, later) if later else None
    if second is None:
        second = next((take for take in watchable if take != first), None)
    if first is None and second is not None:
        others = (take for take in watchable if take != second)
        first = former_of(second, watchable) or next(others, None)
    return (first, second) if first and second else None


def compared(project: Project, former: Take, later: Take, role: str) -> Compared:
    """The two with their films and their comparison, each ordered if there is none yet."""
    takes = Take.objects.select_related("revision").in_bulk([former.pk, later.pk])
    sides = []
    for name, pk in (("former", former.pk), ("later", later.pk)):
        take = takes[pk]
        sides.append(Side(name, take, player_of(Reviewer(take, role=role))))
    are_there = all(side.has_preview for side in sides) and former != later
    comparison = comparisons.order(former, later) if are_there else None
    return Compared(project, sides[0], sides[1], comparison)


def _named(project: Project, key: str) -> Take:
    is_key = key.isascii() and key.isdecimal() and len(key) < 19
    take = Take.objects.filter(project=project, pk=int(key)).first() if is_key else None
    if take is None:
        raise Http404("There is no such take of this project.")
    return take
