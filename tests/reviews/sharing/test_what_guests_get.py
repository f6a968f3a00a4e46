"""The matrix: every kind of link × every state × every way to ask, for everything a take has.

No byte of the film leaves but by a film's link while a release is live; of pictures without the
guest's name none, where a link burns it in; nothing at all once a link is shut.
"""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from studio.renders.models import Take
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import withdraw
from studio.reviews.models import PreviewFilm, ShareLink
from studio.reviews.sharing.links import change, revoke
from studio.vault.storing import path_of
from tests.reviews.conftest import FILM, FILM_MARK, POSTER, PREVIEW, VENDOR_GIF, body_of
from tests.reviews.test_who_gets_what import ways_to_ask

pytestmark = pytest.mark.any_database

HOUSE_FILM = b"\x00\x00\x00\x18ftypisom" + b"~film-of-the-house~" * 200
OWN_FILM = b"\x00\x00\x00\x18ftypisom" + b"~jane-client~" * 200
FILMS = {"film": "video/mp4", "poster": "image/jpeg", "strip": "image/jpeg"}

# What each kind of link opens while all is well, with the bytes that are then right.
PREVIEWS = {"preview.gif": PREVIEW, "poster": POSTER, "preview.mp4": HOUSE_FILM}
PREVIEWS |= {"preview.jpg": HOUSE_FILM, "strip.jpg": HOUSE_FILM}
OWN = {"preview.mp4": OWN_FILM, "preview.jpg": OWN_FILM, "strip.jpg": OWN_FILM}
KINDS = {
    "preview": ({"marks_viewer": False}, PREVIEWS),
    "preview, marked": ({"marks_viewer": True}, OWN),
    "preview, comment": ({"marks_viewer": False, "rights": "comment"}, PREVIEWS),
    "preview, marked, approve": ({"marks_viewer": True, "rights": "approve"}, OWN),
    "film": ({"subject": "film"}, {"video.mp4": FILM, "video.mp4?download=1": FILM}),
    "film, comment": (
        {"subject": "film", "rights": "comment"},
        {"video.mp4": FILM, "video.mp4?download=1": FILM},
    ),
}
# Those that let their guests do the most.
WIDEST = ("preview, marked, approve", "film, comment")
FILES = (*PREVIEWS, "filmstrip.jpg", "video.mp4", "video.mp4?download=1")


def as_it_is(new, by):
    pass


def revoked(new, by):
    revoke(new.link, by)


def expired(new, by):
    ShareLink.objects.filter(pk=new.link.pk).update(expires_at=timezone.now())


def passphrase_changed(new, by):
    change(new.link, by, label="", days=None, view_cap=None, passphrase="another one")


def release_withdrawn(new, by):
    withdraw(new.link.take, by)


def files_deleted(new, by):
    Take.objects.filter(pk=new.link.take_id).update(files_deleted_at=timezone.now())


STATES = {
    as_it_is: None,
    revoked: 410,
    expired: 410,
    passphrase_changed: 403,
    release_withdrawn: None,
    files_deleted: 410,
}


class Tally:
    def __init__(self):
        self.cells = self.given = self.leaked = 0

    def ask(self, client, method, address, headers):
        response = client.generic(method, address, headers=headers)
        data = body_of(response)
        self.cells += 1
        assert VENDOR_GIF[6:20] not in data, address
        return response, data

    def refused(self, cell, response, data, taken_for):
        """Not one byte of any file, nothing about it, and no status but one of `taken_for`."""
        marks = (FILM_MARK, b"~watermarked~", b"~poster~", b"~film-of-the-house~", b"~jane-")
        self.leaked += sum(data.count(mark) for mark in marks)
        assert not [mark for mark in marks if mark in data], cell
        assert response.status_code in taken_for, (cell, response.status_code)
        told = {"ETag", "Content-Range", "Accept-Ranges", "X-Accel-Redirect"}
        assert not told & set(response.headers), cell


