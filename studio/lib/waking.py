"""Waking workers: entries of the queues. Ids are the only arguments: an entry is a readable pickle.

Enqueue inside the transaction of what it wakes for: with the ORM broker the entry is then committed
with it, or not at all (ARCHITECTURE.md, invariant 2). The queue is named each time, because inside
a worker django-q2's default is the queue of that worker.
"""

from collections.abc import Collection

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task


def enqueue(task: str, argument: int | str, queue: str) -> int:
    """Have a worker of `queue` call `task`, a dotted name. Returns the number of the entry."""
    broker = _Broker(list_key=queue)
    async_task(task, argument, cluster=queue, broker=broker)  # type: ignore[no-untyped-call]
    return broker.entry


def lies_in_queue(entry: int | None) -> bool:
    """Whether no worker has taken the entry yet.

    One that was taken is either in work or lost with its worker: the caller's patience decides.
    """
    return entry is not None and bool(lying_in_queue([entry]))


def lying_in_queue(entries: Collection[int]) -> set[int]:
    """Which of these entries no worker has taken yet."""
    if not entries:
        return set()
    # The broker locks an entry until later when a worker takes it.
    lying = OrmQ.objects.filter(pk__in=entries, lock__lte=timezone.now())
    return set(lying.values_list("pk", flat=True))


class _Broker(ORM):
    """The queue's table; remembers the entry it has just made, which `async_task` keeps quiet."""

    entry: int

    def enqueue(self, task: str) -> int:
        self.entry = super().enqueue(task)  # type: ignore[no-untyped-call]
        return self.entry
