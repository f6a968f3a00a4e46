"""From the fixes to the next revision: shots marked Fix are flagged on the board as it is now."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders.models import Take
from studio.reviews.models import Channel, Note
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import PlannedShot, clock
from studio.reviews.shots.open_notes import by_shot
from studio.reviews.shots.panel import ShotsPanel
from studio.reviews.shots.verdicts import Verdict
from studio.storyboards import changes, flags
from studio.storyboards.boards import Board, board_of
from studio.storyboards.edits.summaries import field_name, listed
from studio.storyboards.flagged import Flagged
from studio.storyboards.models import ShotFlag
from studio.storyboards.snapshots import snapshot_of


@dataclass(frozen=True, slots=True)
class PlannedFix:
    """A shot marked Fix, and what became of it on the board since the take was made.

    `now` is its number there, None when it is gone; `changed` names the fields that were changed.
    `is_done`: it was started before and ticked off, and stays so.
    """

    shot: PlannedShot
    fix: flags.Fix
    now: int | None
    changed: str = ""
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What starting from the fixes would do. `others` are open flags of other takes."""

    take: Take
    fixes: tuple[PlannedFix, ...]
    others: tuple[tuple[int, ShotFlag], ...]
    digest: str

    @property
    def there(self) -> tuple[PlannedFix, ...]:
        return tuple(fix for fix in self.fixes if fix.now is not None)

    @property
    def gone(self) -> tuple[PlannedFix, ...]:
        return tuple(fix for fix in self.fixes if fix.now is None)

    @property
    def to_flag(self) -> int:
        """How many shots the board will show as to be fixed."""
        return sum(not fix.is_done for fix in self.there)

    @property
    def asks(self) -> bool:
        """Whether somebody should look first: the board is not what the take was made from, some
        fixes are done already, or other flags would be set aside."""
        return bool(self.others) or any(
            fix.now is None or fix.changed or fix.is_done for fix in self.fixes
        )

    @property
    def first(self) -> int | None:
        """The first shot to be fixed on the board, by pk."""
        found = sorted(self.there, key=lambda fix: fix.now or 0)
        return found[0].fix.shot if found else None


def plan_of(reviewer: Reviewer) -> Plan:
    """Every shot that is marked Fix now, against the board as it is now. Six queries."""
    take, panel = reviewer.take, ShotsPanel(reviewer)
    board = board_of(take.project)
    since = changes.between(take.revision.snapshot, snapshot_of(board.project, board.shots))
    pks = {shot["scene_id"]: shot["pk"] for shot in take.revision.snapshot["shots"]}
    numbers = {shot.pk: number for number, shot in enumerate(board.shots, start=1)}
    notes = by_shot(reviewer, panel.planned)
    done = {(row.shot, row.says) for row in take.project.flags.filter(take=take.pk) if row.done_at}
    fixes = []
    for row in panel.rows:
        if row.latest is None or row.verdict != Verdict.FIX:
            continue
        pk, on_shot = pks[row.shot.scene_id], notes.get(row.shot.scene_id, ())
        source = f"Take {take.number}, {row.latest.given_by}"
        fix = flags.Fix(pk, row.latest.says, source, _address(take, row.shot), _told(on_shot))
        names = listed(sorted(field_name(name) for name in since.shots.get(pk, ())))
        is_done = (pk, fix.says) in done
        fixes.append(PlannedFix(row.shot, fix, numbers.get(pk), names, is_done))
    version = f"{board.project.revision}.{board.project.flags_version}"
    digest = f"{version}.{max((row.seen for row in panel.rows), default=0)}"
    return Plan(take, tuple(fixes), _others(board, take), digest)


def start(plan: Plan, by: User, *, keep_others: bool = False) -> None:
    """Flag the shots on the board; started twice, it makes no second flag.

    Raises `storyboards.edits.revising.Archived`.
    """
    take = plan.take
    fixes = flags.Round(take.pk, take.number, [planned.fix for planned in plan.fixes])
    with transaction.atomic():
        # The board before the audit log, as everywhere: submissions hold them in that order.
        flags.start(take.project, fixes, by, keep_others=keep_others)
        shots = [planned.shot.scene_id for planned in plan.fixes]
        audit.record(take.workspace, by, "fixes.started", f"take {take.pk}", shots=shots)


def _address(take: Take, shot: PlannedShot) -> str:
    return f"{reverse('reviews:take', args=[take.pk])}#shot-{shot.number}"


def _told(notes: Sequence[Note]) -> list[flags.Note]:
    return [
        flags.Note(
            at="" if note.from_ms is None else clock(note.from_ms),
            who=str(note.author or note.guest),
            says=note.text or "A drawing.",
            is_client=note.channel == Channel.CLIENT,
        )
        for note in notes
    ]


def _others(board: Board, take: Take) -> tuple[tuple[int, ShotFlag], ...]:
    numbers = {shot.pk: number for number, shot in enumerate(board.shots, start=1)}
    return tuple(
        (numbers[row.shot], row)
        for row in Flagged(board).all
        if row.done_at is None and row.take != take.pk
    )