@pytest.fixture(scope="module")
def tally(request):
    counts = Tally()
    yield counts
    says = f"what guests get: {counts.cells:,} cells, {counts.given:,} bytes where allowed, "
    says += f"{counts.leaked:,} elsewhere"
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        print(f"\n{says}")  # noqa: T201  (the figure that this module is for)


@pytest.fixture
def drawn(keep):
    """Films of the preview as if the queue had drawn them: the house's and the guest's."""

    def draw(take, guest, data):
        made_from = take.assets.get(part="preview_gif").asset.sha256
        files = {part: keep(take.workspace, data, kind) for part, kind in FILMS.items()}
        fields = {"status": "ready", "made_from": made_from, **files}
        PreviewFilm.objects.update_or_create(take=take, guest=guest, defaults=fields)

    return draw


@pytest.fixture
def guest(share, visit, take, producer, drawn):
    """`guest(kind)`: somebody who is in by a link of that kind; the take is released."""

    def come(kind):
        decide(take, Verdict.APPROVED, producer.user)
        new = share(**KINDS[kind][0])
        client = visit(new)
        drawn(take, None, HOUSE_FILM)
        drawn(take, new.link.guests.get(), OWN_FILM)
        return client, new

    return come


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_files(tally, guest, take, producer, state, kind):
    client, new = guest(kind)
    state(new, producer.user)
    is_film = new.link.subject == "film"
    allowed = {} if STATES[state] else KINDS[kind][1]
    if is_film and state is release_withdrawn:
        allowed = {}
    video = take.assets.get(part="video").asset
    for name in FILES:
        # A film is asked for in every way, a still in those that differ for stills.
        ways = ways_to_ask(video)[:: 1 if "mp4" in name else 3]
        for method, headers in ways:
            response, data = tally.ask(client, method, client.base + name, headers)
            cell = (kind, state.__name__, name, method, headers)
            assert "noindex" in response.headers["X-Robots-Tag"], cell
            if name in allowed:
                assert response.status_code in (200, 206, 304, 412, 416), cell
                assert data in allowed[name] or response.status_code == 416, cell
                tally.given += len(data)
            else:
                shut = STATES[state] or (403 if is_film and state is release_withdrawn else 404)
                tally.refused(cell, response, data, {shut})


@pytest.mark.parametrize("kind", WIDEST)
def test_the_uninvited(tally, guest, take, kind, viewer, stranger, make_take, share, visit):
    """Who has not come by the token, is not in yet, or came by the link to another take."""
    _, new = guest(kind)
    elsewhere = visit(share(make_take()))
    at_the_door = visit(new, name=None)
    people = {"anonymous": Client(), "a guest of another link": elsewhere}
    people |= {"a member": viewer, "a stranger": stranger}
    for who, client in people.items():
        for name in ("", "mark", "stage/", "notes/", *FILES):
            for headers in ({}, {"Range": "bytes=0-"}, {"If-None-Match": "*"}):
                address = f"/shared/{new.link.uid}/{name}"
                response, data = tally.ask(client, "GET", address, headers)
                tally.refused((who, address), response, data, {404})
    for name in FILES:
        response, data = tally.ask(at_the_door, "GET", at_the_door.base + name, {})
        tally.refused(("at the door", name), response, data, {403})


@pytest.mark.parametrize("kind", WIDEST)
def test_guests_are_nobody_to_the_members_addresses(tally, guest, take, kind):
    client, new = guest(kind)
    paths = [f"/takes/{take.pk}/{name}" for name in ("", "notes/", "links/", *FILES)]
    paths += [
        f"/takes/{take.pk}/links/{new.link.pk}/log/",
        "/w/kitchen/links/",
        "/w/kitchen/brand/",
    ]
    for address in paths:
        for method, headers in (("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=0-"})):
            response, data = tally.ask(client, method, address, headers)
            tally.refused((kind, address), response, data, {302})
            assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("kind", WIDEST)
