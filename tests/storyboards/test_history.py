"""Undo and redo, walked against a plain model of two stacks."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.storyboards.boards import board_of
from studio.storyboards.edits import history
from studio.storyboards.edits.arranging import reorder
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.edits.shots import add_shot, delete_shot, edit_shot
from studio.storyboards.models import Project, Revision
from studio.storyboards.snapshots import snapshot_of


def content(project):
    fresh = Project.objects.get(pk=project.pk)
    return snapshot_of(fresh, fresh.shots.all())


def test_a_deleted_shot_comes_back_as_itself(tokyo, creative):
    shot = tokyo.shots.first()
    before = content(tokyo)
    delete_shot(tokyo, 1, creative.user, shot.pk)
    history.undo(tokyo, 2, creative.user)
    assert content(tokyo) == before
    assert tokyo.shots.first().pk == shot.pk


def test_summaries_name_the_edit_however_often_it_is_undone(tokyo, creative):
    add_shot(tokyo, 1, creative.user)
    for step in (history.undo, history.redo, history.undo, history.redo):
        step(tokyo, tokyo.revision, creative.user)
    assert list(tokyo.revisions.order_by("number").values_list("summary", flat=True)) == [
        "Imported 2 shots from Transend JSON",
        "Added shot 3",
        "Undid “Added shot 3”",
        "Redid “Added shot 3”",
        "Undid “Added shot 3”",
        "Redid “Added shot 3”",
    ]


def test_there_is_an_end_to_undo_and_redo(tokyo, creative):
    with pytest.raises(history.NothingThere, match="nothing to undo"):
        history.undo(tokyo, 1, creative.user)
    with pytest.raises(history.NothingThere, match="nothing to redo"):
        history.redo(tokyo, 1, creative.user)
    assert tokyo.revisions.count() == 1


@pytest.mark.parametrize("step", [history.undo, history.redo])
def test_a_stale_step_changes_nothing(tokyo, creative, step):
    add_shot(tokyo, 1, creative.user)
    with pytest.raises(StaleEdit):
        step(tokyo, 1, creative.user)
    assert tokyo.revisions.count() == 2


steps = st.lists(
    st.one_of(
        st.sampled_from(["undo", "redo", "add", "delete", "turn"]),
        st.tuples(st.just("edit"), st.integers(500, 60_000)),
    ),
    max_size=14,
)


def edit(project, author, step, before):
    """Make the edit that `step` names, if it changes anything."""
    shots = board_of(project).shots
    at = project.revision
    if step == "add":
        add_shot(project, at, author)
    elif step == "delete" and shots:
        delete_shot(project, at, author, shots[len(shots) // 2].pk)
    elif step == "turn" and shots:
        reorder(project, at, author, [shot.pk for shot in reversed(shots)])
    elif step[0] == "edit" and shots:
        edit_shot(project, at, author, shots[-1].pk, {"duration_ms": step[1]})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_undo_and_redo_are_two_stacks(workspace, creative, steps):
    from studio.storyboards.edits.revising import create_project

    project = create_project(workspace, creative.user, "Walk")
    done, undone = [], []
    now = content(project)
    for step in steps:
        if step in ("undo", "redo"):
            source, target = (done, undone) if step == "undo" else (undone, done)
            if not source:
                with pytest.raises(history.NothingThere):
                    getattr(history, step)(project, project.revision, creative.user)
                continue
            target.append(now)
            now = source.pop()
            board = getattr(history, step)(project, project.revision, creative.user)
            assert (board.can_undo, board.can_redo) == (bool(done), bool(undone))
        else:
            revision = project.revision
            edit(project, creative.user, step, now)
            if project.revision > revision:
                done.append(now)
                undone.clear()
                now = content(project)
        assert content(project) == now
    numbers = Revision.objects.filter(project=project).values_list("number", flat=True)
    assert sorted(numbers) == list(range(1, project.revision + 1))
