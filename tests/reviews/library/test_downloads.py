"""What is handed out of a take: of its own revision, for the client unless asked, well named."""

import csv
import io
import json

import opentimelineio as otio
import pytest
from django.utils import timezone

from studio.renders.models import Take
from studio.reviews.deciding.decisions import decide
from studio.reviews.deciding.history import Verdict
from studio.reviews.deciding.releases import withdraw
from studio.reviews.library.editions import Edition
from studio.reviews.library.plans import board_of
from tests.reviews.conftest import body_of

pytestmark = pytest.mark.any_database

FOR_HOUSE = "?for=house"


@pytest.fixture
def noted(take, creative, note_on):
    note_on(take, creative.user, "Can the rain be softer?", from_ms=18_400)
    note_on(take, creative.user, "The client hates rain.", channel="internal", from_ms=1_000)
    snapshot = take.revision.snapshot
    snapshot["brief"] = "Secret brief"
    snapshot["shots"][0]["notes"] = "Ask for a discount"
    take.revision.save()
    return take


def get(client, take, name, query=""):
    response = client.get(f"/takes/{take.pk}/{name}{query}")
    assert response.status_code == 200, response.content
    return response


def text_of(client, take, name, query=""):
    return body_of(get(client, take, name, query)).decode()


@pytest.mark.parametrize("name", ["notes.csv", "notes.edl", "timeline.otio", "pack.html"])
def test_nothing_of_the_house_leaves_unless_asked_for(noted, viewer, name):
    for query in ("", "?for=client", "?for=HOUSE", "?for=", "?channel=internal"):
        shown = text_of(viewer, noted, name, query)
        assert "rain be softer" in shown
        for secret in ("hates rain", "Secret brief", "discount"):
            assert secret not in shown, (name, query)
    assert "hates rain" in text_of(viewer, noted, name, FOR_HOUSE)


@pytest.mark.parametrize(
    ("name", "query", "filename"),
    [
        ("notes.csv", "", "neon-tokyo-take-1.notes.csv"),
        ("notes.csv", FOR_HOUSE, "neon-tokyo-take-1.internal-notes.csv"),
        ("notes.edl", "", "neon-tokyo-take-1.notes.edl"),
        ("timeline.otio", "", "neon-tokyo-take-1.timeline.otio"),
        ("timeline.otio", FOR_HOUSE, "neon-tokyo-take-1.internal-timeline.otio"),
        ("board.pdf", "?paper=letter", "neon-tokyo-take-1.board.pdf"),
        ("pack.html", FOR_HOUSE, "neon-tokyo-take-1.internal-review.html"),
    ],
)
def test_each_file_has_a_name_and_is_an_attachment(noted, viewer, name, query, filename):
    response = get(viewer, noted, name, query)
    body_of(response)
    assert response["Content-Disposition"] == f'attachment; filename="{filename}"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_board_is_the_takes_own_and_not_todays(noted, viewer):
    project = noted.project
    project.title = "Renamed since"
    project.save()
    board = board_of(Take.objects.get(pk=noted.pk), Edition.CLIENT)
    assert board.project.title == "Neon Tokyo"
    assert [shot.scene_id for shot in board.shots] == ["scene-1", "scene-2"]
    assert board.project.revision == noted.revision.number
    pdf = body_of(get(viewer, noted, "board.pdf"))
    assert pdf.startswith(b"%PDF-")


def test_the_timeline_opens_with_cuts_notes_and_no_film_before_its_release(noted, viewer):
    timeline = otio.adapters.read_from_string(text_of(viewer, noted, "timeline.otio", "?rate=25"))
    (plan,) = timeline.tracks
    assert [clip.name for clip in plan.find_clips()] == ["Shot 1 – scene-1", "Shot 2 – scene-2"]
    assert plan.duration().to_seconds() == 30.52  # 30.5 s in whole frames of 25 a second
    (marker,) = timeline.tracks.markers
    assert marker.comment == "Can the rain be softer?"
    assert marker.marked_range.start_time.to_seconds() == 18.4


@pytest.mark.parametrize("rate", ["24", "25", "30"])
def test_a_marker_at_the_very_end_stands_on_the_last_frame(noted, creative, viewer, note_on, rate):
    note_on(noted, creative.user, "The end", from_ms=noted.duration_ms)
    text = text_of(viewer, noted, "timeline.otio", f"?rate={rate}")
    timeline = otio.adapters.read_from_string(text)
    span = timeline.tracks.markers[-1].marked_range
    assert span.end_time_exclusive() == timeline.duration()
    assert span.duration.to_frames() == 1


def test_a_released_film_lies_above_the_plan_by_its_download_name(real_take, viewer, producer):
    decide(real_take, Verdict.APPROVED, producer.user)
    timeline = otio.adapters.read_from_string(text_of(viewer, real_take, "timeline.otio"))
    (film,) = timeline.tracks[1].find_clips()
    assert film.media_reference.target_url == "neon-tokyo-take-1.mp4"
    assert film.duration().to_seconds() == 1.0
    withdraw(real_take, producer.user)
    without = otio.adapters.read_from_string(text_of(viewer, real_take, "timeline.otio"))
    assert len(without.tracks) == 1


def test_the_table_reads_as_a_table(noted, viewer):
    text = text_of(viewer, noted, "notes.csv", FOR_HOUSE)
    assert text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = list(csv.DictReader(io.StringIO(text[1:])))
    assert [row["channel"] for row in rows] == ["internal", "client"]


def test_markers_at_the_asked_rate(noted, viewer):
    assert "01:00:18:10" in text_of(viewer, noted, "notes.edl", "?rate=25")
    assert "01:00:18:09" in text_of(viewer, noted, "notes.edl", "?rate=wrong")


def test_what_needs_no_film_outlives_its_files(noted, viewer):
    Take.objects.filter(pk=noted.pk).update(files_deleted_at=timezone.now())
    for name in ("notes.csv", "notes.edl", "timeline.otio", "board.pdf"):
        body_of(get(viewer, noted, name))
    assert viewer.get(f"/takes/{noted.pk}/preview.gif").status_code == 410
    dialog = text_of(viewer, noted, "downloads/")
    assert dialog.count("Deleted, as the workspace") == 2
    assert "preview.gif" not in dialog
    assert "files of this take were deleted" in text_of(viewer, noted, "pack.html")


def test_the_dialog_offers_what_there_is(take, viewer, producer):
    before = text_of(viewer, take, "downloads/")
    assert "Locked until the take is released" in before
    assert "video.mp4" not in before
    assert 'value="client" checked' in before
    decide(take, Verdict.APPROVED, producer.user)
    after = text_of(viewer, take, "downloads/")
    assert "video.mp4?download=1" in after
    assert "MP4, 3.2 MB" in after


def test_a_timeline_keeps_nothing_private_in_its_metadata(noted, viewer):
    found = json.loads(text_of(viewer, noted, "timeline.otio"))["metadata"]["shotboard"]
    assert (found["brief"], found["webhook_metadata"]) == ("", {})
