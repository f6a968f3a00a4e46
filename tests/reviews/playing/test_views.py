"""The stage and its files over HTTP: who gets them, in parts, and what is said while there are
none."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.renders.models import Take
from studio.reviews.models import PreviewFilm
from studio.reviews.playing import films
from studio.reviews.reviewing import Reviewer
from studio.vault.storing import path_of
from tests.reviews.conftest import body_of

pytestmark = pytest.mark.django_db

FILES = {"preview-film": "film", "film-poster": "poster", "strip": "strip"}
HTMX = {"HX-Request": "true"}


def address(name: str, take: Take) -> str:
    return reverse(f"reviews:{name}", args=[take.pk])


@pytest.fixture
def film(filmed, producer, drawn) -> PreviewFilm:
    return drawn(films.film_for(Reviewer(filmed, user=producer.user, role="producer")))


@pytest.mark.parametrize(("name", "part"), FILES.items())
def test_members_get_the_file_as_it_is_and_nobody_else_a_byte(
    film, producer, viewer, stranger, name, part
):
    at = address(name, film.take)
    stored = path_of(getattr(film, part)).read_bytes()
    for member in (producer, viewer):
        response = member.get(at)
        assert response.status_code == 200
        assert body_of(response) == stored
        assert response["Cache-Control"] == "private, no-cache"
    assert stranger.get(at).status_code == 404
    anonymous = Client().get(at)
    assert anonymous.status_code == 302
    assert "/accounts/login/" in anonymous["Location"]
    assert producer.post(at).status_code == 405


def test_a_player_may_ask_for_any_part_and_for_what_it_has_already(film, producer):
    at = address("preview-film", film.take)
    stored = path_of(film.film).read_bytes()
    part = producer.get(at, headers={"Range": "bytes=100-199"})
    assert (part.status_code, body_of(part)) == (206, stored[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(stored)}"
    assert part["Content-Type"] == "video/mp4"
    tail = producer.get(at, headers={"Range": "bytes=-50"})
    assert body_of(tail) == stored[-50:]
    beyond = producer.get(at, headers={"Range": f"bytes={len(stored)}-"})
    assert beyond.status_code == 416
    asked = producer.head(at)
    assert (asked.status_code, asked["Content-Length"]) == (200, str(len(stored)))
    assert asked["Accept-Ranges"] == "bytes"
    assert body_of(asked) == b""
    again = producer.get(at, headers={"If-None-Match": asked["ETag"]})
    assert (again.status_code, body_of(again)) == (304, b"")


@pytest.mark.parametrize("name", FILES)
def test_before_it_is_made_there_is_no_file(filmed, producer, name):
    assert producer.get(address(name, filmed)).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_after_retention_the_files_are_gone(film, producer, name):
    Take.objects.update(files_deleted_at=timezone.now())
    response = producer.get(address(name, film.take))
    assert response.status_code == 410
    assert "were deleted" in response.content.decode()


def test_a_film_that_was_changed_on_disk_is_not_played(film, producer):
    data = path_of(film.film).read_bytes()
    path_of(film.film).write_bytes(data[:-1] + b"!")
    assert producer.get(address("preview-film", film.take)).status_code == 404


def test_the_page_plays_the_film_with_its_planned_cuts(film, producer):
    page = producer.get(reverse("reviews:take", args=[film.take_id])).content.decode()
    assert f'src="{address("preview-film", film.take)}"' in page
    assert f'poster="{address("film-poster", film.take)}"' in page
    assert 'data-runs="18000*1 12500*1"' in page
    assert 'data-cut="2" data-from="18000" data-ms="12500"' in page
    assert "planned cut at 0:18" in page
    assert "autoplay" not in page
    assert "data-pulse" not in page.split('id="stage"')[1].split(">")[0]


def test_while_it_is_made_the_gif_is_shown_and_the_stage_asks_again(filmed, producer):
    page = producer.get(reverse("reviews:take", args=[filmed.pk])).content.decode()
    film = PreviewFilm.objects.get()
    assert f'src="{address("preview", filmed)}"' in page
    assert "Making the film that you can pause" in page
    since = f"{film.pk}-waiting-0"
    assert f"{address('stage', filmed)}?since={since}" in page
    at = address("stage", filmed)
    assert producer.get(at, {"since": since}, headers=HTMX).status_code == 204
    PreviewFilm.objects.update(status="working", progress=420)
    stage = producer.get(at, {"since": since}, headers=HTMX)
    assert 'value="42"' in stage.content.decode()
    assert "no-store" in stage["Cache-Control"]


def test_the_stage_alone_is_no_page(filmed, producer):
    response = producer.get(address("stage", filmed))
    assert (response.status_code, response["Location"]) == (302, address("take", filmed))


def test_why_it_failed_is_said_and_it_can_be_tried_again(filmed, producer):
    producer.get(address("take", filmed))
    PreviewFilm.objects.update(status="failed", attempts=3, says="The disk is full.")
    page = producer.get(address("take", filmed)).content.decode()
    assert "could not be made. The disk is full." in page
    assert "Try again" in page
    stage = producer.post(address("redraw-film", filmed), headers=HTMX)
    assert "Making the film" in stage.content.decode()
    film = PreviewFilm.objects.get()
    assert (film.status, film.attempts, film.says) == ("waiting", 0, "")
    plain = producer.post(address("redraw-film", filmed))
    assert (plain.status_code, plain["Location"]) == (302, address("take", filmed))


def test_what_is_ready_is_not_drawn_again_by_a_press(film, producer):
    producer.post(address("redraw-film", film.take), headers=HTMX)
    film.refresh_from_db()
    assert film.status == "ready"


@pytest.mark.parametrize(("name", "method"), [("stage", "get"), ("redraw-film", "post")])
def test_the_stage_is_for_members(filmed, stranger, producer, name, method):
    at = address(name, filmed)
    assert getattr(stranger, method)(at).status_code == 404
    assert getattr(Client(), method)(at).status_code == 302
    wrong = {"get": "post", "post": "get"}[method]
    assert getattr(producer, wrong)(at).status_code == 405
    assert not PreviewFilm.objects.exists()


def test_a_guest_with_a_mark_sees_no_picture_until_their_own_is_ready(
    filmed,
    producer,
    share,
    visit,
    drawn,
):
    house = drawn(films.film_for(Reviewer(filmed, user=producer.user, role="producer")))
    guest = visit(share())
    page = guest.get(guest.base).content.decode()
    assert "with your name in it" in page
    assert "preview.gif" not in page
    assert guest.get(f"{guest.base}preview.mp4").status_code == 404
    own = drawn(PreviewFilm.objects.exclude(guest=None).get())
    assert own.film.sha256 != house.film.sha256
    served = body_of(guest.get(f"{guest.base}preview.mp4"))
    assert served == path_of(own.film).read_bytes()
    assert "preview.gif" not in guest.get(guest.base).content.decode()


def test_the_frames_of_the_shots_come_with_a_guests_own_film(filmed, share, visit, drawn, viewer):
    guest = visit(share())
    page = guest.get(guest.base).content.decode()
    assert page.count('class="thumb none"') == 2
    asks = re.search(r'hx-get="([^"]+stage/[^"]+)"', page)[1]
    PreviewFilm.objects.update(progress=420)
    meanwhile = guest.get(asks, headers=HTMX).content.decode()
    assert "data-shot-row" not in meanwhile
    drawn(PreviewFilm.objects.get())
    arrived = guest.get(asks, headers=HTMX).content.decode()
    assert arrived.count('hx-swap-oob="true"') == arrived.count("data-shot-row") == 2
    assert arrived.count(f'<image href="{guest.base}strip.jpg"') == 2
    # The shots of members ask for themselves.
    assert (
        "data-shot-row" not in viewer.get(address("stage", filmed), headers=HTMX).content.decode()
    )


def test_the_stage_costs_the_same_queries_however_many_guests_have_films(
    film,
    producer,
    share,
    visit,
    django_assert_num_queries,
):
    at = address("stage", film.take)
    with CaptureQueriesContext(connection) as before:
        assert producer.get(at, headers=HTMX).status_code == 200
    asked = len(before)
    for name in ("Ann", "Ben", "Cleo", "Dan"):
        guest = visit(share(), name)
        guest.get(guest.base)
    assert PreviewFilm.objects.count() == 5
    with django_assert_num_queries(asked):
        producer.get(at, headers=HTMX)
