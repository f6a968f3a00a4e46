"""Two people at one board: nobody's words are lost, and each sees both versions."""

import pytest

from studio.storyboards.models import Project


@pytest.fixture
def theirs(tokyo, producer):
    """The producer rewrote shot 1 after the creative opened the page."""
    shot = tokyo.shots.first()
    address = f"/projects/{tokyo.pk}/shots/{shot.pk}/"
    producer.post(address, {"base": 1, "prompt": "Their words"})
    return address


@pytest.mark.parametrize("through_htmx", [True, False], ids=["htmx", "plain"])
def test_both_versions_who_and_when(theirs, creative, post, through_htmx):
    data = {"base": 1, "prompt": "My words", "duration": "17"}
    answer = post(creative, theirs, data) if through_htmx else creative.post(theirs, data)
    text = answer.content.decode()
    assert answer.status_code == 409
    for words in (
        "Producer changed this board",
        "Shot 1: prompt rewritten (rev 2)",
        "made on rev 1",
    ):
        assert words in text
    assert "<ins>My </ins>words" in text
    assert "<del>Their </del>words" in text
    assert "<ins>17</ins>" in text
    assert "<del>18</del>" in text
    assert "My words</textarea>" in text
    assert "Keep mine" in text
    assert "Take theirs" in text


def test_nothing_is_overwritten(theirs, creative, post, tokyo):
    post(creative, theirs, {"base": 1, "prompt": "My words"})
    assert tokyo.shots.first().prompt == "Their words"
    assert Project.objects.get(pk=tokyo.pk).revision == 2


def test_keep_mine_posts_the_same_again_and_brings_the_whole_board(theirs, creative, post, tokyo):
    post(creative, theirs, {"base": 1, "prompt": "My words"})
    answer = post(creative, theirs, {"base": 2, "whole": "1", "prompt": "My words"})
    assert tokyo.shots.first().prompt == "My words"
    text = answer.content.decode()
    assert 'id="grid"' in text
    assert 'id="conflict"' in text
    assert "Keep mine" not in text


def test_a_shot_that_was_deleted_meanwhile(tokyo, creative, producer, post):
    shot = tokyo.shots.first()
    producer.post(f"/projects/{tokyo.pk}/shots/{shot.pk}/delete/", {"base": 1})
    answer = post(
        creative, f"/projects/{tokyo.pk}/shots/{shot.pk}/", {"base": 1, "prompt": "My words"}
    )
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The shot has been deleted meanwhile" in text
    assert "My words" in text
    assert "Keep mine" not in text


@pytest.mark.parametrize("name", ["undo", "redo"])
def test_undo_never_takes_back_what_somebody_else_just_did(theirs, creative, post, tokyo, name):
    answer = post(creative, f"/projects/{tokyo.pk}/{name}/", {"base": 1})
    assert answer.status_code == 409
    assert "Keep mine" not in answer.content.decode()
    assert tokyo.shots.first().prompt == "Their words"


def test_a_clash_of_a_structure_asks_to_look_again(tokyo, creative, producer, post):
    at = f"/projects/{tokyo.pk}"
    order = ",".join(str(shot.pk) for shot in reversed(tokyo.shots.all()))
    producer.post(f"{at}/shots/", {"base": 1})
    text = post(creative, f"{at}/order/", {"base": 1, "order": order}).content.decode()
    assert "Look at the board again, then repeat" in text
    assert "Keep mine" not in text
    assert 'id="grid"' in text


@pytest.mark.parametrize("base", ["", "x", "-1", "1.0", "99", "9" * 60])
def test_a_base_that_is_none_is_stale(tokyo, creative, post, base):
    answer = post(creative, f"/projects/{tokyo.pk}/edit/", {"base": base, "title": "Mine"})
    assert answer.status_code == 409
    assert Project.objects.get(pk=tokyo.pk).title == "Neon Tokyo"


def test_ones_own_other_window_is_called_so(tokyo, creative, post):
    post(creative, f"/projects/{tokyo.pk}/edit/", {"base": 1, "title": "One"})
    answer = post(creative, f"/projects/{tokyo.pk}/edit/", {"base": 1, "title": "Two"})
    assert "You changed this board in another window" in answer.content.decode()
