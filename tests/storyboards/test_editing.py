"""Edits: each makes one revision, and a stale one changes nothing."""

import pytest

from studio.storyboards.boards import board_of
from studio.storyboards.edits.arranging import move, reorder
from studio.storyboards.edits.ordering import BadOrder
from studio.storyboards.edits.projects import edit_project
from studio.storyboards.edits.revising import BoardFull, NoSuchShot, StaleEdit, create_project
from studio.storyboards.edits.shots import add_shot, delete_shot, edit_shot, next_scene_id
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.rules import MAX_SHOTS
from studio.storyboards.snapshots import snapshot_of


@pytest.fixture
def author(creative):
    return creative.user


def scenes(project):
    return [shot.scene_id for shot in project.shots.all()]


def test_a_new_project_has_its_first_revision(workspace, author):
    project = create_project(workspace, author, "Tokyo", brief="Rain")
    revision = Revision.objects.get(project=project)
    assert (revision.number, revision.undo_to, revision.redo_to, revision.author) == (
        1,
        None,
        None,
        author,
    )
    assert (project.revision, revision.snapshot["brief"]) == (1, "Rain")


def test_an_edit_keeps_a_whole_snapshot_and_says_what_it_did(tokyo, author):
    shot = tokyo.shots.all()[1]
    board = edit_shot(tokyo, 1, author, shot.pk, {"duration_ms": 18_000, "prompt": "New"})
    revision = Revision.objects.get(project=tokyo, number=2)
    assert revision.summary == "Shot 2: duration 12 s → 18 s; prompt rewritten"
    assert (revision.undo_to, revision.redo_to, revision.content_of) == (1, None, 2)
    fresh = board_of(Project.objects.get(pk=tokyo.pk))
    assert (
        revision.snapshot
        == snapshot_of(fresh.project, fresh.shots)
        == snapshot_of(tokyo, board.shots)
    )


def test_the_first_snapshot_never_changes(tokyo, author):
    before = Revision.objects.get(project=tokyo, number=1).snapshot
    edit_shot(tokyo, 1, author, tokyo.shots.first().pk, {"prompt": "Other"})
    assert Revision.objects.get(project=tokyo, number=1).snapshot == before


def test_an_edit_that_changes_nothing_makes_no_revision(tokyo, author):
    shot = tokyo.shots.first()
    board = edit_shot(
        tokyo, 1, author, shot.pk, {"prompt": shot.prompt, "duration_ms": shot.duration_ms}
    )
    assert edit_project(tokyo, 1, author, {"title": tokyo.title}).project.revision == 1
    assert (board.latest.number, tokyo.revisions.count()) == (1, 1)


def test_project_fields_change_with_the_claim(tokyo, author):
    edit_project(tokyo, 1, author, {"title": "Osaka", "light_temperature": 2800.0})
    fresh = Project.objects.get(pk=tokyo.pk)
    assert (fresh.title, fresh.light_temperature, fresh.revision) == ("Osaka", 2800.0, 2)
    summary = Revision.objects.get(project=tokyo, number=2).summary
    assert summary == "Project: title Neon Tokyo → Osaka; colour temperature 4200 → 2800"


def test_added_shots_get_the_next_free_scene(tokyo, author):
    add_shot(tokyo, 1, author)
    delete_shot(tokyo, 2, author, tokyo.shots.all()[0].pk)
    add_shot(tokyo, 3, author)
    assert scenes(tokyo) == ["scene-2", "scene-3", "scene-4"]
    assert next_scene_id([Shot(scene_id="intro"), Shot(scene_id="scene-x")]) == "scene-1"


def test_a_full_board_takes_no_more(long_board, author):
    project = long_board(MAX_SHOTS)
    with pytest.raises(BoardFull, match="500 shots at most"):
        add_shot(project, 1, author)
    assert project.shots.count() == MAX_SHOTS


def test_shots_are_put_in_order_and_keep_their_ids(tokyo, author):
    add_shot(tokyo, 1, author)
    first, second, third = tokyo.shots.values_list("pk", flat=True)
    board = reorder(tokyo, 2, author, [third, first, second], [third])
    assert [shot.pk for shot in board.shots] == [third, first, second]
    assert scenes(tokyo) == ["scene-3", "scene-1", "scene-2"]
    assert board.latest.summary == "Moved a shot to place 1"


