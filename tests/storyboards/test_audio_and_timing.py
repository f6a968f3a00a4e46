"""Audio and timing references: kept in webhook_metadata, beside whatever else is in it."""

import pytest

from studio.storyboards.models import Project


@pytest.fixture
def edit(creative, tokyo, post):
    def edit(data):
        base = Project.objects.get(pk=tokyo.pk).revision
        return post(creative, f"/projects/{tokyo.pk}/edit/", {"base": base, **data})

    return edit


def metadata(project):
    return Project.objects.get(pk=project.pk).webhook_metadata


@pytest.mark.parametrize(
    "said",
    ["https://example.com/score.wav", "http://10.0.0.1/a b".replace(" ", "-"), "120 bpm: 4/4"],
)
def test_a_reference_is_kept_and_the_other_keys_stay(edit, tokyo, said):
    Project.objects.filter(pk=tokyo.pk).update(webhook_metadata={"campaign": {"id": 7}})
    answer = edit({"audio": said, "timing": "On the beat"})
    assert answer.status_code == 200
    assert metadata(tokyo) == {"campaign": {"id": 7}, "audio": said, "timing": "On the beat"}
    assert "audio and timing references rewritten" in tokyo.revisions.first().summary
    edit({"audio": ""})
    assert metadata(tokyo) == {"campaign": {"id": 7}, "timing": "On the beat"}


@pytest.mark.parametrize(
    "said",
    [
        "javascript:alert(1)",
        "ftp://example.com/a",
        "https://",
        "https://a b",
        "file:///etc",
        "http:x",
    ],
)
def test_a_bad_address_is_refused_in_words(edit, tokyo, said):
    answer = edit({"audio": said, "brief": "New"})
    assert answer.status_code == 422
    assert "begins with https:// or http://, or plain words" in answer.content.decode()
    assert metadata(tokyo) == {}


def test_an_imported_reference_of_another_shape_is_shown_and_kept(edit, tokyo, creative):
    Project.objects.filter(pk=tokyo.pk).update(webhook_metadata={"audio": {"cues": [1, 2]}})
    page = creative.get(f"/projects/{tokyo.pk}/").content.decode()
    assert 'value="{&quot;cues&quot;: [1, 2]}"' in page
    edit({"audio": '{"cues": [1, 2]}', "timing": "x"})
    assert metadata(tokyo) == {"audio": {"cues": [1, 2]}, "timing": "x"}


def test_the_switch_for_transitions_in_words(edit, tokyo):
    answer = edit({"weaves_transitions": "no"})
    assert 'id="project-part-sending"' in answer.content.decode()
    assert not Project.objects.get(pk=tokyo.pk).weaves_transitions
    assert tokyo.revisions.first().summary == ("Project: transitions in words woven in → left out")
