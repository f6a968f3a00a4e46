"""What differs between two plans, in words: only what is sent."""

from itertools import combinations, permutations

from studio.renders.spending.differences import MOST_SHOWN, differences_of
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS


def shot(pk, **fields):
    plain = dict.fromkeys(SHOT_FIELDS) | {
        "scene_id": f"scene-{pk}",
        "prompt": f"Prompt {pk}",
        "duration_ms": 5_000,
        "motion": "",
        "transition": "cut",
        "transition_ms": 0,
        "notes": "",
    }
    return plain | {"pk": pk, **fields}


def plan(*shots, **fields):
    film = dict.fromkeys(PROJECT_FIELDS) | {"motion": "orbit", "weaves_transitions": True}
    return film | {"brief": "A film", **fields, "shots": list(shots)}


def kinds(found):
    return [(difference.kind, difference.place) for difference in found.shown]


def test_the_same_plan_differs_in_nothing():
    assert not differences_of(plan(shot(1)), plan(shot(1)))


def test_what_stays_in_the_house_is_no_difference():
    other = shot(1, notes="Call Ana", is_locked=True, reference_id=7, subject_x=10)
    assert not differences_of(plan(shot(1)), plan(other, title="New", soundtrack_id=3))


def test_added_removed_and_changed_shots():
    before = plan(shot(1), shot(2), shot(3))
    after = plan(shot(1, motion="static", duration_ms=3_000), shot(3), shot(9))
    found = differences_of(before, after)
    assert kinds(found) == [("changed", "Shot 1"), ("added", "Shot 3"), ("removed", "Was shot 2")]
    changed = found.shown[0].changes
    assert [(c.title, c.was, c.became) for c in changed] == [
        ("duration", "5 s", "3 s"),
        ("camera move", "the film's", "static"),
    ]


def test_of_a_prompt_the_words_are_shown():
    (difference,) = differences_of(
        plan(shot(1, prompt="A red car")), plan(shot(1, prompt="A blue car"))
    ).shown
    (change,) = difference.changes
    assert [(piece.kind, piece.text.strip()) for piece in change.pieces] == [
        ("same", "A"),
        ("gone", "red"),
        ("come", "blue"),
        ("same", "car"),
    ]


def test_the_films_own_fields():
    (difference,) = differences_of(
        plan(shot(1)), plan(shot(1), motion="static", light_temperature=3200.0, speed=0.5)
    ).shown
    assert difference.place == "The film"
    assert [(c.title, c.was, c.became) for c in difference.changes] == [
        ("camera move", "orbit", "static"),
        ("camera speed", "none", "0.5"),
        ("colour temperature", "none", "3200"),
    ]


def test_transitions_count_only_where_they_are_woven_into_the_prompts():
    crossfade = shot(1, transition="crossfade", transition_ms=500)
    assert differences_of(plan(shot(1), shot(2)), plan(crossfade, shot(2)))
    left_out = {"weaves_transitions": False}
    assert not differences_of(
        plan(shot(1), shot(2), **left_out), plan(crossfade, shot(2), **left_out)
    )


def test_one_shot_that_was_moved_is_one_difference():
    before = plan(*[shot(pk) for pk in range(1, 7)])
    after = plan(*[shot(pk) for pk in (6, 1, 2, 3, 4, 5)])
    (difference,) = differences_of(before, after).shown
    assert (difference.kind, difference.place, difference.says) == ("moved", "Shot 1", "was shot 6")


def test_moving_only_those_said_to_be_moved_gives_the_new_order_and_they_are_the_fewest():
    pks = range(1, 6)
    before = plan(*[shot(pk) for pk in pks])
    for order in permutations(pks):
        found = differences_of(before, plan(*[shot(pk) for pk in order]))
        moved = {int(difference.says.removeprefix("was shot ")) for difference in found.shown}
        kept = [pk for pk in order if pk not in moved]
        assert kept == sorted(kept)
        assert not any(list(more) == sorted(more) for more in combinations(order, len(kept) + 1))


def test_many_are_cut_and_counted():
    before = plan(*[shot(pk) for pk in range(1, 31)])
    found = differences_of(before, plan())
    assert len(found.shown) == MOST_SHOWN
    assert found.more == 30 - MOST_SHOWN
