"""What takes show of camera moves, and that no tenant changes what another one reads."""

import json

import pytest

from studio.renders import evidence
from studio.renders.readiness import readiness_of
from studio.renders.submission import order_take
from studio.storyboards.edits.own_presets import add_preset
from studio.storyboards.models import CameraPreset, PresetEvidence
from studio.storyboards.presets import presets_of
from tests.renders.conftest import save_revision

KNOWN = ["orbit", "follow", "static", "pan-left", "zoom-in"]


@pytest.fixture
def take(project, creative, api_key):
    project.shots.filter(position=0).update(motion="zoom-in")
    save_revision(project, creative.user)
    return order_take(project, creative.user)


def standings(workspace):
    return {preset.motion: preset.standing for preset in presets_of(workspace)}


def test_a_take_accepts_the_moves_that_were_sent_with_it(take, workspace):
    assert evidence.motions_sent(take) == ["orbit", "zoom-in", "handheld"]
    assert readiness_of(take.project).unverified == ["zoom-in"]
    evidence.accepted(take)
    found = standings(workspace)
    assert (found["zoom-in"], found["static"]) == ("accepted", "unverified")
    assert found["orbit"] == found["handheld"] == "documented"
    assert readiness_of(take.project).unverified == []


def test_a_refusal_that_names_one_rejects_that_one(take, workspace):
    evidence.rejected(take, json.dumps({"error": "camera.motion 'zoom-in' is not supported"}))
    assert standings(workspace)["zoom-in"] == "rejected"
    assert readiness_of(take.project).rejected == ["zoom-in"]
    assert readiness_of(take.project).is_ready


def test_the_latest_take_counts_and_nothing_is_listed_twice(take, workspace):
    before = len(presets_of(workspace))
    evidence.rejected(take, 'Unknown motion "zoom-in".')
    evidence.accepted(take)
    evidence.accepted(take)
    assert standings(workspace)["zoom-in"] == "accepted"
    assert len(presets_of(workspace)) == before
    assert PresetEvidence.objects.filter(motion="zoom-in").count() == 1


def test_a_documented_move_can_be_rejected(take, workspace):
    evidence.rejected(take, "Unknown motion: handheld")
    assert standings(workspace)["handheld"] == "rejected"


def test_other_workspaces_learn_nothing_of_it(take, stranger, other_workspace):
    before = standings(other_workspace)
    evidence.accepted(take)
    assert standings(other_workspace) == before
    assert CameraPreset.objects.get(workspace=None, motion="zoom-in").standing == "unverified"


def test_a_render_that_succeeds_is_the_evidence(take, house, vendor, workspace):
    house.until(take, "ready")
    assert standings(workspace)["zoom-in"] == "accepted"
    assert PresetEvidence.objects.get(motion="zoom-in").take == take.pk


def test_a_400_that_names_a_move_is_the_evidence(
    project, creative, house, vendor, workspace, api_key
):
    add_preset(workspace, {"title": "Whip pan", "motion": "whip-pan", "description": ""})
    project.shots.filter(position=0).update(motion="whip-pan")
    save_revision(project, creative.user)
    take = order_take(project, creative.user)
    house.until(take, "failed")
    assert standings(workspace)["whip-pan"] == "rejected"
    assert readiness_of(project).rejected == ["whip-pan"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{"error": "Unknown motion \\"zoom-in\\"."}', "zoom-in"),
        ("camera.motion: ‘zoom-in’ is not a preset", "zoom-in"),
        ("Unsupported preset zoom-in", "zoom-in"),
        ("motion=orbit is not allowed", "orbit"),
        ("Please follow the documentation.", None),
        ("The static file orbit is missing.", None),
        ('"zoom-in-fast" is unknown', None),
        ("motion zoom-in-fast is unknown", None),
        ("motion 'static' is unknown", None),  # known, but not sent
        ('Unknown preset. There are: "orbit", "follow", "zoom-in".', None),
        ("Unknown preset. There are: orbit, zoom-in, static.", None),
        ("Presets: orbit, zoom-in, static.", None),
        ("", None),
    ],
)
def test_only_a_body_that_names_one_move_that_was_sent_says_which(body, named):
    assert evidence.motion_named(body, ["orbit", "follow", "zoom-in"], KNOWN) == named


@pytest.mark.parametrize("payload", ["{", "[]", "{}", '{"storyboard": 3}', '{"camera": []}'])
def test_a_payload_that_was_damaged_since_shows_nothing_and_stops_nothing(take, payload):
    take.payload = payload
    assert evidence.motions_sent(take) == []
    evidence.accepted(take)
    evidence.rejected(take, 'Unknown motion "orbit".')
    assert not PresetEvidence.objects.exists()
