"""Moves of shots: none is ever lost or doubled, and what cannot be says why."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.storyboards.edits import adding, arranging, dividing
from studio.storyboards.edits.locks import Locked
from studio.storyboards.edits.revising import EditRefused, StaleEdit
from studio.storyboards.models import Project, Shot
from studio.storyboards.timing import MIN_SHOT_MS

EVERYTHING = {
    "prompt": "Rain on umbrellas",
    "duration_ms": 4321,
    "motion": "follow",
    "speed": 0.3,
    "light_temperature": 3200.0,
    "light_intensity": 0.5,
    "light_style": "neon",
    "transition": "wipe",
    "transition_ms": 700,
    "notes": "Mind the boom",
}


@pytest.fixture
def film(long_board):
    """Six shots of 2 s, Beat 0 to Beat 5."""
    return long_board(6)


@pytest.fixture
def act(film, creative):
    """`act(edit, …)` on the newest revision of the film."""

    def act(edit, *args, **options):
        project = Project.objects.get(pk=film.pk)
        return edit(project, project.revision, creative.user, *args, **options)

    return act


def prompts(project):
    return list(project.shots.values_list("prompt", flat=True))


def pks(project):
    return list(project.shots.values_list("pk", flat=True))


def in_order(project):
    return list(project.shots.values_list("position", flat=True)) == list(
        range(project.shots.count())
    )


def test_copies_stand_behind_the_last_selected_with_all_they_had(film, act):
    Shot.objects.filter(pk=pks(film)[1]).update(is_locked=True, **EVERYTHING)
    added = act(adding.duplicate, [pks(film)[1], pks(film)[3]])
    words = ["Beat 0", "Rain on umbrellas", "Beat 2", "Beat 3", "Rain on umbrellas", "Beat 3"]
    assert prompts(film) == [*words, "Beat 4", "Beat 5"]
    twin = film.shots.get(pk=added.shots[0].pk)
    assert {name: getattr(twin, name) for name in EVERYTHING} == EVERYTHING
    assert not twin.is_locked
    assert len(set(film.shots.values_list("scene_id", flat=True))) == 8
    assert in_order(film)
    assert added.board.latest.summary == "Duplicated shots 2 and 4"


@pytest.mark.parametrize(("before", "place"), [(True, 2), (False, 3)])
def test_a_shot_is_inserted_beside_another(film, act, before, place):
    added = act(adding.insert, [pks(film)[2]], before=before)
    assert added.first_number == place + 1
    assert prompts(film)[place] == ""
    assert added.shots[0].scene_id == "scene-7"


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_no_order_of_moves_loses_or_doubles_a_shot(film, act, data):
    before = pks(film)
    chosen = data.draw(st.lists(st.sampled_from(before), unique=True, min_size=1))
    others = [pk for pk in before if pk not in chosen]
    together = [pk for pk in before if pk in chosen]
    if others and data.draw(st.booleans()):
        anchor, is_before = data.draw(st.sampled_from(others)), data.draw(st.booleans())
        act(arranging.move_beside, chosen, anchor, before=is_before)
        at = others.index(anchor) + (0 if is_before else 1)
    else:
        place = data.draw(st.integers(-2, 9))
        act(arranging.move_to_place, chosen, place)
        at = min(max(place - 1, 0), len(others))
    assert pks(film) == [*others[:at], *together, *others[at:]]
    assert in_order(film)


def test_a_move_to_where_they_are_makes_no_revision(film, act):
    board = act(arranging.move_to_place, pks(film)[1:3], 2)
    assert board.project.revision == 1


@settings(
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    duration=st.integers(2 * MIN_SHOT_MS, 60_000),
    share=st.floats(0, 1),
    transition=st.sampled_from([("cut", 0), ("wipe", 700)]),
)
def test_split_and_merged_again_it_is_the_shot_it_was(film, act, duration, share, transition):
    pk = pks(film)[2]
    kind, length = transition
    wanted = EVERYTHING | {"duration_ms": duration, "transition": kind, "transition_ms": length}
    Shot.objects.filter(pk=pk).update(**wanted)
    before = list(film.shots.values())
    at_ms = min(max(round(duration * share), MIN_SHOT_MS), duration - MIN_SHOT_MS)
    act(dividing.split, [pk], at_ms)
    first, second = film.shots.all()[2:4]
    assert (first.pk, first.scene_id, first.duration_ms) == (pk, "scene-3", at_ms)
    assert (first.transition, first.transition_ms) == ("cut", 0)
    assert (second.transition, second.transition_ms) == transition
    assert second.duration_ms == duration - at_ms
    assert first.prompt == second.prompt == EVERYTHING["prompt"]
    act(dividing.merge, [pk])
    assert list(film.shots.values()) == before


@pytest.mark.parametrize("at_ms", [0, 499, 1501, 2000, 90_000])
def test_each_part_lasts_half_a_second(film, act, at_ms):
    with pytest.raises(EditRefused, match=r"Split shot 1 between 0.5 s and 1.5 s"):
        act(dividing.split, [pks(film)[0]], at_ms)


def test_a_shot_too_short_to_split_says_so(film, act):
    film.shots.update(duration_ms=999)
    with pytest.raises(EditRefused, match=r"lasts 0.999 s, and each part needs at least 0.5 s"):
        act(dividing.split, [pks(film)[0]], 500)


def test_merging_joins_texts_and_keeps_the_firsts_camera(film, act):
    first, second, *_ = pks(film)
    Shot.objects.filter(pk=first).update(motion="follow", light_style="neon", notes="One")
    Shot.objects.filter(pk=second).update(
        motion="handheld", transition="wipe", transition_ms=300, notes="Two"
    )
    board = act(dividing.merge, [first])
    merged = film.shots.first()
    assert merged.prompt == "Beat 0. Beat 1"
    assert merged.notes == "One\nTwo"
    assert (merged.motion, merged.light_style, merged.duration_ms) == ("follow", "neon", 4000)
    assert (merged.transition, merged.transition_ms) == ("wipe", 300)
    assert film.shots.count() == 5
    assert board.latest.summary == "Merged shots 1 and 2"


def test_several_shots_side_by_side_become_one(film, act):
    act(dividing.merge, pks(film)[1:5])
    assert prompts(film) == ["Beat 0", "Beat 1. Beat 2. Beat 3. Beat 4", "Beat 5"]
    assert film.shots.all()[1].duration_ms == 8000


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Dawn", "Boats leave", "Dawn. Boats leave"),
        ("Dawn!", "Boats", "Dawn! Boats"),
        ("Dawn", "", "Dawn"),
        ("", "Boats", "Boats"),
        ("Same", "Same", "Same"),
    ],
)
def test_prompts_are_joined_as_sentences(first, second, joined):
    assert dividing.sentences(first, second) == joined


def test_what_cannot_be_merged_says_why(film, act):
    with pytest.raises(EditRefused, match="One shot is split at a time"):
        act(dividing.split, pks(film)[:2], 1000)
    with pytest.raises(EditRefused, match="Shot 6 is the last"):
        act(dividing.merge, [pks(film)[5]])
    with pytest.raises(EditRefused, match="side by side"):
        act(dividing.merge, [pks(film)[0], pks(film)[2]])
    film.shots.update(prompt="x" * 2100)
    Shot.objects.filter(pk=pks(film)[1]).update(prompt="y" * 2100)
    with pytest.raises(EditRefused, match="prompts hold 4,202 characters together"):
        act(dividing.merge, [pks(film)[0]])
    film.shots.update(duration_ms=400_000)
    with pytest.raises(EditRefused, match="longer than 600 s"):
        act(dividing.merge, [pks(film)[0]])
    assert film.shots.count() == 6


def test_locked_shots_are_neither_split_nor_merged(film, act):
    Shot.objects.filter(pk=pks(film)[1]).update(is_locked=True)
    with pytest.raises(Locked, match="Shot 2 is locked"):
        act(dividing.split, [pks(film)[1]], 1000)
    for pk in pks(film)[:2]:
        with pytest.raises(Locked, match="Shot 2 is locked"):
            act(dividing.merge, [pk])


@pytest.mark.parametrize(
    "edit",
    [
        lambda *made: adding.duplicate(*made, [1]),
        lambda *made: adding.insert(*made, [1]),
        lambda *made: adding.paste(*made, None, [Shot(prompt="New", duration_ms=500)]),
        lambda *made: arranging.move_to_place(*made, [1], 1),
        lambda *made: arranging.move_beside(*made, [1], 2),
        lambda *made: dividing.split(*made, [1], 1000),
        lambda *made: dividing.merge(*made, [1]),
    ],
)
def test_an_edit_on_an_older_revision_changes_nothing(film, creative, edit):
    before = list(film.shots.values())
    with pytest.raises(StaleEdit):
        edit(film, 0, creative.user)
    assert list(film.shots.values()) == before


def test_a_full_board_takes_no_more(long_board, creative, post):
    board = long_board(500)
    first = board.shots.first().pk
    for name in ("duplicate", "insert"):
        answer = post(creative, f"/projects/{board.pk}/shots/{name}/", {"base": 1, "shots": first})
        assert answer.status_code == 422
        assert "A board holds 500 shots at most" in answer.content.decode()
    assert board.shots.count() == 500


def test_copies_are_no_longer_the_original():
    shot = Shot(pk=3, scene_id="scene-1", prompt="One", is_locked=True)
    twin = adding.copy_of(shot)
    assert twin.pk is None
    assert twin._state.adding
    twin.prompt = "Two"
    assert (shot.pk, shot.prompt, shot.scene_id) == (3, "One", "scene-1")
    assert copy.copy(shot).is_locked
