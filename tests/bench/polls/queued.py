"""One task of the queue a poll: real django-q2 processes, each task one GET and one row update.

Its strongest form: the entries stand in the queue before it begins, and no result is kept.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import httpx
from django.db.models import F, Sum
from django.utils import timezone

from studio.lib.lifeline import SUPERVISOR
from tests.bench.polls.measured import Measured

WORKERS = 16
QUEUE = "polls"
_MANAGE = Path(__file__).parents[3] / "manage.py"
_WAIT_S = 60.0


@cache
def _client() -> httpx.Client:
    """One of each worker, with a connection that is kept."""
    from tests.bench.polls.takes import KEY

    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx.Client(headers=headers, timeout=30, trust_env=False)


def poll(take_id: int, task_id: str) -> None:
    """The task: ask about one take and write down what came of it."""
    from django.conf import settings

    from studio.renders.models import Take

    task = _client().get(f"{settings.TRANSEND_BASE_URL}/v1/tasks/{task_id}").json()
    # Counted in the row: an entry is gone from the queue too when its task has failed.
    Take.objects.filter(pk=take_id).update(
        progress=task["progress"], next_poll_at=timezone.now(), changes=F("changes") + 1
    )


def ask_for(url: str, pks: list[int], seconds: float, workers: int = WORKERS) -> Measured:
    """Have so many workers poll these takes; from when all of them are at it."""
    from django_q.models import OrmQ
    from django_q.tasks import async_task

    from studio.renders.models import Take

    OrmQ.objects.all().delete()
    polls = max(len(pks), 40 * workers)  # long enough to be measured, however few takes there are
    known = Take.objects.filter(pk__in=pks).values_list("pk", "vendor_task_id")
    for pk, task_id in islice(cycle(known), polls):
        async_task("tests.bench.polls.queued.poll", pk, task_id, cluster=QUEUE)
    with cluster(url, workers) as session:
        found = _measured(polls, seconds, workers, session)
    OrmQ.objects.all().delete()
    return found


@contextmanager
def cluster(url: str, workers: int) -> Iterator[int]:
    """The session of the queue's processes, while they run: they die with this process."""
    from tests.bench.polls.sweep import address_of_database

    environment = {
        **os.environ,
        SUPERVISOR: str(os.getpid()),
        "TRANSEND_BASE_URL": url,
        "DATABASE_URL": address_of_database(),
        "DJANGO_SETTINGS_MODULE": "tests.bench.polls.settings",
        "PYTHONPATH": str(_MANAGE.parent),
        "BENCH_WORKERS": str(workers),
    }
    argv = [sys.executable, str(_MANAGE), "qcluster", "--name", QUEUE]
    process = subprocess.Popen(
        argv,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # its own session: nobody else's processes
        process.wait()


def processes_of(session: int) -> dict[int, list[str]]:
    """Its living processes, and what `/proc/<pid>/stat` says of each from its state on."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found[int(stat.parent.name)] = fields
    return found


def _measured(polls: int, seconds: float, workers: int, session: int) -> Measured:
    at_first = _until_done(workers, _WAIT_S)
    began, cpu_s = time.perf_counter(), _cpu_s_of(session)
    done = _until_done(polls, seconds)
    if done == at_first:  # a very busy machine
        done = _until_done(at_first + 1, _WAIT_S)
    took_s = time.perf_counter() - began
    return Measured(done - at_first, took_s, _cpu_s_of(session) - cpu_s)


def _cpu_s_of(session: int) -> float:
    """CPU of all its processes that are alive, in seconds."""
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in processes_of(session).values())
    return ticks / os.sysconf("SC_CLK_TCK")


def _until_done(aim: int, within_s: float) -> int:
    """How many polls are written down when it is at least that many, or time is up."""
    from studio.renders.models import Take

    ends_at = time.perf_counter() + within_s
    while (done := Take.objects.aggregate(done=Sum(F("changes") - 1))["done"] or 0) < aim:
        if time.perf_counter() > ends_at:
            break
        time.sleep(0.1)
    return int(done)
