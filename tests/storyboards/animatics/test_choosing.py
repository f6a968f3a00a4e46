"""The panel, the dialog of options and its list: what they show, and what they refuse in words."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.storyboards.animatics import orders
from studio.storyboards.animatics.options import MP4, Options
from studio.storyboards.animatics.outdated import outdated
from studio.storyboards.boards import shots_of
from studio.storyboards.edits.keeping import archive
from studio.storyboards.edits.shots import delete_shot, edit_shot
from studio.storyboards.models import Animatic
from tests.storyboards.animatics.conftest import work

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SMALL_VIDEO = Options(MP4, (640, 360), watermark=("Demo",))
FROM_DIALOG = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "dialog"}


@pytest.fixture
def at(coast):
    return f"/projects/{coast.pk}/animatics/"


@pytest.fixture
def change(coast, creative):
    """Change a field of shot 2."""

    def change(**fields):
        coast.refresh_from_db()
        edit_shot(coast, coast.revision, creative.user, coast.shots.last().pk, fields)

    return change


def text(client, address, **data):
    answer = client.get(address, data)
    return " ".join(answer.content.decode().split())


def test_the_dialog_offers_each_format_with_its_usual_size(at, creative):
    page = text(creative, f"{at}new/")
    assert page.count('name="size"') == 7
    assert 'value="480x270" checked' in page
    assert 'value="1280x720" checked' in page
    assert 'name="sound"' not in page, "the film has no soundtrack"
    assert "Nothing yet." in page


def test_a_viewer_downloads_and_is_offered_no_drawing(at, ordered, viewer):
    work()
    page = text(viewer, f"{at}new/")
    assert "Draw the GIF" not in page
    assert f"{at}{ordered.pk}/film?download=1" in page
    assert "Cancel" not in page


def test_an_order_from_the_dialog_stays_there_with_its_progress(at, creative):
    answer = creative.post(at, {"format": "gif", "size": "320x180"}, **FROM_DIALOG)
    assert answer["HX-Retarget"] == "#dialog"
    page = answer.content.decode()
    assert "<progress" in page
    assert "every 1s" in page
    assert "no captions" in page


def test_what_is_not_offered_is_refused_in_the_dialog(at, creative):
    answer = creative.post(at, {"format": "gif", "size": "1920x1080"}, **FROM_DIALOG)
    assert answer.status_code == 422
    assert "Choose one of 320 × 180" in answer.content.decode()
    assert not Animatic.objects.exists()


def test_the_list_answers_only_news_and_ends_with_a_download(at, ordered, creative):
    state = creative.get(f"{at}list/").context["list_state"]
    assert creative.get(f"{at}list/", {"known": state}).status_code == 204
    work()
    page = text(creative, f"{at}list/", known=state)
    assert "Download" in page
    assert "data-pulse" not in page


def test_the_list_costs_as_much_for_many_as_for_one(at, coast, ordered, creative):
    def statements():
        with CaptureQueriesContext(connection) as found:
            assert creative.get(f"{at}list/").status_code == 200
        return len(found)

    work()
    before = statements()
    ordered.refresh_from_db()
    for number in range(8):
        ordered.pk, ordered.drawing_sha256 = None, str(number)
        ordered.save()
    assert creative.get(f"{at}list/").content.count(b"?download=1") == 9
    assert statements() == before


def test_the_board_plays_the_mp4_even_after_a_gif_was_asked_for(at, coast, creative):
    video = orders.order(coast, creative.user, SMALL_VIDEO)
    work()
    orders.order(coast, creative.user, Options("image/gif", (320, 180)))
    work()
    found = creative.get(f"{at}panel/").context
    assert found["film"] == video
    assert found["animatic"] == found["gif"] != video
    page = text(creative, f"{at}panel/")
    assert f'src="{at}{video.pk}/film"' in page
    assert "to play it with a playhead" not in page


def test_who_has_but_a_gif_is_offered_the_film_to_play(at, ordered, creative, viewer):
    work()
    assert "Draw the film to play it with a playhead" in text(creative, f"{at}panel/")
    assert "Draw the film" not in text(viewer, f"{at}panel/")


def test_a_cancelled_gif_leaves_the_poster_and_is_told_from_the_mp4(at, coast, creative):
    video = orders.order(coast, creative.user, SMALL_VIDEO)
    work()
    gif = orders.order(coast, creative.user, Options("image/gif", (320, 180)))
    assert f"{at}{video.pk}/poster.jpg" in text(creative, f"{at}list/")
    orders.cancel(gif)
    says = "The drawing of the GIF of rev 1 was cancelled; here is the MP4 of rev 1."
    assert says in text(creative, f"{at}panel/")


def test_what_an_archived_board_still_draws_can_be_cancelled(at, coast, ordered, creative):
    archive(coast, creative.user)
    for shown in ("panel/", "list/"):
        assert f"{at}{ordered.pk}/cancel/" in text(creative, f"{at}{shown}")
    creative.post(f"{at}{ordered.pk}/cancel/")
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.CANCELLED
    assert "<form" not in text(creative, f"{at}panel/"), "nothing is drawn before it is restored"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"prompt": "A lighthouse at noon"}, "Shot 2 looks different now."),
        ({"motion": "orbit"}, "Shot 2 looks different now."),
        ({"notes": "Ask Ana"}, ""),
    ],
)
def test_it_says_which_shots_look_different(at, ordered, change, creative, fields, says):
    work()
    change(**fields)
    page = text(creative, f"{at}panel/")
    assert says in page
    assert ("The board has changed since" in page) == bool(says)
    assert "Draw the film to play it with a playhead" in page  # there is but a GIF


def test_shots_that_are_gone_are_counted(coast, ordered, creative):
    delete_shot(coast, coast.revision, creative.user, coast.shots.first().pk)
    coast.refresh_from_db()
    found = outdated(ordered, coast, shots_of(coast))
    assert (found.changed, found.gone) == ((), 1)
    assert found.says == "One shot is gone."


def test_who_waits_is_told_its_place(at, coast, ordered, long_board, creative):
    other = long_board(2)
    orders.order(other, creative.user, Options("image/gif", (320, 180)))
    assert "next in the queue" in text(creative, f"{at}panel/")
    assert "number 2 in the queue" in text(creative, f"/projects/{other.pk}/animatics/panel/")


def test_what_failed_on_an_older_board_is_drawn_as_the_board_is_now(at, ordered, change, creative):
    Animatic.objects.update(status="failed", says="The disk is full.", finished_at=timezone.now())
    page = text(creative, f"{at}panel/")
    assert "The disk is full." in page
    assert "Try again" in page
    change(prompt="Noon")
    page = text(creative, f"{at}panel/")
    assert "Try again" not in page
    assert "Draw the animatic" in page


def test_tap_timing_plays_it_while_it_shows_the_board(at, coast, change, creative):
    tap = f"/projects/{coast.pk}/tap/"
    assert "<video" not in text(creative, tap)
    assert "Draw it</a>" in text(creative, tap)
    video = orders.order(coast, creative.user, SMALL_VIDEO)
    work()
    assert f'src="{at}{video.pk}/film"' in text(creative, tap)
    change(motion="orbit")
    assert "<video" not in text(creative, tap)
