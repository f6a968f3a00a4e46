"""The matrix: every state of a take × every principal × every way to ask, on film and preview.

The film's bytes leave for members of the workspace while a release is live, and for nobody else.
"""

import os
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.test import Client

from studio.renders.lifecycle import Status
from studio.renders.models import TakeAsset
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import release, withdraw
from studio.vault import storing
from tests.reviews.conftest import FILM, FILM_MARK, PREVIEW, VENDOR_GIF, body_of

pytestmark = pytest.mark.any_database

MEMBERS = ("admin", "producer", "creative", "viewer")
PRINCIPALS = (*MEMBERS, "stranger", "anonymous")


def undecided(take, by):
    pass


def changes_requested(take, by):
    decide(take, Verdict.CHANGES_REQUESTED, by, "Slower.")


def released(take, by):
    decide(take, Verdict.APPROVED, by)


def withdrawn(take, by):
    released(take, by)
    withdraw(take, by)


def sent_back_after_release(take, by):
    released(take, by)
    changes_requested(take, by)


def released_again(take, by):
    withdrawn(take, by)
    release(take, by)


def truncated_after_release(take, by):
    released(take, by)
    film = storing.path_of(take.assets.get(part="video").asset)
    film.write_bytes(FILM[:-1])


STORIES = (
    undecided,
    changes_requested,
    released,
    withdrawn,
    sent_back_after_release,
    released_again,
    truncated_after_release,
)
OPEN = (released, released_again)


def ways_to_ask(asset):
    """Method and headers of each way in which a browser, a player or an attacker asks."""
    tag = f'"{asset.sha256}"'
    return [
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"Range": "bytes=0-"}),
        ("GET", {"Range": "bytes=100-199"}),
        ("GET", {"Range": "bytes=-64"}),
        ("GET", {"Range": "bytes=0-9,20-29"}),
        ("HEAD", {"Range": "bytes=0-"}),
        ("GET", {"If-None-Match": tag}),
        ("GET", {"If-None-Match": "*"}),
        ("GET", {"If-Range": tag, "Range": "bytes=16-"}),
        ("GET", {"If-Match": tag}),
    ]


@pytest.fixture(scope="module")
def tally(request):
    counts = {"cells": 0, "film bytes where allowed": 0, "film bytes elsewhere": 0}
    yield counts
    says = "who gets what: " + ", ".join(f"{count:,} {what}" for what, count in counts.items())
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{says}")  # noqa: T201  (the figure that this module is for)


@pytest.fixture
def people(admin, producer, creative, viewer, stranger):
    signed_in = (admin, producer, creative, viewer, stranger)
    return dict(zip(PRINCIPALS, (*signed_in, Client()), strict=True))


def ask(tally, client, method, address, headers):
    response = client.generic(method, address, headers=headers)
    tally["cells"] += 1
    return response, body_of(response)


def check_film(tally, people, take, is_open, queries=("", "?download=1")):
    film = take.assets.get(part="video").asset
    address = f"/takes/{take.pk}/video.mp4"
    for who, client in people.items():
        for query in queries:
            for method, headers in ways_to_ask(film):
                response, data = ask(tally, client, method, address + query, headers)
                cell = (who, method, query, headers, response.status_code)
                if is_open and who in MEMBERS:
                    assert response.status_code in (200, 206, 304), cell
                    assert data in FILM, cell
                    tally["film bytes where allowed"] += len(data)
                else:
                    tally["film bytes elsewhere"] += data.count(FILM_MARK) * len(FILM_MARK)
                    expected = 403 if who in MEMBERS else 404 if who == "stranger" else 302
                    assert response.status_code == expected, cell
                    assert b"FULL-FILM" not in data, cell
                    told = {"ETag", "Content-Range", "Accept-Ranges", "X-Accel-Redirect"}
                    assert not told & set(response.headers), cell
                    assert film.sha256 not in data.decode(), cell


def check_preview(tally, people, take):
    preview = take.assets.get(part="preview_gif").asset
    for who, client in people.items():
        for name in ("preview.gif", "poster"):
            for method, headers in ways_to_ask(preview):
                address = f"/takes/{take.pk}/{name}"
                response, data = ask(tally, client, method, address, headers)
                cell = (who, name, method, headers, response.status_code)
                assert b"FULL-FILM" not in data, cell
                assert b"VENDORS-OWN" not in data, cell
                if who not in MEMBERS:
                    assert response.status_code == (404 if who == "stranger" else 302), cell
                elif name == "preview.gif":
                    assert response.status_code in (200, 206, 304), cell
                    assert data in PREVIEW, cell


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_ready_take(tally, people, take, story):
    story(take, people["producer"].user)
    check_film(tally, people, take, is_open=story in OPEN)
    check_preview(tally, people, take)


@pytest.mark.parametrize("status", [s for s in Status if s != Status.READY])
def test_a_take_that_is_not_ready_even_if_its_files_are_there(
    tally, people, take, make_take, status
):
    other = make_take(status)
    TakeAsset.objects.filter(take=take).update(take=other)
    check_film(tally, people, other, is_open=False, queries=("",))


def guesses(take):
    """Addresses that somebody who knows the vault's layout would try."""
    for part, row in ((row.part, row) for row in take.assets.select_related("asset")):
        path, on_disk = row.asset.path, str(storing.path_of(row.asset))
        climb = os.path.relpath(on_disk, django_settings.STATICFILES_DIRS[0])
        yield from (f"/{place}/{path}" for place in ("static", "media", "vault", "var/vault"))
        yield f"/static/{climb}"
        yield f"/static/{quote(climb, safe='')}"
        yield f"/static/{climb.replace('../', '%2e%2e/')}"
        yield f"/static/{climb.replace('../', '..%5c')}"
        yield f"/static/css/../{climb}"
        yield f"/static/{on_disk}"
        yield f"/{on_disk}"
        yield f"/takes/{take.pk}/{part}"
        yield f"/takes/{take.pk}/asset/{part}"
        yield f"/takes/{take.pk}/{part}.gif"
        yield f"/takes/{take.pk}/{row.asset_id}.mp4"
        yield f"/takes/{take.pk}/preview.gif?part={part}&path={path}"
        yield f"/takes/{take.pk}/poster?part={part}&asset={row.asset_id}"
        yield f"/takes/{take.pk}/preview.gif/../{path}"
        yield f"/takes/{take.pk}/preview.gif%00.mp4"
    yield f"/takes/{take.pk}/video.mp4/"
    yield f"/takes/{take.pk}/video"
    yield f"/takes/{take.pk}/VIDEO.MP4"
    yield f"/takes/{take.pk}/video.mp4%2f"
    yield f"/takes/{take.pk}.mp4"


def test_guessed_addresses_give_nothing_even_of_a_released_take(tally, people, take):
    released(take, people["producer"].user)
    for who, client in people.items():
        for address in guesses(take):
            for headers in ({"Range": "bytes=0-"}, {"X-Accel-Redirect": "/vault/"}):
                _, data = ask(tally, client, "GET", address, headers)
                assert b"FULL-FILM" not in data, (who, address)
                assert VENDOR_GIF[6:20] not in data, (who, address)


def test_a_release_opens_no_other_take(people, take, make_take):
    released(take, people["producer"].user)
    other = make_take(project=take.project)
    locked = people["producer"].get(f"/takes/{other.pk}/video.mp4")
    assert (locked.status_code, b"FULL-FILM" in body_of(locked)) == (403, False)
    assert body_of(people["viewer"].get(f"/takes/{take.pk}/video.mp4")) == FILM
