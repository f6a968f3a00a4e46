"""What the shots' part of a take's page shows: the plan, and to members what they say of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studio.accounts.access import can, is_allowed
from studio.renders import proofs
from studio.reviews.models import PreviewFilm, ShareLink, ShotVerdict, Work
from studio.reviews.notes.reading import tally_of
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import PlannedShot, planned_shots
from studio.reviews.shots.open_notes import by_shot
from studio.reviews.shots.verdicts import Verdict, can_be_judged, verdicts_of
from studio.storyboards.presets import title_of


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The place of a shot's frame in the strip, and the size of all of the strip, in pixels."""

    left: int
    width: int
    height: int
    strip_width: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a shot's form was refused with, and why."""

    scene_id: str
    typed: str
    problem: str


@dataclass(frozen=True, slots=True)
class Row:
    """One shot."""

    shot: PlannedShot
    said: tuple[ShotVerdict, ...] = ()
    open_notes: int = 0
    thumbnail: Thumbnail | None = None
    refusal: Refusal | None = None

    @property
    def latest(self) -> ShotVerdict | None:
        """What counts; None while nobody said anything, or it was taken back."""
        newest = self.said[-1] if self.said else None
        return newest if newest and newest.verdict != Verdict.OPEN else None

    @property
    def verdict(self) -> str:
        return self.latest.verdict if self.latest else Verdict.OPEN.value

    @property
    def seen(self) -> int:
        """The key of the newest word, which a form sends back; 0 for none."""
        return self.said[-1].pk if self.said else 0

    @property
    def former(self) -> tuple[ShotVerdict, ...]:
        """What was said before, the newest first."""
        return tuple(row for row in reversed(self.said) if row is not self.latest)

    @property
    def note(self) -> str:
        """What stands in the note's field."""
        if self.refusal:
            return self.refusal.typed
        return self.latest.says if self.latest else ""

    @property
    def camera(self) -> str:
        return title_of(self.shot.motion)


@dataclass(frozen=True)
class ShotsPanel:
    """The shots of a take for one person; read bit by bit, so that a guest gets the plan alone."""

    reviewer: Reviewer
    refusal: Refusal | None = None

    @cached_property
    def planned(self) -> tuple[PlannedShot, ...]:
        return planned_shots(proofs.snapshot_of(self.reviewer.take))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every shot; for members with verdicts and notes. Three queries, one for guests."""
        thumbnails = self._thumbnails
        if self.reviewer.is_guest:
            return tuple(Row(shot, thumbnail=thumbnails.get(shot.number)) for shot in self.planned)
        said, notes = verdicts_of(self.reviewer.take), by_shot(self.reviewer, self.planned)
        refused = self.refusal.scene_id if self.refusal else None
        return tuple(
            Row(
                shot,
                said.get(shot.scene_id, ()),
                len(notes.get(shot.scene_id, ())),
                thumbnails.get(shot.number),
                self.refusal if shot.scene_id == refused else None,
            )
            for shot in self.planned
        )

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many shots are `fine`, to `fix`, and `open`."""
        return Counter(row.verdict for row in self.rows)

    @property
    def may_mark(self) -> bool:
        return self.reviewer.can_mark_shots and can_be_judged(self.reviewer.take)

    @property
    def may_start(self) -> bool:
        """Whether the fixes can become the next revision's to-do list."""
        is_open = self.reviewer.take.project.archived_at is None
        return is_open and is_allowed(self.reviewer.role, can.EDIT) and self.counts["fix"] > 0

    @cached_property
    def newest(self) -> int:
        """The key of the newest verdict on this take; 0 for none."""
        rows = ShotVerdict.objects.filter(take=self.reviewer.take)
        return rows.order_by("-pk").values_list("pk", flat=True).first() or 0

    @cached_property
    def pulse(self) -> str:
        """The same as long as verdicts, the film that the frames are of, and notes are."""
        film = self._film.pk if self._film else 0
        return f"{self.newest}.{film}.{tally_of(self.reviewer).pulse}"

    def since(self, pulse: str) -> tuple[Row, ...]:
        """The rows that may be other ones than when the page had this `pulse`."""
        newest, _, others = pulse.partition(".")
        is_key = newest.isascii() and newest.isdigit() and len(newest) < 19
        if others != self.pulse.partition(".")[2] or not is_key:
            return self.rows
        return tuple(row for row in self.rows if row.seen > int(newest))

    def row(self, scene_id: str) -> Row:
        """The row of a shot that the take has."""
        return next(row for row in self.rows if row.shot.scene_id == scene_id)

    @cached_property
    def _film(self) -> PreviewFilm | None:
        """The film of the preview that this person plays, once it is drawn."""
        link, take = self.reviewer.link, self.reviewer.take
        if not can_be_judged(take) or (link and link.subject != ShareLink.Subject.PREVIEW):
            return None
        guest = self.reviewer.guest if link and link.marks_viewer else None
        films = PreviewFilm.objects.filter(take=take, guest=guest, status=Work.Status.READY)
        return films.select_related("strip").first()

    @cached_property
    def _thumbnails(self) -> dict[int, Thumbnail]:
        """By the shots' numbers: the frame from the middle of each."""
        if self._film is None or self._film.strip is None:
            return {}
        facts, tiles = self._film.strip.facts, dict[int, list[dict[str, Any]]]()
        for tile in facts.get("tiles", ()):
            tiles.setdefault(tile["shot"], []).append(tile)
        middles = {shot: found[len(found) // 2] for shot, found in tiles.items()}
        return {
            shot: Thumbnail(tile["left"], tile["width"], facts["height"], facts["width"])
            for shot, tile in middles.items()
        }
