"""What members say of a take's shots: kept for ever, the newest counts."""

import threading

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.renders.models import Take
from studio.reviews.models import ShotVerdict
from studio.reviews.shots.panel import ShotsPanel
from studio.reviews.shots.verdicts import (
    MAX_SAYS,
    CannotMark,
    NoSuchShot,
    Overtaken,
    give,
    verdicts_of,
)

pytestmark = pytest.mark.any_database


def standing(reviewer):
    return {row.shot.scene_id: row.verdict for row in ShotsPanel(reviewer).rows}


def test_the_newest_counts_and_the_others_stay(rain, creative, producer, member):
    give(member(rain, creative), "scene-1", "fix", "  Too dark.  ")
    give(member(rain, producer), "scene-1", "fine")
    give(member(rain, creative), "scene-2", "fine")
    assert standing(member(rain, creative)) == {
        "scene-1": "fine",
        "scene-2": "fine",
        "scene-3": "open",
    }
    said = verdicts_of(rain)["scene-1"]
    assert [(row.verdict, row.says) for row in said] == [("fix", "Too dark."), ("fine", "")]


def test_taken_back_it_is_open(rain, creative, member):
    reviewer = member(rain, creative)
    give(reviewer, "scene-1", "fine")
    give(reviewer, "scene-1", "open")
    assert standing(reviewer)["scene-1"] == "open"
    assert ShotVerdict.objects.count() == 2


def test_what_was_never_judged_needs_no_taking_back_to_be_open(rain, creative, member):
    give(member(rain, creative), "scene-1", "open")
    assert standing(member(rain, creative))["scene-1"] == "open"


def test_a_double_click_counts_once(rain, creative, member):
    reviewer = member(rain, creative)
    first = give(reviewer, "scene-1", "fix", "Slower.")
    assert give(reviewer, "scene-1", "fix", "Slower.  ") == first
    assert give(reviewer, "scene-1", "fix", "Much slower.") != first
    assert ShotVerdict.objects.count() == 2


@pytest.mark.parametrize("says", ["", "   ", "\r\n", "\0", "\u200b\u2060", "\u202e \u2066"])
def test_a_fix_needs_a_sentence(rain, creative, member, says):
    with pytest.raises(CannotMark, match="Write what to fix"):
        give(member(rain, creative), "scene-1", "fix", says)


def test_what_is_too_long_is_refused(rain, creative, member):
    with pytest.raises(CannotMark):
        give(member(rain, creative), "scene-1", "fix", "x" * (MAX_SAYS + 1))
    assert not ShotVerdict.objects.exists()


def test_no_character_turns_round_what_stands_beside_the_note(rain, creative, member):
    said = give(member(rain, creative), "scene-1", "fix", "Too \u202edark\0,\x07\nand wet.\u2069")
    assert said.says == "Too dark,\nand wet."


@pytest.mark.parametrize("verdict", ["", "FINE", "great", "Fix"])
def test_there_are_three_words(rain, creative, member, verdict):
    with pytest.raises(CannotMark, match="Choose Fine or Fix"):
        give(member(rain, creative), "scene-1", verdict, "Slower.")


def test_a_shot_of_another_take_is_none_of_this(rain, creative, member):
    with pytest.raises(NoSuchShot):
        give(member(rain, creative), "scene-9", "fine")


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_without_a_preview_there_is_nothing_to_judge(board, take_of, creative, member, status):
    take = take_of(board(), status)
    with pytest.raises(CannotMark, match="not ready"):
        give(member(take, creative), "scene-1", "fine")


def test_deleted_files_cannot_be_judged(rain, creative, member):
    Take.objects.filter(pk=rain.pk).update(files_deleted_at=rain.created_at)
    with pytest.raises(CannotMark, match="files of this take were deleted"):
        give(member(rain, creative), "scene-1", "fine")


def test_a_guest_marks_nothing(rain, guest_of):
    with pytest.raises(CannotMark, match="members of the workspace"):
        give(guest_of(rain), "scene-1", "fine")


def test_who_saw_an_older_verdict_is_told_before_it_is_replaced(rain, creative, producer, member):
    give(member(rain, producer), "scene-1", "fix", "Slower.")
    with pytest.raises(Overtaken, match=r"Producer marked this shot to be fixed meanwhile\."):
        give(member(rain, creative), "scene-1", "fine", seen=0)
    seen = verdicts_of(rain)["scene-1"][-1].pk
    give(member(rain, creative), "scene-1", "fine", seen=seen)
    assert standing(member(rain, creative))["scene-1"] == "fine"


def test_of_one_mind_nobody_is_told(rain, creative, producer, member):
    give(member(rain, producer), "scene-1", "fine")
    give(member(rain, creative), "scene-1", "fine", seen=0)
    assert standing(member(rain, creative))["scene-1"] == "fine"


def test_ones_own_second_window_is_no_stranger(rain, creative, member):
    give(member(rain, creative), "scene-1", "fine")
    give(member(rain, creative), "scene-1", "fix", "No: slower.", seen=0)
    assert standing(member(rain, creative))["scene-1"] == "fix"


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_are_both_heard(rain, creative, producer, member):
    both, said = threading.Barrier(2), []

    def judge(client, verdict, says):
        try:
            both.wait(timeout=60)
            give(member(rain, client), "scene-1", verdict, says, seen=0)
            said.append(verdict)
        except Overtaken as overtaken:
            said.append(str(overtaken))
        finally:
            connection.close()

    people = [
        threading.Thread(target=judge, args=(creative, "fine", "")),
        threading.Thread(target=judge, args=(producer, "fix", "Slower.")),
    ]
    for one in people:
        one.start()
    for one in people:
        one.join(timeout=60)
    # Either's word stands, and the other was told of it: nobody's was lost unseen.
    [row] = ShotVerdict.objects.all()
    [told] = [words for words in said if words not in ("fine", "fix")]
    assert row.verdict in said
    assert str(row.given_by) in told


words = st.lists(
    st.tuples(
        st.sampled_from(["scene-1", "scene-2", "scene-3"]),
        st.sampled_from(["fine", "fix", "open"]),
        st.text("äb\r\n ", max_size=20),
        st.booleans(),
    ),
    max_size=12,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words)
def test_the_last_word_that_was_accepted_stands(rain, creative, producer, member, words):
    ShotVerdict.objects.filter(take=rain).delete()
    reviewers = {False: member(rain, creative), True: member(rain, producer)}
    expected, rows = dict.fromkeys(("scene-1", "scene-2", "scene-3"), ("open", "")), 0
    last = {}
    for scene, verdict, says, who in words:
        kept = says.replace("\r\n", "\n").strip() if verdict == "fix" else ""
        try:
            give(reviewers[who], scene, verdict, says)
        except CannotMark:
            assert verdict == "fix"
            assert not kept
            continue
        rows += last.get(scene) != (verdict, kept, who)
        last[scene] = (verdict, kept, who)
        expected[scene] = (verdict, kept)
    shown = {
        row.shot.scene_id: (row.verdict, row.latest.says if row.latest else "")
        for row in ShotsPanel(reviewers[True]).rows
    }
    assert shown == expected
    assert ShotVerdict.objects.filter(take=rain).count() == rows
