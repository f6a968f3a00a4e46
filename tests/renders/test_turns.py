"""Whose turn it is: workspaces take turns, projects too, and nobody is sent beyond a slot."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts import keys
from studio.accounts.models import Workspace
from studio.renders.models import Desk, KeyCapacity, Take
from studio.renders.sending import capacity, lines, posting, turns
from studio.renders.submission import cancel, order_take
from studio.storyboards.models import Project, Shot
from studio.transend.client import TransendClient
from studio.transend.simulator import Simulator
from tests.renders.conftest import KEY, point_at, posts, save_revision
from tests.transend.answers import BODY


@pytest.fixture
def slow_vendor(tmp_path, footage, settings):
    """Transend; a render takes 90 s, so that slots stay in use."""
    with Simulator(
        keys={KEY}, storage=tmp_path / "transend", speed=1, footage=footage
    ) as simulator:
        point_at(simulator, settings, tmp_path)
        yield simulator


def another_project(workspace, author, title="Another"):
    project = Project.objects.create(workspace=workspace, title=title, brief="Rain.")
    Shot.objects.create(project=project, scene_id="a", position=0, prompt="A", duration_ms=15_000)
    save_revision(project, author)
    return project


@pytest.fixture
def other_team(project, creative):
    """A project of another workspace that has a key of its own."""
    workspace = Workspace.objects.create(name="Other", slug="other-team")
    keys.add_key(workspace, "Theirs", KEY, None)
    return another_project(workspace, creative.user, "Theirs")


def sent(vendor):
    """The takes that the vendor was asked to render, in that order."""
    return [request.body["webhook_metadata"]["shotboard_take"] for request in posts(vendor)]


def rested(key):
    """The pause after a refusal is over, the key's and the take's."""
    KeyCapacity.objects.filter(api_key=key).update(quiet_until=timezone.now())
    Take.objects.filter(send_after__isnull=False).update(send_after=timezone.now())


def drain():
    for _ in range(Take.objects.filter(status="queued").count()):
        posting.send_next()


def test_a_team_with_one_take_is_not_kept_behind_anothers_many(
    project, creative, api_key, other_team, vendor
):
    many = [order_take(project, creative.user) for _ in range(5)]
    one = order_take(other_team, creative.user)
    posting.send_next()
    posting.send_next()
    assert sent(vendor) == [many[0].pk, one.pk]


def test_projects_of_a_team_take_turns(project, creative, api_key, workspace, vendor):
    many = [order_take(project, creative.user) for _ in range(4)]
    second = another_project(workspace, creative.user)
    few = [order_take(second, creative.user) for _ in range(2)]
    drain()
    assert sent(vendor) == [many[0].pk, few[0].pk, many[1].pk, few[1].pk, many[2].pk, many[3].pk]


def test_a_project_that_rested_does_not_overtake_for_all_it_did_not_use(
    project, creative, api_key, workspace, vendor
):
    for _ in range(6):
        order_take(project, creative.user)
        posting.send_next()
    busy = [order_take(project, creative.user) for _ in range(2)]
    rested = another_project(workspace, creative.user)
    late = [order_take(rested, creative.user) for _ in range(3)]
    drain()
    assert sent(vendor)[6:] == [busy[0].pk, late[0].pk, busy[1].pk, late[1].pk, late[2].pk]


def test_a_delivery_sends_whose_turn_it_is_not_whom_it_was_made_for(
    project, creative, api_key, vendor, house
):
    first, second = (order_take(project, creative.user) for _ in range(2))
    OrmQ.objects.order_by("pk").first().delete()  # the first one's entry is lost
    house.work()
    assert sent(vendor) == [first.pk]
    house.turn()  # the watcher wakes another sender
    house.work()
    assert sent(vendor) == [first.pk, second.pk]


def test_the_first_429_shows_how_many_slots_there_are(project, creative, api_key, slow_vendor):
    slow_vendor.set_scenario({"concurrency": 2})
    takes = [order_take(project, creative.user) for _ in range(5)]
    drain()
    assert capacity.capacity_of(api_key).slots == 2
    assert len(posts(slow_vendor)) == 3  # the third showed the limit; nobody else tried
    turns.sweep()
    words = {take.waits_for for take in Take.objects.filter(pk__in=[t.pk for t in takes[3:]])}
    assert words == {"a vendor slot: all 2 are in use"}


def test_who_waits_for_a_slot_is_sent_when_one_is_free(project, creative, api_key, vendor, house):
    vendor.set_scenario({"concurrency": 1})
    takes = [order_take(project, creative.user) for _ in range(3)]
    for take in takes:
        house.until(take, "ready", within_s=40)
    accepted = [request for request in posts(vendor) if request.status == 200]
    assert len(accepted) == 3


def test_now_and_then_one_more_is_tried_and_more_slots_are_found(
    project, creative, api_key, slow_vendor
):
    KeyCapacity.objects.create(api_key=api_key, slots=1, raise_at=timezone.now())
    takes = [order_take(project, creative.user) for _ in range(4)]
    drain()
    assert Take.objects.filter(status="submitted").count() == 2
    learned = capacity.capacity_of(api_key)
    assert learned.slots == 2
    assert learned.raise_at > timezone.now()
    KeyCapacity.objects.update(raise_at=timezone.now())
    drain()
    assert Take.objects.filter(status="submitted").count() == 3
    assert Take.objects.get(pk=takes[3].pk).status == "queued"


def test_a_limit_that_shows_again_and_again_is_tried_ever_more_rarely(take, api_key):
    Take.objects.update(status="running", api_key=api_key)
    waits = []
    for _ in range(6):
        capacity.learn_limit(api_key, None, 1.0)
        known = capacity.capacity_of(api_key)
        waits.append(round((known.raise_at - known.learned_at).total_seconds()))
    assert waits == [30, 60, 120, 240, 300, 300]
    KeyCapacity.objects.update(slots=7)  # another limit than the one that shows
    capacity.learn_limit(api_key, None, 1.0)
    known = capacity.capacity_of(api_key)
    assert known.raise_at - known.learned_at == capacity.FIRST_RAISE_AFTER


ONE_429 = {"rules": [{"when": {"method": "POST", "nth": 1}, "do": "rate_limited"}]}


@pytest.mark.parametrize("slots", [None, 3])
def test_a_429_while_nothing_is_under_way_teaches_no_limit(
    project, creative, api_key, slow_vendor, slots
):
    KeyCapacity.objects.create(
        api_key=api_key, slots=slots, raise_at=timezone.now() + timedelta(hours=1)
    )
    slow_vendor.set_scenario(ONE_429)
    for _ in range(3):
        order_take(project, creative.user)
    drain()
    assert len(posts(slow_vendor)) == 1  # the key rests, nobody else is tried in vain
    known = capacity.capacity_of(api_key)
    assert known.slots == slots
    assert timezone.now() < known.quiet_until <= timezone.now() + timedelta(seconds=2)
    assert lines.line_of(project.workspace).waits_for.startswith(
        "a vendor slot: Transend refused the last render; the next is tried at"
    )
    rested(api_key)
    drain()
    assert Take.objects.filter(status="submitted").count() == 3
    assert capacity.capacity_of(api_key).slots == slots


def test_while_others_use_the_account_up_the_key_is_tried_ever_more_rarely(
    project, creative, api_key, slow_vendor
):
    slow_vendor.set_scenario({"concurrency": 1})
    with TransendClient(slow_vendor.url, KEY) as others:
        others.create_generation(BODY)
    takes = [order_take(project, creative.user) for _ in range(3)]
    for tries in range(1, 9):
        drain()
        assert [request.status for request in posts(slow_vendor)] == [200, *[429] * tries]
        resting = capacity.capacity_of(api_key).quiet_until - timezone.now()
        assert resting <= timedelta(seconds=min(2**tries, capacity.LONGEST_REST_S))
        rested(api_key)
    assert Take.objects.get(pk=takes[0].pk).attempts == 8  # whose turn it is, not one after another
    slow_vendor.set_scenario({"concurrency": 3})
    drain()
    assert Take.objects.filter(status="submitted").count() == 2  # the third is in use by others
    assert capacity.capacity_of(api_key).slots == 2


def test_a_refusal_without_a_wish_does_not_shorten_the_pause_that_was_asked_for(take, api_key):
    capacity.learn_limit(api_key, 600.0, 600.0)
    asked = capacity.capacity_of(api_key).quiet_until
    for status in ("queued", "running"):
        Take.objects.update(status=status, api_key=api_key)
        capacity.learn_limit(api_key, None, 1.0)
        assert capacity.capacity_of(api_key).quiet_until == asked


def test_a_pause_that_the_vendor_asked_for_holds_the_whole_key(project, creative, api_key, vendor):
    vendor.set_scenario(
        {"rules": [{"when": {"method": "POST"}, "do": "rate_limited", "retry_after": 60}]}
    )
    takes = [order_take(project, creative.user) for _ in range(3)]
    drain()
    assert len(posts(vendor)) == 1
    waiting = Take.objects.get(pk=takes[2].pk)
    assert waiting.waits_for.startswith("a vendor slot: Transend refused the last render")
    KeyCapacity.objects.update(quiet_until=timezone.now() - timedelta(seconds=1))
    vendor.set_scenario({})
    posting.send_next()
    assert Take.objects.filter(status="submitted").count() == 1


def test_a_paused_queue_sends_nothing_and_says_who_paused_it(take, workspace, producer, vendor):
    Desk.objects.filter(workspace=workspace).update(
        paused_at=timezone.now(), paused_by=producer.user
    )
    posting.send_next()
    take.refresh_from_db()
    assert take.waits_for == f"the render queue: it was paused by {producer.user}"
    assert posts(vendor) == []


def test_who_is_cancelled_gives_up_their_turn(project, creative, api_key, vendor):
    first, second = (order_take(project, creative.user) for _ in range(2))
    cancel(first, creative.user)
    drain()
    assert sent(vendor) == [second.pk]


@pytest.mark.django_db(transaction=True)
def test_two_senders_never_take_the_same_last_slot(project, creative, api_key, slow_vendor):
    for _ in range(6):
        order_take(project, creative.user)
    KeyCapacity.objects.create(
        api_key=api_key, slots=2, raise_at=timezone.now() + timedelta(hours=1)
    )
    barrier = threading.Barrier(6)

    def deliver():
        barrier.wait()
        try:
            posting.send_next()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(posts(slow_vendor)) == 2


def test_a_sweep_wakes_no_more_than_there_are_slots(project, creative, api_key, vendor):
    for _ in range(6):
        order_take(project, creative.user)
    OrmQ.objects.all().delete()
    KeyCapacity.objects.create(
        api_key=api_key, slots=2, raise_at=timezone.now() + timedelta(hours=1)
    )
    turns.sweep()
    assert OrmQ.objects.count() == 2
    turns.sweep()
    assert OrmQ.objects.count() == 2  # they lie there still


def test_looking_over_all_lines_takes_as_many_queries_for_many_as_for_two(
    project, creative, api_key, vendor
):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            lines.survey()
        return len(seen)

    def add_teams(start, count):
        for number in range(start, start + count):
            team = Workspace.objects.create(name=f"T{number}", slug=f"t{number}")
            keys.add_key(team, "Key", KEY, None)
            order_take(another_project(team, creative.user), creative.user)

    order_take(project, creative.user)
    add_teams(0, 1)
    few = queries()
    add_teams(1, 8)
    assert queries() == few
    assert len(lines.survey()) == 10


def test_with_nothing_waiting_a_sweep_asks_one_question(vendor, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert turns.sweep() == []
