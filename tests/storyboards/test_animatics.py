"""The free picture of the plan, and the command that draws it."""

import json

import pytest
from django.core.management import CommandError, call_command

from studio.pictures.probe import probe_gif, probe_mp4
from studio.storyboards.animatics.plans import NoAnimatic, plan_of
from studio.storyboards.animatics.rendering import render_animatic
from studio.storyboards.models import Project, Shot

pytestmark = pytest.mark.any_database


@pytest.fixture
def project(workspace):
    project = Project.objects.create(
        workspace=workspace, title="Rain", motion="follow", speed=0.3, light_style="rainy-night"
    )
    project.shots.bulk_create(
        [
            Shot(project=project, scene_id="a", position=1, prompt="Umbrellas", duration_ms=1500),
            Shot(
                project=project,
                scene_id="b",
                position=2,
                prompt="A wet street",
                duration_ms=700,
                motion="static",
                speed=0.9,
                light_temperature=3200,
            ),
        ]
    )
    return project


def test_a_shot_is_planned_with_what_it_inherits(project):
    first, second = plan_of(project).shots
    assert (first.number, first.camera.motion, first.camera.speed) == (1, "follow", 0.3)
    assert (second.number, second.camera.motion, second.camera.speed) == (2, "static", 0.9)
    assert (first.light.style, first.light.temperature_k) == ("rainy-night", None)
    assert (second.light.style, second.light.temperature_k) == ("rainy-night", 3200)


def test_the_gif_lasts_as_long_as_the_plan(project, tmp_path):
    told = []
    render_animatic(project, tmp_path / "plan.gif", on_progress=told.append)
    assert probe_gif(tmp_path / "plan.gif").duration_ms == 2200
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_mp4_lasts_as_long_as_the_plan(project, tmp_path, capsys):
    call_command("render_animatic", project.pk, "--out", str(tmp_path / "plan.mp4"))
    answer = json.loads(capsys.readouterr().out)
    assert answer["shots"] == 2
    assert answer["duration_seconds"] == 2.2
    facts = probe_mp4(tmp_path / "plan.mp4")
    assert facts.codec == "h264"
    assert abs(facts.duration_ms - 2200) <= 42


def test_an_empty_project_says_what_to_do(workspace, tmp_path):
    empty = Project.objects.create(workspace=workspace, title="Later")
    with pytest.raises(NoAnimatic, match="no shots yet. Add one"):
        render_animatic(empty, tmp_path / "plan.gif")


def test_a_move_without_a_model_is_said_by_name(project, tmp_path):
    project.shots.update(motion="whip-pan")
    with pytest.raises(NoAnimatic, match="^Shot 1 moves by “whip-pan”"):
        render_animatic(project, tmp_path / "plan.gif")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("out", "says", "code"),
    [
        ("plan.avi", "neither a .gif nor an .mp4", 2),
        ("missing/plan.gif", "does not exist", 2),
    ],
)
def test_wrong_use_is_one_sentence(project, tmp_path, out, says, code):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("render_animatic", project.pk, "--out", str(tmp_path / out))
    assert refused.value.returncode == code


def test_an_unknown_project_is_no(db, tmp_path):
    with pytest.raises(CommandError, match="no project 4711"):
        call_command("render_animatic", 4711, "--out", str(tmp_path / "plan.gif"))
