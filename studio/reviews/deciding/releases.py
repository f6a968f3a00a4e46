"""What unlocks the full video, and what shuts it again.

`examine` is asked before each byte of a film leaves: an approval on record is not enough, the
payload, the preview and the video must be the very ones that were approved.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import AuditEntry, User
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.models import Decision, Release
from studio.reviews.seals import BrokenSeal, Part, parts_of, says_deleted, seal_of
from studio.vault.integrity import is_intact
from studio.vault.models import Asset


class CannotRelease(Exception):
    """The film stays locked; the message says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a film is open, and if not, why: for people, with what must happen first.

    `video` is the very file that was checked: serve this one. `is_suspect`: a release is on record,
    yet what it stands for is not what lies in the vault.
    """

    release: Release | None = None
    video: Asset | None = None
    says: str = ""
    is_suspect: bool = False
    can_be_released: bool = False


def checked(take: Take, is_whole: Callable[[Asset], bool] = is_intact) -> Finding:
    """`examine`, and a release that does not stand up to it goes into the audit log, once."""
    finding = examine(take, is_whole)
    if finding.is_suspect:
        _put_on_record(take, finding)
    return finding


def examine(take: Take, is_whole: Callable[[Asset], bool] = is_intact) -> Finding:
    """Check everything a release depends on, from the database and the vault as they are now.

    A finding by another `is_whole` than the default is for showing, never for serving.
    """
    decision = Decision.objects.filter(take=take).select_related("decided_by").first()
    release = _live_rows(take).select_related("released_by").first()
    if decision is None or not decision.is_approval:
        return _without_approval(take, decision, release)
    parts = parts_of(take)
    try:
        seal = seal_of(take, parts, is_whole)
    except BrokenSeal as broken:
        return Finding(says=f"The film is locked. {broken}", is_suspect=release is not None)
    if seal != decision.seal or (release and release.seal != seal):
        return Finding(
            says="The film is locked: it is not the one that was approved. "
            "Watch this take again and decide anew.",
            is_suspect=release is not None,
        )
    if release is None:
        return Finding(
            says="The film is locked: its release was withdrawn. A producer can release it again.",
            can_be_released=True,
        )
    return Finding(release, parts[Part.VIDEO])


def release(take: Take, by: User) -> Release:
    """Open an approved film again after a withdrawal. Raises `CannotRelease`.

    Released already, it stays as it is: the release on record is the answer.
    """
    # Hash large files before the lock: what is read below comes from the cache of `is_intact`.
    examine(take)
    with transaction.atomic():
        take = _locked(take)
        finding = examine(take)
        if finding.release is not None:
            return finding.release
        decision = Decision.objects.filter(take=take).first()
        if decision is None or not finding.can_be_released:
            raise CannotRelease(finding.says)
        return open_for(take, decision, by)


def withdraw(take: Take, by: User) -> None:
    """Shut the film again, from the next request on. Raises `CannotRelease` if none is open."""
    with transaction.atomic():
        if not close_for(_locked(take), by):
            raise CannotRelease("This film is not released, so nothing was withdrawn.")


def open_for(take: Take, decision: Decision, by: User) -> Release:
    """Release what `decision` approved, inside the caller's transaction; the take is locked."""
    if (standing := _live_rows(take).first()) and standing.seal == decision.seal:
        return standing
    close_for(take, by)
    opened = Release.objects.create(
        take=take,
        decision=decision,
        released_by=by,
        payload_sha256=decision.payload_sha256,
        preview_sha256=decision.preview_sha256,
        video_sha256=decision.video_sha256,
    )
    _tell(take, by, "release.opened", opened)
    return opened


def close_for(take: Take, by: User) -> bool:
    """Withdraw the take's release inside the caller's transaction; False if there was none."""
    closing = _live_rows(take).first()
    if closing is None:
        return False
    closing.withdrawn_at, closing.withdrawn_by = timezone.now(), by
    closing.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _tell(take, by, "release.withdrawn", closing)
    return True


def has_live_row(take: Take) -> bool:
    """Whether a release stands on record, hashes unchecked."""
    return _live_rows(take).exists()


def _live_rows(take: Take) -> QuerySet[Release]:
    return Release.objects.filter(take=take, withdrawn_at=None)


def _locked(take: Take) -> Take:
    return Take.objects.select_for_update(no_key=True).get(pk=take.pk)


def _without_approval(take: Take, decision: Decision | None, release: Release | None) -> Finding:
    if take.files_deleted_at is not None:
        says = says_deleted(take)
    elif decision is not None:
        says = (
            "The film is locked: changes were requested. "
            "Render a new take, or approve this one after all."
        )
    elif take.status == Status.READY:
        says = "The film is locked until a producer approves this take."
    else:
        says = "The film is locked: it must arrive first, and then a producer has to approve it."
    return Finding(says=says, is_suspect=release is not None)


def _put_on_record(take: Take, finding: Finding) -> None:
    """Audit a refusal once for each release and reason, however often a player asks."""
    standing = _live_rows(take).first()
    if standing is None:
        return
    said = {"release": standing.pk, "says": finding.says}
    entries = AuditEntry.objects.filter(
        workspace=take.workspace_id, action="release.refused", target=f"take {take.pk}"
    )
    if entries.filter(data__release=standing.pk, data__says=finding.says).exists():
        return
    with transaction.atomic():
        _locked(take)
        if not entries.filter(data__release=standing.pk, data__says=finding.says).exists():
            audit.record(take.workspace, None, "release.refused", f"take {take.pk}", **said)


def _tell(take: Take, by: User, action: str, told: Release) -> None:
    audit.record(
        take.workspace,
        by,
        action,
        f"take {take.pk}",
        release=told.pk,
        decision=told.decision_id,
        number=take.number,
        seal=told.seal.digest,
    )
