"""django-q2's clusters under supervision: one per queue, replaced when dead or hung.

Measured: a worker killed while idle keeps the queue's read lock, and its cluster hangs for ever; a
main process may end with code 0 while its workers live on. So each queue gets a small task every
few seconds that leaves a heartbeat, and a cluster whose beats stop coming is replaced, unless its
workers are busy.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from django_q.cluster import Cluster
from django_q.models import Task

from studio.inbox import mail, pruning
from studio.lib import lifeline
from studio.lib.processes import Program, Supervisor
from studio.operations.busy import Marks, mark_tasks
from studio.renders import queueing
from studio.renders.collecting import leftovers
from studio.renders.models import Heartbeat
from studio.renders.watching import heartbeats
from studio.reviews.playing import films
from studio.reviews.retention import sweeping
from studio.reviews.sharing import viewing
from studio.storyboards import dry_runs, frames, presence, taking_in
from studio.storyboards.animatics import keeping
from studio.storyboards.animatics.orders import PICTURES

LOOK_EVERY_S = 1.0
LATE_AFTER_S = 15.0
# Starting takes seconds on a busy machine: the first beat is waited for longer.
FIRST_LATE_AFTER_S = 45.0
# Where several hosts serve a queue, another may answer our beats; each gets its share, though.
IDLE_AFTER_S = 600.0
RESULTS_KEPT = timedelta(days=14)
PRUNE_EVERY_S = 3600.0

# Drawing takes every core it gets: pages and paid films come first.
_NICENESS = 5

_NAME = "Q_CLUSTER_NAME"  # django-q2 reads it when it is imported, and only then
_MARKS = "STUDIO_BUSY_FOLDER"


def queue_names() -> list[str]:
    """The queues that the settings name."""
    return [settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]]


def timeout_of(queue: str) -> int:
    """How many seconds a task of this queue may take."""
    return _number("timeout", queue)


def workers_of(queue: str) -> int:
    """How many tasks of this queue one host works on at once."""
    return _number("workers", queue)


def _number(name: str, queue: str) -> int:
    own = settings.Q_CLUSTER["ALT_CLUSTERS"].get(queue, {})
    return int(own.get(name, settings.Q_CLUSTER[name]))


def run_cluster(queue: str, argv: list[str]) -> None:
    """Be the cluster of one queue until SIGTERM. `argv`: how to start this process anew."""
    if os.environ.get(_NAME) != queue:
        os.execve(sys.executable, [sys.executable, *argv], {**os.environ, _NAME: queue})  # noqa: S606
    lifeline.forks_die_with_us()
    if queue == PICTURES:
        os.nice(_NICENESS)
    if _MARKS in os.environ:
        mark_tasks(Path(os.environ[_MARKS]), timeout_of(queue))
    Cluster().start()


def supervise(manage: str, grace_s: float) -> None:
    """Keep one cluster per queue running until SIGINT or SIGTERM. `manage`: path of manage.py."""
    with ExitStack() as folders:
        programs = []
        for queue in queue_names():
            folder = folders.enter_context(tempfile.TemporaryDirectory(prefix="shotboard-busy-"))
            pulse = Pulse(queue, Marks(Path(folder)), workers_of(queue))
            argv = [sys.executable, manage, "qcluster", "--name", queue]
            env = {_NAME: queue, _MARKS: folder}
            programs.append(Program(queue, argv, env, hung=pulse.hung, started=pulse.restart))
        Supervisor(programs, grace_s=grace_s, every_tick=hourly(prune)).run()


def prune() -> None:
    """Wake the retention and the e-mails that are due, and delete what would only grow: records
    of tasks, sessions that ran out, unused pictures and films, pieces of downloads that are over,
    old notices and chat messages, from where guests looked, and who was at which board."""
    prune_results()
    presence.prune()
    SessionStore.clear_expired()
    taking_in.prune()
    keeping.prune()
    films.prune()
    viewing.prune()
    sweeping.wake_due()
    mail.wake_late()
    pruning.prune()
    with suppress(OSError):  # another host prunes the same folder
        leftovers.prune()
        frames.prune()
        dry_runs.prune()


def prune_results() -> int:
    """Delete django-q2's records of tasks that ended two weeks ago; returns how many."""
    return Task.objects.filter(stopped__lt=timezone.now() - RESULTS_KEPT).delete()[0]


def hourly(work: Callable[[], object]) -> Callable[[], None]:
    """`work`, made safe to be called often: it is done once an hour, when the database answers."""
    due = [0.0]

    def tick() -> None:
        if time.monotonic() >= due[0]:
            due[0] = time.monotonic() + PRUNE_EVERY_S
            with_database(work)

    return tick


def with_database(work: Callable[[], object]) -> None:
    """Do it, unless the database is away: a supervisor outlives that."""
    try:
        if not connection.in_atomic_block:
            close_old_connections()
        work()
    except DatabaseError as error:
        print(f"The database does not answer ({error}).", file=sys.stderr)  # noqa: T201


@dataclass
class Pulse:
    """Whether one queue's cluster works, judged by heartbeats that went through the queue."""

    queue: str
    marks: Marks
    workers: int
    clock: Callable[[], float] = time.time
    _started_at: float = field(default_factory=time.time)
    _asked_at: datetime | None = None
    _look_at: float = 0.0

    def restart(self) -> None:
        """The cluster was started just now."""
        self.marks.clear()
        self._started_at = self.clock()
        # The former cluster may have taken an unanswered question with it.
        with_database(lambda: queueing.wake_for_a_beat(self.queue))

    def hung(self) -> str:
        """Why the cluster must be replaced, in a sentence; empty while it works."""
        now = self.clock()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            with_database(self._listen)
        quiet_s = now - max(self.marks.last_change(), self._started_at)
        if quiet_s < self._patience_s(now) or self.marks.count() >= self.workers:
            return ""
        return f"its workers have not touched a task for {quiet_s:.0f} s."

    def _patience_s(self, now: float) -> float:
        has_worked = self.marks.last_change() > self._started_at
        patience_s = LATE_AFTER_S if has_worked else FIRST_LATE_AFTER_S
        if self._asked_at is None or now - self._asked_at.timestamp() < patience_s:
            return IDLE_AFTER_S
        return patience_s

    def _listen(self) -> None:
        heartbeats.ask_workers()
        waiting = Heartbeat.objects.filter(
            process=heartbeats.worker_of(self.queue), asked_at__gt=F("beat_at")
        )
        self._asked_at = waiting.values_list("asked_at", flat=True).first()
