"""Which shot is which: by its row, else by its scene id, and what is left over."""

from hypothesis import given
from hypothesis import strategies as st

from studio.reviews.comparing.matching import Pair, aligned, matched
from tests.reviews.comparing.plans import plan, shot


def pairs(former, later):
    return [(pair.former, pair.later) for pair in matched(former, later)]


def test_the_same_row_is_the_same_shot_wherever_it_is():
    before = plan(shot(1), shot(2), shot(3))
    after = plan(shot(3), shot(1), shot(2))
    assert pairs(before, after) == [(2, 0), (0, 1), (1, 2)]


def test_added_and_removed_shots_stand_alone():
    before, after = plan(shot(1), shot(2)), plan(shot(9), shot(1))
    assert pairs(before, after) == [(None, 0), (0, 1), (1, None)]


def test_the_same_row_is_the_same_shot_under_another_scene_id():
    before = plan(shot(1, scene_id="a"), shot(2, scene_id="b"))
    after = plan(shot(1, scene_id="b"), shot(2, scene_id="a"))
    assert pairs(before, after) == [(0, 0), (1, 1)]


def test_a_row_made_anew_is_found_by_its_scene_id():
    before, after = plan(shot(1), shot(2)), plan(shot(7, scene_id="scene-2"), shot(1))
    assert pairs(before, after) == [(1, 0), (0, 1)]


def test_what_several_shots_share_tells_nothing():
    before = plan(shot(0, scene_id="a"), shot(0, scene_id="b"), shot(0, scene_id="same"))
    after = plan(shot(0, scene_id="b"), shot(0, scene_id="same"), shot(0, scene_id="same"))
    assert pairs(before, after) == [(1, 0), (None, 1), (None, 2), (0, None), (2, None)]


def test_a_pair_can_be_turned():
    assert Pair(1, None).turned == Pair(None, 1)


rows = st.lists(st.tuples(st.integers(0, 4), st.sampled_from("abc")), max_size=6).map(
    lambda keys: plan(*(shot(pk, scene_id=name) for pk, name in keys))
)


@given(rows, rows)
def test_every_shot_of_both_plans_is_there_once(before, after):
    found = pairs(before, after)
    formers = [one for one, _ in found if one is not None]
    laters = [other for _, other in found if other is not None]
    assert sorted(formers) == list(range(len(before["shots"])))
    assert laters == list(range(len(after["shots"])))
    assert (None, None) not in found


@given(rows, rows)
def test_matched_shots_and_they_alone_share_their_new_keys(before, after):
    one, other = aligned(before, after)
    old = [shot["pk"] for shot in one["shots"]]
    new = [shot["pk"] for shot in other["shots"]]
    assert len(set(old)) == len(old)
    assert len(set(new)) == len(new)
    both = {(old.index(key), new.index(key)) for key in set(old) & set(new)}
    assert both == {pair for pair in pairs(before, after) if None not in pair}
