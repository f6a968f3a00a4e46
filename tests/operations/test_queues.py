import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ, Task

from studio.accounts.models import Workspace
from studio.operations import queues
from studio.operations.busy import Marks
from studio.operations.queues import FIRST_LATE_AFTER_S, IDLE_AFTER_S, LATE_AFTER_S, Pulse
from studio.renders.models import Heartbeat
from studio.renders.watching import heartbeats
from studio.vault.models import Asset

pytestmark = pytest.mark.django_db


class Clock:
    """The time that a pulse is told."""

    def __init__(self) -> None:
        self.now = timezone.now().timestamp()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pulse(tmp_path, clock):
    pulse = Pulse("takes", Marks(tmp_path), workers=2, clock=clock)
    pulse.restart()
    return pulse


def set_beats(*, asked_s_ago: float | None, beat_s_ago: float) -> None:
    now = timezone.now()
    for queue in queues.queue_names():
        Heartbeat.objects.update_or_create(
            process=heartbeats.worker_of(queue),
            defaults={
                "beat_at": now - timedelta(seconds=beat_s_ago),
                "asked_at": None if asked_s_ago is None else now - timedelta(seconds=asked_s_ago),
            },
        )


def worked(pulse: Pulse, clock: Clock, seconds_ago: float) -> None:
    """The last task ended so long ago; the cluster was started long before."""
    pulse._started_at = clock.now - 10_000
    os.utime(pulse.marks.folder, (clock.now - seconds_ago,) * 2)


def test_each_queue_of_the_settings_has_its_cluster():
    assert queues.queue_names() == ["takes", "long", "pictures"]
    assert queues.timeout_of("takes") < queues.timeout_of("long")
    assert queues.workers_of("pictures") < queues.workers_of("long")


def test_retries_come_later_than_any_task_can_still_run(settings):
    for own in ({}, *settings.Q_CLUSTER["ALT_CLUSTERS"].values()):
        conf = {**settings.Q_CLUSTER, **own}
        rounds = 1 + -(-(conf["queue_limit"] + conf["bulk"]) // conf["workers"])
        assert conf["retry"] > conf["timeout"] * rounds


def test_a_started_cluster_is_asked_to_beat(pulse):
    assert OrmQ.objects.filter(key="takes").count() == 1


def test_a_cluster_that_answers_is_not_hung(pulse, clock):
    worked(pulse, clock, seconds_ago=60)
    set_beats(asked_s_ago=60, beat_s_ago=1)
    assert pulse.hung() == ""


def test_a_cluster_that_owes_an_answer_and_does_nothing_is_hung(pulse, clock):
    worked(pulse, clock, seconds_ago=LATE_AFTER_S + 1)
    set_beats(asked_s_ago=LATE_AFTER_S + 1, beat_s_ago=LATE_AFTER_S + 10)
    assert "have not touched a task for 16 s" in pulse.hung()


def test_a_cluster_whose_workers_are_all_busy_is_not_hung(pulse, clock):
    for pid in (os.getpid(), os.getppid()):
        (pulse.marks.folder / str(pid)).write_text(repr(clock.now + 600))
    worked(pulse, clock, seconds_ago=300)
    set_beats(asked_s_ago=300, beat_s_ago=310)
    assert pulse.hung() == ""


def test_one_busy_worker_does_not_hide_that_the_other_hangs(pulse, clock):
    (pulse.marks.folder / str(os.getpid())).write_text(repr(clock.now + 600))
    worked(pulse, clock, seconds_ago=300)
    set_beats(asked_s_ago=30, beat_s_ago=310)
    assert pulse.hung()


def test_a_cluster_with_a_backlog_is_not_hung(pulse, clock):
    worked(pulse, clock, seconds_ago=2)
    set_beats(asked_s_ago=300, beat_s_ago=310)
    assert pulse.hung() == ""


def test_starting_may_take_longer(pulse, clock):
    set_beats(asked_s_ago=LATE_AFTER_S + 5, beat_s_ago=1000)
    clock.now += LATE_AFTER_S + 5
    assert pulse.hung() == ""
    clock.now += FIRST_LATE_AFTER_S
    assert pulse.hung()


def test_idle_for_ten_minutes_is_hung_though_another_host_answers(pulse, clock):
    worked(pulse, clock, seconds_ago=IDLE_AFTER_S + 1)
    set_beats(asked_s_ago=None, beat_s_ago=1)
    assert pulse.hung()


def test_a_database_that_is_away_ends_no_supervisor(capsys):
    def fail() -> None:
        raise OperationalError("connection refused")

    queues.with_database(fail)
    assert "The database does not answer (connection refused)." in capsys.readouterr().err


def test_results_of_tasks_are_pruned_after_two_weeks():
    for number, days in enumerate((1, 13, 15, 100)):
        ended = timezone.now() - timedelta(days=days)
        Task.objects.create(
            id=f"{number:032}", name=str(days), func="f", started=ended, stopped=ended
        )
    assert queues.prune_results() == 2
    assert set(Task.objects.values_list("name", flat=True)) == {"1", "13"}


def test_sessions_and_frames_that_nobody_needs_are_pruned_too(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    pictures = [tmp_path / "cache/frames/ab/abc.jpg", tmp_path / "cache/dry-runs/ab/abc.gif"]
    for drawn in pictures:
        drawn.parent.mkdir(parents=True)
        drawn.touch()
        os.utime(drawn, (0, 0))
    for key, days in (("gone", -1), ("valid", 1)):
        ends = timezone.now() + timedelta(days=days)
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
    picture = Asset.objects.create(
        workspace=Workspace.objects.create(name="Kitchen Films", slug="kitchen"),
        sha256="a" * 64,
        size_bytes=9,
        media_type="image/png",
        path="1/aa/waiting.png",
        facts={"kind": "reference", "waits": True},
        created_at=timezone.now() - timedelta(days=2),
    )
    queues.prune()
    assert not Asset.objects.filter(pk=picture.pk).exists()
    assert not any(drawn.exists() for drawn in pictures)
    assert [session.session_key for session in Session.objects.all()] == ["valid"]


def test_pruning_is_done_once_an_hour():
    calls: list[int] = []
    tick = queues.hourly(lambda: calls.append(1))
    tick()
    tick()
    assert calls == [1]