def test_guessed_addresses(tally, guest, take, kind):
    client, new = guest(kind)
    paths = [f"/{place}/{row.asset.path}" for row in take.assets.all() for place in ("vault", "s")]
    for base in (client.base, f"/shared/{uuid4()}/", f"/shared/{new.link.pk}/", "/shared/"):
        paths += [base + name for name in ("vendor.gif", "vendor_gif", "video", "video.mp4/")]
        paths += [base + name for name in ("VIDEO.MP4", "video.mp4%2f", "preview.gif/../video.mp4")]
        paths += [f"{base}{take.pk}/video.mp4", f"{base}takes/{take.pk}/video.mp4"]
        paths += [f"{base}notes/names/", f"{base}release/", f"{base}withdraw/", f"{base}links/"]
        paths += [f"{base}pack.html", f"{base}notes.csv", f"{base}notes.edl", f"{base}versions/"]
    for address in paths:
        for headers in ({}, {"Range": "bytes=0-"}, {"X-Accel-Redirect": "/protected/"}):
            response, data = tally.ask(client, "GET", address, headers)
            tally.refused((kind, address), response, data, {404, 302})


def test_a_film_of_a_preview_link_has_no_address_at_all(share, visit):
    new = share(rights="approve")
    client = visit(new)
    page = client.get(client.base).content.decode()
    assert "video.mp4" not in page
    assert "preview.gif" not in page
    assert f"/takes/{new.link.take_id}" not in page


def test_a_revoked_link_stops_a_film_that_is_being_watched(guest, producer):
    client, new = guest("film")
    first = client.get(f"{client.base}video.mp4", headers={"Range": "bytes=0-99"})
    assert (first.status_code, body_of(first)) == (206, FILM[:100])
    revoke(new.link, producer.user)
    again = {"Range": "bytes=100-199", "If-Range": first.headers["ETag"]}
    then = client.get(f"{client.base}video.mp4", headers=again)
    assert (then.status_code, FILM_MARK in body_of(then)) == (410, False)


def test_a_film_that_is_not_the_approved_one_is_not_explained_to_guests(guest, take):
    client, _ = guest("film")
    path_of(take.assets.get(part="video").asset).write_bytes(FILM[:-1] + b"!")
    refused = client.get(f"{client.base}video.mp4")
    assert refused.status_code == 403
    assert "not available just now" in refused.content.decode()
    assert client.get(client.base).status_code == 403


def test_while_their_own_film_is_made_guests_see_no_other(share, visit, take, drawn, producer):
    drawn(take, None, HOUSE_FILM)
    client = visit(share(marks_viewer=True))
    page = client.get(client.base).content.decode()
    assert "preview.mp4" not in page
    for name in FILES:
        assert client.get(client.base + name).status_code == 404, name
    assert PreviewFilm.objects.exclude(guest=None).get().status == "waiting"
    stage = client.get(f"{client.base}stage/", headers={"HX-Request": "true"})
    assert stage.status_code == 200
    drawn(take, client.link.guests.get(), OWN_FILM)
    assert client.get(f"{client.base}preview.mp4").status_code == 200


def test_every_guests_view_asks_for_the_guest(db):
    """None may be reached without a link, whatever is added here."""
    shared = get_resolver("studio.reviews.sharing.urls").url_patterns
    assert len(shared) > 20
    for pattern in shared:
        assert pattern.callback.login_required is False, pattern
        if pattern.name == "open":
            continue
        args = [uuid4(), 1][: len(pattern.pattern.converters)]
        address = pattern.pattern._route
        for name, value in zip(pattern.pattern.converters, args, strict=True):
            kind = "uuid" if name == "uid" else "int"
            address = address.replace(f"<{kind}:{name}>", str(value))
        answers = {Client().generic(verb, f"/{address}").status_code for verb in ("GET", "POST")}
        assert answers <= {404, 405}, pattern
