"""The one table, and the one writer of status."""

import itertools

import pytest
from django.utils import timezone

from studio.renders import lifecycle
from studio.renders.lifecycle import (
    AT_VENDOR,
    IN_FLIGHT,
    TERMINAL,
    TRANSITIONS,
    IllegalTransition,
    Status,
    advance,
)
from studio.renders.models import Take

# Written out once more, from the drawing in ARCHITECTURE.md: a slip in the table shows here.
DRAWN = {
    "queued": "submitting cancelled",
    "submitting": "submitted queued uncertain failed",
    "uncertain": "submitted queued failed",
    "submitted": "running collecting stalled failed",
    "running": "collecting stalled failed",
    "stalled": "running collecting failed",
    "collecting": "ready uncollected",
    "uncollected": "collecting failed",
    "ready": "",
    "failed": "",
    "cancelled": "",
}
PAIRS = list(itertools.product(Status, Status))


@pytest.fixture
def bare_take(project):
    return Take.objects.create(
        workspace=project.workspace,
        project=project,
        revision=project.revisions.get(),
        number=1,
        payload="{}",
        payload_sha256="0" * 64,
        duration_ms=30_000,
        next_poll_at=timezone.now(),
    )


@pytest.mark.parametrize(("came_from", "to"), PAIRS)
def test_every_ordered_pair_of_states(bare_take, came_from, to):
    Take.objects.filter(pk=bare_take.pk).update(status=came_from)
    bare_take.refresh_from_db()
    if to in DRAWN[came_from].split():
        advance(bare_take, to, says="Because.")
        assert Take.objects.get().status == to
        event = bare_take.events.get()
        assert (event.from_status, event.to_status, event.says) == (came_from, to, "Because.")
        assert bare_take.last_event == event.number
    else:
        with pytest.raises(IllegalTransition) as refused:
            advance(bare_take, to)
        assert f"is “{Status(came_from).label}” and cannot become" in str(refused.value)
        assert Take.objects.get().status == came_from
        assert not bare_take.events.exists()


def test_the_terminal_set_is_what_nothing_follows():
    assert {"ready", "failed", "cancelled"} == TERMINAL
    assert set(Status) - TERMINAL == IN_FLIGHT
    assert set(TRANSITIONS) == set(Status)
    assert AT_VENDOR < IN_FLIGHT


@pytest.mark.parametrize("end", sorted(TERMINAL))
def test_what_is_over_has_its_time_and_is_never_due_again(bare_take, end):
    before = next(status for status in Status if end in TRANSITIONS[status])
    Take.objects.filter(pk=bare_take.pk).update(status=before, waits_for="a miracle")
    bare_take.refresh_from_db()
    advance(bare_take, end)
    assert bare_take.is_terminal
    assert bare_take.finished_at is not None
    assert (bare_take.next_poll_at, bare_take.waits_for) == (None, "")


def test_whoever_is_slower_learns_it_and_changes_nothing(bare_take):
    other = Take.objects.get()
    advance(bare_take, Status.CANCELLED)
    with pytest.raises(IllegalTransition) as lost:
        advance(other, Status.SUBMITTING, progress=50)
    assert "is “Cancelled”, not “Queued”" in str(lost.value)
    assert Take.objects.get().progress == 0
    assert bare_take.events.count() == 1


def test_what_belongs_to_an_earlier_attempt_changes_nothing(bare_take):
    Take.objects.update(status=Status.SUBMITTING, attempts=2)
    with pytest.raises(IllegalTransition):
        advance(bare_take, Status.SUBMITTED, expect=Status.SUBMITTING, attempt=1)
    advance(bare_take, Status.SUBMITTED, expect=Status.SUBMITTING, attempt=2)
    assert bare_take.status == Status.SUBMITTED


def test_events_count_up_and_every_change_shows_in_the_pulse(bare_take):
    pulses = [bare_take.pulse]
    for to in (Status.SUBMITTING, Status.QUEUED, Status.CANCELLED):
        advance(bare_take, to)
        pulses.append(bare_take.pulse)
    assert [event.number for event in bare_take.events.all()] == [1, 2, 3]
    assert len(set(pulses)) == 4


def test_holding_says_what_is_waited_for_without_an_event(bare_take):
    before, due = bare_take.pulse, timezone.now()
    assert lifecycle.hold(bare_take, "a vendor slot", due)
    bare_take.refresh_from_db()
    assert (bare_take.waits_for, bare_take.next_poll_at) == ("a vendor slot", due)
    assert bare_take.pulse != before
    seen = bare_take.pulse
    assert lifecycle.hold(bare_take, "a vendor slot", due)
    bare_take.refresh_from_db()
    assert bare_take.pulse == seen
    assert not bare_take.events.exists()


def test_a_take_that_has_moved_on_is_not_held(bare_take):
    stale = Take.objects.get()
    advance(bare_take, Status.CANCELLED)
    assert not lifecycle.hold(stale, "a vendor slot", timezone.now())
    assert Take.objects.get().next_poll_at is None


def test_a_remark_is_an_event_that_moves_nothing(bare_take):
    lifecycle.remark(bare_take, "x" * 1_000)
    event = bare_take.events.get()
    assert event.from_status == event.to_status == "queued"
    assert len(event.says) == lifecycle.MAX_SAYS
