"""The way in by a link: no token in the address, name and passphrase asked, views counted."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from studio.inbox.models import Kind, Notice
from studio.reviews.models import Guest, LinkView, ShareLink
from studio.reviews.sharing.links import TOKEN_BYTES, change, revoke, sha256_of
from tests.reviews.sharing.conftest import path_of

pytestmark = pytest.mark.any_database


def test_a_token_is_32_random_bytes_and_kept_nowhere(share):
    first, second = share(), share()
    tokens = [path_of(new).removeprefix("/s/") for new in (first, second)]
    assert TOKEN_BYTES == 32
    assert tokens[0] != tokens[1]
    for token, new in zip(tokens, (first, second), strict=True):
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
        new.link.refresh_from_db()
        assert new.link.token_sha256 == sha256_of(token)
        assert token not in str(ShareLink.objects.filter(pk=new.link.pk).values().get())


def test_the_token_is_in_no_audit_entry_session_or_notice(share, visit, workspace):
    new = share()
    token = path_of(new).removeprefix("/s/")
    visit(new)
    told = [str(entry.data) + entry.target for entry in workspace.audit_entries.all()]
    told += [str(session.get_decoded()) for session in Session.objects.all()]
    told += [notice.says + notice.url + notice.key for notice in Notice.objects.all()]
    # The audit's entry, the producer's session, the guest's at the door and within, the notice.
    assert len(told) == 5
    assert not [text for text in told if token in text]


def test_a_first_visit_takes_the_token_out_of_the_address(share):
    client = Client()
    new = share()
    opened = client.get(path_of(new))
    assert (opened.status_code, opened.headers["Location"]) == (302, f"/shared/{new.link.uid}/")
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    assert opened.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in opened.headers["X-Robots-Tag"]
    assert "Your name" in client.get(opened.headers["Location"]).content.decode()


def test_the_door_may_be_posted_to_from_its_page(share):
    """With `no-referrer` a browser sends `Origin: null`, which no check against forgery lets by."""
    client = Client(enforce_csrf_checks=True)
    new = share()
    client.get(path_of(new))
    page = client.get(f"/shared/{new.link.uid}/")
    assert page.headers["Referrer-Policy"] == "same-origin"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    typed = {"name": "Jane", "csrfmiddlewaretoken": token[1]}
    assert client.post(f"/shared/{new.link.uid}/enter", typed).status_code == 302
    assert client.post(f"/shared/{new.link.uid}/enter", {"name": "Jane"}).status_code == 403


def test_a_planted_session_does_not_come_in(share):
    """Whoever gave a visitor their own session key is not in when the visitor is."""
    planted, victim = Client(), Client()
    planted.get(path_of(share()))
    victim.cookies = planted.cookies.copy()
    new = share()
    victim.get(path_of(new))
    victim.post(f"/shared/{new.link.uid}/enter", {"name": "Jane"})
    assert victim.get(f"/shared/{new.link.uid}/").status_code == 200
    assert planted.get(f"/shared/{new.link.uid}/").status_code == 404


def test_a_session_planted_at_the_door_does_not_come_in_with_its_victim(share):
    """It has shown the token itself, so opening the link again gives the visitor no other."""
    new = share(passphrase="open sesame", marks_viewer=False)
    base = f"/shared/{new.link.uid}/"
    planted, victim = Client(), Client()
    planted.get(path_of(new))
    victim.cookies = planted.cookies.copy()
    victim.get(path_of(new))
    victim.post(f"{base}enter", {"name": "Jane", "passphrase": "open sesame"})
    assert victim.cookies["sessionid"].value != planted.cookies["sessionid"].value
    assert victim.get(f"{base}preview.gif").status_code == 200
    assert planted.get(f"{base}preview.gif").status_code == 403
    assert "Passphrase" in planted.get(base).content.decode()
    # Nor by what its visitor types later.
    terms = {"label": "", "days": None, "view_cap": None, "passphrase": "open barley"}
    change(new.link, new.link.created_by, **terms)
    inside = Client()
    inside.cookies = victim.cookies.copy()
    victim.post(f"{base}enter", {"passphrase": "open barley"})
    assert victim.get(f"{base}preview.gif").status_code == 200
    assert inside.get(f"{base}preview.gif").status_code == 403


def test_a_member_keeps_their_session_at_the_door(share, producer):
    new = share()
    before = producer.cookies["sessionid"].value
    producer.get(path_of(new))
    producer.post(f"/shared/{new.link.uid}/enter", {"name": "Paula"})
    assert producer.cookies["sessionid"].value == before
    assert "your own page" in producer.get(f"/shared/{new.link.uid}/").content.decode()
    assert producer.get(f"/takes/{new.link.take_id}/").status_code == 200


def test_other_tabs_go_on_when_somebody_comes_in(share, visit):
    """What was open before can still be sent, and what it opened is open."""
    first, second = share(rights="comment"), share()
    client = Client(enforce_csrf_checks=True)
    doors = [client.get(path_of(new), follow=True).content.decode() for new in (first, second)]
    for new, page in zip((first, second), doors, strict=True):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        typed = {"name": "Jane", "csrfmiddlewaretoken": token}
        assert client.post(f"/shared/{new.link.uid}/enter", typed).status_code == 302
    assert [str(guest.link) for guest in Guest.objects.order_by("pk")] == [
        str(first.link),
        str(second.link),
    ]
    typed = {"text": "Rain", "csrfmiddlewaretoken": token}
    assert client.post(f"/shared/{first.link.uid}/notes/add/", typed).status_code == 302


def test_what_another_tab_asks_meanwhile_takes_no_cookie_away(share, visit):
    """It is answered after the browser has got its new session, and knows the former alone."""
    client = visit(share())
    meanwhile = Client()
    meanwhile.cookies = client.cookies.copy()
    visited = share()
    client.get(path_of(visited))
    client.post(f"/shared/{visited.link.uid}/enter", {"name": "Jane"})
    late = meanwhile.get(f"{client.base}open/")
    assert (late.status_code, late.cookies.get("sessionid")) == (204, None)
    assert meanwhile.get(f"/shared/{visited.link.uid}/").status_code == 404


def test_a_key_of_another_links_form_lets_nobody_in(share, visit):
    key = re.compile(r'name="key" value="([\w-]{43})"')
    client = visit(share(), name=None)
    taken = key.search(client.get(client.base).content.decode())[1]
    client.post(f"{client.base}enter", {"name": "Jane", "key": taken})
    other = visit(share(), name=None)
    refused = other.post(f"{other.base}enter", {"name": "Jane", "key": taken})
    assert refused.status_code == 422
    assert "press the button" in refused.content.decode()
    assert key.search(refused.content.decode())[1] != taken
    assert Guest.objects.count() == 1


def test_a_head_of_the_link_leaves_no_session(share):
    client = Client()
    new = share()
    before = Session.objects.count()
    assert client.head(path_of(new)).status_code == 302
    assert not client.cookies
    assert Session.objects.count() == before


def test_only_who_presses_the_button_is_counted(share, visit):
    new = share()
    client = visit(new, name=None)
    client.get(client.base)
    client.get(path_of(new))
    new.link.refresh_from_db()
    assert (new.link.views, Guest.objects.count()) == (0, 0)
    client.post(f"{client.base}enter", {"name": "Jane"})
    client.post(f"{client.base}enter", {"name": "Jane again"})
    client.get(path_of(new))
    client.get(client.base)
    new.link.refresh_from_db()
    assert new.link.views == 1
    assert [guest.name for guest in Guest.objects.all()] == ["Jane"]


@pytest.mark.parametrize(
    "end",
    [
        lambda new, by: revoke(new.link, by),
        lambda new, by: ShareLink.objects.filter(pk=new.link.pk).update(expires_at=timezone.now()),
        lambda new, by: type(new.link.take).objects.update(files_deleted_at=timezone.now()),
        lambda new, by: type(new.link.take).objects.update(status="failed"),
    ],
    ids=["revoked", "expired", "deleted", "not ready"],
)
def test_shut_links_and_mistyped_ones_are_answered_alike(share, producer, end):
    new = share(passphrase="open sesame")
    end(new, producer.user)
    shut, unknown = Client().get(path_of(new)), Client().get("/s/" + "A" * 43)
    assert shut.status_code == unknown.status_code == 404
    assert shut.content == unknown.content
    assert dict(shut.headers) == dict(unknown.headers)
    assert b"Kitchen" not in shut.content
    assert not shut.cookies


def test_many_misses_shut_even_good_links_for_that_address(share):
    new = share()
    for number in range(20):
        assert Client().get(f"/s/guess-{number}").status_code == 404
    assert Client().get(path_of(new)).status_code == 429
    assert Client().get("/s/guess").status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(path_of(new)).status_code == 302


def test_a_link_ends_to_the_second(share, visit):
    with time_machine.travel("2026-11-23 12:00:00Z", tick=False) as now:
        new = share(days=1)
        client = visit(new)
        now.move_to("2026-11-24 11:59:59Z")
        assert client.get(f"{client.base}preview.gif").status_code == 404  # marked: has its own
        assert client.get(client.base).status_code == 200
        now.move_to("2026-11-24 12:00:00Z")
        assert client.get(client.base).status_code == 410
        assert Client().get(path_of(new)).status_code == 404


@pytest.mark.parametrize("days", [0, -1, 91])
def test_no_link_lives_for_less_than_a_day_or_more_than_90(share, days):
    with pytest.raises(ValueError, match="1 to 90 days"):
        share(days=days)


def test_a_link_lives_for_14_days_unless_somebody_says_otherwise(share):
    left = share().link.expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


def test_a_passphrase_is_asked_and_hashed_with_argon2(share, visit, kept_for_real):
    new = share(passphrase="open sesame")
    assert new.link.passphrase.startswith("argon2$argon2id$")
    client = visit(new, name=None)
    door = client.get(client.base).content.decode()
    assert "Passphrase" in door
    assert "Neon Tokyo" not in door
    wrong = client.post(f"{client.base}enter", {"name": "Jane", "passphrase": "open says me"})
    assert wrong.status_code == 422
    assert 'value="Jane"' in wrong.content.decode()
    assert "says me" not in wrong.content.decode()
    assert client.get(f"{client.base}poster").status_code == 403
    client.post(f"{client.base}enter", {"name": "Jane", "passphrase": "open sesame"})
    assert client.get(client.base).status_code == 200
    assert list(new.link.log.values_list("what", "says")) == [
        ("opened", ""),
        ("refused", "Wrong passphrase."),
    ]


def test_another_passphrase_shuts_out_who_came_in_by_the_former(share, visit, producer):
    new = share(passphrase="open sesame", marks_viewer=False)
    client = visit(new, passphrase="open sesame")
    assert client.get(f"{client.base}preview.gif").status_code == 200
    change(new.link, producer.user, label="", days=None, view_cap=None, passphrase="open barley")
    assert client.get(f"{client.base}preview.gif").status_code == 403
    assert "Passphrase" in client.get(client.base).content.decode()
    typed = {"passphrase": "open sesame"}
    assert client.post(f"{client.base}enter", typed).status_code == 422
    typed = {"passphrase": "open barley"}
    assert client.post(f"{client.base}enter", typed).status_code == 302
    assert client.get(f"{client.base}preview.gif").status_code == 200
    new.link.refresh_from_db()
    assert (new.link.views, Guest.objects.get().name) == (1, "Jane Client")


def test_a_passphrase_put_on_later_holds_for_who_is_in(share, visit, producer):
    new = share(marks_viewer=False)
    client = visit(new)
    change(new.link, producer.user, label="", days=None, view_cap=None, passphrase="open sesame")
    assert client.get(f"{client.base}preview.gif").status_code == 403


def test_guesses_are_few(share, visit):
    new = share(passphrase="open sesame")
    client = visit(new, name=None)
    typed = {"name": "Jane", "passphrase": "wrong"}
    tries = [client.post(f"{client.base}enter", typed).status_code for _ in range(9)]
    assert tries == [422] * 8 + [429]
    right = {"name": "Jane", "passphrase": "open sesame"}
    assert client.post(f"{client.base}enter", right).status_code == 429
    assert Guest.objects.count() == 0


def test_guesses_stay_counted_however_much_guests_look_around(share, visit):
    new = share(passphrase="three plain words")
    guest = visit(new, name=None)
    typed = {"name": "Jane", "passphrase": "guess"}
    for _ in range(8):
        assert guest.post(f"{guest.base}enter", typed).status_code == 422
    for number in range(600):  # as many lines of the view log as 200 guests write in ten minutes
        cache.add(f"link-view:{new.link.pk}:opened:{number}:", 1, 600)
    assert guest.post(f"{guest.base}enter", typed).status_code == 429


def test_guesses_from_one_network_are_counted_together(share, visit):
    new = share(passphrase="three plain words")
    guest = visit(new, name=None)
    typed = {"name": "Jane", "passphrase": "guess"}
    tries = [
        guest.post(f"{guest.base}enter", typed, REMOTE_ADDR=f"2001:db8::{n:x}").status_code
        for n in range(1, 10)
    ]
    assert tries == [422] * 8 + [429]


def test_right_passphrases_are_not_held_against_anybody(share, visit):
    new = share(passphrase="open sesame")
    for number in range(12):
        visit(new, name=f"Guest {number}", passphrase="open sesame")
    assert Guest.objects.count() == 12


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u2060", "\u3164", "x" * 61])
def test_a_name_is_asked_that_can_be_read(share, visit, name):
    client = visit(share(), name=None)
    refused = client.post(f"{client.base}enter", {"name": name})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()


def test_a_name_stands_on_one_line_without_tricks(share, visit):
    visit(share(), name=" Jane\u202e\n Client\x07 ")
    assert Guest.objects.get().name == "Jane Client"


def test_without_a_gate_for_names_there_is_still_a_door(share, visit):
    new = share(asks_name=False, marks_viewer=False)
    client = visit(new, name=None)
    assert "Your name" not in client.get(client.base).content.decode()
    assert client.post(f"{client.base}enter").status_code == 302
    assert str(Guest.objects.get()) == "A guest"


def test_who_is_marked_is_asked_for_the_name(share):
    assert share(asks_name=False, marks_viewer=True).link.asks_name


def test_a_cap_lets_that_many_people_in(share, visit):
    new = share(view_cap=2)
    first, _ = visit(new, "First"), visit(new, "Second")
    late = visit(new, name=None)
    assert "As many people as may" in late.get(late.base).content.decode()
    refused = late.post(f"{late.base}enter", {"name": "Third"})
    assert (refused.status_code, Guest.objects.count()) == (410, 2)
    assert first.get(first.base).status_code == 200
    assert LinkView.objects.filter(what="refused").count() == 1


def test_the_first_view_is_told_to_who_made_the_link_once(share, visit, producer):
    new = share(label="Agency")
    visit(new, "Jane")
    visit(new, "John")
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (producer.user, Kind.LINK_VIEWED)
    assert notice.says == "Jane opened your link “Agency” to Neon Tokyo, take 1."
    assert producer.get(notice.url).status_code == 200


def test_a_first_view_is_first_for_good(share, visit):
    new = share()
    visit(new, "Jane")
    Notice.objects.all().delete()  # as pruning does, half a year later
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(days=400))
    visit(new, "John")
    assert not Notice.objects.exists()
    visit(share(), "Jim")
    assert Notice.objects.get().says.startswith("Jim opened your link")


def test_a_guest_who_signs_out_as_a_member_is_out_of_the_link_too(share, viewer):
    new = share()
    viewer.get(path_of(new))
    viewer.post(f"/shared/{new.link.uid}/enter", {"name": "Vera"})
    assert "your own page" in viewer.get(f"/shared/{new.link.uid}/").content.decode()
    viewer.post("/accounts/logout/")
    assert viewer.get(f"/shared/{new.link.uid}/").status_code == 404


def test_a_member_elsewhere_is_a_guest_like_others(share, stranger):
    new = share()
    stranger.get(path_of(new))
    stranger.post(f"/shared/{new.link.uid}/enter", {"name": "Sam"})
    page = stranger.get(f"/shared/{new.link.uid}/").content.decode()
    assert "your own page" not in page
    assert stranger.get(f"/takes/{new.link.take_id}/").status_code == 404


def test_a_session_keeps_forty_links(share, visit):
    client = visit(oldest := share(), name=None)
    for _ in range(40):
        client.get(path_of(share()))
    assert client.get(f"/shared/{oldest.link.uid}/").status_code == 404
