"""A yes or a no to exactly one take.

Policy, until a workspace sets its own: one producer's yes is enough, and releases at once.
"""

from django.db import transaction

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.deciding import releases
from studio.reviews.models import Decision
from studio.reviews.seals import BrokenSeal, Seal, parts_of, seal_of

Verdict = Decision.Verdict
MAX_NOTE = 4_000


class CannotDecide(Exception):
    """No decision can be made on this take as it stands; the message says why."""


class SealChanged(CannotDecide):
    """The take is no longer what the person was looking at."""


def decide(
    take: Take, verdict: str, decided_by: User, note: str = "", *, seen: str | None = None
) -> Decision:
    """Record a decision, bound to the take's hashes as they are at this moment.

    An approval releases the film; a request for changes withdraws the release. `seen` is the
    digest of the seal that the person had before them. The same words said twice by the same
    person count once. Raises `CannotDecide`, and `SealChanged` where `seen` is not the take.
    """
    verdict, note = Verdict(verdict), checked_note(verdict, note)
    # Hash large files before the lock: what is read below comes from the cache of `is_intact`.
    sealed(take)
    with transaction.atomic():
        take = Take.objects.select_for_update(no_key=True).get(pk=take.pk)
        seal = sealed(take)
        if seen is not None and seen != seal.digest:
            raise SealChanged(
                "This take changed while you were looking at it. Watch it again, then decide."
            )
        return _said_already(take, verdict, decided_by, note, seal) or _record(
            take, verdict, decided_by, note, seal
        )


def latest_decision(take: Take) -> Decision | None:
    """The decision that counts."""
    return Decision.objects.filter(take=take).select_related("decided_by").first()


def checked_note(verdict: str, note: str) -> str:
    """The note, trimmed. Raises `CannotDecide` where one is needed or it is too long."""
    note = note.strip()
    if verdict == Verdict.CHANGES_REQUESTED and not note:
        raise CannotDecide("Write what should change, so that the next take can be better.")
    if len(note) > MAX_NOTE:
        raise CannotDecide(
            f"The note has {len(note):,} characters. Shorten it to {MAX_NOTE:,} at most."
        )
    return note


def sealed(take: Take) -> Seal:
    """The seal to decide on. Raises `CannotDecide` while there is nothing whole to judge."""
    try:
        seal = seal_of(take, parts_of(take))
    except BrokenSeal as broken:
        raise CannotDecide(f"{broken} Nothing can be decided on it.") from broken
    if take.status != Status.READY or seal is None:
        raise CannotDecide(
            "This take cannot be judged yet. Wait until it is ready and you have seen its preview."
        )
    return seal


def _said_already(
    take: Take, verdict: str, decided_by: User, note: str, seal: Seal
) -> Decision | None:
    """The newest decision, if it says the very same (a double click) and still has its effect."""
    latest = latest_decision(take)
    if latest is None or (latest.verdict, latest.decided_by, latest.note, latest.seal) != (
        verdict,
        decided_by,
        note,
        seal,
    ):
        return None
    return latest if latest.is_approval == releases.has_live_row(take) else None


def _record(take: Take, verdict: str, decided_by: User, note: str, seal: Seal) -> Decision:
    decision = Decision.objects.create(
        take=take,
        verdict=verdict,
        note=note,
        decided_by=decided_by,
        payload_sha256=seal.payload_sha256,
        preview_sha256=seal.preview_sha256,
        video_sha256=seal.video_sha256,
    )
    audit.record(
        take.workspace,
        decided_by,
        f"take.{verdict}",
        f"take {take.pk}",
        decision=decision.pk,
        number=take.number,
        note=note,
        seal=seal.digest,
    )
    if decision.is_approval:
        # What is approved is kept, whatever was announced.
        Take.objects.filter(pk=take.pk).update(deletion_due_at=None)
        releases.open_for(take, decision, decided_by)
    else:
        releases.close_for(take, decided_by)
    return decision
