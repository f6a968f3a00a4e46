"""The downloads: what they are, what they are called, and what an empty board answers."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from studio.storyboards.boards import board_of
from studio.storyboards.exchange import printed
from studio.storyboards.exchange.downloads import file_name
from studio.storyboards.models import Project
from tests.pictures.printing.pdf_reader import Pdf

pytestmark = pytest.mark.any_database

FILES = {
    "pdf-boards": ("application/pdf", b"%PDF-", "Neon-Tokyo-boards.pdf"),
    "timeline": ("application/json", b"{", "Neon-Tokyo.otio"),
    "contact-sheet": ("image/png", b"\x89PNG", "Neon-Tokyo-contact-sheet.png"),
}


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path_factory):
    settings.STUDIO_VAR = tmp_path_factory.getbasetemp() / "deliverables"


def address(name, project):
    return reverse(f"storyboards:{name}", args=[project.pk])


@pytest.mark.parametrize("name", FILES)
def test_downloads_are_what_they_say(tokyo, viewer, name):
    media_type, magic, called = FILES[name]
    answer = viewer.get(address(name, tokyo))
    assert answer.status_code == 200
    assert answer["Content-Type"] == media_type
    assert answer["Content-Disposition"] == f'attachment; filename="{called}"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(magic)


def test_the_pdf_holds_what_the_board_holds(tokyo, viewer):
    tokyo.shots.filter(scene_id="scene-1").update(
        notes="Mehr Regen 雨", transition="crossfade", transition_ms=500
    )
    query = {"per-page": 4, "paper": "letter", "notes": "yes"}
    pdf = Pdf(viewer.get(address("pdf-boards", tokyo), query).content)
    assert pdf.size_mm == (279.4, 215.9)
    text = pdf.pages[0].text
    for part in ("WideaerialofneonTokyo", "18s", "0:00–0:18", "0:18–0:30", "Orbit,speed0.6",
                 "Handheld", "4200K,rainy-night", "Crossfade,0.5s", "MehrRegen雨", "2shots·30s",
                 "revision1", "1/1"):  # fmt: skip
        assert part in text
    without = Pdf(viewer.get(address("pdf-boards", tokyo), {"per-page": 4}).content)
    assert "MehrRegen" not in without.pages[0].text


@pytest.mark.parametrize("name", FILES)
def test_an_empty_board_is_answered_with_a_sentence(workspace, viewer, name):
    empty = Project.objects.create(workspace=workspace, title="Nothing")
    answer = viewer.get(address(name, empty))
    assert answer.status_code == 422
    assert "has no shots yet. Add one" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("pdf-boards", {"per-page": "5"}),
        ("pdf-boards", {"per-page": "x"}),
        ("pdf-boards", {"paper": "../a4"}),
        ("timeline", {"rate": "0"}),
    ],
)
def test_wrong_choices_are_answered_with_a_sentence(tokyo, viewer, name, query):
    answer = viewer.get(address(name, tokyo), query)
    assert answer.status_code == 422
    assert re.search(r"Choose (1, 4, 6 or 9|a frame rate)", answer.content.decode())


def test_frames_that_take_long_are_waited_for_in_steps(long_board, viewer, monkeypatch):
    """Each request draws for a while; the page asks again until all frames are kept."""
    monkeypatch.setattr(printed, "DRAWING_S", 0.0)
    project, answers = long_board(3), []
    while not answers or answers[-1].status_code == 503:
        answers.append(viewer.get(address("contact-sheet", project)))
        monkeypatch.setattr(printed, "DRAWING_S", 0.05 * len(answers))
        assert len(answers) < 200
    waited = answers[0]
    assert waited["Retry-After"] == waited["Refresh"] == "2"
    assert "of 3 frames are drawn" in waited.content.decode()
    assert answers[-1]["Content-Type"] == "image/png"


def test_a_contact_sheet_has_the_size_it_says(tokyo, viewer):
    sheet = Image.open(BytesIO(viewer.get(address("contact-sheet", tokyo)).content))
    assert sheet.width == 1920


@pytest.mark.parametrize("name", ["pdf-boards", "contact-sheet"])
def test_one_prints_at_a_time_and_the_next_asks_again(tokyo, viewer, monkeypatch, name):
    monkeypatch.setattr(printed, "PATIENCE_S", 0.01)
    with printed.press(board_of(tokyo)):
        waiting = viewer.get(address(name, tokyo))
    assert waiting.status_code == 503
    assert waiting["Retry-After"] == waiting["Refresh"] == "2"
    assert "The studio prints for others just now." in waiting.content.decode()
    assert viewer.get(address(name, tokyo)).status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_queries_do_not_grow_with_shots(long_board, viewer, name):
    def queries(count):
        project = long_board(count)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert viewer.get(address(name, project)).status_code == 200
        return len(seen)

    assert queries(2) == queries(4)


@pytest.mark.parametrize(
    ("title", "called"),
    [
        ("Neon / Tokyo: *rain*?", "Neon-Tokyo-rain.otio"),
        ("霓虹 东京", "霓虹-东京.otio"),
        ("../../etc/passwd", "etc-passwd.otio"),
        ('a"b\\c', "a-b-c.otio"),
        ("CON", "storyboard-7.otio"),
        ("***", "storyboard-7.otio"),
        ("x" * 120, "x" * 80 + ".otio"),
    ],
)
def test_file_names_are_safe_everywhere(title, called):
    assert file_name(Project(pk=7, title=title), ".otio") == called


def test_times_are_told_exactly():
    assert [printed.clock(ms) for ms in (0, 12_500, 62_000, 12_345, 600_000)] == [
        "0:00", "0:12.5", "1:02", "0:12.345", "10:00",
    ]  # fmt: skip
