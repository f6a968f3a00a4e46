"""Internal notes reach no guest: each way to read or write × each channel × each kind of person.

By the queries, by the answers, by the addresses that guests have, and by what leaves as an export
or a notice. What a guest may not know of is 404, as if it were not there.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from studio.inbox.models import Notice
from studio.reviews.models import Channel, Note
from studio.reviews.notes import exporting, reading, writing
from studio.reviews.notes.drafts import Draft
from studio.reviews.notes.panel import Chosen, listing_of, panel_of
from studio.reviews.sharing.links import Terms, create
from tests.conftest import Actor

SECRET = "secret-of-the-house"
DOT = [{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}]
# Each address that names a note, and with what.
OF_A_NOTE = {
    "note-reply": "post",
    "note-edit": "both",
    "note-delete": "post",
    "note-restore": "post",
    "note-resolve": "post",
    "note-reopen": "post",
    "note-history": "get",
    "note-drawing": "get",
}


class House:
    """A take with everything twice: in the house's channel, and in the client's."""

    def __init__(self, member, guest) -> None:
        self.threads: dict[str, Note] = {}
        self.answers: dict[str, Note] = {}
        self.deleted: dict[str, Note] = {}
        for channel, text in ((Channel.INTERNAL, SECRET), (Channel.CLIENT, "Brighter")):
            draft = Draft(f"{text} first", channel, 500, 900, "scene-1", DOT)
            self.threads[channel] = writing.add(member, draft)
            writing.edit(member, self.threads[channel], Draft(f"{text}", "", 500, 900, "", DOT))
            self.answers[channel] = writing.reply(member, self.threads[channel], f"{text} too")
            self.deleted[channel] = writing.add(member, Draft(f"{text} gone", channel))
            writing.delete(member, self.deleted[channel])
        # A row that says another channel than its thread: no way of ours makes one.
        self.smuggled = writing.reply(member, self.threads[Channel.INTERNAL], f"{SECRET} smuggled")
        Note.objects.filter(pk=self.smuggled.pk).update(channel=Channel.CLIENT)

    @property
    def internal(self) -> list[Note]:
        kept = [self.threads, self.answers, self.deleted]
        return [each[Channel.INTERNAL] for each in kept] + [self.smuggled]


@pytest.fixture
def house(member, guest) -> House:
    return House(member, guest)


@pytest.fixture(params=["view", "comment", "approve"])
def visitor(request, house, as_guest):
    """A guest of each kind of link."""
    return as_guest(request.param)


def test_the_queries_hold_the_channels_apart(house, member, visitor):
    texts = [note.text for note in reading.notes_for(visitor)]
    assert texts == ["Brighter", "Brighter too"]
    threads = reading.threads_in(visitor.take, visitor.channels)
    assert [note.text for note in threads] == ["Brighter"]
    tally = reading.tally_of(visitor)
    assert (tally.open, tally.internal, tally.client) == (1, 0, 1)
    assert reading.former_of(visitor) is None
    assert len(reading.notes_for(member)) == 5


@pytest.mark.parametrize("find", [reading.note_for, reading.thread_for])
def test_a_guessed_number_is_nothing_to_a_guest(house, visitor, find):
    for note in house.internal:
        with pytest.raises(Http404):
            find(visitor, note.pk)
        with pytest.raises(Http404):
            reading.note_for(visitor, note.pk, is_deleted=True)


def test_no_choice_of_filters_brings_them(house, visitor):
    for show in ("open", "resolved", "all", "internal"):
        for channel in ("", "internal", "client", "both"):
            for shot in ("", "1", "2"):
                chosen = Chosen.of({"show": show, "channel": channel, "shot": shot})
                listing = listing_of(visitor, chosen)
                entries = [thread.first for thread in listing.threads]
                entries += [each for thread in listing.threads for each in thread.replies]
                assert SECRET not in "".join(entry.note.text for entry in entries)
                assert not listing.channels
    assert panel_of(visitor).former is None


def test_exports_by_channels(house, member, visitor):
    found = exporting.rows(visitor.take, visitor.channels)
    assert [row.text for row in found] == ["Brighter", "Brighter too"]
    for text in (exporting.csv_text(found), exporting.edl_text(visitor.take, found)):
        assert "Brighter" in text
        assert SECRET not in text
        assert "@" not in text  # a member's e-mail address
    every = exporting.csv_text(exporting.rows(member.take, member.channels))
    assert every.count(SECRET) == 3


def test_no_notice_says_what_a_note_says(house):
    assert SECRET not in "".join(Notice.objects.values_list("says", flat=True))


@pytest.mark.parametrize("rights", ["comment", "approve"])
def test_nothing_a_guest_writes_becomes_internal(house, as_guest, rights):
    visitor = as_guest(rights)
    thread = house.threads[Channel.CLIENT]
    for note in (
        writing.add(visitor, Draft("Mine", Channel.INTERNAL)),
        writing.reply(visitor, thread, "Mine too"),
    ):
        note.refresh_from_db()
        assert note.channel == Channel.CLIENT


# By their addresses, through every middleware, as a browser asks.


@pytest.fixture
def browse(take, producer, client) -> Callable[[str], Actor]:
    """A browser that came in by a link with these rights."""

    def go(rights: str) -> Actor:
        new = create(take, producer.user, Terms(rights=rights))
        client.get(new.address)
        client.link = new.link
        client.post(reverse("shared:enter", args=[new.link.uid]), {"name": "Jane"})
        return client

    return go


def asked(client: Any, path: str, how: str) -> Iterator[Any]:
    """Each request that this address is for: plain and by htmx, and with what a form might say."""
    for headers in ({}, {"HX-Request": "true"}):
        if how in ("get", "both"):
            yield client.get(path, headers=headers)
            yield client.head(path, headers=headers)
            yield client.get(f"{path}?show=all&channel=internal", headers=headers)
        if how in ("post", "both"):
            posted = {"text": "Mine", "channel": "internal", "begins": "1", "shot": "auto"}
            yield client.post(path, posted, headers=headers)


@pytest.mark.parametrize("rights", ["view", "comment", "approve"])
def test_every_address_of_a_guest(house, browse, rights):
    """Lists, pages, histories, drawings and deeds: 404 for what is internal, and no word of it."""
    browser = browse(rights)
    cells = 0
    for note in house.internal:
        cache.clear()  # of the throttle: this guest is faster than any
        before = Note.objects.values().get(pk=note.pk)
        for name, how in OF_A_NOTE.items():
            for base in (f"/shared/{browser.link.uid}/", f"/takes/{note.take_id}/"):
                deed = name.removeprefix("note-")
                for response in asked(browser, f"{base}notes/{note.pk}/{deed}/", how):
                    assert response.status_code in (302, 401, 403, 404, 405), (name, response)
                    assert SECRET.encode() not in response.content
                    if base.startswith("/shared/") and rights != "view":
                        assert response.status_code in (404, 405), (name, response)
                    elif response.status_code == 302:  # no guest is signed in
                        assert "/accounts/login/" in response["Location"]
                    cells += 1
        assert Note.objects.values().get(pk=note.pk) == before
    for name in ("take", "notes", "note-add"):
        path = reverse(f"shared:{name}", args=[browser.link.uid])
        for response in asked(browser, path, "both"):
            assert SECRET.encode() not in response.content
            cells += 1
    assert cells > 250


def test_an_open_list_of_a_guest_moves_by_nothing_internal(house, browse, member):
    browser = browse("comment")
    path = reverse("shared:notes", args=[browser.link.uid])
    pulse = reading.tally_of(member).pulse  # of a member's page: not the guest's
    guests = browser.get(path).context["notes"].listing.tally.pulse
    assert guests != pulse
    writing.add(member, Draft(f"{SECRET} again"))
    assert browser.get(f"{path}?since={guests}").status_code == 204
    writing.add(member, Draft("For you", Channel.CLIENT))
    answer = browser.get(f"{path}?since={guests}", headers={"HX-Request": "true"})
    assert (answer.status_code, b"For you" in answer.content) == (200, True)


def test_a_member_reaches_both_channels_and_a_stranger_neither(house, creative, stranger):
    for channel in Channel.values:
        for each in (house.threads, house.answers):
            path = reverse("reviews:note-history", args=[each[channel].take_id, each[channel].pk])
            assert creative.get(path).status_code == 200
            assert stranger.get(path).status_code == 404


def test_a_note_is_at_no_other_takes_address(house, member, make_take, creative):
    other = make_take()
    for name, how in OF_A_NOTE.items():
        path = reverse(f"reviews:{name}", args=[other.pk, house.threads[Channel.CLIENT].pk])
        for response in asked(creative, path, how):
            assert response.status_code in (404, 405)


def test_who_may_only_look_writes_nothing(house, as_guest, browse):
    visitor = as_guest("view")
    with pytest.raises(PermissionDenied):
        writing.edit(visitor, house.threads[Channel.CLIENT], Draft("Changed"))
    browser = browse("view")
    count = Note.objects.count()
    answer = browser.post(reverse("shared:note-add", args=[browser.link.uid]), {"text": "Mine"})
    assert answer.status_code in (403, 404)
    assert Note.objects.count() == count


def test_to_a_guest_the_house_has_no_names(house, browse, member):
    """Neither of the members to be mentioned, nor the e-mail address of who wrote."""
    browser = browse("comment")
    page = browser.get(reverse("shared:notes", args=[browser.link.uid])).content.decode()
    assert "Brighter" in page
    assert member.user.email not in page
    assert "note-names" not in page
    assert "data-names" not in page
    with pytest.raises(Http404):
        reading.note_for(member, 2**63)
