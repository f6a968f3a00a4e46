"""The released film in the player: timed by its own facts, cut as its take was planned."""

import re

import pytest

from studio.renders.models import TakeAsset
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import withdraw
from studio.reviews.models import Release
from studio.reviews.playing.released import released_as
from studio.vault import storing
from tests.reviews.conftest import FILM, body_of

pytestmark = pytest.mark.django_db

FACTS = {"width": 1920, "height": 800, "duration_ms": 30_500, "fps": 24.0, "frames": 732}


@pytest.fixture
def film(take, producer, asset_of):
    """The film of a take that is released, with the facts of a probe."""
    decide(take, Verdict.APPROVED, producer.user)
    video = asset_of(take, TakeAsset.Part.VIDEO)
    video.facts = {**FACTS, "codec": "h264", "has_audio": True}
    video.save(update_fields=["facts"])
    return video


@pytest.fixture
def known(film):
    def with_facts(**facts):
        film.facts = facts
        return released_as(Release.objects.get(), film)

    return with_facts


def player_in(page: str) -> str:
    """The player's part of a page."""
    return re.search(r"<figure.*?</figure>", page, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("facts", "runs"),
    [
        (FACTS, "41.666667*732"),
        ({"duration_ms": 15_015, "fps": 23.976, "frames": 360}, "41.708333*360"),
        ({"duration_ms": 15_000, "fps": 30.0}, "33.333333*450"),
        ({"duration_ms": 10, "fps": 24.0}, "10.000000*1"),
        ({}, "41.666667*732"),  # as long as it was ordered
    ],
)
def test_frames_are_as_long_as_their_number_makes_them(known, facts, runs):
    assert known(**facts).runs == runs
    length, _, count = runs.partition("*")
    lasts_ms = facts.get("duration_ms", 30_500)
    assert float(length) * int(count) == pytest.approx(lasts_ms, abs=0.001)


def test_a_browser_is_asked_whether_it_plays_this_codec(known):
    assert known(codec="hevc").plays == 'video/mp4; codecs="hvc1.1.6.L120.90"'
    assert known(codec="h264").plays == known().plays == 'video/mp4; codecs="avc1.640028"'


def test_guests_and_members_have_it_in_the_player_with_its_planned_cuts(film, share, visit, viewer):
    guest = visit(share(subject="film"))
    take, release = Release.objects.values_list("take_id", "pk").get()
    members = (viewer.get(f"/releases/{release}/"), viewer.get(f"/takes/{take}/"))
    pages = [(f"{guest.base}video.mp4", guest.get(guest.base))]
    pages += [(f"/takes/{take}/video.mp4", page) for page in members]
    for address, page in pages:
        player = player_in(page.content.decode())
        assert f'src="{address}"' in player
        assert 'data-runs="41.666667*732"' in player
        assert 'width="1920" height="800"' in player
        assert 'data-cut="2" data-from="18000" data-ms="12500"' in player
        assert 'data-part="mute"' in player
        assert 'data-part="strip"' not in player  # the film's own frames are in the film alone
        assert "js/review/player.js" in page.content.decode()
        assert "autoplay" not in player


def test_a_film_without_sound_has_nothing_to_turn_down(film, share, visit):
    film.facts["has_audio"] = False
    film.save(update_fields=["facts"])
    guest = visit(share(subject="film"))
    player = player_in(guest.get(guest.base).content.decode())
    assert "without sound" in player
    assert 'data-part="mute"' not in player


def test_what_is_played_is_what_was_approved_in_any_part(film, share, visit, viewer):
    guest = visit(share(subject="film"))
    take, release = Release.objects.values_list("take_id", "pk").get()
    for client, page in (
        (guest, guest.base),
        (viewer, f"/releases/{release}/"),
        (viewer, f"/takes/{take}/"),
    ):
        (address,) = set(re.findall(r'src="([^"]+video.mp4)"', client.get(page).content.decode()))
        part = client.get(address, headers={"Range": "bytes=1000-1999"})
        assert (part.status_code, body_of(part)) == (206, FILM[1000:2000])


def test_withdrawn_it_is_in_no_player(film, take, share, visit, viewer, producer):
    guest = visit(share(subject="film"))
    withdraw(take, producer.user)
    addresses = (f"/releases/{Release.objects.get().pk}/", f"/takes/{take.pk}/")
    for page in (guest.get(guest.base), *(viewer.get(address) for address in addresses)):
        assert b"data-player" not in page.content
        assert b"video.mp4" not in page.content


def test_members_may_look_at_the_preview_of_a_released_film(film, take, viewer):
    room = {"HX-Request": "true"}
    assert 'id="released-' in viewer.get(f"/takes/{take.pk}/").content.decode()
    preview = viewer.get(f"/takes/{take.pk}/?shows=preview", headers=room).content.decode()
    assert 'id="released-' not in preview
    assert f'src="/takes/{take.pk}/preview.gif"' in preview
    assert "Watch the film" in preview
    again = viewer.get(f"/takes/{take.pk}/?shows=anything", headers=room).content.decode()
    assert "Show the preview" in again


def test_a_film_that_is_shut_leaves_the_stage_of_who_watches_it(film, take, viewer, producer):
    before = viewer.get(f"/takes/{take.pk}/").content.decode()
    since = re.search(r"/decision/\?since=([\w-]+)", before)[1]
    withdraw(take, producer.user)
    ask = {"path": f"/takes/{take.pk}/decision/", "data": {"since": since}}
    news = viewer.get(**ask, headers={"HX-Request": "true"}).content.decode()
    stage = news[news.index('id="stage"') :]
    assert 'hx-swap-oob="true"' in stage.partition(">")[0]
    assert f'src="/takes/{take.pk}/preview.gif"' in stage
    assert "video.mp4" not in news


def test_a_film_that_was_tampered_with_is_on_no_stage(film, take, viewer):
    storing.path_of(film).write_bytes(b"another film")
    page = viewer.get(f"/takes/{take.pk}/").content.decode()
    assert "video.mp4" not in page
    assert "is missing or was changed" in page
