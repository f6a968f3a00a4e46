"""The subject's place on a shot's frame: typed, refused, undone, copied and clashing as one."""

import re
from contextlib import suppress

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards import clashes, rules
from studio.storyboards.edits import (
    adding,
    bulk,
    dividing,
    history,
    keeping,
    locks,
    referring,
    shots,
)
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.models import Revision
from studio.storyboards.typed import read_shot
from studio.vault.models import Asset

PLACE = {"subject_x": 30, "subject_y": 40}
CENTRE = {"subject_x": None, "subject_y": None}


@pytest.fixture
def edit(post, creative, tokyo):
    """Posts these fields of a shot as its board does, on the revision that is the latest."""

    def send(shot, *, inspected=None, **fields):
        tokyo.refresh_from_db()
        address = f"/projects/{tokyo.pk}/shots/{shot.pk}/"
        return post(creative, address, {"base": tokyo.revision, **fields}, inspected)

    return send


def place_of(shot):
    shot.refresh_from_db()
    return (shot.subject_x, shot.subject_y)


def place(tokyo, author, shot, fields=PLACE):
    return shots.edit_shot(tokyo, tokyo.revision, author.user, shot.pk, fields)


@pytest.mark.parametrize(
    ("typed", "percent"),
    [("0", 0), ("100", 100), (" 35 % ", 35), ("33,4", 33), ("33.5", 34), (7, 7), (99.5, 100)],
)
def test_a_place_is_whole_per_cent(typed, percent):
    assert rules.checked_percent(typed) == percent


@pytest.mark.parametrize(
    "typed",
    ["-1", "101", "100.01", "NaN", "inf", "1e1", "left", "٣٠", float("nan"), float("inf"), True]
    + [None, [30], {"x": 1}, -0.01, 10**400],
)
def test_what_is_no_place_is_refused(typed):
    with pytest.raises(rules.BadField, match="from 0 to 100, in per cent"):
        rules.checked_percent(typed)


@given(st.text(max_size=8) | st.from_regex(r"-?[0-9]{0,3}([.,][0-9]{0,3})? ?%?", fullmatch=True))
def test_whatever_is_typed_is_a_place_or_a_sentence(typed):
    with suppress(rules.BadField):
        assert rules.checked_percent(typed) in range(101)


@given(*[st.sampled_from(["", " ", "0", "35", "100", "101", "nan", "x"])] * 2)
def test_a_form_has_both_places_or_none_or_an_error(x, y):
    typed = read_shot({"subject_x": x, "subject_y": y}, [])
    values = [typed.values.get("subject_x"), typed.values.get("subject_y")]
    assert bool(typed.errors) or values.count(None) in (0, 2)
    assert typed.raw == {"subject_x": x, "subject_y": y}


def test_a_placement_is_one_edit_that_undo_takes_back(edit, tokyo, creative):
    shot = tokyo.shots.first()
    answer = edit(shot, subject_x="30", subject_y="40")
    assert answer.status_code == 200
    assert f'id="inspect-{shot.pk}' not in answer.text  # no shot stands in this page's inspector
    assert place_of(shot) == (30, 40)
    assert Revision.objects.get(project=tokyo, number=2).summary == (
        "Shot 1: subject centre → 30 % / 40 %"
    )
    edit(shot, subject_x="31", subject_y="40")
    tokyo.refresh_from_db()
    assert tokyo.revisions.first().summary == "Shot 1: subject 30 % / 40 % → 31 % / 40 %"
    history.undo(tokyo, 3, creative.user)
    assert place_of(shot) == (30, 40)
    edit(shot, subject_x="", subject_y="")
    assert place_of(shot) == (None, None)


def test_the_fields_are_swapped_where_the_shot_is_inspected(edit, tokyo):
    shot = tokyo.shots.first()
    answer = edit(shot, inspected=shot.pk, subject_x="12", subject_y="88")
    assert f'<fieldset id="inspect-{shot.pk}-part-subject"' in answer.text
    assert 'value="88"' in answer.text
    assert "part-camera" not in answer.text


@pytest.mark.parametrize(
    ("fields", "name", "says"),
    [
        ({"subject_x": "30", "subject_y": ""}, "subject_y", "how far from the top it is"),
        ({"subject_x": "", "subject_y": "30"}, "subject_x", "how far from the left it is"),
        ({"subject_x": "30"}, "subject_y", "how far from the top it is"),
        ({"subject_x": "NaN", "subject_y": "30"}, "subject_x", "from 0 to 100, in per cent"),
        ({"subject_x": "30", "subject_y": "101"}, "subject_y", "from 0 to 100, in per cent"),
    ],
)
def test_a_wrong_place_is_said_at_its_field(creative, tokyo, fields, name, says):
    shot = tokyo.shots.first()
    address = reverse("storyboards:edit-shot", args=[tokyo.pk, shot.pk])
    answer = creative.post(address, {"base": 1, **fields})
    assert answer.status_code == 422
    [said] = re.findall(rf'id="inspect-{shot.pk}-{name}-error">([^<]+)<', answer.text)
    assert says in said
    assert all(f'value="{typed}"' in answer.text for typed in fields.values() if typed)
    assert place_of(shot) == (None, None)


