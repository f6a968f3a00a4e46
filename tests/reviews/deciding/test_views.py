"""The decision panel: who sees what, what each button does, and that others' words appear."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.reviews.deciding.answers import answer
from studio.reviews.deciding.decisions import Verdict, decide, take_back
from studio.reviews.deciding.panel import Panel
from studio.reviews.deciding.releases import checked, withdraw
from studio.reviews.models import Decision, Release, ShareLink
from studio.reviews.reviewing import Reviewer
from studio.reviews.seals import parts_of, seal_of
from studio.vault import storing

YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED
HTMX = {"HX-Request": "true"}


def digest(take):
    return seal_of(take, parts_of(take)).digest


def panel(client, take, since="", **more):
    return client.get(f"/takes/{take.pk}/decision/", {"since": since, **more}, headers=HTMX)


def pulse_in(response):
    text = response.content.decode()
    address = text.split('hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    return parse_qs(urlsplit(address).query)


def say(client, take, verdict, note="", since="", **more):
    form = {"verdict": verdict, "note": note, "seal": digest(take), "since": since, **more}
    return client.post(f"/takes/{take.pk}/decide/", form, headers=HTMX)


@pytest.mark.parametrize("role", ["admin", "producer", "creative", "viewer"])
def test_members_are_shown_the_panel(request, take, role):
    response = panel(request.getfixturevalue(role), take)
    assert response.status_code == 200
    assert b"Not decided yet" in response.content


@pytest.mark.parametrize("place", ["decision/", "decision/withdraw/"])
def test_outsiders_find_nothing(stranger, take, place):
    ask = stranger.get if place == "decision/" else stranger.post
    assert ask(f"/takes/{take.pk}/{place}").status_code == 404
    anonymous = Client()
    ask = anonymous.get if place == "decision/" else anonymous.post
    assert ask(f"/takes/{take.pk}/{place}").status_code == 302


@pytest.mark.parametrize("role", ["creative", "viewer"])
@pytest.mark.parametrize("place", ["decide/", "decision/withdraw/", "release/", "withdraw/"])
def test_too_small_a_role_is_refused(request, take, role, place):
    client = request.getfixturevalue(role)
    response = client.post(f"/takes/{take.pk}/{place}", {"verdict": YES, "seal": digest(take)})
    assert response.status_code == 403
    assert not Decision.objects.exists()


def test_wrong_methods(producer, take):
    for place in ("decide/", "decision/withdraw/", "release/", "withdraw/"):
        assert producer.get(f"/takes/{take.pk}/{place}").status_code == 405
    assert producer.post(f"/takes/{take.pk}/decision/").status_code == 405


def test_asked_for_as_a_page_it_is_the_takes_page(producer, take):
    response = producer.get(f"/takes/{take.pk}/decision/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/takes/{take.pk}/")


def test_others_words_appear_and_nothing_is_answered_else(producer, admin, take):
    since = pulse_in(panel(producer, take))["since"][0]
    assert panel(producer, take, since).status_code == 204
    decide(take, NO, admin.user, "Slower.")
    news = panel(producer, take, since)
    assert b"Slower." in news.content
    assert b'id="film-part"' not in news.content, "no film was opened or shut: it plays on"
    assert json.loads(news.headers["HX-Trigger"]) == {"decisionChanged": {}}
    since = pulse_in(news)["since"][0]
    assert panel(producer, take, since).status_code == 204
    decide(take, YES, admin.user)
    opened = panel(producer, take, since).content
    assert b"Watch the film" in opened
    assert b'id="stage"' not in opened, "nobody's preview is taken from them while it plays"


def test_what_should_change_stands_beside_the_headline_while_it_is_asked_for(viewer, admin, take):
    decide(take, NO, admin.user, "Slower, and bluer.")
    now, _, history = panel(viewer, take).content.decode().partition("<details")
    assert 'class="reason' in now
    assert "Slower, and bluer." in now
    take_back(take, admin.user)
    now, _, history = panel(viewer, take).content.decode().partition("<details")
    assert "Slower, and bluer." not in now
    assert "Slower, and bluer." in history


@pytest.mark.parametrize("what", ["withdrawn", "taken back", "policy", "tampered"])
def test_all_that_the_panel_shows_moves_its_pulse(producer, take, rule, asset_of, what):
    decide(take, YES, producer.user)
    since = pulse_in(panel(producer, take))["since"][0]
    assert panel(producer, take, since).status_code == 204
    if what == "withdrawn":
        withdraw(take, producer.user)
    elif what == "taken back":
        take_back(take, producer.user)
    elif what == "policy":
        rule(approvals_needed=2)
    else:
        storing.path_of(asset_of(take, "video")).write_bytes(b"another film")
    assert panel(producer, take, since).status_code == 200


def test_what_somebody_saw_is_what_they_decide_on(producer, take, keep):
    seen = pulse_in(panel(producer, take))["seal"][0]
    assert seen == digest(take)
    other = keep(take.workspace, b"GIF89a another preview", "image/gif")
    take.assets.filter(part="preview_gif").update(asset=other)
    refreshed = panel(producer, take, "0-0-0-old", seal=seen)
    assert f'name="seal" value="{seen}"' in refreshed.content.decode()
    refused = say(producer, take, YES, "Fine.", seal=seen)
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#take-room", "all of the take is shown anew"
    assert b"Fine." in refused.content
    assert f'name="seal" value="{digest(take)}"' in refused.content.decode()


@pytest.mark.parametrize("seal", ["x", "Z" * 64, '"><script>', "a" * 65])
def test_a_seal_that_is_none_is_not_sent_back(producer, take, seal):
    shown = panel(producer, take, seal=seal).content.decode()
    assert f'name="seal" value="{digest(take)}"' in shown
    assert seal not in shown or seal == "x"


def test_a_refusal_keeps_what_was_typed_in_the_panel(producer, take):
    response = say(producer, take, NO, "x" * 4_001)
    assert response.status_code == 422
    shown = response.content.decode()
    assert shown.strip().startswith('<section id="decision-panel"')
    assert "x" * 4_001 in shown
    assert "4,001 characters" in shown


@pytest.mark.parametrize("verdict", ["withdrawn", "maybe", ""])
def test_only_the_two_verdicts_are_buttons(producer, take, verdict):
    assert say(producer, take, verdict).status_code == 422
    assert not Decision.objects.exists()


def test_taking_back_ones_own_word(producer, take):
    decide(take, YES, producer.user)
    shown = panel(producer, take).content.decode()
    assert "Withdraw my approval" in shown
    assert ">Approve<" not in shown
    response = producer.post(f"/takes/{take.pk}/decision/withdraw/", headers=HTMX)
    assert response.status_code == 200
    assert b'hx-swap-oob="true"' in response.content
    assert checked(take).release is None
    again = producer.post(f"/takes/{take.pk}/decision/withdraw/")
    assert again.status_code == 409
    assert b"You said nothing on this take" in again.content
    plain = producer.get(f"/takes/{take.pk}/").content.decode()
    assert ">Approve<" in plain
    assert "Withdrawn" in plain


def test_without_scripts_it_is_a_form_and_a_redirect(producer, take):
    decide(take, YES, producer.user)
    response = producer.post(f"/takes/{take.pk}/decision/withdraw/", follow=True)
    assert response.redirect_chain == [(f"/takes/{take.pk}/", 302)]
    assert b"Your former word counts no more" in response.content


def test_what_is_missing_is_said(producer, admin, viewer, take, rule):
    rule(approvals_needed=2)
    response = say(producer, take, YES)
    says = json.loads(response.headers["HX-Trigger"])["decisionChanged"]["says"]
    assert says == "Approved: 1 of 2 approvals."
    for client in (producer, viewer):
        shown = panel(client, take).content.decode()
        assert "1 of 2 approvals. Waiting for another producer or admin." in shown
    assert "Approving releases the film." in panel(admin, take).content.decode()


def test_release_is_a_button_where_the_policy_says_so(producer, viewer, take, rule):
    rule(releases_itself=False)
    assert ">Release<" not in panel(producer, take).content.decode()
    response = say(producer, take, YES)
    assert b">Release<" in response.content
    assert b">Release<" not in panel(viewer, take).content
    producer.post(f"/takes/{take.pk}/release/", headers=HTMX)
    assert Release.objects.get().released_by == producer.user


def test_whoever_ordered_is_told_who_approves(producer, take, rule):
    take.created_by = producer.user
    take.save(update_fields=["created_by"])
    rule(refuses_own=True)
    shown = panel(producer, take).content.decode()
    assert "You ordered this take, so somebody else has to approve it." in shown
    assert ">Approve<" not in shown
    assert ">Request changes<" in shown
    refused = say(producer, take, YES)
    assert (refused.status_code, Decision.objects.count()) == (422, 0)


def test_the_history_tells_what_counts(producer, admin, take, rule, guest_of):
    decide(take, YES, guest_of(take, "Ann <b>Client</b>"), "Lovely.")
    decide(take, YES, producer.user)
    decide(take, NO, admin.user, "Slower.")
    shown = panel(producer, take).content.decode()
    assert "Ann &lt;b&gt;Client&lt;/b&gt;" in shown
    for words in ("Advice", "Counts no more", "Guest", "Admin", "Lovely.", digest(take)[:8]):
        assert words in shown


def test_a_policy_that_moved_on_is_told_beside_the_release(producer, take, rule):
    decide(take, YES, producer.user)
    rule(approvals_needed=2)
    assert (
        "It was released with 1 approval, as was asked then. Kitchen Films now asks for 2: "
        "that does not change this release."
    ) in panel(producer, take).content.decode()


def test_a_long_history_is_shown_with_as_many_queries(producer, take, guest_of):
    def said(times):
        for number in range(times):
            decide(take, NO, producer.user, f"Slower {number}.")
            decide(take, YES, guest_of(take, f"Guest {number}"))
        with CaptureQueriesContext(connection) as counted:
            assert panel(producer, take).status_code == 200
        return len(counted)

    said(1)  # the first look also orders what is drawn for the player
    assert said(2) == said(4)


@pytest.fixture
def guest(take, guest_of):
    ann = guest_of(take)
    return Reviewer(take, guest=ann, link=ann.link)


def test_a_guest_is_shown_where_it_stands_and_their_own_words(take, guest, producer, guest_of):
    decide(take, NO, producer.user, "Internal: the client must not see this.")
    decide(take, YES, guest_of(take, "Bob Other"), "Bob's own.")
    decide(take, YES, guest.guest, "Ann's own.")
    standing = checked(take)
    shown = Panel(guest, standing, seal_of(take, parts_of(take)), "")
    assert [word.decision.note for word in shown.entries] == ["Ann's own."]
    assert shown.headline == "Changes requested"
    assert (shown.can_be_decided, shown.can_release, shown.can_withdraw) == (True, False, False)
    assert "advice" in shown.hint


def test_a_guest_may_decide_only_by_a_link_that_says_so(rf, take, guest_of, link_of):
    guest = guest_of(take, link=link_of(take, ShareLink.Rights.COMMENT))
    reviewer = Reviewer(take, guest=guest, link=guest.link)
    with pytest.raises(PermissionDenied):
        answer(rf.post("/", {"verdict": YES}), reviewer, None)
    assert not Decision.objects.exists()
