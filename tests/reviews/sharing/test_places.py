"""A guest's place lasts as long as the link, by their browser alone; a session does not for it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from studio.reviews.models import Guest
from studio.reviews.sharing.links import change, revoke
from tests.reviews.sharing.conftest import path_of

pytestmark = pytest.mark.any_database

BEGINNING = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEPT = {"label": "", "view_cap": 1, "passphrase": None}


@pytest.fixture
def clock():
    with time_machine.travel(BEGINNING, tick=False) as traveller:
        yield traveller


def day(clock, number, *browsers):
    """Go to that day; the browsers forget cookies that have run out, the studio its sessions."""
    clock.move_to(BEGINNING + timedelta(days=number))
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    for browser in browsers:
        for name, cookie in list(browser.cookies.items()):
            if cookie["expires"] and parsedate_to_datetime(cookie["expires"]) <= timezone.now():
                del browser.cookies[name]


def place_of(client):
    return client.cookies[f"place-{client.link.uid.hex}"]


@pytest.mark.parametrize("number", [20, 80])
def test_who_took_a_links_only_place_comes_back_to_it(share, visit, clock, number):
    new = share(view_cap=1, days=90, rights="comment", marks_viewer=False)
    jane = visit(new, "Jane")
    day(clock, number, jane)
    assert "sessionid" not in jane.cookies
    # Neither by their bookmark nor by the link itself are they asked for anything again.
    assert jane.get(f"{jane.base}preview.gif").status_code == 200
    assert jane.get(path_of(new)).headers["Location"] == jane.base
    assert 'action="enter"' not in jane.get(jane.base).content.decode()
    assert jane.post(f"{jane.base}notes/add/", {"text": "Rain", "at": "0"}).status_code == 302
    assert [str(note.guest) for note in new.link.take.notes.all()] == ["Jane"]
    # Another browser has no such place.
    john = visit(new, name=None)
    assert "As many people as may" in john.get(john.base).content.decode()
    assert john.post(f"{john.base}enter", {"name": "John"}).status_code == 410
    assert john.get(f"{john.base}preview.gif").status_code == 403
    new.link.refresh_from_db()
    assert (new.link.views, Guest.objects.count()) == (1, 1)


def test_a_place_ends_with_the_link(share, visit, clock):
    jane = visit(share(view_cap=1, days=90))
    day(clock, 89.99, jane)
    assert jane.get(jane.base).status_code == 200
    day(clock, 90, jane)
    assert jane.get(jane.base).status_code == 410
    assert jane.get(f"{jane.base}poster").status_code == 410


def test_a_place_ends_when_the_link_is_revoked(share, visit, producer, clock):
    jane = visit(new := share(view_cap=1, days=90))
    day(clock, 20, jane)
    revoke(new.link, producer.user)
    for path in ("", "open/", "poster", "preview.mp4"):
        assert jane.get(f"{jane.base}{path}").status_code == 410


def test_a_place_outlasts_a_pause_of_its_link(share, visit, producer, clock):
    """Links are extended when they have run out and somebody says so."""
    jane = visit(new := share(view_cap=1, days=14))
    day(clock, 20, jane)
    assert jane.get(jane.base).status_code == 410
    change(new.link, producer.user, days=90, **KEPT)
    assert jane.get(jane.base).status_code == 200
    day(clock, 109, jane)
    assert jane.get(jane.base).status_code == 200


def test_a_later_passphrase_is_asked_of_who_has_a_place(share, visit, producer, clock):
    jane = visit(
        new := share(view_cap=1, days=90, passphrase="open sesame", marks_viewer=False),
        passphrase="open sesame",
    )
    day(clock, 20, jane)
    assert jane.get(f"{jane.base}preview.gif").status_code == 200
    change(new.link, producer.user, days=None, **KEPT | {"passphrase": "open barley"})
    assert jane.get(f"{jane.base}preview.gif").status_code == 403
    assert jane.post(f"{jane.base}enter", {"passphrase": "open barley"}).status_code == 302
    day(clock, 60, jane)
    assert jane.get(f"{jane.base}preview.gif").status_code == 200
    assert Guest.objects.count() == 1


def test_a_cap_lowered_below_theirs_shuts_who_has_a_place(share, visit, producer, clock):
    new = share(view_cap=2, days=90)
    visit(new, "First")
    second = visit(new, "Second")
    change(new.link, producer.user, days=None, **KEPT)
    day(clock, 20, second)
    assert second.get(second.base).status_code == 410


def test_a_place_is_its_links_alone_and_cannot_be_written(share, visit):
    first, second = visit(share(), "Jane"), visit(share(), name=None)
    del second.cookies["sessionid"]
    second.cookies[f"place-{second.link.uid.hex}"] = place_of(first).value
    assert second.get(second.base).status_code == 404
    for forged in ("", "x", place_of(first).value[:-1] + "?", "e30:1vN:x"):
        second.cookies[f"place-{second.link.uid.hex}"] = forged
        assert second.get(second.base).status_code == 404


def test_no_script_and_no_other_address_gets_the_cookie(share, visit):
    jane = visit(share(days=90))
    cookie = place_of(jane)
    assert cookie["path"] == jane.base
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    assert Guest.objects.get().key_sha256 not in cookie.value


def test_who_was_in_before_places_were_kept_gets_theirs_on_the_next_visit(share, visit, clock):
    jane = visit(share(view_cap=1, days=90))
    del jane.cookies[f"place-{jane.link.uid.hex}"]
    jane.get(jane.base)
    day(clock, 80, jane)
    assert jane.get(jane.base).status_code == 200


def test_no_session_lives_longer_for_a_place(share, visit, producer, clock):
    new = share(days=90)
    before = {row.pk: row.expire_date for row in Session.objects.all()}
    producer.get(path_of(new))
    producer.post(f"/shared/{new.link.uid}/enter", {"name": "Paula"})
    visit(new, "Jane")
    two_weeks = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert before
    assert {row.expire_date for row in Session.objects.all()} == {two_weeks}
    day(clock, 15, producer)
    assert producer.get(f"/takes/{new.link.take_id}/").status_code == 302


def test_a_guest_who_signs_in_later_is_a_member_for_as_long_as_members_are(
    share, visit, clock, viewer
):
    jane = visit(share(view_cap=1, days=90), "Vera")
    jane.force_login(viewer.user)
    day(clock, 13, jane)
    assert jane.get(f"/takes/{jane.link.take_id}/").status_code == 200
    day(clock, 20, jane)
    assert jane.get(f"/takes/{jane.link.take_id}/").status_code == 302
    assert jane.get(jane.base).status_code == 200


def test_the_place_of_who_came_in_as_a_member_is_that_members(share, stranger, viewer, clock):
    """Their browser may be before somebody else when they are signed out."""
    new = share(view_cap=1, days=90)
    base = f"/shared/{new.link.uid}/"
    stranger.get(path_of(new))
    stranger.post(f"{base}enter", {"name": "Sam"})
    day(clock, 20, stranger)
    assert stranger.get(base).status_code == 404
    stranger.force_login(viewer.user)
    assert stranger.get(base).status_code == 404
    stranger.force_login(stranger.user)
    assert stranger.get(base).status_code == 200
