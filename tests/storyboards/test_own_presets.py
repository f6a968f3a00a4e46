"""A workspace's own camera presets: who adds them, what is refused, when one may go."""

import pytest

from studio.storyboards.edits import own_presets
from studio.storyboards.models import CameraPreset, Project

AT = "/w/kitchen/presets/"
WHIP = {"title": "Whip pan", "motion": "whip-pan", "description": "Turns in a blur."}


@pytest.fixture
def whip(workspace) -> CameraPreset:
    return own_presets.add_preset(workspace, WHIP)


def test_an_added_move_is_unverified_and_can_be_chosen(creative, tokyo, workspace, post):
    assert creative.post(f"{AT}?project={tokyo.pk}", WHIP).status_code == 302
    preset = CameraPreset.objects.get(workspace=workspace)
    assert (preset.motion, preset.standing) == ("whip-pan", "unverified")
    shot = tokyo.shots.first()
    board = f"/projects/{tokyo.pk}/"
    assert "Whip pan · unverified" in creative.get(f"{board}?shot={shot.pk}").content.decode()
    edit = post(creative, f"{board}shots/{shot.pk}/", {"base": 1, "motion": "whip-pan"}, shot.pk)
    assert edit.status_code == 200


def test_the_camera_field_leads_to_them_as_dialog_and_as_page(creative, tokyo, viewer):
    address = f"{AT}?project={tokyo.pk}"
    assert address in creative.get(f"/projects/{tokyo.pk}/").content.decode()
    assert address not in viewer.get(f"/projects/{tokyo.pk}/").content.decode()
    page = creative.get(address).content.decode()
    assert "<html" in page
    assert "Back to the board" in page
    part = creative.get(address, headers={"hx-request": "true"}).content.decode()
    assert "<html" not in part
    assert 'name="motion"' in part


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"title": ""}, "A camera move needs a title"),
        ({"motion": "Whip pan!"}, "small letters, digits and hyphens"),
        ({"motion": ""}, "small letters, digits and hyphens"),
        ({"motion": "x" * 41}, "40 characters at most"),
        ({"motion": "orbit"}, "There is a preset for orbit already."),
        ({"description": "<b>bold</b>"}, "plain text"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_stays_there(creative, workspace, data, says):
    answer = creative.post(AT, {**WHIP, **data})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert 'aria-invalid="true"' in text
    assert 'value="Turns in a blur."' in text or "description" in data
    assert not CameraPreset.objects.filter(workspace=workspace).exists()


def test_a_workspace_keeps_so_many_at_most(workspace, creative):
    CameraPreset.objects.bulk_create(
        CameraPreset(workspace=workspace, motion=f"move-{n}", title=f"Move {n}")
        for n in range(own_presets.MAX_PRESETS)
    )
    answer = creative.post(AT, WHIP)
    assert answer.status_code == 422
    assert "40 presets of its own at most" in answer.content.decode()


def test_only_an_unused_one_is_deleted(creative, tokyo, whip):
    shot = tokyo.shots.first()
    shot.motion = "whip-pan"
    shot.save()
    answer = creative.post(f"{AT}{whip.pk}/delete/")
    assert answer.status_code == 422
    assert "is used in Neon Tokyo" in answer.content.decode()
    shot.motion = ""
    shot.save()
    Project.objects.filter(pk=tokyo.pk).update(motion="whip-pan")
    assert creative.post(f"{AT}{whip.pk}/delete/").status_code == 422
    Project.objects.filter(pk=tokyo.pk).update(motion="orbit")
    assert creative.post(f"{AT}{whip.pk}/delete/").status_code == 302
    assert not CameraPreset.objects.filter(pk=whip.pk).exists()


def test_a_built_in_is_nobody_s_to_delete(creative, workspace):
    orbit = CameraPreset.objects.get(motion="orbit", workspace=None)
    assert creative.post(f"{AT}{orbit.pk}/delete/").status_code == 404


@pytest.mark.parametrize("part", ["", "delete"])
def test_presets_want_a_creative_of_this_workspace(creative, viewer, stranger, client, whip, part):
    at = f"{AT}{whip.pk}/delete/" if part else AT
    assert viewer.post(at, WHIP).status_code == 403
    assert stranger.post(at, WHIP).status_code == 404
    assert client.post(at, WHIP)["Location"].startswith("/accounts/login/")
    assert (creative.get(at) if part else creative.delete(at)).status_code == 405
    assert CameraPreset.objects.filter(pk=whip.pk).exists()


def test_a_foreign_board_is_not_told_of(creative, other_workspace):
    foreign = Project.objects.create(workspace=other_workspace, title="Secret")
    assert creative.get(f"{AT}?project={foreign.pk}").status_code == 404
