"""What the watcher makes of every answer, and of none."""

from datetime import timedelta
from datetime import timezone as dt_timezone

import pytest
from django.db import connection
from django.utils import timezone

from studio.accounts import keys
from studio.accounts.models import ApiKey
from studio.renders.models import Take
from studio.renders.submission import order_take
from studio.renders.watching import due, polling, progress
from studio.renders.watching.progress import Progress
from studio.transend.simulator import Simulator
from tests.renders.conftest import KEY, point_at, posts, statuses_of

ASKING = {"method": "GET", "path": "/v1/tasks/*"}


def rule(do, **options):
    return {"rules": [{"do": do, "when": ASKING, **options}]}


@pytest.fixture
def slow_vendor(tmp_path, footage, settings):
    """Transend; a render takes its whole 90 s, by a clock that the test turns."""
    clock = [1_800_000_000.0]
    with Simulator(
        keys={KEY}, storage=tmp_path / "slow", footage=footage, clock=lambda: clock[0]
    ) as simulator:
        point_at(simulator, settings, tmp_path)
        simulator.clock = clock
        yield simulator


@pytest.fixture
def sent(project, creative, api_key, house, slow_vendor):
    take = order_take(project, creative.user)
    house.work()
    take.refresh_from_db()
    assert take.status == "submitted"
    return take


@pytest.fixture
def running(sent, house, slow_vendor):
    slow_vendor.clock[0] += 47  # half of it
    house.step(sent)
    assert (sent.status, sent.progress) == ("running", 50)
    return sent


def test_a_take_waits_at_the_vendor_then_runs(sent, house, slow_vendor):
    house.step(sent)
    assert (sent.status, sent.progress) == ("submitted", 0)
    slow_vendor.clock[0] += 40
    house.step(sent)
    assert (sent.status, sent.progress) == ("running", 41)
    slow_vendor.clock[0] += 10
    house.step(sent)
    assert (sent.status, sent.progress) == ("running", 53)
    assert statuses_of(sent).count("running") == 1


def test_progress_never_goes_back_on_screen(running, house, slow_vendor):
    slow_vendor.set_scenario(rule("progress_backwards"))
    slow_vendor.clock[0] += 2
    before = running.changes
    house.step(running)
    assert (running.progress, running.changes) == (50, before)


def test_every_change_of_progress_shows_in_the_pulse(running, house, slow_vendor):
    before = running.pulse
    slow_vendor.clock[0] += 9
    house.step(running)
    assert running.pulse != before
    assert running.pulse.partition("-")[0] == before.partition("-")[0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("half_body", "too slow, or breaks off"),
        ("accept_then_drop", "too slow, or breaks off"),
        ("wrong_types", "sensible answer"),
        ("not_json", "sensible answer"),
        ("deep_json", "sensible answer"),
        ("error_500", "internal failure"),
        ("rate_limited", "vendor slot"),
        ("unauthorized", "the API key was refused"),
    ],
)
def test_a_vendor_in_trouble_is_waited_for_and_said(running, house, slow_vendor, fault, words):
    slow_vendor.set_scenario(rule(fault))
    house.step(running)
    assert (running.status, running.progress) == ("running", 50)
    assert words in running.waits_for
    assert running.poll_failures == 1
    slow_vendor.set_scenario({})
    slow_vendor.clock[0] += 50
    house.until(running, "collecting")
    assert running.waits_for == ""
    assert not ApiKey.objects.get().is_paused
    assert len(posts(slow_vendor)) == 1


def test_a_vendor_that_goes_down_and_comes_back(running, house, slow_vendor, footage, tmp_path):
    slow_vendor.close()
    house.step(running)
    assert running.waits_for == "Transend: it cannot be reached just now"
    slow_vendor.clock[0] += 50
    with Simulator(
        keys={KEY},
        storage=tmp_path / "slow",
        footage=footage,
        clock=lambda: slow_vendor.clock[0],
        port=slow_vendor.port,
    ):
        house.until(running, "collecting")


def test_retry_after_is_kept_to_when_asking_too(running, house, slow_vendor):
    slow_vendor.set_scenario(rule("rate_limited", retry_after=200))
    house.step(running)
    wait_s = (running.next_poll_at - timezone.now()).total_seconds()
    assert 190 < wait_s <= 200


def test_an_unknown_status_stalls_with_its_word_and_recovers(running, house, slow_vendor):
    slow_vendor.set_scenario(rule("unknown_status"))
    house.step(running)
    assert (running.status, running.error_kind) == ("stalled", "unknown_status")
    assert "“moderating”" in running.error_says
    house.step(running)
    assert running.status == "stalled"
    slow_vendor.set_scenario({})
    house.step(running)
    assert (running.status, running.error_kind) == ("running", "")


def test_no_news_past_the_deadline_stalls_and_news_revive(running, house, slow_vendor):
    Take.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    house.step(running)
    assert (running.status, running.error_kind) == ("stalled", "no_news")
    assert "goes on asking" in running.error_resolution
    house.step(running)
    assert running.status == "stalled"  # the same 50 % again is no news
    slow_vendor.clock[0] += 10
    house.step(running)
    assert (running.status, running.progress) == ("running", 61)


def test_a_vendor_that_stays_away_past_the_deadline_stalls_too(running, house, slow_vendor):
    Take.objects.update(deadline_at=timezone.now() - timedelta(seconds=1))
    slow_vendor.set_scenario(rule("error_500"))
    house.step(running)
    assert running.status == "stalled"
    assert "internal rendering failure" in running.error_says
    slow_vendor.set_scenario({})
    slow_vendor.clock[0] += 50
    house.until(running, "collecting")


