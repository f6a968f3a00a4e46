"""Waking the workers. Ids are the only arguments: a queue row is a readable pickle.

Call these inside the transaction of what they wake for: with the ORM broker the entry is then
committed with it, or not at all (ARCHITECTURE.md, invariant 2). The names of the queues are given
each time, because inside a worker of the long queue django-q2's default is that queue.
"""

from datetime import timedelta

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ
from django_q.tasks import async_task

from studio.renders.models import Take

SHORT, LONG = "takes", "long"
# When the watcher looks whether the queue entry of a waiting take has got lost.
SENDING_LOST_AFTER = timedelta(seconds=15)
COLLECTING_LOST_AFTER = timedelta(seconds=60)


def wake_submission(take_id: int) -> None:
    """Have a worker send this take, if it is still its turn by then."""
    _wake("submit_take", take_id, SHORT)


def wake_collecting(take_id: int) -> None:
    """Have a worker of the long queue fetch this take's files."""
    _wake("collect_take", take_id, LONG)


def is_waiting(take: Take) -> bool:
    """Whether the take's last wake-up still lies in the queue and no worker has taken it.

    One that was taken is either in work or lost with its worker: the caller's patience decides.
    """
    if take.queue_entry is None:
        return False
    # The broker locks an entry until later when a worker takes it.
    return OrmQ.objects.filter(pk=take.queue_entry, lock__lte=timezone.now()).exists()


def wake_for_a_beat(queue: str) -> None:
    """Have a worker of `queue` show that it works."""
    _enqueue("beat", queue, queue)


class _Broker(ORM):
    """The queue's table; remembers the entry it has just made, which `async_task` keeps quiet."""

    entry: int

    def enqueue(self, task: str) -> int:
        self.entry = super().enqueue(task)  # type: ignore[no-untyped-call]
        return self.entry


def _wake(task: str, take_id: int, queue: str) -> None:
    Take.objects.filter(pk=take_id).update(queue_entry=_enqueue(task, take_id, queue))


def _enqueue(task: str, argument: int | str, queue: str) -> int:
    broker = _Broker(list_key=queue)
    async_task(  # type: ignore[no-untyped-call]
        f"studio.renders.tasks.{task}", argument, cluster=queue, broker=broker
    )
    return broker.entry
