"""Bulk edits: one revision each, exact durations, refused whole when one shot forbids it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.boards import board_of
from studio.storyboards.edits import bulk
from studio.storyboards.edits.arranging import reorder
from studio.storyboards.edits.history import undo
from studio.storyboards.edits.locks import Locked
from studio.storyboards.edits.revising import EditRefused, StaleEdit
from studio.storyboards.models import Revision, Shot
from studio.storyboards.retiming import How, Retiming, read_retiming, require_possible
from studio.storyboards.timing import MIN_SHOT_MS, BadDuration

DURATIONS = st.lists(st.integers(500, 600_000), min_size=1, max_size=40)
PERCENTS = st.decimals("0.001", "1000", places=3)


@pytest.fixture
def film(long_board):
    """Six shots of 2 s."""
    return long_board(6)


@pytest.fixture
def author(creative):
    return creative.user


def pks(project):
    return [shot.pk for shot in project.shots.all()]


def lock(project, place):
    shot = project.shots.all()[place]
    Shot.objects.filter(pk=shot.pk).update(is_locked=True)
    return shot.pk


@given(DURATIONS, PERCENTS)
def test_scaling_rounds_the_total_once_and_no_shot_by_a_millisecond(durations, percent):
    scaled = Retiming(How.SCALE, percent)(durations)
    exact = percent * sum(durations) / 100
    assert abs(sum(scaled) - exact) <= Decimal("0.5")
    assert all(
        abs(new - percent * old / 100) < 1 for old, new in zip(durations, scaled, strict=True)
    )


@given(DURATIONS)
def test_scaling_by_a_hundred_changes_nothing(durations):
    assert Retiming(How.SCALE, Decimal(100))(durations) == durations


@given(DURATIONS, st.integers(1, 600_000))
def test_what_is_added_can_be_taken_off_again(durations, amount):
    longer = Retiming(How.ADD, Decimal(amount))(durations)
    assert sum(longer) == sum(durations) + amount * len(durations)
    assert Retiming(How.SUBTRACT, Decimal(amount))(longer) == durations


@given(DURATIONS, st.sampled_from(How), st.integers(1, 100_000))
def test_every_shot_lasts_long_enough_or_the_first_that_does_not_is_named(durations, how, amount):
    changed = Retiming(how, Decimal(amount) / (1_000 if how is How.SCALE else 1))(durations)
    numbers = range(1, len(changed) + 1)
    bad = [n for n, ms in zip(numbers, changed, strict=True) if not MIN_SHOT_MS <= ms <= 600_000]
    if bad:
        with pytest.raises(BadDuration, match=rf"^Shot {bad[0]} would "):
            require_possible(changed, numbers)
    else:
        require_possible(changed, numbers)


@pytest.mark.parametrize(
    ("how", "amount", "says"),
    [
        ("set", "4", "4 s each"),
        ("set", "0:04,5", "4.5 s each"),
        ("scale", "90 %", "durations scaled to 90 %"),
        ("scale", "112,5", "durations scaled to 112.5 %"),
        ("scale", "1000", "durations scaled to 1000 %"),
        ("add", "0.25 s", "0.25 s longer each"),
        ("subtract", "1", "1 s shorter each"),
    ],
)
def test_what_people_type(how, amount, says):
    assert read_retiming(how, amount).says == says


@pytest.mark.parametrize(
    ("how", "amount"),
    [
        ("double", "2"),
        ("set", "0.4"),
        ("set", ""),
        ("scale", "0"),
        ("scale", "-10"),
        ("scale", "1000.1"),
        ("scale", "1e3"),
        ("scale", "٩٠"),
        ("add", "0"),
        ("add", "601"),
        ("subtract", "-1"),
        ("subtract", "9" * 400),
        ("add", "nan"),
    ],
)
def test_what_is_no_change_of_durations(how, amount):
    with pytest.raises(BadDuration, match=r"\.$"):
        read_retiming(how, amount)


def test_many_are_set_in_one_revision_and_undone_in_one(film, author):
    chosen = pks(film)[1:4]
    fields = {"motion": "static", "speed": 0.4, "transition": "crossfade"}
    board = bulk.set_on_many(film, 1, author, chosen, fields)
    assert board.latest.number == 2
    assert board.latest.summary == (
        "3 shots: camera move → static; camera speed → 0.4; transition → crossfade"
    )
    assert [shot.motion for shot in board.shots] == ["", "static", "static", "static", "", ""]
    assert {shot.transition_ms for shot in board.shots[1:4]} == {500}
    board = undo(film, 2, author)
    assert {shot.motion for shot in board.shots} == {""}
    assert [shot.pk for shot in board.shots] == pks(film)


def test_what_is_so_already_makes_no_revision(film, author):
    board = bulk.set_on_many(film, 1, author, pks(film), {"motion": "", "transition": "cut"})
    assert board.project.revision == 1
    assert Revision.objects.filter(project=film).count() == 1


def test_a_summary_counts_only_what_changed(film, author):
    bulk.set_on_many(film, 1, author, pks(film)[:2], {"motion": "static"})
    board = bulk.set_on_many(film, 2, author, pks(film), {"motion": "static"})
    assert board.latest.summary == "4 shots: camera move → static"


def test_durations_of_many_are_one_edit(film, author):
    board = bulk.retime_many(film, 1, author, pks(film)[:3], read_retiming("scale", "33.3"))
    assert [shot.duration_ms for shot in board.shots] == [666, 666, 666, 2000, 2000, 2000]
    assert board.latest.summary == "3 shots: durations scaled to 33.3 %"


def test_a_shot_too_short_refuses_the_whole_edit(film, author):
    Shot.objects.filter(pk=pks(film)[3]).update(duration_ms=700)
    with pytest.raises(BadDuration, match=r"^Shot 4 would last 0\.2 s"):
        bulk.retime_many(film, 1, author, pks(film), read_retiming("subtract", "0.5"))
    with pytest.raises(BadDuration, match=r"^Shot 4 would have no time left"):
        bulk.retime_many(film, 1, author, pks(film), read_retiming("subtract", "1"))
    film.refresh_from_db()
    assert (film.revision, board_of(film).budget.total_ms) == (1, 10_700)


def test_locked_shots_refuse_or_are_left_out(film, author):
    locked = lock(film, 2)
    longer = read_retiming("add", "1")
    with pytest.raises(Locked, match=r"^Shot 3 is locked\."):
        bulk.retime_many(film, 1, author, pks(film), longer)
    board = bulk.retime_many(film, 1, author, pks(film), longer, leaves_locked=True)
    assert [shot.duration_ms for shot in board.shots] == [3000, 3000, 2000, 3000, 3000, 3000]
    assert board.latest.summary == "5 shots: 1 s longer each"
    with pytest.raises(Locked):
        bulk.retime_many(film, 2, author, [locked], longer, leaves_locked=True)


def test_locks_of_many_are_set_and_taken_off(film, author):
    board = bulk.set_on_many(film, 1, author, pks(film)[:2], {"is_locked": True})
    assert board.latest.summary == "2 shots: locked"
    with pytest.raises(Locked, match=r"^Shots 1 and 2 are locked"):
        bulk.set_on_many(film, 2, author, pks(film), {"motion": "static"})
    board = bulk.set_on_many(film, 2, author, pks(film), {"is_locked": False})
    assert board.latest.summary == "2 shots: unlocked"
    assert not any(shot.is_locked for shot in board.shots)


def test_many_are_deleted_and_brought_back_under_their_keys(film, author):
    before = pks(film)
    locked = lock(film, 0)
    with pytest.raises(Locked):
        bulk.delete_many(film, 1, author, before[:3])
    board = bulk.delete_many(film, 1, author, before[:3], leaves_locked=True)
    assert [shot.pk for shot in board.shots] == [locked, *before[3:]]
    assert board.latest.summary == "Deleted shots 2 and 3"
    assert [shot.pk for shot in undo(film, 2, author).shots] == before
    lock(film, 0)  # the lock above was none of the history's
    with pytest.raises(Locked, match="All of these"):
        bulk.delete_many(film, 3, author, [locked], leaves_locked=True)


def test_stale_and_foreign_shots_change_nothing(film, author, tokyo):
    with pytest.raises(StaleEdit):
        bulk.set_on_many(film, 7, author, pks(film), {"motion": "static"})
    for wrong in ([], [*pks(film), tokyo.shots.first().pk]):
        with pytest.raises(EditRefused):
            bulk.delete_many(film, 1, author, wrong)
    film.refresh_from_db()
    assert (film.revision, film.shots.count()) == (1, 6)
    assert tokyo.shots.count() == 2


def test_shots_dragged_together_are_one_move(film, author):
    first, second, third, *others = pks(film)
    board = reorder(film, 1, author, [*others, first, third, second], [first, third])
    assert board.latest.summary == "Moved 2 shots to place 4"
    assert [shot.pk for shot in board.shots] == [*others, first, third, second]
