"""Every state of a take × every principal × every file × every way to ask: status and bytes.

What is expected stands in the three tables below; nothing is computed from the code under test.
`tests/reviews/sharing` does the same for guests, test_who_gets_what.py guesses at addresses.
"""

import hashlib
import os
from collections import Counter
from dataclasses import asdict
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from studio.accounts.models import Role, User
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.decisions import Verdict, decide, take_back
from studio.reviews.deciding.releases import release, withdraw
from studio.reviews.models import Decision, PreviewFilm, Release
from studio.reviews.seals import parts_of, seal_of
from studio.vault import storing
from tests.builders import take_without_files
from tests.reviews.conftest import FILM_MARK, PREVIEW, body_of
from tests.reviews.deciding.conftest import guest_of, link_of, person, rule  # noqa: F401

pytestmark = pytest.mark.any_database

YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED
FILM = b"\x00\x00\x00\x18ftypisom" + FILM_MARK * 2_000
VENDOR_MARK = b"~VENDORS-OWN-GIF~"
FILES = {
    "vendor_gif": (b"GIF89a" + VENDOR_MARK * 50, "image/gif"),
    "preview_gif": (PREVIEW, "image/gif"),
    "poster": (b"\x89PNG" + b"~poster~" * 50, "image/png"),
    "filmstrip": (b"\xff\xd8" + b"~filmstrip~" * 50, "image/jpeg"),
    "video": (FILM, "video/mp4"),
}
DRAWN = {
    "film": (b"\x00\x00\x00\x18ftypisom" + b"~preview film~" * 50, "video/mp4"),
    "poster": (b"\xff\xd8" + b"~poster of it~" * 50, "image/jpeg"),
    "strip": (b"\xff\xd8" + b"~strip~" * 50, "image/jpeg"),
}

# Which file each address below a take gives: one that came, or one that was made from the preview.
VIDEOS = ("video.mp4", "video.mp4?download=1")
STORED = {"preview.gif": "preview_gif", "poster": "poster", "filmstrip.jpg": "filmstrip"}
STORED |= dict.fromkeys(VIDEOS, "video")
MADE = {"preview.mp4": "film", "preview.jpg": "poster", "strip.jpg": "strip"}
MEMBERS = ("admin", "producer", "creative", "viewer")
# Others get this whatever they ask for, and in whatever state the take is.
OTHERS = {"stranger": 404, "ex-member": 404, "anonymous": 302}


def undecided(take, by):
    pass


def short_of_policy(take, by):
    by.rule(approvals_needed=2)
    decide(take, YES, by.producer)


def approved_not_released(take, by):
    by.rule(releases_itself=False)
    decide(take, YES, by.producer)


def approved_and_released(take, by):
    decide(take, YES, by.producer)


def released_by_two(take, by):
    by.rule(approvals_needed=2)
    decide(take, YES, by.producer)
    decide(take, YES, by.admin)


def released_by_hand(take, by):
    approved_not_released(take, by)
    release(take, by.admin)


def released_before_the_policy_grew(take, by):
    decide(take, YES, by.producer)
    by.rule(approvals_needed=5, roles=("admin",))


def released_again(take, by):
    release_withdrawn(take, by)
    release(take, by.producer)


def changes_requested(take, by):
    decide(take, NO, by.producer, "Slower.")


def changes_requested_after_release(take, by):
    decide(take, YES, by.producer)
    decide(take, NO, by.admin, "After all not.")


def release_withdrawn(take, by):
    decide(take, YES, by.producer)
    withdraw(take, by.producer)


def approval_withdrawn(take, by):
    released_by_two(take, by)
    take_back(take, by.producer)


def only_advice(take, by):
    by.rule(roles=("admin",))
    decide(take, YES, by.producer)
    decide(take, YES, by.guest(take))


def tampered_video(take, by):
    decide(take, YES, by.producer)
    spoil(take, "video")


def tampered_preview(take, by):
    decide(take, YES, by.producer)
    spoil(take, "preview_gif")


def tampered_payload(take, by):
    decide(take, YES, by.producer)
    Take.objects.filter(pk=take.pk).update(payload=take.payload.replace("Neon", "Free"))


def forged_release(take, by):
    """A row of release alone, for which nobody's approval stands."""
    said = decide(take, NO, by.producer, "No.")
    hashes = {f"{part}_sha256": getattr(said, f"{part}_sha256") for part in PARTS}
    Release.objects.create(take=take, decision=said, released_by=by.producer, **hashes)


