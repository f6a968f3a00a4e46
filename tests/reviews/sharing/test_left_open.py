"""A guest's page that is open while its link is shut: what its pulse is told."""

import re

import pytest
from django.utils import timezone

from studio.renders.models import Take
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import withdraw
from studio.reviews.models import LinkView, ShareLink
from studio.reviews.sharing.links import change, revoke
from studio.vault.storing import path_of

pytestmark = pytest.mark.any_database

HTMX = {"HX-Request": "true"}
KEPT = {"label": "", "days": None, "view_cap": None, "passphrase": None}


def pulse(client):
    page = client.get(client.base).content.decode()
    asks = re.search(r'id="link-pulse" hidden data-pulse hx-get="([^"]+)"', page)
    return lambda: client.get(asks[1], headers=HTMX)


def revoked(new, by):
    revoke(new.link, by)


def expired(new, by):
    ShareLink.objects.filter(pk=new.link.pk).update(expires_at=timezone.now())


def deleted(new, by):
    Take.objects.filter(pk=new.link.take_id).update(files_deleted_at=timezone.now())


def behind_another_passphrase(new, by):
    change(new.link, by, **KEPT | {"passphrase": "another one"})


def withdrawn(new, by):
    withdraw(new.link.take, by)


def tampered(new, by):
    path_of(new.link.take.assets.get(part="video").asset).write_bytes(b"another film")


ENDS = {
    revoked: (410, "Kitchen Films revoked this link."),
    expired: (410, "This link has expired."),
    deleted: (410, "not kept any more"),
    behind_another_passphrase: (403, "Come in by this link&#x27;s door first."),
    withdrawn: (403, "not available just now"),
    tampered: (403, "not available just now"),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_it_is_told_the_end_in_a_sentence_that_takes_the_pages_place(
    share, visit, producer, take, end
):
    decide(take, Verdict.APPROVED, producer.user)
    new = share(subject="film", rights="comment")
    client = visit(new)
    ask = pulse(client)
    assert (ask().status_code, ask().content) == (204, b"")
    end(new, producer.user)
    status, says = ENDS[end]
    answers = [ask()]
    if end is not tampered:  # what else the page asks: of the film each byte is refused already
        answers.append(client.get(f"{client.base}notes/?since=1", headers=HTMX))
    for ended in answers:
        assert ended.status_code == status
        assert ended.headers["X-Shut"] == "1"
        told = ended.content.decode()
        assert says in told
        assert told.strip().startswith("<section")
        assert "Neon Tokyo" not in told
    assert ("Go to the door" in told) == (end is behind_another_passphrase)
    # Without scripts it is a page, as ever.
    page = client.get(client.base)
    assert "X-Shut" not in page.headers
    assert page.content.startswith(b"<!doctype html>")


def test_a_refusal_of_one_deed_leaves_the_page_alone(share, visit):
    client = visit(share(rights="comment"))
    for refused in (
        client.get(f"{client.base}decision/", headers=HTMX),
        client.get(f"{client.base}notes/999/history/", headers=HTMX),
        client.get(f"{client.base}video.mp4", headers=HTMX),
    ):
        assert refused.status_code in (403, 404)
        assert "X-Shut" not in refused.headers


def test_who_came_last_goes_where_the_cap_is_lowered(share, visit, producer):
    new = share()
    guests = [visit(new, name) for name in ("First", "Second", "Third")]
    asks = [pulse(guest) for guest in guests]
    change(new.link, producer.user, **KEPT | {"view_cap": 2})
    assert [ask().status_code for ask in asks] == [204, 204, 410]
    assert "As many people as may" in guests[2].get(guests[2].base).content.decode()
    assert guests[2].get(f"{guests[2].base}preview.mp4").status_code == 410
    assert guests[2].post(f"{guests[2].base}enter").status_code == 302
    assert guests[2].get(guests[2].base).status_code == 410
    assert LinkView.objects.get(what="refused").guest.name == "Third"
    change(new.link, producer.user, **KEPT | {"view_cap": 3})
    assert [ask().status_code for ask in asks] == [204, 204, 204]


def test_it_costs_the_same_for_the_hundredth_guest(share, visit, django_assert_num_queries):
    new = share(view_cap=1)
    client = visit(new)
    ask = pulse(client)
    ShareLink.objects.filter(pk=new.link.pk).update(views=100)
    with django_assert_num_queries(4):  # the session, the link, the guest, those before them
        assert ask().status_code == 204
