"""Waking the workers for takes, each on its queue.

Call these inside the transaction of what they wake for (`studio/lib/waking.py`).
"""

from datetime import timedelta

from studio.lib.waking import enqueue, lies_in_queue
from studio.renders.models import Take
from studio.storyboards.animatics.orders import PICTURES

SHORT, LONG = "takes", "long"
QUEUES = (SHORT, LONG, PICTURES)
# When the watcher looks whether the queue entry of a finished take has got lost.
COLLECTING_LOST_AFTER = timedelta(seconds=60)


def wake_submission(take_id: int) -> None:
    """Have a worker send this take, or the one whose turn it is by then."""
    _wake("submit_take", take_id, SHORT)


def wake_collecting(take_id: int) -> None:
    """Have a worker of the long queue fetch this take's files."""
    _wake("collect_take", take_id, LONG)


def wake_extending(take_id: int) -> None:
    """Have a worker of the long queue ask for this take's files to be kept longer."""
    _wake("extend_links", take_id, LONG)


def is_waiting(take: Take) -> bool:
    """Whether the take's last wake-up still lies in the queue and no worker has taken it."""
    return lies_in_queue(take.queue_entry)


def wake_for_a_beat(queue: str) -> None:
    """Have a worker of `queue` show that it works."""
    enqueue("studio.renders.tasks.beat", queue, queue)


def _wake(task: str, take_id: int, queue: str) -> None:
    entry = enqueue(f"studio.renders.tasks.{task}", take_id, queue)
    Take.objects.filter(pk=take_id).update(queue_entry=entry)
