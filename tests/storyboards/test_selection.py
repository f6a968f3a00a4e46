"""Many shots at once: reading which, and what the board shows of them."""

import html
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from studio.storyboards import rules
from studio.storyboards.boards import board_of
from studio.storyboards.edits import shots
from studio.storyboards.models import Project, Shot
from studio.storyboards.typed import read_shots


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("shots=3,5", [3, 5]),
        ("shots=5&shots=3", [5, 3]),
        ("shots=3,5&shots=5,8", [3, 5, 8]),
        ("shots=", []),
        ("", []),
        ("shots=3,,x,-4,٣,5.0, 7", [3, 7]),
        (f"shots={'9' * 18},4", [4]),
    ],
)
def test_which_shots_are_meant(sent, read):
    assert read_shots(QueryDict(sent)) == read


def test_no_more_shots_are_meant_than_a_board_holds():
    every = ",".join(str(pk) for pk in range(1, 2 * rules.MAX_SHOTS))
    assert read_shots(QueryDict(f"shots={every}")) == list(range(1, rules.MAX_SHOTS + 1))


def many_address(project, name):
    return reverse(f"storyboards:{name}", args=[project.pk])


def page_with(project, *chosen, view="grid"):
    """The headers with which htmx posts while these shots are selected."""
    at = f"http://testserver/projects/{project.pk}/?shots={','.join(map(str, chosen))}"
    return {"hx-request": "true", "hx-current-url": at, "board-view": view}


@pytest.fixture
def film(long_board):
    return long_board(4)


@pytest.fixture
def chosen(film):
    return [shot.pk for shot in film.shots.all()][1:3]


def test_the_inspector_shows_many_by_their_address(film, chosen, creative):
    Shot.objects.filter(pk=chosen[0]).update(motion="static", light_style="dawn")
    Shot.objects.filter(pk=chosen[1]).update(light_style="dawn")
    page = creative.get(f"/projects/{film.pk}/?shots={chosen[0]},{chosen[1]}").content.decode()
    assert re.search(r'id="inspector-name">2 shots <[^>]*>4 s together', page)
    assert '<option value="mixed" selected>Mixed</option>' in page
    assert re.search(r'name="light_style" value="dawn"', page)
    assert page.count("data-chosen") == 4  # each has a card and a segment


def test_one_or_foreign_shots_are_not_many(film, chosen, tokyo, creative):
    foreign = tokyo.shots.first().pk
    page = creative.get(f"/projects/{film.pk}/?shots={chosen[0]},{foreign}").content.decode()
    assert "together</span>" not in page


