"""A guest never gets an internal note, by any address; and writes only where the link lets them."""

import pytest
from django.test import Client

from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.models import Decision, Note
from studio.reviews.sharing.guests import may

pytestmark = pytest.mark.any_database

SECRET = "The client's cousin cannot act"
OPEN = "Make the rain heavier"


@pytest.fixture
def notes(take, producer, workspace):
    def write(channel, text, parent=None):
        return Note.objects.create(
            workspace=workspace,
            take=take,
            channel=channel,
            text=text,
            from_ms=1000,
            parent=parent,
            author=producer.user,
            drawing=[{"kind": "box", "colour": "red", "points": [[0.1, 0.1], [0.2, 0.2]]}],
        )

    internal = write("internal", SECRET)
    return {
        "internal": internal,
        "internal reply": write("internal", SECRET, internal),
        "client": write("client", OPEN),
    }


def addresses(base, note):
    """Every address below a link that takes a note's number, or lists notes."""
    own = [f"notes/{note}/{verb}/" for verb in ("reply", "edit", "delete", "restore", "history")]
    own += [f"notes/{note}/{verb}/" for verb in ("drawing", "resolve", "reopen", "")]
    lists = ["", "notes/", "notes/?channel=internal&show=all", "notes/?show=all", "stage/"]
    lists += ["notes/names/", "notes/export.csv", "notes.csv", "notes.edl", "decision/"]
    return [base + each for each in (*own, *lists)]


@pytest.mark.parametrize(
    ("subject", "rights"), [("preview", "view"), ("preview", "approve"), ("film", "comment")]
)
def test_no_internal_note_by_any_address(
    subject, rights, share, visit, notes, take, producer, tell
):
    decide(take, Verdict.APPROVED, producer.user)  # a film is only seen when it is released
    guest = visit(share(subject=subject, rights=rights, marks_viewer=False))
    cells = 0
    for name, note in notes.items():
        for address in addresses(guest.base, note.pk):
            for method in ("GET", "POST"):
                for headers in ({}, {"HX-Request": "true"}):
                    typed = {"text": "Mine now", "channel": "internal"}
                    answer = (
                        guest.get(address, headers=headers)
                        if method == "GET"
                        else guest.post(address, typed, headers=headers)
                    )
                    cells += 1
                    cell = (name, method, address, answer.status_code)
                    assert SECRET.encode() not in answer.content, cell
                    assert b"cousin" not in str(answer.headers).encode(), cell
                    if "internal" in name and f"/notes/{note.pk}/" in address:
                        assert answer.status_code in (403, 404, 405, 429), cell
    for note in Note.objects.filter(channel="internal"):
        assert (note.text, note.deleted_at, note.resolved_at) == (SECRET, None, None)
    assert not Note.objects.filter(guest__isnull=False, channel="internal").exists()
    tell(f"internal notes and a guest who may {rights} a {subject}: {cells} cells, none told")


def test_a_view_link_shows_no_notes_and_takes_none(share, visit, notes, take):
    guest = visit(share(rights="view"))
    assert OPEN not in guest.get(guest.base).content.decode()
    for address in ("notes/", f"notes/{notes['client'].pk}/drawing/"):
        assert guest.get(guest.base + address).status_code == 403
    refused = guest.post(f"{guest.base}notes/add/", {"text": "Hello"})
    assert refused.status_code == 403
    assert f"you may not {may.COMMENT.value}" in refused.content.decode()
    assert take.notes.filter(guest__isnull=False).count() == 0


@pytest.mark.parametrize("rights", ["view", "comment"])
def test_who_may_not_decide_does_not(share, visit, rights, take):
    guest = visit(share(rights=rights))
    assert "decide/" not in guest.get(guest.base).content.decode()
    for address in ("decide/", "decision/withdraw/"):
        assert guest.post(guest.base + address, {"verdict": "approved"}).status_code == 403
    assert not Decision.objects.exists()


