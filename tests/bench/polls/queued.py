"""One task of the queue a poll: real django-q2 processes, each task one GET and one row update."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import httpx
from django.utils import timezone

from tests.bench.polls.measured import Measured

WORKERS = 16
QUEUE = "polls"
_MANAGE = Path(__file__).parents[3] / "manage.py"
_WAIT_S = 60.0
# Done: nobody else makes a take due so much later.
_FAR = timedelta(days=365)


@cache
def _client() -> httpx.Client:
    """One of each worker, with a connection that is kept."""
    from tests.bench.polls.takes import KEY

    headers = {"Authorization": f"Bearer {KEY}"}
    return httpx.Client(headers=headers, timeout=30, trust_env=False)


def poll(take_id: int) -> None:
    """The task: ask about one take and write down what came of it."""
    from django.conf import settings

    from studio.renders.models import Take

    task_id = Take.objects.values_list("vendor_task_id", flat=True).get(pk=take_id)
    task = _client().get(f"{settings.TRANSEND_BASE_URL}/v1/tasks/{task_id}").json()
    Take.objects.filter(pk=take_id).update(
        progress=task["progress"], next_poll_at=timezone.now() + _FAR
    )


def ask_for(url: str, pks: list[int], seconds: float, workers: int = WORKERS) -> Measured:
    """Have so many workers poll these takes; from when all of them are at it."""
    from django_q.models import OrmQ
    from django_q.tasks import async_task

    from studio.renders.models import Take
    from tests.bench.polls.sweep import address_of_database

    OrmQ.objects.all().delete()
    polls = max(len(pks), 40 * workers)  # long enough to be measured, however few takes there are
    for pk in islice(cycle(pks), polls):
        async_task("tests.bench.polls.queued.poll", pk, cluster=QUEUE)
    Take.objects.update(next_poll_at=timezone.now())
    environment = {
        **os.environ,
        "TRANSEND_BASE_URL": url,
        "DATABASE_URL": address_of_database(),
        "DJANGO_SETTINGS_MODULE": "tests.bench.polls.settings",
        "PYTHONPATH": str(_MANAGE.parent),
        "BENCH_WORKERS": str(workers),
    }
    argv = [sys.executable, str(_MANAGE), "qcluster", "--name", QUEUE]
    cluster = subprocess.Popen(
        argv,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return _measured(polls, seconds, workers, cluster.pid)
    finally:
        os.killpg(cluster.pid, signal.SIGKILL)  # its own session: nobody else's processes
        cluster.wait()
        OrmQ.objects.all().delete()


def _measured(polls: int, seconds: float, workers: int, session: int) -> Measured:
    at_first = _until_left_is(polls - workers, _WAIT_S)
    began, cpu_s = time.perf_counter(), _cpu_s_of(session)
    left = _until_left_is(0, seconds)
    if left == at_first:  # a very busy machine
        left = _until_left_is(at_first - 1, _WAIT_S)
    took_s = time.perf_counter() - began
    return Measured(at_first - left, took_s, _cpu_s_of(session) - cpu_s)


def _cpu_s_of(session: int) -> float:
    """CPU of all processes of a session that are alive, in seconds."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _until_left_is(aim: int, within_s: float) -> int:
    """How many polls are left when it is no more than that, or time is up."""
    from django_q.models import OrmQ

    ends_at = time.perf_counter() + within_s
    while (left := OrmQ.objects.filter(key=QUEUE).count()) > aim:
        if time.perf_counter() > ends_at:
            break
        time.sleep(0.1)
    return left
