"""Waking the workers. Ids are the only arguments: a queue row is a readable pickle.

Call these inside the transaction of what they wake for: with the ORM broker the entry is then
committed with it, or not at all (ARCHITECTURE.md, invariant 2). The names of the queues are given
each time, because inside a worker of the long queue django-q2's default is that queue.
"""

from django_q.tasks import async_task

SHORT, LONG = "takes", "long"


def wake_submission(take_id: int) -> None:
    """Have a worker send this take, if it is still its turn by then."""
    _enqueue("submit_take", take_id, SHORT)


def wake_collecting(take_id: int) -> None:
    """Have a worker of the long queue fetch this take's files."""
    _enqueue("collect_take", take_id, LONG)


def wake_for_a_beat(queue: str) -> None:
    """Have a worker of `queue` show that it works."""
    _enqueue("beat", queue, queue)


def _enqueue(task: str, argument: int | str, queue: str) -> None:
    async_task(f"studio.renders.tasks.{task}", argument, cluster=queue)  # type: ignore[no-untyped-call]