def test_a_failed_render_keeps_its_trace_id_and_is_not_repeated(
    project, creative, api_key, house, slow_vendor
):
    slow_vendor.set_scenario({"rules": [{"do": "fail_render", "when": {"method": "POST"}}]})
    take = order_take(project, creative.user)
    house.work()
    slow_vendor.clock[0] += 55
    house.until(take, "failed")
    assert take.error_kind == "render_failed"
    assert take.trace_id.startswith("vid_sora_")
    assert "trace id" in take.error_resolution
    assert '"status": "failed"' in take.error_body
    assert len(posts(slow_vendor)) == 1


def test_a_rotated_key_takes_over_for_takes_under_way(running, house, slow_vendor, workspace):
    slow_vendor.set_scenario({"accept_keys": ["rotated-key-0001"]})
    house.step(running)
    assert "refused" in running.waits_for
    keys.add_key(workspace, "Rotated", "rotated-key-0001", None)
    house.step(running)
    assert (running.waits_for, running.status) == ("", "running")
    assert running.api_key.label == "Main"


def test_a_revoked_key_with_no_other_waits_and_says_for_whom(running, house, admin, api_key):
    keys.revoke_key(api_key, admin.user)
    house.step(running)
    assert running.waits_for == "an API key: ask Admin (admin) to add one"


def test_what_is_claimed_is_leased(running):
    Take.objects.update(next_poll_at=timezone.now())
    assert [question.take for question in due.questions_due(10)] == [running]
    assert due.questions_due(10) == []
    running.refresh_from_db()
    assert running.next_poll_at > timezone.now() + timedelta(seconds=due.QUESTION_TOTAL_S)


def test_a_question_shows_no_key(running):
    Take.objects.update(next_poll_at=timezone.now())
    (question,) = due.questions_due(10)
    assert question.secret == KEY
    assert KEY not in repr(question)


def test_looking_when_nothing_is_due_writes_nothing(running, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert due.questions_due(10) == []


def test_the_claim_costs_the_same_for_one_and_for_many(
    project, creative, api_key, house, slow_vendor, django_assert_max_num_queries
):
    for _ in range(8):
        order_take(project, creative.user)
    house.work()
    Take.objects.update(next_poll_at=timezone.now())
    with django_assert_max_num_queries(6):
        assert len(due.questions_due(100)) == 8


def test_a_lost_queue_entry_costs_seconds_not_a_take(take, house, vendor):
    from django_q.models import OrmQ

    OrmQ.objects.all().delete()
    house.turn()
    assert posts(vendor) == []
    house.step(take)
    assert len(posts(vendor)) == 1


def test_a_take_that_makes_trouble_does_not_stop_the_others(
    project, creative, api_key, house, slow_vendor, monkeypatch
):
    bad, good = order_take(project, creative.user), order_take(project, creative.user)
    house.work()
    slow_vendor.clock[0] += 47
    really = polling._under_way

    def trouble(take, *about):
        if take.pk == bad.pk:
            raise ZeroDivisionError
        return really(take, *about)

    monkeypatch.setattr(polling, "_under_way", trouble)
    Take.objects.update(next_poll_at=timezone.now())
    house.turn()
    good.refresh_from_db()
    assert good.status == "running"


def written(take, **fields):
    now = timezone.now()
    values = {
        "take_id": take.pk,
        "status": take.status,
        "progress": 50,
        "next_poll_at": now + timedelta(seconds=5),
        "deadline_at": None,
    }
    progress.write_back([Progress(**values | fields)])
    take.refresh_from_db()
    return take


def test_writing_back_is_one_statement(running, django_assert_num_queries):
    row = Progress(running.pk, "running", 60, timezone.now(), None)
    with django_assert_num_queries(1):
        progress.write_back([row] * 50)
    with django_assert_num_queries(0):
        progress.write_back([])


def test_writing_back_writes_what_was_learnt(running):
    due_at = timezone.now() + timedelta(seconds=9)
    written(
        running,
        progress=61,
        waits_for='it\'s "odd"; DROP',
        poll_failures=3,
        next_poll_at=due_at,
        deadline_at=due_at,
    )
    assert (running.progress, running.waits_for) == (61, 'it\'s "odd"; DROP')
    assert (running.next_poll_at, running.deadline_at) == (due_at, due_at)
    assert running.poll_failures == 3
    assert list(Take.objects.filter(next_poll_at__lte=due_at)) == [running]
    assert not Take.objects.filter(next_poll_at__lt=due_at).exists()


@pytest.mark.parametrize("microsecond", [0, 500_000, 7])
@pytest.mark.parametrize("hours", [0, 9, -3])
def test_moments_stand_in_the_column_as_django_writes_them(running, microsecond, hours):
    """SQLite compares them as text: another spelling of a moment would be another moment."""

    def column():
        with connection.cursor() as cursor:
            cursor.execute("SELECT next_poll_at, deadline_at FROM renders_take")
            return cursor.fetchall()

    zone = dt_timezone(timedelta(hours=hours))
    moment = (timezone.now() + timedelta(days=1)).astimezone(zone).replace(microsecond=microsecond)
    written(running, next_poll_at=moment, deadline_at=moment)
    ours = column()
    Take.objects.update(next_poll_at=moment, deadline_at=moment)
    assert ours == column()


def test_a_take_that_has_moved_on_is_not_written_to(running):
    stale = written(running, status="submitted", progress=99)
    assert stale.progress == 50


def test_what_a_webhook_hastened_meanwhile_stays_due(running):
    Take.objects.update(next_poll_at=timezone.now() - timedelta(seconds=1))
    written(running, progress=70)
    assert running.next_poll_at < timezone.now()
    assert running.progress == 70
