"""Forgetting what was told long ago: notices, chat messages, the rows of removed webhooks.

A row is also what keeps its event from being told again. So chat messages are kept as long as
notices that were read: longer than an event can come up once more. What can come up later than that
(a share link is opened by its first guest once, and prolonged for ever) its own room has to know.
"""

from datetime import timedelta
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from studio.inbox.chat import hooks
from studio.inbox.models import ChatMessage, Notice

# Since it was read, or posted. What nobody has read is kept for longer, and not for ever: people
# leave, or never look.
KEPT = timedelta(days=180)
UNREAD_KEPT = timedelta(days=365)
# One transaction deletes this many: SQLite has one writer, and people are waiting.
BATCH = 500
MOST_BATCHES = 20

Row = TypeVar("Row", bound=Model)


def prune() -> int:
    """Delete what is over for so long, at most `BATCH * MOST_BATCHES` rows of each table; returns
    how many. Any number of hosts may call it at a time; what is left, the next call takes."""
    hooks.forget_removed()
    return _delete(_old_notices()) + _delete(_old_messages())


def _old_notices() -> QuerySet[Notice]:
    now = timezone.now()
    # By `created_at`, which is indexed: what was read so long ago was told before.
    old = Notice.objects.filter(created_at__lt=now - KEPT, mail_due_at=None)
    over = Q(read_at__lt=now - KEPT) | Q(created_at__lt=now - UNREAD_KEPT, read_at=None)
    return old.filter(over).order_by("created_at")


def _old_messages() -> QuerySet[ChatMessage]:
    old = ChatMessage.objects.filter(due_at=None, created_at__lt=timezone.now() - KEPT)
    return old.order_by("created_at")


def _delete(over: QuerySet[Row]) -> int:
    count = 0
    for _ in range(MOST_BATCHES):
        pks = list(over.values_list("pk", flat=True)[:BATCH])
        count += over.model._default_manager.filter(pk__in=pks).delete()[0] if pks else 0
        if len(pks) < BATCH:
            break
    return count
