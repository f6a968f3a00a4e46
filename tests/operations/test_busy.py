import os
import subprocess
import sys
import time

import pytest
from django_q.signals import post_execute_in_worker, pre_execute

from studio.operations import busy
from studio.operations.busy import Marks


@pytest.fixture
def marks(tmp_path):
    return Marks(tmp_path)


def test_a_worker_counts_as_busy_from_its_task_to_its_end(marks):
    assert marks.count() == 0
    marks.begin(timeout_s=60)
    assert marks.count() == 1
    marks.end()
    assert marks.count() == 0


def test_a_dead_worker_is_not_busy(marks):
    with subprocess.Popen([sys.executable, "-c", "pass"]) as worker:
        worker.wait()
    (marks.folder / str(worker.pid)).write_text(repr(time.time() + 60))
    assert marks.count() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="zombies are told by /proc")
def test_a_killed_worker_that_nobody_has_waited_for_is_not_busy(marks):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as worker:
        mark = marks.folder / str(worker.pid)
        mark.write_text(repr(time.time() + 60))
        assert marks.count() == 1
        worker.kill()
        os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)  # dead, and still in the table
        assert marks.count() == 0


def test_a_worker_past_its_timeout_is_not_busy(marks):
    marks.begin(timeout_s=-busy.DEADLINE_MARGIN_S - 1)
    assert marks.count() == 0


def test_a_mark_that_is_being_written_counts(marks):
    (marks.folder / str(os.getpid())).touch()
    assert marks.count() == 1


def test_beginning_and_ending_show_as_changes(marks):
    os.utime(marks.folder, (1000, 1000))
    marks.begin(timeout_s=60)
    assert marks.last_change() > 1000
    os.utime(marks.folder, (1000, 1000))
    marks.end()
    assert marks.last_change() > 1000


def test_marks_of_the_former_cluster_are_cleared(marks):
    marks.begin(timeout_s=60)
    marks.clear()
    assert marks.count() == 0


def test_the_queues_own_signals_set_the_marks(marks):
    before = (list(pre_execute.receivers), list(post_execute_in_worker.receivers))
    try:
        busy.mark_tasks(marks.folder, timeout_s=60)
        pre_execute.send(sender="django_q", func=None, task={})
        assert marks.count() == 1
        post_execute_in_worker.send(sender="django_q", func=None, task={})
        assert marks.count() == 0
    finally:
        pre_execute.receivers, post_execute_in_worker.receivers = before
        pre_execute.sender_receivers_cache.clear()
        post_execute_in_worker.sender_receivers_cache.clear()