def test_two_who_place_one_subject_clash(tokyo, creative, producer):
    shot = tokyo.shots.first()
    place(tokyo, creative, shot)
    with pytest.raises(StaleEdit) as stale:
        shots.edit_shot(tokyo, 1, producer.user, shot.pk, {"subject_x": None, "subject_y": 40})
    assert clashes.of_fields(stale.value, {"subject_x": 60, "subject_y": 70}, shot.pk)
    assert clashes.of_fields(stale.value, {"subject_x": 60, "subject_y": 40}, shot.pk)
    assert not clashes.of_fields(stale.value, PLACE, shot.pk)
    assert not clashes.of_fields(stale.value, {"prompt": "Rain"}, shot.pk)


def test_one_who_moves_it_across_and_one_who_moves_it_down_clash_too(tokyo, creative):
    shot = tokyo.shots.first()
    place(tokyo, creative, shot)
    place(tokyo, creative, shot, {"subject_x": 35, "subject_y": 40})
    with pytest.raises(StaleEdit) as stale:
        shots.edit_shot(tokyo, 2, creative.user, shot.pk, {"subject_x": 30, "subject_y": 90})
    assert clashes.of_fields(stale.value, {"subject_y": 90}, shot.pk)


def test_a_locked_shot_keeps_its_subject(edit, tokyo):
    shot = tokyo.shots.first()
    edit(shot, locked="yes")
    answer = edit(shot, subject_x="30", subject_y="40")
    assert answer.status_code == 422
    assert "Unlock it to change its subject." in answer.text
    assert place_of(shot) == (None, None)


def test_copies_halves_and_joined_shots_have_it(tokyo, creative):
    first, second = list(tokyo.shots.all())[:2]
    place(tokyo, creative, first)
    place(tokyo, creative, second, {"subject_x": 1, "subject_y": 2})
    twin = adding.duplicate(tokyo, tokyo.revision, creative.user, [first.pk]).shots[0]
    assert place_of(twin) == (30, 40)
    halves = dividing.split(tokyo, tokyo.revision, creative.user, [first.pk], 4000).shots[:2]
    assert [place_of(half) for half in halves] == [(30, 40)] * 2
    pks = [shot.pk for shot in tokyo.shots.all()]
    merged = dividing.merge(tokyo, tokyo.revision, creative.user, pks[-2:]).shots[-1]
    assert place_of(merged) == (30, 40)
    copy = keeping.duplicate(tokyo, creative.user)
    assert [place_of(shot) for shot in copy.shots.all()] == [
        place_of(shot) for shot in tokyo.shots.all()
    ]


def test_many_are_given_one_place_and_the_centre(creative, tokyo):
    both = list(tokyo.shots.all())[:2]
    place(tokyo, creative, both[0])
    address = reverse("storyboards:set-many", args=[tokyo.pk])
    pks = ",".join(str(shot.pk) for shot in both)
    # Of mixed places the fields stand empty: what else is changed leaves them alone.
    fields = {"shots": pks, "subject_x": "", "subject_y": "", "motion": "follow"}
    assert creative.post(address, {"base": 2, **fields}).status_code == 302
    assert [place_of(shot) for shot in both] == [(30, 40), (None, None)]
    creative.post(address, {"base": 3, "shots": pks, "subject_x": "70", "subject_y": "20"})
    assert [place_of(shot) for shot in both] == [(70, 20)] * 2
    tokyo.refresh_from_db()
    assert tokyo.revisions.first().summary == "2 shots: subject → 70 % / 20 %"
    creative.post(address, {"base": 4, "shots": pks, "inherit": "subject"})
    assert [place_of(shot) for shot in both] == [(None, None)] * 2


def test_a_locked_one_among_many_refuses_the_place(tokyo, creative):
    both = list(tokyo.shots.all())[:2]
    shots.edit_shot(tokyo, 1, creative.user, both[0].pk, {"is_locked": True})
    with pytest.raises(locks.Locked, match="change its subject"):
        bulk.set_on_many(tokyo, 2, creative.user, [shot.pk for shot in both], PLACE)


def test_the_place_outlasts_the_picture(creative, tokyo, workspace):
    shot = tokyo.shots.first()
    picture = Asset.objects.create(
        workspace=workspace,
        sha256="0" * 64,
        size_bytes=1,
        media_type="image/png",
        path="none.png",
        facts={"kind": "reference", "waits": True},
    )
    place(tokyo, creative, shot)
    for base, reference in ((2, picture), (3, None)):
        referring.set_reference(tokyo, base, creative.user, shot.pk, reference)
        assert place_of(shot) == (30, 40)
    page = creative.get(reverse("storyboards:board", args=[tokyo.pk]), {"shot": shot.pk}).text
    assert 'x="30%" y="40%"' in page


def test_viewers_see_the_mark_where_it_is_set(viewer, creative, tokyo):
    shot = tokyo.shots.first()
    board = reverse("storyboards:board", args=[tokyo.pk])
    assert "crosshair" not in viewer.get(board, {"shot": shot.pk}).text
    place(tokyo, creative, shot)
    page = viewer.get(board, {"shot": shot.pk}).text
    assert "crosshair" in page
    assert "data-subject=" not in page
