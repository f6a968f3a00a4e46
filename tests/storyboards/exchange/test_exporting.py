"""Downloads: for everybody who may see the board, under a name that every system takes."""

import json
from urllib.parse import quote

import pytest
import time_machine

from studio.storyboards.models import Project
from tests.storyboards.exchange.arbitrary import row


@time_machine.travel("2026-03-01 12:00")
@pytest.mark.parametrize(
    ("path", "kind"), [("export.json", "application/json"), ("export.csv", "text/csv")]
)
def test_a_viewer_takes_the_board_home(tokyo, viewer, path, kind):
    answer = viewer.get(f"/projects/{tokyo.pk}/{path}")
    name = f"Neon-Tokyo-2026-03-01.{path.split('.')[1]}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Content-Type"].startswith(kind)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert viewer.head(f"/projects/{tokyo.pk}/{path}").status_code == 200


@time_machine.travel("2026-03-01 12:00")
@pytest.mark.parametrize(
    ("title", "name"),
    [
        ('"; rm -rf / \r\n<b>', "rm--rf-b-2026-03-01.csv"),
        ("../../etc/passwd", "etc-passwd-2026-03-01.csv"),
        ("東京の夜", "東京の夜-2026-03-01.csv"),
    ],
)
def test_no_title_makes_a_dangerous_name(tokyo, creative, title, name):
    Project.objects.filter(pk=tokyo.pk).update(title=title)
    said = creative.get(f"/projects/{tokyo.pk}/export.csv")["Content-Disposition"]
    assert said in (f'attachment; filename="{name}"', f"attachment; filename*=utf-8''{quote(name)}")


def test_what_is_exported_comes_back_as_a_new_project(tokyo, creative, bring):
    tokyo.shots.filter(scene_id="scene-1").update(
        notes="=SUM(A1)", transition="wipe", transition_ms=700, is_locked=True
    )
    for path in ("export.json", "export.csv"):
        content = creative.get(f"/projects/{tokyo.pk}/{path}").content
        bring(creative, content, path).confirm()
        again = Project.objects.latest("pk")
        assert [row(shot) for shot in again.shots.all()] == [row(s) for s in tokyo.shots.all()]
    assert Project.objects.filter(title="Neon Tokyo").count() == 2


def test_the_json_says_nothing_of_webhooks_or_takes(tokyo, creative):
    body = json.loads(creative.get(f"/projects/{tokyo.pk}/export.json").content)
    assert list(body) == [
        "prompt",
        "duration_seconds",
        "camera",
        "lighting",
        "storyboard",
        "webhook_metadata",
    ]


def test_an_export_costs_as_many_queries_for_twice_the_shots(
    long_board, viewer, django_assert_num_queries
):
    for count in (20, 40):
        project = long_board(count)
        for path in ("export.json", "export.csv"):
            with django_assert_num_queries(4):
                viewer.get(f"/projects/{project.pk}/{path}")
