"""Guessed addresses, by everybody: none gives the film, nor the vendor's own picture.

Every state × every principal × every way to ask at the right addresses: test_matrix.py.
"""

import os
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.test import Client

from studio.reviews.deciding.decisions import Verdict, decide
from studio.vault import storing
from tests.reviews.conftest import FILM, VENDOR_GIF, body_of

pytestmark = pytest.mark.any_database

MEMBERS = ("admin", "producer", "creative", "viewer")
PRINCIPALS = (*MEMBERS, "stranger", "anonymous")


def released(take, by):
    decide(take, Verdict.APPROVED, by)


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
    counts = {"guesses": 0}
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
    tally["guesses"] += 1
    return response, body_of(response)


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
