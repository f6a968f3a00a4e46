"""A workspace's policy: for how many days files are kept, and how early it is told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.renders.models import Take, TakeAsset
from studio.reviews.models import RetentionPolicy
from studio.reviews.retention import rules

MAX_DAYS, MAX_WARN_DAYS = 3650, 90
_TAKES_SHOWN = 20


class UnusablePolicy(ValueError):
    """The policy cannot be set; the message says why, `field` where."""

    def __init__(self, says: str, field: str) -> None:
        super().__init__(says)
        self.field = field


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a policy would announce at once; `takes` are the oldest of `count`."""

    count: int
    size_bytes: int
    takes: list[Take]
    first_due_at: datetime | None


def policy_of(workspace: Workspace) -> RetentionPolicy:
    """The workspace's policy; where none was ever set, an unsaved one that keeps for ever."""
    found = RetentionPolicy.objects.select_related("updated_by").filter(workspace=workspace).first()
    return found or RetentionPolicy(workspace=workspace)


def checked(days: int | None, warn_days: int) -> None:
    """Raise `UnusablePolicy` for numbers that no policy may have."""
    if days is not None and not 1 <= days <= MAX_DAYS:
        raise UnusablePolicy(f"Keep files for 1 to {MAX_DAYS:,} days, or for ever.", "days")
    if not 1 <= warn_days <= MAX_WARN_DAYS:
        raise UnusablePolicy(f"Announce it 1 to {MAX_WARN_DAYS} days before.", "warn_days")
    if days is not None and warn_days > days:
        raise UnusablePolicy(
            f"Files kept for {days} days cannot be announced {warn_days} days before. "
            "Shorten the warning, or keep them longer.",
            "warn_days",
        )


def outlook(workspace: Workspace, days: int | None, warn_days: int) -> Outlook:
    """What would be announced at once. Three queries. Raises `UnusablePolicy`."""
    checked(days, warn_days)
    if days is None:
        return Outlook(0, 0, [], None)
    takes = rules.to_announce(workspace, days, warn_days)
    oldest = list(takes.select_related("project").order_by("since", "pk")[:_TAKES_SHOWN])
    files = TakeAsset.objects.filter(take__in=takes.values("pk"), asset__deleted_at=None)
    return Outlook(
        count=takes.count(),
        size_bytes=files.aggregate(size=Sum("asset__size_bytes"))["size"] or 0,
        takes=oldest,
        first_due_at=rules.due_at(oldest[0].since, days, warn_days) if oldest else None,
    )


def announced_count(workspace: Workspace) -> int:
    """Of how many takes the deletion is announced and has not happened yet."""
    return Take.objects.filter(workspace=workspace, deletion_due_at__isnull=False).count()


def set_policy(workspace: Workspace, days: int | None, warn_days: int, by: User) -> RetentionPolicy:
    """Keep files for `days` (None: for ever) and tell `warn_days` before. Raises `UnusablePolicy`.

    A longer term, or a longer warning, takes back what was announced under the former one.
    """
    checked(days, warn_days)
    with transaction.atomic():
        # Policy, takes, audit: the order in which the sweep locks, too.
        former = _locked(workspace)
        now = timezone.now()
        policy = RetentionPolicy(
            workspace=workspace,
            days=days,
            warn_days=warn_days,
            sweep_due_at=now,
            updated_by=by,
            updated_at=now,
        )
        policy.save(force_update=True)
        withdrawn = _withdrawn(workspace) if _is_milder(policy, former) else 0
        audit.record(
            workspace,
            by,
            "retention.changed",
            policy.in_words,
            before=former.in_words,
            withdrawn_announcements=withdrawn,
        )
    return policy


def _locked(workspace: Workspace) -> RetentionPolicy:
    RetentionPolicy.objects.get_or_create(workspace=workspace)
    return RetentionPolicy.objects.select_for_update(no_key=True).get(workspace=workspace)


def _withdrawn(workspace: Workspace) -> int:
    """Take back every announced deletion; returns of how many takes."""
    announced = Take.objects.filter(workspace=workspace, deletion_due_at__isnull=False)
    return announced.update(deletion_due_at=None, changes=F("changes") + 1)


def _is_milder(policy: RetentionPolicy, former: RetentionPolicy) -> bool:
    if policy.days is None or former.days is None:
        return policy.days is None
    return policy.days > former.days or policy.warn_days > former.warn_days