def test_a_guest_comments_reads_edits_and_deletes_their_own(share, visit, notes, take):
    new = share(rights="comment")
    guest, other = visit(new), visit(new, "John")
    assert OPEN in guest.get(guest.base).content.decode()
    htmx = {"HX-Request": "true"}
    posted = guest.post(
        f"{guest.base}notes/add/", {"text": "Lovely", "begins": "0:02"}, headers=htmx
    )
    assert posted.status_code == 200, posted.content
    own = take.notes.get(guest__isnull=False)
    assert (own.text, own.channel, str(own.guest)) == ("Lovely", "client", "Jane Client")
    edit = f"{guest.base}notes/{own.pk}/edit/"
    assert other.post(edit, {"text": "Awful"}).status_code == 403
    guest.post(edit, {"text": "Very lovely", "begins": "0:02"}, headers=htmx)
    own.refresh_from_db()
    assert own.text == "Very lovely"
    form = guest.get(edit, headers=htmx).content.decode()
    assert f'hx-post="{edit}"' in form
    assert 'name="channel"' not in form
    line = '[{"kind": "pen", "colour": "red", "points": [[0.5, 0.5]]}]'
    guest.post(edit, {"text": "Look", "begins": "0:02", "drawing": line}, headers=htmx)
    own.refresh_from_db()
    assert (own.text, own.drawn, own.channel) == ("Look", "1 pen stroke", "client")
    assert f'data-person="guest-{own.guest_id}"' in guest.get(guest.base).content.decode()
    assert other.post(f"{guest.base}notes/{own.pk}/delete/").status_code == 403
    guest.post(f"{guest.base}notes/{own.pk}/delete/", headers=htmx)
    own.refresh_from_db()
    assert own.deleted_at is not None


def test_without_scripts_a_note_is_a_form_and_a_page(share, visit, notes):
    guest = visit(share(rights="comment"))
    posted = guest.post(f"{guest.base}notes/add/", {"text": "Lovely"}, follow=True)
    page = posted.content.decode()
    assert posted.redirect_chain[0][0].startswith(f"{guest.base}notes/")
    assert "Lovely" in page
    assert "Kitchen Films" in page
    assert "/takes/" not in page
    assert "topbar" not in page


def test_a_guest_approves_and_takes_it_back(share, visit, take, producer):
    guest = visit(share(rights="approve"))
    page = guest.get(guest.base)
    seal = page.context["room"].seal.digest
    said = guest.post(f"{guest.base}decide/", {"verdict": "approved", "seal": seal})
    assert (said.status_code, said.headers["Location"]) == (302, guest.base)
    decision = Decision.objects.get()
    assert (decision.verdict, str(decision.guest)) == ("approved", "Jane Client")
    assert producer.get(f"/takes/{take.pk}/video.mp4").status_code == 403  # it only advises
    guest.post(f"{guest.base}decision/withdraw/")
    assert Decision.objects.first().verdict == "withdrawn"


@pytest.mark.parametrize("role", ["admin", "producer", "creative", "viewer"])
def test_a_member_is_no_second_person_by_a_link(request, share, take, role):
    """Where guests count, one of two approvals would be their own once more."""
    client, new = request.getfixturevalue(role), share(rights="approve")
    client.get(f"/s/{new.address.rpartition('/')[2]}")
    base = f"/shared/{new.link.uid}/"
    client.post(f"{base}enter", {"name": "Somebody else"})
    seal = client.get(base).context["room"].seal.digest
    refused = client.post(f"{base}decide/", {"verdict": "approved", "seal": seal})
    assert refused.status_code == 403
    assert "Decide on your own page" in refused.content.decode()
    assert not Decision.objects.exists()


def test_a_guest_reads_nothing_of_the_house(share, visit, notes, producer, creative):
    guest = visit(share(rights="approve"))
    page = guest.get(guest.base).content.decode()
    for private in ("@kitchen.example", "sha256", "Budget", "/takes/", "/w/kitchen", "Sign out"):
        assert private not in page, private


def test_a_script_fills_nobodys_notes(share, visit, take):
    guest = visit(share(rights="comment"))
    tries = [guest.post(f"{guest.base}notes/add/", {"text": f"{n}"}).status_code for n in range(42)]
    assert tries[:40] == [302] * 40
    assert tries[40:] == [429] * 2


def test_a_script_mails_no_producer_all_day(share, visit, take):
    new = share(rights="approve")
    guest = visit(new)
    seal = guest.get(guest.base).context["room"].seal.digest

    def say(who, number):
        said = {"verdict": "changes_requested", "note": f"{number}", "seal": seal}
        return who.post(f"{who.base}decide/", said).status_code

    assert [say(guest, number) for number in range(12)] == [302] * 10 + [429] * 2
    assert Decision.objects.count() == 10
    assert say(visit(new, "Joe Client"), 1) == 302, "another guest of the link"
    assert guest.post(f"{guest.base}notes/add/", {"text": "Still here."}).status_code == 302


def test_who_left_by_signing_nothing_is_no_guest(share):
    new = share(rights="approve")
    for address in ("notes/add/", "decide/"):
        assert Client().post(f"/shared/{new.link.uid}/{address}", {"text": "x"}).status_code == 404
