"""A locked shot keeps all but its notes, its lock and its place."""

import copy

import pytest

from studio.storyboards.edits import locks
from studio.storyboards.models import Project, Shot


@pytest.fixture
def locked(tokyo) -> Shot:
    shot = tokyo.shots.last()
    shot.is_locked = True
    shot.save()
    return shot


@pytest.fixture
def edit(creative, tokyo, locked, post):
    def edit(data, shot=locked, step=""):
        base = Project.objects.get(pk=tokyo.pk).revision
        at = f"/projects/{tokyo.pk}/shots/{shot.pk}/{step}"
        return post(creative, at, {"base": base, **data}, shot.pk)

    return edit


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"duration": "4"}, "Shot 2 is locked. Unlock it to change its length."),
        ({"prompt": "Other"}, "Unlock it to change its prompt."),
        ({"motion": "static", "speed": "0.3"}, "Unlock it to change its camera move and camera"),
        ({"transition": "wipe"}, "Unlock it to change its transition and transition length."),
        ({"locked": "yes", "duration": "4"}, "Unlock it to change its length."),
    ],
)
def test_an_edit_of_a_locked_shot_is_refused_in_words(edit, locked, data, says):
    answer = edit(data)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    kept = Shot.objects.get(pk=locked.pk)
    assert (kept.prompt, kept.duration_ms, kept.motion, kept.transition) == (
        *(locked.prompt, locked.duration_ms, locked.motion),
        "cut",
    )


def test_what_was_typed_into_a_locked_shot_stays_in_its_field(edit, locked):
    text = edit({"prompt": "Typed in vain"}).content.decode()
    assert ">Typed in vain</textarea>" in text


@pytest.mark.parametrize(
    "data", [{"notes": "Done"}, {"locked": "no"}, {"locked": "no", "duration": "4"}]
)
def test_notes_and_the_lock_itself_stay_open(edit, data):
    assert edit(data).status_code == 200


def test_a_locked_shot_is_not_deleted_but_moved(edit, locked, tokyo):
    answer = edit({}, step="delete/")
    assert answer.status_code == 422
    assert "Shot 2 is locked. Unlock it to delete it." in answer.content.decode()
    assert edit({"direction": "left"}, step="move/").status_code == 200
    assert tokyo.shots.first().pk == locked.pk


def test_undo_brings_back_what_was_before_the_lock(edit, creative, tokyo, locked, post):
    edit({"locked": "no", "duration": "4"})
    post(creative, f"/projects/{tokyo.pk}/undo/", {"base": 2})
    shot = Shot.objects.get(pk=locked.pk)
    assert (shot.duration_ms, shot.pk) == (locked.duration_ms, locked.pk)


def many(*locked: bool) -> list[Shot]:
    return [
        Shot(pk=pk, scene_id=f"scene-{pk}", duration_ms=2_000, is_locked=is_locked)
        for pk, is_locked in enumerate(locked, 1)
    ]


def test_several_locked_shots_are_told_by_number():
    shots = many(True, False, True, True, True)
    with pytest.raises(locks.Locked, match=r"^Shots 1 and 3 are locked. Unlock them to change the"):
        locks.require_unlocked(shots, {1, 2, 3}, ["motion"])
    with pytest.raises(locks.Locked, match=r"^4 of these shots are locked. Unlock them to delete"):
        locks.require_deletable(shots, {1, 2, 3, 4, 5})
    locks.require_deletable(shots, {2})
    locks.require_unlocked(shots, {1, 3}, ["notes", "is_locked"])


def test_a_rewritten_list_keeps_what_is_locked():
    before = many(True, False)
    after = [copy.copy(shot) for shot in reversed(before)]
    locks.require_kept(before, after)
    after[1].scene_id = "other"
    with pytest.raises(locks.Locked, match="scene id"):
        locks.require_kept(before, after)
    after[1].is_locked = False
    locks.require_kept(before, after)
    with pytest.raises(locks.Locked, match="to delete it"):
        locks.require_kept(before, after[:1])
