"""What the watcher's sweep does about animatics that nobody works on though somebody should."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from studio.renders.watching import heartbeats
from studio.renders.watching import loop as watching
from studio.storyboards.animatics import due, orders
from studio.storyboards.animatics.due import DRAWING_LOST_AFTER, MOST_ATTEMPTS, WAITING_LOST_AFTER
from studio.storyboards.animatics.options import GIF, Options
from studio.storyboards.models import Animatic
from tests.storyboards.animatics.conftest import queued, work

pytestmark = pytest.mark.django_db

WAITING, DRAWING = Animatic.Status.WAITING, Animatic.Status.DRAWING
MOMENT = timedelta(seconds=2)


def seen(ago, **fields):
    Animatic.objects.update(seen_at=timezone.now() - ago, **fields)


def test_one_that_waits_in_the_queue_is_left_there(ordered):
    seen(timedelta(hours=1))
    due.sweep()
    due.sweep()
    assert queued() == [ordered.pk]


def test_one_whose_queue_entry_got_lost_is_woken_once(ordered):
    OrmQ.objects.all().delete()
    due.sweep()
    assert queued() == [], "it may be on its way"
    seen(WAITING_LOST_AFTER + MOMENT)
    due.sweep()
    due.sweep()
    assert queued() == [ordered.pk]
    work()
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.READY


def test_one_that_died_with_its_worker_before_it_was_claimed_is_woken(ordered):
    """The broker has locked the entry for the worker, and gives it to nobody else for hours."""
    OrmQ.objects.update(lock=timezone.now() + timedelta(hours=1))
    seen(WAITING_LOST_AFTER + MOMENT)
    due.sweep()
    assert queued() == [ordered.pk, ordered.pk]


@pytest.mark.parametrize("ago", [timedelta(0), WAITING_LOST_AFTER + MOMENT])
def test_one_that_is_drawn_is_left_alone(ordered, ago):
    OrmQ.objects.all().delete()
    seen(ago, status=DRAWING, attempts=1)
    due.sweep()
    ordered.refresh_from_db()
    assert ordered.status == DRAWING
    assert queued() == []


def test_one_whose_worker_died_is_begun_again(ordered):
    OrmQ.objects.all().delete()
    seen(DRAWING_LOST_AFTER + MOMENT, status=DRAWING, attempts=1, progress=700)
    due.sweep()
    due.sweep()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.attempts, ordered.progress) == (WAITING, 1, 0)
    assert queued() == [ordered.pk]
    work()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.attempts) == (Animatic.Status.READY, 2)


def test_one_that_kills_its_worker_each_time_is_given_up_with_a_sentence(ordered, creative):
    OrmQ.objects.all().delete()
    for _ in range(MOST_ATTEMPTS):
        ordered.refresh_from_db()
        assert ordered.status == WAITING
        seen(DRAWING_LOST_AFTER + MOMENT, status=DRAWING, attempts=ordered.attempts + 1)
        due.sweep()
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.FAILED
    assert "ended 3 times without a word" in ordered.says
    assert "Choose a smaller size" in ordered.says
    again = orders.retry(ordered, creative.user)
    assert (again.status, again.attempts) == (WAITING, 0)


@pytest.mark.parametrize("status", [*orders.ENDED, Animatic.Status.READY])
def test_what_has_ended_is_not_begun_again(ordered, status):
    OrmQ.objects.all().delete()
    seen(timedelta(days=1), status=status)
    due.sweep()
    ordered.refresh_from_db()
    assert ordered.status == status
    assert queued() == []


def test_one_that_makes_trouble_does_not_stop_the_others(coast, creative, ordered, monkeypatch):
    second = orders.order(coast, creative.user, Options(GIF, (640, 360)))
    OrmQ.objects.all().delete()
    seen(WAITING_LOST_AFTER + MOMENT)
    really = due.wake

    def shaky(animatic):
        if animatic.pk == ordered.pk:
            raise RuntimeError
        really(animatic)

    monkeypatch.setattr(due, "wake", shaky)
    due.sweep()
    assert queued() == [second.pk]
    monkeypatch.undo()
    due.sweep()
    assert queued() == [second.pk, ordered.pk]


def test_looking_costs_one_query(ordered, django_assert_num_queries):
    with django_assert_num_queries(1):
        due.sweep()


def test_the_watcher_sweeps(ordered):
    OrmQ.objects.all().delete()
    seen(WAITING_LOST_AFTER + MOMENT)
    watching._beat({})
    assert queued().count(ordered.pk) == 1


def test_a_worker_that_draws_is_not_late_though_it_answers_no_question(ordered):
    heartbeats.beat("worker:pictures")
    heartbeats.Heartbeat.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    assert heartbeats.ages_s()["worker:pictures"] >= 300
    seen(MOMENT, status=DRAWING)
    assert heartbeats.ages_s()["worker:pictures"] < 10
    seen(timedelta(minutes=4), status=DRAWING)
    assert heartbeats.ages_s()["worker:pictures"] >= 240