def deleted_by_retention(take, by):
    for row in take.assets.select_related("asset"):
        storing.path_of(row.asset).unlink()
        row.asset.deleted_at = timezone.now()
        row.asset.save(update_fields=["deleted_at"])
    Take.objects.filter(pk=take.pk).update(files_deleted_at=timezone.now())


PARTS = ("payload", "preview", "video")
# To members: the status of each preview, and of the video.
STATES = {
    undecided: (200, 403),
    short_of_policy: (200, 403),
    approved_not_released: (200, 403),
    approved_and_released: (200, 200),
    released_by_two: (200, 200),
    released_by_hand: (200, 200),
    released_before_the_policy_grew: (200, 200),
    released_again: (200, 200),
    changes_requested: (200, 403),
    changes_requested_after_release: (200, 403),
    release_withdrawn: (200, 403),
    approval_withdrawn: (200, 403),
    only_advice: (200, 403),
    tampered_video: (200, 403),
    tampered_preview: (200, 403),
    tampered_payload: (200, 403),
    forged_release: (200, 403),
    deleted_by_retention: (410, 410),
}
# Where one preview differs from the others.
SPOILT = {(tampered_preview, "preview.gif"): 404}

# Method, headers ({tag} is the file's own), the status where it is open, and which bytes come then.
ALWAYS = (
    ("GET", {}, 200, slice(None)),
    ("HEAD", {}, 200, slice(0)),
    ("GET", {"Range": "bytes=100-199"}, 206, slice(100, 200)),
    ("GET", {"If-None-Match": "{tag}"}, 304, slice(0)),
    ("GET", {"If-Range": "{tag}", "Range": "bytes=16-"}, 206, slice(16, None)),
)
# What else players and attackers send; asked of a film that is open and of one that is not.
RARELY = (
    ("GET", {"Range": "bytes=0-"}, 206, slice(None)),
    ("GET", {"Range": "bytes=-64"}, 206, slice(-64, None)),
    ("GET", {"Range": "bytes=0-9,20-29"}, 200, slice(None)),
    ("GET", {"Range": "bytes=999999999-"}, 416, None),
    ("HEAD", {"Range": "bytes=0-"}, 200, slice(0)),
    ("GET", {"If-None-Match": "*"}, 304, slice(0)),
    ("GET", {"If-None-Match": 'W/"other"'}, 200, slice(None)),
    ("GET", {"If-Range": '"other"', "Range": "bytes=16-"}, 200, slice(None)),
    ("GET", {"If-Match": '"other"'}, 412, slice(0)),
    ("POST", {}, 405, slice(0)),
)
TELLING = {"ETag", "Content-Range", "Accept-Ranges", "X-Accel-Redirect", "Content-Disposition"}


def spoil(take, part):
    path = storing.path_of(take.assets.get(part=part).asset)
    path.write_bytes(b"x" * path.stat().st_size)


@pytest.fixture
def people(admin, producer, creative, viewer, stranger, workspace, actor):
    """A client for each principal; all are signed in but one, also who is a member no more."""
    User.objects.filter(pk=creative.user.pk).update(email="creative@elsewhere.example")
    gone = actor(workspace, Role.CREATIVE)
    gone.user.memberships.all().delete()
    clients = (admin, producer, creative, viewer, stranger, gone, Client())
    return dict(zip((*MEMBERS, *OTHERS), clients, strict=True))


@pytest.fixture
def by(admin, producer, rule, guest_of):  # noqa: F811
    """Who makes the stories happen."""
    return SimpleNamespace(admin=admin.user, producer=producer.user, rule=rule, guest=guest_of)


@pytest.fixture
def filled(workspace, keep):
    """`filled(status)`: a take with every file that there is, and what each address should give."""

    def make(status=Status.READY, project=None):
        take, given = take_without_files(workspace, status, project), {}
        for part, (data, media_type) in FILES.items():
            # Each take has bytes of its own: spoiling one take spoils no other.
            given[part] = data + (FILM_MARK if part == "video" else b"~own~") * take.number
            asset = keep(workspace, given[part], media_type)
            TakeAsset.objects.create(take=take, part=part, asset=asset)
        drawn = {name: keep(workspace, *file) for name, file in DRAWN.items()}
        sha256 = take.assets.get(part="preview_gif").asset.sha256
        PreviewFilm.objects.create(take=take, status="ready", made_from=sha256, **drawn)
        bytes_of = {address: given[part] for address, part in STORED.items()}
        return take, bytes_of | {address: DRAWN[part][0] for address, part in MADE.items()}

    return make


