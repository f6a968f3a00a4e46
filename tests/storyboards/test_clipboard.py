"""Shots over the clipboard: between boards and workspaces, and whatever else is on it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.accounts.models import Membership, Role
from studio.storyboards.models import Project, Shot
from studio.vault.models import Asset

LOCAL = {
    **{"transition": "wipe", "transition_ms": 700, "notes": "Mind the boom", "is_locked": True},
    **{"subject_x": 30, "subject_y": 0},
}


@pytest.fixture
def target(long_board):
    """Another board, of two shots."""
    return long_board(2)


@pytest.fixture
def paste(creative, post):
    def paste(project, text, shots="", client=creative):
        base = Project.objects.get(pk=project.pk).revision
        data = {"base": base, "pasted": text, "shots": shots}
        return post(client, f"/projects/{project.pk}/shots/paste/", data)

    return paste


def copied(client, project, *pks):
    return client.get(f"/projects/{project.pk}/shots.json?shots={','.join(map(str, pks))}")


def picture(workspace, name="a", **facts):
    """A reference picture that some revision refers to, or an asset with other facts."""
    return Asset.objects.create(
        workspace=workspace,
        sha256=name * 64,
        size_bytes=1,
        media_type="image/png",
        path=name,
        facts={"kind": "reference", "waits": False} | facts,
    )


def test_copied_shots_are_the_vendors_json(tokyo, creative):
    answer = copied(creative, tokyo, tokyo.shots.last().pk)
    assert answer["Content-Type"] == "application/json"
    [scene] = json.loads(answer.content)["storyboard"]
    assert scene["prompt"] == "Close-up of umbrellas catching raindrops"
    assert scene["duration_seconds"] == 12


def test_shots_arrive_on_another_board_with_all_they_had(tokyo, target, creative, paste):
    tokyo.shots.update(**LOCAL)
    text = copied(creative, tokyo, *tokyo.shots.values_list("pk", flat=True)).content.decode()
    first = target.shots.first().pk
    assert paste(target, text, first).status_code == 200
    shots = list(target.shots.all())
    assert [shot.prompt for shot in shots] == [
        "Beat 0",
        "Wide aerial of neon Tokyo",
        "Close-up of umbrellas catching raindrops",
        "Beat 1",
    ]
    for shot in shots[1:3]:
        assert {name: getattr(shot, name) for name in LOCAL} == LOCAL
    assert shots[2].motion == "handheld"
    assert len({shot.scene_id for shot in shots}) == 4
    assert tokyo.shots.count() == 2


def test_ids_that_are_free_are_kept(target, paste):
    paste(target, json.dumps([{"id": "dawn", "prompt": "Dawn", "duration_seconds": 3}]))
    assert target.shots.last().scene_id == "dawn"


def test_a_picture_stays_with_its_shot_within_the_workspace(tokyo, target, creative, paste):
    tokyo.shots.update(reference=picture(tokyo.workspace))
    text = copied(creative, tokyo, tokyo.shots.first().pk).content.decode()
    assert paste(target, text).status_code == 200
    assert target.shots.last().reference_id == tokyo.shots.first().reference_id


def test_a_picture_does_not_leave_its_workspace(
    tokyo, other_workspace, creative, stranger, paste, post
):
    tokyo.shots.update(reference=picture(tokyo.workspace))
    text = copied(creative, tokyo, tokyo.shots.first().pk).content.decode()
    Membership.objects.create(workspace=other_workspace, user=creative.user, role=Role.CREATIVE)
    elsewhere = Project.objects.create(workspace=other_workspace, title="Elsewhere", revision=1)
    answer = paste(elsewhere, text)
    assert answer.status_code == 200
    assert elsewhere.shots.get().reference is None
    assert "A reference picture was left out" in answer["HX-Trigger-After-Settle"]


@pytest.mark.parametrize("facts", [{"kind": "poster"}, {"waits": True}])
def test_only_kept_references_can_be_referred_to(tokyo, target, creative, paste, facts):
    """Whoever knows a take's hash from a decision gets no way to it from here; and what waits to be
    thrown away could not be, once a shot has it."""
    picture(tokyo.workspace, "b", **facts)
    local = {"version": 1, "shots": {"dawn": {"reference": "b" * 64}}}
    body = {
        "storyboard": [{"id": "dawn", "prompt": "Dawn", "duration_seconds": 3}],
        "webhook_metadata": {"shotboard": local},
    }
    assert paste(target, json.dumps(body)).status_code == 200
    assert target.shots.last().reference is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "There is nothing to paste"),
        ("  \n", "There is nothing to paste"),
        ("Buy milk and bread", "The clipboard holds no shots"),
        ("<b>hello</b>", "The clipboard holds no shots"),
        ("{not json", "cannot be read. This is not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "not a storyboard"),
        ("[]", "The storyboard is empty"),
        ("[1, null]", "storyboard[0]: A scene is an object"),
        ('{"storyboard": [{"prompt": "x"}]}', "storyboard[0].duration_seconds"),
        ('[{"prompt": "<b>x</b>", "duration_seconds": 3}]', "plain text"),
        ('[{"prompt": "x", "duration_seconds": NaN}]', "storyboard[0].duration_seconds"),
        ('{"webhook_metadata": {"shotboard": {"version": 1, "shots": 3}}}', "not a storyboard"),
    ],
)
def test_garbage_is_refused_in_a_sentence_and_nothing_happens(target, paste, text, says):
    answer = paste(target, text)
    assert answer.status_code == 422
    assert says in answer.content.decode().replace("&quot;", '"')
    assert Project.objects.get(pk=target.pk).revision == 1
    assert target.shots.count() == 2


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    text=st.one_of(
        st.text(max_size=80),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["storyboard", "prompt", "webhook_metadata", "shotboard", "shots"]
                    ),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        ).map(json.dumps),
    )
)
def test_no_text_breaks_it(target, paste, text):
    answer = paste(target, text)
    assert answer.status_code == 422
    assert target.shots.count() == 2


def test_a_wrong_scene_keeps_the_right_ones_out_too(target, paste):
    scenes = [{"prompt": "Fine", "duration_seconds": 3}, {"prompt": "Wrong"}]
    assert paste(target, json.dumps(scenes)).status_code == 422
    assert target.shots.count() == 2


def test_a_board_is_not_overfilled(long_board, paste):
    board = long_board(499)
    scenes = [{"prompt": "One", "duration_seconds": 3}] * 2
    answer = paste(board, json.dumps(scenes))
    assert answer.status_code == 422
    assert "A board holds 500 shots at most" in answer.content.decode()


def test_the_dialog_keeps_the_text(target, creative, post):
    data = {"base": 1, "pasted": "Buy milk", "asked": "yes"}
    for answer in (
        post(creative, f"/projects/{target.pk}/shots/paste/", data),
        creative.post(f"/projects/{target.pk}/shots/paste/", data),
    ):
        assert answer.status_code == 422
        assert "Buy milk</textarea>" in answer.content.decode()
        assert "The clipboard holds no shots" in answer.content.decode()


def test_a_viewer_may_copy_but_not_paste(tokyo, viewer, paste):
    assert copied(viewer, tokyo, tokyo.shots.first().pk).status_code == 200
    assert paste(tokyo, "[]", client=viewer).status_code == 403


def test_shots_of_other_boards_are_not_copied(tokyo, target, creative):
    answer = copied(creative, tokyo, target.shots.first().pk)
    assert json.loads(answer.content)["storyboard"] == []
    assert Shot.objects.filter(project=target).count() == 2
