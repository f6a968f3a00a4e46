"""A yes or a no to exactly one take, by a member or a guest, and taking it back.

What it takes until a film is released, the workspace's policy says (`policies`); which words still
stand, `history`; and where the take stands by them, `standing`.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.access import can, is_allowed
from studio.accounts.models import Membership, User
from studio.lib.unseen import CONTROLS, is_blank, trimmed
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.outcomes import changed
from studio.reviews.deciding import announcements, releases
from studio.reviews.deciding.policies import in_roles, policy_of, rule_of
from studio.reviews.deciding.standing import Standing, standing_of
from studio.reviews.models import Decision, Guest, ReviewPolicy, ShareLink
from studio.reviews.seals import BrokenSeal, Seal, parts_of, seal_of

Verdict = Decision.Verdict
MAX_NOTE = 4_000


class CannotDecide(Exception):
    """No decision can be made on this take as it stands; the message says why."""


class SealChanged(CannotDecide):
    """The take is no longer what the person was looking at."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody says, and as what."""

    verdict: str
    note: str
    seal: Seal
    role: str
    counts: bool


def decide(
    take: Take, verdict: str, by: User | Guest, note: str = "", *, seen: str | None = None
) -> Decision:
    """Record an approval or a request for changes, bound to the take's hashes at this moment.

    What meets the policy releases the film, if the policy releases by itself; a request for changes
    that counts withdraws the release. `seen` is the digest of the seal that the person had before
    them. The same words said twice by the same person count once. Raises `CannotDecide`, and
    `SealChanged` where `seen` is not the take.
    """
    verdict, note = Verdict(verdict), checked_note(verdict, note)
    # Hash large files before the lock: what is read below comes from the cache of `is_intact`.
    sealed(take)
    with transaction.atomic():
        take = releases.locked(take)
        seal = sealed(take)
        if seen is not None and seen != seal.digest:
            raise SealChanged(
                "This take changed while you were looking at it. Watch it again, then decide."
            )
        policy = policy_of(take.workspace)
        role = _role_of(by, take)
        said = _Said(verdict, note, seal, role, _counts(by, role, policy))
        _refuse_own(take, said, by, policy)
        return _said_already(take, said, by) or _effected(take, _record(take, said, by), by)


def take_back(take: Take, by: User | Guest) -> Decision:
    """Record that the person withdraws their own word; a release that rested on it is shut.

    Raises `CannotDecide` where they said nothing that could be withdrawn.
    """
    with transaction.atomic():
        take = releases.locked(take)
        role = _role_of(by, take)
        word = standing_of(take).newest_of(by)
        if word is None:
            raise CannotDecide("You said nothing on this take that could be withdrawn.")
        former = word.decision
        said = _Said(Verdict.WITHDRAWN, "", former.seal, role, former.counts)
        return _effected(take, _record(take, said, by), by)


def checked_note(verdict: str, note: str) -> str:
    """The note, trimmed and without what no eye sees. Raises `CannotDecide` where one is needed or
    it is too long."""
    note = trimmed(CONTROLS.sub("", note.replace("\r\n", "\n")))
    note = "" if is_blank(note) else note
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


def _role_of(by: User | Guest, take: Take) -> str:
    """The member's role as it is now; empty for a guest, whose link must be open now. Raises
    `CannotDecide`."""
    if isinstance(by, Guest):
        # Large films were hashed since the guest was let in: the link may have been revoked.
        links = ShareLink.objects.filter(pk=by.link_id, take=take, revoked_at=None)
        link = links.filter(expires_at__gt=timezone.now()).first()
        if link is None or not link.may_decide:
            raise CannotDecide("Your link does not let you decide on this take.")
        return ""
    mine = Membership.objects.filter(workspace=take.workspace_id, user=by)
    role = mine.values_list("role", flat=True).first() or ""
    if not is_allowed(role, can.DECIDE):
        raise CannotDecide("You may not decide on this take any more. Ask a producer or an admin.")
    return role


def _counts(by: User | Guest, role: str, policy: ReviewPolicy) -> bool:
    return policy.guests_count if isinstance(by, Guest) else role in policy.roles


def _refuse_own(take: Take, said: _Said, by: User | Guest, policy: ReviewPolicy) -> None:
    is_own = isinstance(by, User) and take.created_by_id == by.pk
    if policy.refuses_own and is_own and said.verdict == Verdict.APPROVED:
        raise CannotDecide(
            "You ordered this take, so you cannot approve it yourself. "
            f"Ask {in_roles(rule_of(policy), 1, another=True)} to decide."
        )


def _said_already(take: Take, said: _Said, by: User | Guest) -> Decision | None:
    """The person's newest word, if it is the very same (a double click) and has its effect yet."""
    standing = standing_of(take)
    word = standing.newest_of(by)
    if word is None or not word.stands or _as_said(word.decision) != said:
        return None
    if not said.counts:
        return word.decision
    if said.verdict == Verdict.APPROVED:
        return None if _is_to_be_released(standing, said.seal) else word.decision
    return None if standing.approvals or standing.release else word.decision


def _as_said(former: Decision) -> _Said:
    return _Said(former.verdict, former.note, former.seal, former.role, former.counts)


def _record(take: Take, said: _Said, by: User | Guest) -> Decision:
    is_guest = isinstance(by, Guest)
    decision = Decision.objects.create(
        take=take,
        verdict=said.verdict,
        note=said.note,
        decided_by=None if isinstance(by, Guest) else by,
        guest=by if isinstance(by, Guest) else None,
        role=said.role,
        counts=said.counts,
        **asdict(said.seal),
    )
    changed(take)
    told = {"decision": decision.pk, "number": take.number, "note": said.note}
    audit.record(
        take.workspace,
        None if isinstance(by, Guest) else by,
        f"take.{_DEED.get(said.verdict, said.verdict)}",
        f"take {take.pk}",
        **told,
        seal=said.seal.digest,
        counts=said.counts,
        **({"guest": by.pk, "guest_name": str(by)} if is_guest else {}),
    )
    return decision


_DEED = {Verdict.WITHDRAWN.value: "decision_withdrawn"}


def _effected(take: Take, decision: Decision, by: User | Guest) -> Decision:
    """What follows from a new decision, in its transaction; people are told of both."""
    standing = standing_of(take)
    if decision.counts and decision.is_approval:
        # What is approved is kept, whatever was announced.
        Take.objects.filter(pk=take.pk).update(deletion_due_at=None)
    announcements.tell_of(take, decision, standing)
    if standing.release and not releases.rests_on(standing, standing.release):
        releases.close_for(take, by)
    if decision.is_approval and decision.counts:
        after = standing_of(take)
        if _is_to_be_released(after, decision.seal):
            releases.open_for(take, decision, by, after)
    return decision


def _is_to_be_released(standing: Standing, seal: Seal) -> bool:
    is_open = standing.release is not None and standing.release.seal == seal
    return standing.policy.releases_itself and standing.is_approved and not is_open