@pytest.mark.parametrize("step", [-1, 1, 5, -9])
def test_moving_stops_at_the_ends(tokyo, author, step):
    last = tokyo.shots.all()[1]
    move(tokyo, 1, author, last.pk, step)
    assert scenes(tokyo) == (["scene-2", "scene-1"] if step < 0 else ["scene-1", "scene-2"])


def test_an_order_must_name_each_shot_once(tokyo, author, long_board):
    first, second = tokyo.shots.values_list("pk", flat=True)
    foreign = long_board(1).shots.first().pk
    for order in ([first], [first, first], [first, second, foreign], [first, foreign], []):
        with pytest.raises(BadOrder):
            reorder(Project.objects.get(pk=tokyo.pk), 1, author, order)
    assert scenes(tokyo) == ["scene-1", "scene-2"]
    assert Project.objects.get(pk=tokyo.pk).revision == tokyo.revisions.count() == 1


def every_edit(project, author):
    shot = project.shots.first().pk
    order = list(project.shots.values_list("pk", flat=True))
    return {
        "project": lambda at: edit_project(project, at, author, {"title": "Mine"}),
        "shot": lambda at: edit_shot(project, at, author, shot, {"prompt": "Mine"}),
        "add": lambda at: add_shot(project, at, author),
        "delete": lambda at: delete_shot(project, at, author, shot),
        "order": lambda at: reorder(project, at, author, order[::-1]),
    }


@pytest.mark.parametrize("name", ["project", "shot", "add", "delete", "order"])
@pytest.mark.parametrize("base", [0, 1, 3])
def test_a_stale_edit_changes_nothing_and_brings_the_current_board(
    tokyo, author, producer, name, base
):
    edit_project(tokyo, 1, producer.user, {"title": "Theirs"})
    before = snapshot_of(tokyo, tokyo.shots.all())
    with pytest.raises(StaleEdit) as stale:
        every_edit(tokyo, author)[name](base)
    assert stale.value.current.project.title == "Theirs"
    assert stale.value.current.latest.author == producer.user
    fresh = Project.objects.get(pk=tokyo.pk)
    assert snapshot_of(fresh, fresh.shots.all()) == before
    assert fresh.revision == tokyo.revisions.count() == 2


@pytest.mark.parametrize("name", ["project", "shot", "add", "delete", "order"])
def test_the_claim_itself_stops_who_read_before_the_other_wrote(tokyo, author, producer, name):
    """The row in hand still says revision 1, as it does when two requests cross."""
    edits = every_edit(Project.objects.select_related("workspace").get(pk=tokyo.pk), author)
    edit_project(tokyo, 1, producer.user, {"brief": "Theirs"})
    with pytest.raises(StaleEdit):
        edits[name](1)
    assert Project.objects.get(pk=tokyo.pk).revision == 2
    assert scenes(tokyo) == ["scene-1", "scene-2"]


def test_a_shot_of_another_board_is_not_here(tokyo, author, long_board):
    foreign = long_board(1).shots.first()
    for edit in (
        lambda: edit_shot(tokyo, 1, author, foreign.pk, {"prompt": "Mine"}),
        lambda: delete_shot(tokyo, 1, author, foreign.pk),
    ):
        with pytest.raises(NoSuchShot):
            edit()
    assert Shot.objects.get(pk=foreign.pk).prompt == "Beat 0"


def test_a_shot_deleted_between_two_reads_is_a_stale_edit(tokyo, author):
    shot = tokyo.shots.first()
    in_hand = Project.objects.get(pk=tokyo.pk)
    delete_shot(tokyo, 1, author, shot.pk)
    with pytest.raises(StaleEdit):
        edit_shot(in_hand, 1, author, shot.pk, {"prompt": "Mine"})


def test_a_long_summary_fits_its_column(tokyo, author):
    edit_project(tokyo, 1, author, {"title": "x" * 120, "light_style": "y" * 60})
    assert len(tokyo.revisions.first().summary) == 200
