"""Wrong input: a sentence at the field, what was typed still in it, nothing changed."""

import re
from html import escape

import pytest

from studio.storyboards.models import Project
from studio.storyboards.snapshots import snapshot_of

WRONG = [
    ("duration", "601", "600 s at most"),
    ("duration", "0", "at least 0.5 s"),
    ("duration", "-4", "cannot last less than nothing"),
    ("duration", "NaN", "is not a duration"),
    ("duration", "", "needs a duration"),
    ("speed", "1.01", "from 0.1 to 1"),
    ("speed", "0.09", "from 0.1 to 1"),
    ("speed", "Infinity", "from 0.1 to 1"),
    ("motion", "spin", "no camera preset"),
    ("prompt", "x" * 100_000, "4,000 characters at most; this one has 100,000"),
    ("prompt", "A <b>bold</b> street", "Take out the markup"),
    ("prompt", "bell \x07", "control characters"),
    ("light_temperature", "999", "1000 to 20000"),
    ("light_intensity", "-1", "0 to 10"),
    ("light_style", "<i>", "Take out the markup"),
]
WRONG_PROJECT = [
    ("title", "", "needs a title"),
    ("title", "x" * 121, "120 characters"),
    ("brief", "<script>alert(1)</script>", "Take out the markup"),
    ("motion", "", "no camera preset"),
    ("speed", "2", "from 0.1 to 1"),
]


def state(project):
    fresh = Project.objects.get(pk=project.pk)
    return fresh.revision, snapshot_of(fresh, fresh.shots.all())


def shows(text, name, typed, says):
    assert says in text
    if name == "motion":  # a select offers only what exists
        return
    assert escape(typed) in text.replace("&#x27;", "'")
    assert re.search(rf'name="{name}"[^>]*aria-invalid="true"', text)


@pytest.mark.parametrize(("name", "typed", "says"), WRONG, ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("through_htmx", [True, False], ids=["htmx", "plain"])
def test_at_a_shot(tokyo, creative, post, name, typed, says, through_htmx):
    before, shot = state(tokyo), tokyo.shots.last()
    address, data = f"/projects/{tokyo.pk}/shots/{shot.pk}/", {"base": 1, name: typed}
    answer = (
        post(creative, address, data, shot.pk) if through_htmx else creative.post(address, data)
    )
    assert answer.status_code == 422
    shows(answer.content.decode(), name, typed, says)
    assert state(tokyo) == before


@pytest.mark.parametrize(
    ("name", "typed", "says"), WRONG_PROJECT, ids=lambda value: str(value)[:20]
)
@pytest.mark.parametrize("through_htmx", [True, False], ids=["htmx", "plain"])
def test_at_the_project(tokyo, creative, post, name, typed, says, through_htmx):
    before = state(tokyo)
    address, data = f"/projects/{tokyo.pk}/edit/", {"base": 1, name: typed}
    answer = post(creative, address, data) if through_htmx else creative.post(address, data)
    assert answer.status_code == 422
    shows(answer.content.decode(), name, typed, says)
    assert state(tokyo) == before


@pytest.mark.parametrize(
    ("seconds", "word"), [("49", "Too long"), ("2.9", "Too short"), ("42", "Fits 15–60 s")]
)
def test_a_draft_may_be_61_or_14_9_s_and_is_told(tokyo, creative, post, seconds, word):
    """61 s and 14.9 s are allowed while drafting; what may be sent is the contract's to say."""
    shot = tokyo.shots.first()
    answer = post(
        creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/", {"base": 1, "duration": seconds}
    )
    assert answer.status_code == 200
    assert word in answer.content.decode()


def test_an_empty_prompt_is_a_draft_and_is_told(tokyo, creative, post):
    shot = tokyo.shots.first()
    answer = post(creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/", {"base": 1, "prompt": " "})
    assert answer.status_code == 200
    assert "No prompt yet" in answer.content.decode()


def test_one_wrong_field_refuses_the_whole_form(tokyo, creative, post):
    before, shot = state(tokyo), tokyo.shots.first()
    data = {"base": 1, "prompt": "Fine", "duration": "0"}
    answer = post(creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/", data)
    assert answer.status_code == 422
    assert "Fine" in answer.content.decode()
    assert state(tokyo) == before


@pytest.mark.parametrize("address", ["http://[/?shot=1", "//[/?shots=1,2", "http://a/?shot=x"])
def test_a_page_with_an_address_that_is_none_is_answered(tokyo, creative, address):
    at, page = f"/projects/{tokyo.pk}", {"HX-Request": "true", "HX-Current-URL": address}
    assert creative.post(f"{at}/shots/", {"base": 1}, headers=page).status_code == 200
    assert creative.get(f"{at}/pulse/?rev=1", headers=page).status_code == 200
    assert creative.post(f"{at}/archive/", headers=page).status_code == 200
