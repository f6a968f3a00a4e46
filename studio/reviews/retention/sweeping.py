"""The daily sweep of a workspace: announce, delete what was announced long enough ago, finish.

Any number of hosts may wake it: a policy's `sweep_due_at` is the lease. Killed anywhere, it is
woken again an hour later, and finds what it left.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from studio.accounts import audit
from studio.lib.waking import enqueue
from studio.renders import lifecycle
from studio.renders.collecting import leftovers
from studio.renders.models import Take, TakeAsset
from studio.reviews.models import RetentionPolicy
from studio.reviews.playing import films
from studio.reviews.retention import rules
from studio.reviews.retention.announcing import announce_due
from studio.vault import erasing
from studio.vault.models import Asset

_EVERY = timedelta(days=1)
_LEASE = timedelta(hours=1)
_QUEUE = "long"
_TASK = "studio.reviews.tasks.sweep_retention"
ANNOUNCED_AT_ONCE, DELETED_AT_ONCE = 1000, 200


def wake_due() -> int:
    """Have workers sweep each workspace whose day it is; returns how many. Called once an hour."""
    erasing.finish()
    now = timezone.now()
    due = RetentionPolicy.objects.filter(days__isnull=False, sweep_due_at__lte=now)
    woken = 0
    for workspace_id in due.values_list("pk", flat=True):
        with transaction.atomic():
            # Whoever is second, on another host, finds it moved.
            ours = due.filter(pk=workspace_id).update(sweep_due_at=now + _LEASE)
            if ours:
                enqueue(_TASK, workspace_id, _QUEUE)
        woken += ours
    return woken


def sweep(workspace_id: int) -> None:
    """Sweep one workspace: a bounded batch; what is left is swept by the next call, woken here."""
    policy = RetentionPolicy.objects.select_related("workspace").filter(pk=workspace_id).first()
    if policy is None or policy.days is None:
        return
    announced = announce_due(policy, ANNOUNCED_AT_ONCE)
    deleted = delete_due(policy, DELETED_AT_ONCE)
    erasing.finish()
    leftovers.prune()
    with transaction.atomic():
        if announced >= ANNOUNCED_AT_ONCE or deleted >= DELETED_AT_ONCE:
            enqueue(_TASK, workspace_id, _QUEUE)
        else:
            RetentionPolicy.objects.filter(pk=workspace_id).update(
                sweep_due_at=timezone.now() + _EVERY
            )


def delete_due(policy: RetentionPolicy, limit: int) -> int:
    """Give up the files of up to `limit` takes whose day has come; returns of how many.

    Their bytes are gone after the next `erasing.finish`.
    """
    due = rules.deletable(policy.workspace).filter(deletion_due_at__lte=timezone.now())
    pks = due.order_by("deletion_due_at", "pk").values_list("pk", flat=True)[:limit]
    return sum(_delete_files(policy, pk) for pk in list(pks))


def _delete_files(policy: RetentionPolicy, pk: int) -> bool:
    """Give up one take's files, unless somebody saved it meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        # A decision takes the same lock: whichever comes second sees what the first one did.
        Take.objects.select_for_update(no_key=True).get(pk=pk)
        due = rules.deletable(policy.workspace).filter(pk=pk, deletion_due_at__lte=now)
        take = due.filter(workspace__retention__days__isnull=False).first()
        if take is None:
            return False
        files = {row.part: row.asset for row in take.assets.select_related("asset")}
        ours = TakeAsset.objects.filter(Q(take=take) | Q(take__files_deleted_at__isnull=False))
        given_up = erasing.condemn(
            Asset.objects.filter(pk__in=[asset.pk for asset in files.values()]), used_by=ours
        )
        given_up += films.give_up(take)
        Take.objects.filter(pk=pk).update(
            files_deleted_at=now, deletion_due_at=None, changes=F("changes") + 1
        )
        lifecycle.remark(take, f"Its files were deleted: {policy.in_words}.")
        audit.record(
            policy.workspace,
            None,
            "take.files_deleted",
            str(take),
            policy=policy.in_words,
            size_bytes=sum(asset.size_bytes for asset in given_up),
            payload_sha256=take.payload_sha256,
            **{f"{part}_sha256": asset.sha256 for part, asset in files.items()},
        )
    return True