class Matrix:
    """Asks, compares with what is expected, and counts."""

    def __init__(self, people):
        self.people = people
        self.told = Counter()

    def ask(self, who, method, address, headers):
        response = self.people[who].generic(method, address, headers=headers)
        self.told["cells"] += 1
        return response, body_of(response)

    def check(self, take, bytes_of, expected, cells):
        """`expected(address)` is the status for members; `cells` are pairs of address and way."""
        for address, (method, asked, status, part) in cells:
            whole = bytes_of[address]
            tag = f'"{hashlib.sha256(whole).hexdigest()}"'
            headers = {name: value.replace("{tag}", tag) for name, value in asked.items()}
            for who in self.people:
                response, data = self.ask(who, method, f"/takes/{take.pk}/{address}", headers)
                cell = (who, method, address, asked, response.status_code)
                closed = expected(address) if who in MEMBERS else OTHERS[who]
                if closed == 200:
                    assert response.status_code == status, cell
                    assert part is None or data == whole[part], cell
                    assert (FILM_MARK in data) <= (address in VIDEOS), cell
                    self.told["film bytes where allowed"] += data.count(b"FULL-FILM") * 16
                else:
                    refused = 405 if method == "POST" and closed != 302 else closed
                    assert response.status_code == refused, cell
                    self.nothing_of(bytes_of, response, data, cell)

    def says(self):
        return "who gets what: " + ", ".join(f"{n:,} {what}" for what, n in self.told.items())

    def nothing_of(self, bytes_of, response, data, cell):
        """Neither a byte of any file, nor anything that tells about it."""
        self.told["film bytes elsewhere"] += data.count(b"FULL-FILM") * 16
        for mark in (b"FULL-FILM", b"VENDORS-OWN", b"~watermarked~", b"~preview film~", b"~strip~"):
            assert mark not in data, cell
        assert not TELLING & set(response.headers), cell
        for whole in bytes_of.values():
            assert hashlib.sha256(whole).hexdigest().encode() not in data, cell


def guesses(take, other):
    """Addresses that somebody might try for this take's film, or by another take's right."""
    path = take.assets.get(part="video").asset.path
    climb = os.path.relpath(
        django_settings.STUDIO_VAULT / path, django_settings.STATICFILES_DIRS[0]
    )
    yield f"/takes/{other.pk}/video.mp4?take={take.pk}"
    yield f"/takes/{take.pk}/preview.gif/../VIDEO.MP4%00"
    yield f"/static/{quote(climb, safe='')}"


def usual_cells(turn):
    """Every way for the film, and each preview in another way than in the state before."""
    yield from ((VIDEOS[0], way) for way in ALWAYS)
    yield VIDEOS[1], ALWAYS[0]
    for place, address in enumerate(a for a in (*STORED, *MADE) if a not in VIDEOS):
        yield address, ALWAYS[(place + turn) % len(ALWAYS)]


def test_every_state_of_a_ready_take(people, by, filled, tell):
    matrix = Matrix(people)
    other, _ = filled()
    for turn, (story, (previews, video)) in enumerate(STATES.items()):
        by.rule()
        take, bytes_of = filled(project=other.project)
        story(take, by)

        def expected(address, story=story, previews=previews, video=video):
            usual = video if address in VIDEOS else previews
            return SPOILT.get((story, address), usual)

        cells = [*usual_cells(turn)]
        if story in (undecided, approved_and_released):
            cells += [(VIDEOS[0], way) for way in RARELY]
        matrix.check(take, bytes_of, expected, cells)
        for who in people:
            for address in guesses(take, other):
                response, data = matrix.ask(who, "GET", address, {"Range": "bytes=0-"})
                assert b"FULL-FILM" not in data, (story, who, address, response.status_code)
                assert VENDOR_MARK not in data, (story, who, address, response.status_code)
    tell(matrix.says())


def test_no_other_status_of_a_take_gives_its_film(people, by, filled, tell):
    """Not even with its files and a release on record."""
    matrix = Matrix(people)
    for turn, status in enumerate(one for one in Status if one != Status.READY):
        take, bytes_of = filled(status)
        seal = asdict(seal_of(take, parts_of(take)))
        said = Decision.objects.create(take=take, verdict=YES, decided_by=by.producer, **seal)
        Release.objects.create(take=take, decision=said, released_by=by.producer, **seal)
        ways = (ALWAYS[0], ALWAYS[1 + turn % 4])
        matrix.check(take, bytes_of, lambda _: 403, [(VIDEOS[0], way) for way in ways])
    tell(matrix.says())
