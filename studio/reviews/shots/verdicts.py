"""A shot of a take is fine, or is to be fixed: said by members, shot by shot.

Each word is a row that stays; the newest of a shot counts, and a verdict that was taken back leaves
the shot open.
"""

from collections.abc import Mapping

from django.db import transaction

from studio.lib.unseen import CONTROLS, is_blank, trimmed
from studio.renders import proofs
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.models import ShotVerdict
from studio.reviews.reviewing import Reviewer

Verdict = ShotVerdict.Verdict
MAX_SAYS = 2_000


class CannotMark(Exception):
    """The shot stays as it is; the message says why, and what to do."""


class Overtaken(CannotMark):
    """Somebody else judged the shot since the person saw it."""


class NoSuchShot(LookupError):
    """The take has no shot with this scene id."""


def give(
    reviewer: Reviewer, scene_id: str, verdict: str, says: str = "", *, seen: int | None = None
) -> ShotVerdict:
    """Record what this member says of a shot; `says` is kept with a fix, and needed for it.

    The same said twice by the same person counts once. `seen` is the key of the verdict that the
    person had before them, 0 for none; None does not look. Raises `CannotMark`, `Overtaken` when
    somebody else said something else meanwhile, and `NoSuchShot`.
    """
    if reviewer.user is None:
        raise CannotMark("Shots are marked by members of the workspace. Leave a note instead.")
    _require_shot(reviewer.take, scene_id)
    verdict, says = _checked(verdict, says)
    with transaction.atomic():
        # One after the other, so that of two at the same moment the later sees the earlier.
        take = Take.objects.select_for_update(no_key=True).get(pk=reviewer.take.pk)
        _require_judgeable(take)
        rows = ShotVerdict.objects.select_related("given_by")
        latest = rows.filter(take=take, scene_id=scene_id).last()
        standing = (latest.verdict, latest.says) if latest else (Verdict.OPEN, "")
        if latest and standing == (verdict, says) and latest.given_by == reviewer.user:
            return latest
        if seen is not None and latest and latest.pk != seen and standing != (verdict, says):
            _require_own(latest, reviewer)
        return ShotVerdict.objects.create(
            take=take, scene_id=scene_id, verdict=verdict, says=says, given_by=reviewer.user
        )


def can_be_judged(take: Take) -> bool:
    """Whether there is a preview to judge shots by."""
    return take.status == Status.READY and take.files_deleted_at is None


def verdicts_of(take: Take) -> Mapping[str, tuple[ShotVerdict, ...]]:
    """All that was ever said of each shot, by scene id, the oldest first. One query."""
    said: dict[str, tuple[ShotVerdict, ...]] = {}
    for row in ShotVerdict.objects.filter(take=take).select_related("given_by"):
        said[row.scene_id] = (*said.get(row.scene_id, ()), row)
    return said


def _checked(verdict: str, says: str) -> tuple[str, str]:
    if verdict not in Verdict.values:
        raise CannotMark("Choose Fine or Fix.")
    says = trimmed(CONTROLS.sub("", says.replace("\r\n", "\n"))) if verdict == Verdict.FIX else ""
    if verdict == Verdict.FIX and is_blank(says):
        raise CannotMark("Write what to fix, so that whoever works on this shot knows.")
    if len(says) > MAX_SAYS:
        raise CannotMark(
            f"The note has {len(says):,} characters. Shorten it to {MAX_SAYS:,} at most."
        )
    return verdict, says


def _require_shot(take: Take, scene_id: str) -> None:
    if all(shot["scene_id"] != scene_id for shot in proofs.snapshot_of(take)["shots"]):
        raise NoSuchShot(f"Take {take.pk} has no shot {scene_id}.")


def _require_judgeable(take: Take) -> None:
    if take.files_deleted_at is not None:
        raise CannotMark("The files of this take were deleted, so its shots cannot be judged.")
    if take.status != Status.READY:
        raise CannotMark("This take is not ready. Judge its shots once you have seen its preview.")


def _require_own(latest: ShotVerdict, reviewer: Reviewer) -> None:
    if latest.given_by == reviewer.user:
        return
    did = {
        Verdict.FINE: "marked this shot as fine",
        Verdict.FIX: "marked this shot to be fixed",
        Verdict.OPEN: "took the verdict on this shot back",
    }[Verdict(latest.verdict)]
    raise Overtaken(f"{latest.given_by} {did} meanwhile. Look at it, then choose again.")
