"""Telling people which files are about to be deleted, in the transaction that sets the day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from studio.accounts.access import POLICY, can
from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.models import Take
from studio.reviews.models import RetentionPolicy
from studio.reviews.retention import rules

# Whoever may approve a take can save it by that.
_DECIDERS = tuple(role for role, allowed in POLICY.items() if can.DECIDE in allowed)


def announce_due(policy: RetentionPolicy, limit: int) -> int:
    """Set and tell the day of deletion for up to `limit` takes; returns for how many.

    In one transaction, so that each person gets one e-mail about all of them.
    """
    with transaction.atomic():
        policy = RetentionPolicy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        if policy.days is None:
            return 0
        found = rules.to_announce(policy.workspace, policy.days, policy.warn_days)
        waiting = found.filter(deletion_due_at=None).order_by("since", "pk")
        pks = list(waiting.values_list("pk", flat=True)[:limit])
        list(Take.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
        # Read anew: a decision may have been made until the lock was had.
        takes = list(
            found.filter(pk__in=pks, deletion_due_at=None)
            .select_related("project", "created_by")
            .order_by("pk")
        )
        for take in takes:
            take.deletion_due_at = rules.due_at(take.since, policy.days, policy.warn_days)
        Take.objects.bulk_update(takes, ["deletion_due_at"])
        Take.objects.filter(pk__in=[take.pk for take in takes]).update(changes=F("changes") + 1)
        _tell(policy, takes)
    return len(takes)


def _tell(policy: RetentionPolicy, takes: Sequence[Take]) -> None:
    by_project: dict[int, list[Take]] = defaultdict(list)
    for take in takes:
        by_project[take.project_id].append(take)
    now = timezone.now()
    for project_id, of_project in by_project.items():
        is_one = len(of_project) == 1
        announce(
            policy.workspace,
            Kind.FILES_DUE,
            _in_words(of_project),
            key=f"files-due:{project_id}:{now.isoformat()}",
            url=(
                reverse("reviews:take", args=[of_project[0].pk])
                if is_one
                else reverse("renders:panel", args=[project_id])
            ),
            roles=_DECIDERS,
            users=[take.created_by for take in of_project if take.created_by],
        )


def _in_words(takes: Sequence[Take]) -> str:
    first = min(take.deletion_due_at for take in takes if take.deletion_due_at)
    title = takes[0].project.title[:120]
    if len(takes) == 1:
        subject = f"Take {takes[0].number} of “{title}” was not approved: its files are"
        what = "Approve the take or press Keep on its page, if it is still needed."
    else:
        subject = f"{len(takes)} takes of “{title}” were not approved: their files are"
        what = "Approve what is still needed, or press Keep on its page."
    return f"{subject} deleted from {_day(first)} on. {what}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
