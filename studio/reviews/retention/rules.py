"""Which takes retention may touch at all, and when: one query for the pages and the sweep."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.history import approved_by_somebody
from studio.reviews.models import Release

# Nothing is fetched for these any more, unless a person asks for it.
_OVER = (Status.READY, Status.FAILED, Status.CANCELLED, Status.UNCOLLECTED)


def deletable(workspace: Workspace) -> QuerySet[Any]:
    """Takes with files that no approval, release or wish to keep protects; `since`: their age.

    One approval that counts protects, though the policy asks for more by now.
    """
    live = Release.objects.filter(take=OuterRef("pk"), withdrawn_at=None)
    files = TakeAsset.objects.filter(take=OuterRef("pk"), asset__deleted_at=None)
    over = Take.objects.filter(
        workspace=workspace, status__in=_OVER, is_kept=False, files_deleted_at=None
    )
    return over.annotate(since=Coalesce("finished_at", "created_at")).filter(
        ~approved_by_somebody(), ~Exists(live), Exists(files)
    )


def to_announce(workspace: Workspace, days: int, warn_days: int) -> QuerySet[Any]:
    """Of these, the ones whose deletion after `days` is to be announced by now."""
    return deletable(workspace).filter(since__lte=timezone.now() - timedelta(days - warn_days))


def due_at(since: datetime, days: int, warn_days: int) -> datetime:
    """When the files of a take that is `since` old are deleted, if that is announced now."""
    return max(since + timedelta(days), timezone.now() + timedelta(warn_days))
