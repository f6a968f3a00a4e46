"""Rearranging the line: any order, by several at once, while takes are sent."""

import threading

import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.accounts.models import User, Workspace
from studio.renders.desk import listing, ordering, pausing
from studio.renders.desk.ordering import StaleOrder, Step
from studio.renders.models import Desk, Take
from studio.renders.sending import posting
from studio.renders.submission import order_take
from studio.storyboards.models import Project
from tests.builders import take_without_files
from tests.renders.conftest import posts
from tests.renders.test_turns import another_project, sent

LENGTH = 6


@pytest.fixture
def line(workspace):
    """Six takes that wait, some of them at equal places."""
    project = Project.objects.create(workspace=workspace, title="Neon Tokyo")
    return [take_without_files(workspace, "queued", project).pk for _ in range(LENGTH)]


def order_of(workspace):
    return list(listing.line_of(workspace))


PERMUTATIONS = st.permutations(range(LENGTH))
PLACES = st.lists(st.integers(-3, 6), min_size=LENGTH, max_size=LENGTH)


def put_at(line, places):
    for pk, place in zip(line, places, strict=True):
        Take.objects.filter(pk=pk).update(place=place)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wanted=PERMUTATIONS, places=PLACES)
def test_any_order_of_any_line_is_what_it_is_afterwards(line, workspace, admin, wanted, places):
    put_at(line, places)
    before = order_of(workspace)
    order = [line[at] for at in wanted]
    ordering.rearrange(workspace, order, admin.user)
    assert order_of(workspace) == order
    if order != before:
        assert len(set(Take.objects.values_list("place", flat=True))) == LENGTH


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), places=PLACES)
def test_a_part_of_the_line_changes_places_among_itself(line, workspace, admin, data, places):
    put_at(line, places)
    before = order_of(workspace)
    part = data.draw(st.permutations(before).map(lambda every: every[:3]))
    ordering.rearrange(workspace, part, admin.user)
    after = order_of(workspace)
    assert [pk for pk in after if pk in part] == list(part)
    assert [pk if pk not in part else None for pk in after] == [
        pk if pk not in part else None for pk in before
    ]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(st.integers(0, LENGTH - 1), st.sampled_from(list(Step)))))
def test_steps_do_what_they_say(line, workspace, admin, steps):
    put_at(line, range(LENGTH))
    model = list(line)
    for which, step in steps:
        pk = line[which]
        at = model.index(pk)
        model.remove(pk)
        model.insert({Step.UP: max(at - 1, 0), Step.DOWN: at + 1, Step.NEXT: 0}[step], pk)
        ordering.move(Take.objects.get(pk=pk), step, admin.user)
    assert order_of(workspace) == model


@pytest.mark.parametrize("wrong", ["gone", "twice", "foreign", "empty"])
def test_an_order_of_another_line_changes_nothing(line, workspace, other_workspace, admin, wrong):
    foreign = Project.objects.create(workspace=other_workspace, title="Foreign")
    orders = {
        "gone": [*line[1:], line[0]],
        "twice": [line[0], line[0]],
        "foreign": [take_without_files(other_workspace, "queued", foreign).pk, line[0]],
        "empty": [],
    }
    if wrong == "gone":
        Take.objects.filter(pk=line[0]).update(status="submitting")
    before = order_of(workspace)
    with pytest.raises(StaleOrder):
        ordering.rearrange(workspace, orders[wrong], admin.user)
    assert order_of(workspace) == before


def test_one_statement_moves_a_line_of_any_length(
    line, workspace, admin, django_assert_max_num_queries
):
    project = Project.objects.get()
    more = [take_without_files(workspace, "queued", project).pk for _ in range(30)]
    with django_assert_max_num_queries(16):
        ordering.rearrange(workspace, [*reversed(more), *line], admin.user)
    assert order_of(workspace) == [*reversed(more), *line]


def test_takes_are_sent_in_the_order_they_were_put_into(
    project, creative, producer, api_key, vendor
):
    takes = [order_take(project, creative.user) for _ in range(4)]
    wanted = [takes[3].pk, takes[1].pk, takes[0].pk, takes[2].pk]
    ordering.rearrange(project.workspace, wanted, producer.user)
    for _ in takes:
        posting.send_next()
    assert sent(vendor) == wanted


def test_a_take_ordered_after_that_stands_where_its_project_is_in_turn(
    project, creative, producer, api_key, vendor, workspace
):
    takes = [order_take(project, creative.user) for _ in range(3)]
    ordering.move(takes[2], Step.NEXT, producer.user)
    other = order_take(another_project(workspace, creative.user), creative.user)
    assert order_of(workspace)[0] == takes[2].pk
    assert order_of(workspace).index(other.pk) < 3  # not behind all of the other project's


@pytest.mark.django_db(transaction=True)
def test_a_take_is_either_sent_or_moved_never_both(project, creative, producer, api_key, vendor):
    """Senders and two people at the desk at the same time: each order ends whole or stale."""
    takes = [order_take(project, creative.user) for _ in range(8)]
    pks = [take.pk for take in takes]
    trouble = []

    def run(work):
        try:
            work()
        except Exception as problem:  # noqa: BLE001 - told to the test's thread
            trouble.append(problem)
        finally:
            connections.close_all()

    def send():
        for _ in range(2):
            posting.send_next()

    def shuffle():
        for turn in range(4):
            line = order_of(Workspace.objects.get(pk=project.workspace_id))
            try:
                ordering.rearrange(
                    Workspace.objects.get(pk=project.workspace_id),
                    line[turn % 2 :: 2] + line[1 - turn % 2 :: 2],
                    User.objects.get(pk=producer.user.pk),
                )
            except StaleOrder:
                continue

    threads = [
        threading.Thread(target=run, args=(work,)) for work in (send, shuffle, send, shuffle)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert trouble == []
    assert len(posts(vendor)) == 4
    assert len(set(sent(vendor))) == 4
    waiting = order_of(project.workspace)
    assert sorted([*sent(vendor), *waiting]) == pks
    assert len(set(Take.objects.filter(pk__in=waiting).values_list("place", flat=True))) == 4


def test_a_paused_queue_sends_nothing_until_it_goes_on(
    project, creative, producer, api_key, vendor, workspace
):
    take = order_take(project, creative.user)
    assert pausing.pause(workspace, producer.user)
    posting.send_next()
    assert posts(vendor) == []
    take.refresh_from_db()
    assert take.waits_for == f"the render queue: it was paused by {producer.user}"
    assert not pausing.pause(workspace, creative.user)
    assert Desk.objects.get().paused_by == producer.user  # whoever came second paused nothing
    assert pausing.resume(workspace, producer.user)
    assert not pausing.resume(workspace, producer.user)
    posting.send_next()
    assert sent(vendor) == [take.pk]


def test_a_take_ordered_while_it_is_paused_waits_too(
    project, creative, producer, api_key, vendor, workspace, house
):
    pausing.pause(workspace, producer.user)
    take = order_take(project, creative.user)
    house.work()
    take.refresh_from_db()
    assert (take.status, take.attempts) == ("queued", 0)
    assert posts(vendor) == []
