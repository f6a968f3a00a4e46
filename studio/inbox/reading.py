"""A person's notices: what is new, and what has been read."""

from dataclasses import dataclass

from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.inbox.models import Notice


@dataclass(frozen=True, slots=True)
class Bell:
    """How many notices are unread, and the number of the newest of them."""

    unread: int
    newest: int

    @property
    def pulse(self) -> str:
        """What a page shows: sent back, it tells whether that is outdated."""
        return f"{self.unread}-{self.newest}"


def notices_of(user: User) -> QuerySet[Notice]:
    """What a person was told in the workspaces they still belong to."""
    return Notice.objects.filter(user=user, user__memberships__workspace=F("workspace"))


def bell_of(user: User) -> Bell:
    """The bell in the top bar; one query."""
    counted = notices_of(user).filter(read_at=None).aggregate(unread=Count("pk"), newest=Max("pk"))
    return Bell(counted["unread"], counted["newest"] or 0)


def mark_read(notices: QuerySet[Notice]) -> int:
    """Mark the unread ones of these as read now; returns how many."""
    unread = Notice.objects.filter(pk__in=notices.values("pk"), read_at=None)
    return unread.update(read_at=timezone.now())
