"""What unlocks the full video, and what shuts it again.

`examine` is asked before each byte of a film leaves: a release on record is not enough, the
approvals it rests on must still stand, and the payload, the preview and the video must be the very
ones that were approved.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import AuditEntry, User
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.outcomes import changed
from studio.reviews.deciding import announcements, wording
from studio.reviews.deciding.standing import Standing, standing_of
from studio.reviews.models import Decision, Guest, Release
from studio.reviews.seals import BrokenSeal, Part, parts_of, seal_of
from studio.vault.integrity import is_intact
from studio.vault.models import Asset

# Storage that comes and goes would alert each time it comes and goes.
MOST_ALERTS_A_DAY = 5
_REFUSED = "release.refused"


class CannotRelease(Exception):
    """The film stays locked; the message says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a film is open, and if not, why: for people, with what must happen first.

    `video` is the very file that was checked: serve this one. `is_suspect`: a release is on record,
    yet what it stands for is not what lies in the vault.
    """

    standing: Standing
    release: Release | None = None
    video: Asset | None = None
    says: str = ""
    is_suspect: bool = False
    can_be_released: bool = False


def checked(take: Take, is_whole: Callable[[Asset], bool] = is_intact) -> Finding:
    """`examine`, and a release that does not stand up to it is put on record and told: once until
    it was found whole, and at most `MOST_ALERTS_A_DAY` times a day."""
    finding = examine(take, is_whole)
    if finding.is_suspect:
        return _put_on_record(take, finding, is_whole)
    if finding.release is not None and finding.release.refused_since is not None:
        _note_whole(take, finding.release)
    return finding


def examine(take: Take, is_whole: Callable[[Asset], bool] = is_intact) -> Finding:
    """Check everything a release depends on, from the database and the vault as they are now.

    A finding by another `is_whole` than the default is for showing, never for serving.
    """
    standing = standing_of(take)
    release = standing.release
    is_suspect = release is not None
    if not standing.is_approved or take.status != Status.READY:
        return Finding(standing, says=wording.unapproved(take, standing), is_suspect=is_suspect)
    parts = parts_of(take)
    try:
        seal = seal_of(take, parts, is_whole)
    except BrokenSeal as broken:
        return Finding(standing, says=f"The film is locked. {broken}", is_suspect=is_suspect)
    if seal != standing.seal or (release and not rests_on(standing, release)):
        return Finding(standing, says=wording.NOT_THE_APPROVED, is_suspect=is_suspect)
    if release is None:
        says = wording.approved_but_locked(standing, was_open=_was_open(take))
        return Finding(standing, says=says, can_be_released=True)
    return Finding(standing, release, parts[Part.VIDEO])


def rests_on(standing: Standing, release: Release) -> bool:
    """Whether the approvals that stand still carry this release."""
    return standing.count >= release.approvals_needed and standing.seal == release.seal


def release(take: Take, by: User) -> Release:
    """Open a film whose policy is met, by a producer's hand. Raises `CannotRelease`.

    Released already, it stays as it is: the release on record is the answer.
    """
    # Hash large files before the lock: what is read below comes from the cache of `is_intact`.
    examine(take)
    with transaction.atomic():
        take = locked(take)
        finding = examine(take)
        if finding.release is not None:
            return finding.release
        if not finding.can_be_released:
            raise CannotRelease(finding.says)
        return open_for(take, finding.standing.approvals[0], by, finding.standing)


def withdraw(take: Take, by: User) -> None:
    """Shut the film again, from the next request on. Raises `CannotRelease` if none is open."""
    with transaction.atomic():
        if not close_for(locked(take), by):
            raise CannotRelease("This film is not released, so nothing was withdrawn.")


def open_for(take: Take, decision: Decision, by: User | Guest, standing: Standing) -> Release:
    """Release what `decision` completed, inside the caller's transaction; the take is locked."""
    opened = Release.objects.create(
        take=take,
        decision=decision,
        approvals_needed=standing.needed,
        released_by=by if isinstance(by, User) else None,
        **asdict(decision.seal),
    )
    _record(take, by, "release.opened", opened)
    announcements.tell_of_release(take, opened, by)
    return opened


def close_for(take: Take, by: User | Guest) -> bool:
    """Withdraw the take's release inside the caller's transaction; False if there was none."""
    closing = _live(take)
    if closing is None:
        return False
    closing.withdrawn_at = timezone.now()
    closing.withdrawn_by = by if isinstance(by, User) else None
    closing.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _record(take, by, "release.withdrawn", closing)
    announcements.tell_of_withdrawal(take, closing, by)
    return True


def locked(take: Take) -> Take:
    """The take, held until the transaction ends: one decision, release or deletion at a time."""
    rows = Take.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("workspace", "project", "created_by").get(pk=take.pk)


def _live(take: Take) -> Release | None:
    return Release.objects.filter(take=take, withdrawn_at=None).first()


def _was_open(take: Take) -> bool:
    return Release.objects.filter(take=take).exists()


def _put_on_record(take: Take, finding: Finding, is_whole: Callable[[Asset], bool]) -> Finding:
    """Audit and tell a refusal, however often a player asks."""
    if _was_told(take, finding):
        return finding
    with transaction.atomic():
        take = locked(take)
        # History and release are two reads: what looked torn may be a decision made between them.
        finding = examine(take, is_whole)
        refused = finding.standing.release
        if refused is not None and finding.is_suspect and not _was_told(take, finding):
            Release.objects.filter(pk=refused.pk, withdrawn_at=None, refused_since=None).update(
                refused_since=timezone.now()
            )
            said = {"release": refused.pk, "says": finding.says}
            entry = audit.record(take.workspace, None, _REFUSED, f"take {take.pk}", **said)
            announcements.tell_of_refusal(take, finding.says, entry)
    return finding


def _was_told(take: Take, finding: Finding) -> bool:
    """Whether this reason was told since the release was last found whole, or enough today."""
    refused = finding.standing.release
    if refused is None:
        return False
    entries = AuditEntry.objects.filter(
        workspace=take.workspace_id,
        action=_REFUSED,
        target=f"take {take.pk}",
        data__release=refused.pk,
    ).order_by("-number")
    told = list(entries[:MOST_ALERTS_A_DAY])
    if len(told) == MOST_ALERTS_A_DAY and told[-1].at > timezone.now() - timedelta(days=1):
        return True
    since = refused.refused_since
    return since is not None and any(
        entry.at >= since and entry.data["says"] == finding.says for entry in told
    )


def _note_whole(take: Take, release: Release) -> None:
    """Forget that it was refused, if even its files are what was approved: a page believes them."""
    if examine(take).release is not None:
        Release.objects.filter(pk=release.pk, withdrawn_at=None).update(refused_since=None)


def _record(take: Take, by: User | Guest, action: str, told: Release) -> None:
    changed(take)
    audit.record(
        take.workspace,
        by if isinstance(by, User) else None,
        action,
        f"take {take.pk}",
        release=told.pk,
        decision=told.decision_id,
        number=take.number,
        approvals_needed=told.approvals_needed,
        seal=told.seal.digest,
        **({"guest": by.pk, "guest_name": str(by)} if isinstance(by, Guest) else {}),
    )