def test_an_edit_of_many_is_one_answer_with_what_changed(film, chosen, creative):
    answer = creative.post(
        many_address(film, "set-many"),
        {"base": 1, "shots": f"{chosen[0]},{chosen[1]}", "motion": "static"},
        headers=page_with(film, *chosen),
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'data-revision="2"' in page
    assert "2 shots: camera move → static." in page
    assert re.search(r'id="inspector-name">2 shots', page)


def test_mixed_and_empty_fields_say_nothing_where_shots_differ(film, chosen, creative):
    Shot.objects.filter(pk=chosen[0]).update(motion="static", speed=0.3)
    sent = {"base": 1, "shots": chosen, "motion": "mixed", "speed": "", "light_style": "dawn"}
    answer = creative.post(many_address(film, "set-many"), sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?shots={chosen[0]},{chosen[1]}")
    first, second = Shot.objects.filter(pk__in=chosen)
    assert (first.motion, first.speed, first.light_style) == ("static", 0.3, "dawn")
    assert (second.motion, second.speed, second.light_style) == ("", None, "dawn")


def test_mixed_fields_are_emptied_by_inheriting(film, chosen, creative):
    Shot.objects.filter(pk=chosen[0]).update(motion="static", speed=0.3, light_style="dawn")
    for group in ("camera", "light"):
        base = Project.objects.get(pk=film.pk).revision
        sent = {"base": base, "shots": chosen, "inherit": group}
        assert creative.post(many_address(film, "set-many"), sent).status_code == 302
    first = Shot.objects.get(pk=chosen[0])
    assert (first.motion, first.speed, first.light_style) == ("", None, "")


@pytest.mark.parametrize(
    ("name", "sent", "says"),
    [
        ("set-many", {"speed": "7"}, "The camera speed is a number from 0.1 to 1"),
        ("set-many", {"motion": "teleport"}, "is no camera preset here"),
        ("retime-many", {"how": "subtract", "amount": "1.8"}, "Shot 2 would last 0.2 s"),
        ("retime-many", {"how": "scale", "amount": "a lot"}, "Type a percentage"),
        ("delete-many", {"shots": ""}, "No shot is selected"),
        ("delete-many", {"shots": "999999"}, "is not on this board any more"),
    ],
)
def test_wrong_input_is_a_sentence_and_changes_nothing(film, chosen, creative, name, sent, says):
    sent = {"base": 1, "shots": f"{chosen[0]},{chosen[1]}", **sent}
    for headers in ({}, page_with(film, *chosen)):
        answer = creative.post(many_address(film, name), sent, headers=headers)
        assert answer.status_code == 422
        assert says in html.unescape(answer.content.decode())
    film.refresh_from_db()
    assert (film.revision, film.shots.count()) == (1, 4)


def test_what_was_typed_and_refused_stays(film, chosen, creative):
    sent = {"base": 1, "shots": f"{chosen[0]},{chosen[1]}", "how": "scale", "amount": "2000"}
    page = creative.post(
        many_address(film, "retime-many"), sent, headers=page_with(film, *chosen)
    ).content.decode()
    assert 'name="amount" inputmode="decimal" value="2000"' in page
    assert '<option value="scale" selected>' in page


def test_locked_shots_are_named_and_can_be_left_out(film, chosen, creative):
    Shot.objects.filter(pk=chosen[0]).update(is_locked=True)
    sent = {"base": 1, "shots": f"{chosen[0]},{chosen[1]}", "motion": "static"}
    refused = creative.post(many_address(film, "set-many"), sent, headers=page_with(film, *chosen))
    assert refused.status_code == 422
    assert "Shot 2 is locked." in refused.content.decode()
    assert 'name="leave_locked"' in refused.content.decode()
    answer = creative.post(
        many_address(film, "set-many"),
        {**sent, "leave_locked": "yes"},
        headers=page_with(film, *chosen),
    )
    assert "1 shot: camera move → static" in answer.content.decode()


@pytest.mark.parametrize("name", ["set-many", "retime-many", "delete-many"])
def test_a_stale_edit_of_many_is_told_and_can_be_repeated(film, chosen, creative, name):
    shots.edit_shot(film, 1, creative.user, chosen[0], {"motion": "orbit", "duration_ms": 3000})
    sent = {"base": 1, "shots": f"{chosen[0]},{chosen[1]}", "motion": "static"}
    sent |= {"how": "set", "amount": "4"}
    answer = creative.post(many_address(film, name), sent, headers=page_with(film, *chosen))
    assert answer.status_code == 409
    film.refresh_from_db()
    assert (film.revision, film.shots.count()) == (2, 4)


def test_many_deleted_can_be_brought_back(film, chosen, creative):
    answer = creative.post(
        many_address(film, "delete-many"),
        {"base": 1, "shots": f"{chosen[0]},{chosen[1]}"},
        headers=page_with(film, *chosen),
    )
    assert "Deleted shots 2 and 3." in answer.content.decode()
    assert "Bring" in answer.content.decode()
    assert answer["HX-Replace-Url"] == f"/projects/{film.pk}/"


@pytest.mark.parametrize(
    ("how", "amount", "says"),
    [
        ("set", "8", ["8 s", "20 s", "40 s free"]),
        ("set", "40", ["84 s", "Shorten it by 24 s."]),
        ("scale", "50", ["6 s", "Add 9 s."]),
        ("subtract", "1.9", ["Shot 2 would last 0.1 s"]),
        ("set", "", ["The film lasts 8 s"]),
    ],
)
def test_durations_are_previewed_and_nothing_is_saved(film, chosen, creative, how, amount, says):
    asked = {"shots": f"{chosen[0]},{chosen[1]}", "how": how, "amount": amount}
    for headers in ({}, {"hx-request": "true"}):
        page = creative.get(many_address(film, "preview-retiming"), asked, headers=headers)
        assert all(words in page.content.decode() for words in says)
    assert board_of(film).budget.total_ms == 8_000


@pytest.mark.parametrize("name", ["set-many", "retime-many", "delete-many"])
def test_queries_do_not_grow_with_the_selection(long_board, creative, name):
    def edit(project):
        every = [shot.pk for shot in project.shots.all()]
        sent = {"base": 1, "shots": ",".join(map(str, every[:-1])), "how": "set", "amount": "3"}
        sent["motion"] = "static"
        address, headers = many_address(project, name), page_with(project, *every[:-1])
        return lambda: creative.post(address, sent, headers=headers)

    counts = []
    for project in (long_board(4), long_board(40)):
        act = edit(project)
        with CaptureQueriesContext(connection) as captured:
            assert act().status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 20
    assert Project.objects.filter(revision=2).count() == 2
