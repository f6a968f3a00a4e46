"""Comparing in the queue: ordered once, measured on real films, and what is odd about them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from studio.renders.lifecycle import Status
from studio.reviews import endings, work
from studio.reviews.comparing import comparisons
from studio.reviews.comparing.shots import shots_of
from studio.reviews.models import Comparison
from studio.storyboards.models import Project
from studio.vault.storing import path_of
from tests.reviews.comparing.conftest import ANOTHER_SCENE, four_shots, queued
from tests.reviews.comparing.plans import shot

pytestmark = pytest.mark.django_db


def odd(former, later, comparison):
    return [(one.kind, one.number) for one in shots_of(former, later, comparison).surprises]


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_shot_that_the_vendor_drew_otherwise_is_the_one_surprise(add_take, measured, number):
    """Two takes of one board, made to differ in exactly one shot."""
    former, later = add_take(), add_take(shown={number: ANOTHER_SCENE})
    comparison = measured(comparisons.order(former, later))
    assert comparison.status == Comparison.Status.READY
    found = shots_of(former, later, comparison)
    (surprise,) = found.surprises
    assert (surprise.kind, surprise.number) == ("changed", number)
    assert surprise.says == f"Shot {number} changed though nobody edited it."
    assert [row.shot.number for row in found.rows if row.surprise] == [number]


def test_takes_that_look_the_same_have_no_surprise(add_take, measured):
    former, later = add_take(), add_take()
    comparison = measured(comparisons.order(former, later))
    assert odd(former, later, comparison) == []
    assert max(look.total for look in shots_of(former, later, comparison).looks) < 0.02


def test_takes_that_differ_in_all_shots_have_none_either(add_take, measured):
    prompts = [one["prompt"] for one in four_shots()]
    turned = {number: prompts[number - 2] for number in range(1, 5)}
    former, later = add_take(), add_take(shown=turned)
    assert odd(former, later, measured(comparisons.order(former, later))) == []


def test_what_was_edited_is_no_surprise_and_an_edit_without_effect_is(add_take, measured):
    former = add_take()
    edited = four_shots(second=ANOTHER_SCENE, third="A desert road with a blue bus")
    later = add_take(edited, shown={3: four_shots()[2]["prompt"]})
    assert odd(former, later, measured(comparisons.order(former, later))) == [("same", 3)]


def test_the_other_way_round_the_same_is_found(add_take, measured):
    one, two, three, four = four_shots()
    former, later = add_take(), add_take([two, one, three, four], shown={1: ANOTHER_SCENE})
    comparison = measured(comparisons.order(later, former))
    assert (comparison.former, comparison.later) == (former, later)
    assert odd(former, later, comparison) == [("changed", 1)]
    assert odd(later, former, comparison) == [("changed", 2)]


def test_moved_added_and_removed_shots_are_named(add_take, measured):
    one, two, three, four = four_shots()
    new = shot(9, prompt="A boat", duration_ms=4_000)
    former, later = add_take(), add_take([four, one, new, three])
    found = shots_of(former, later, measured(comparisons.order(former, later)))
    assert [(row.shot.number, row.says) for row in found.rows] == [
        (1, "Was shot 4, not edited"),
        (2, "Was shot 1, not edited"),
        (3, "Added"),
        (4, "Was shot 3, not edited"),
        (2, "Removed"),
    ]
    assert [row.differs for row in found.rows] == ["under 1 %"] * 2 + ["", "under 1 %", ""]
    assert found.surprises == []


def test_a_shot_edited_through_the_film_counts_as_edited(add_take):
    own = four_shots()
    own[1]["motion"] = "static"
    former, later = add_take(own), add_take(own, motion="dolly-in", brief="Another")
    found = shots_of(former, later)
    assert [row.says for row in found.rows] == [
        "Edited with the film",
        "Not edited",
        "Edited with the film",
        "Edited with the film",
    ]
    assert [change.title for change in found.film.changes] == ["brief", "camera move"]


def test_a_pair_is_compared_once_and_anew_when_a_preview_is_another(add_take, keep):
    former, later = add_take(), add_take()
    first = comparisons.order(former, later)
    assert comparisons.order(later, former) == first
    assert queued() == 1
    later.assets.filter(part="preview_gif").update(asset=keep(later.workspace, b"x", "image/gif"))
    assert comparisons.order(former, later) != first


def test_without_two_previews_there_is_nothing_to_compare(add_take):
    take = add_take()
    assert comparisons.order(take, add_take(status=Status.RUNNING)) is None
    assert comparisons.order(take, take) is None
    assert queued() == 0


def test_a_take_that_gets_ready_is_compared_with_the_one_before(add_take, workspace):
    first = add_take()
    endings.take_ended(first)
    assert not Comparison.objects.exists()
    proof = add_take(proof=("scene-1", "scene-2"))
    endings.take_ended(proof)
    assert not Comparison.objects.exists()
    add_take(status=Status.FAILED)
    add_take(of=Project.objects.create(workspace=workspace, title="Other"))
    later = add_take()
    endings.take_ended(later)
    other_proof = add_take(proof=("scene-1",))
    endings.take_ended(other_proof)
    pairs = Comparison.objects.values_list("former__number", "later__number")
    assert sorted(pairs) == [(first.number, later.number), (proof.number, other_proof.number)]


def test_deleted_files_and_damaged_ones_are_said(add_take, measured):
    former, later = add_take(), add_take()
    comparison = comparisons.order(former, later)
    path_of(later.assets.get(part="preview_gif").asset).write_bytes(b"GIF89a damaged")
    failed = measured(comparison)
    assert failed.status == Comparison.Status.FAILED
    assert "The preview of take 2 is missing from the vault, or was changed" in failed.says
    later.files_deleted_at = timezone.now()
    later.save()
    assert work.order_again(failed)
    assert "were deleted" in measured(failed).says


def test_a_preview_that_is_no_gif_fails_in_words(add_take, measured, keep):
    former, later = add_take(), add_take()
    later.assets.filter(part="preview_gif").update(
        asset=keep(later.workspace, b"GIF89a~no~", "image/gif")
    )
    failed = measured(comparisons.order(former, later))
    assert failed.status == Comparison.Status.FAILED
    assert failed.says == "The file cannot be used as a GIF."


def test_a_comparison_whose_worker_was_killed_is_begun_again(add_take, measured):
    comparison = comparisons.order(add_take(), add_take())
    long_ago = timezone.now() - timedelta(minutes=5)
    Comparison.objects.update(status=work.Status.WORKING, attempts=1, seen_at=long_ago)
    assert measured(comparison).status == work.Status.WORKING  # another's, as far as is known
    work.wake_lost()
    assert queued() == 2
    assert measured(comparison).status == work.Status.READY
    assert measured(comparison).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_those_who_order_at_once_have_one_comparison(add_take):
    former, later = add_take(), add_take()

    def order(_):
        try:
            return comparisons.order(former, later).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(order, range(8)))
    assert len(set(found)) == 1
    assert Comparison.objects.count() == 1
    assert queued() == 1
