"""The take's page and its controls: who may, what it says, and that it works without JavaScript."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.renders.wording import standing_of
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import checked, withdraw
from studio.reviews.models import Decision
from studio.reviews.seals import parts_of, seal_of
from studio.vault.integrity import _sha256
from studio.vault.models import Asset
from studio.vault.storing import path_of
from tests.reviews.conftest import FILM

PAGES = ("", "preview.gif", "poster", "video.mp4")
CONTROLS = ("decide/", "release/", "withdraw/")
HTMX = {"HX-Request": "true"}


def page(client, take, **headers):
    response = client.get(f"/takes/{take.pk}/", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def form(take, verdict="approved", note="", **more):
    seal = seal_of(take, parts_of(take)).digest
    return {"verdict": verdict, "note": note, "seal": seal, **more}


@pytest.mark.parametrize("role", ["admin", "producer", "creative", "viewer"])
def test_every_member_sees_the_take(request, take, role):
    shown = page(request.getfixturevalue(role), take)
    assert "Neon Tokyo" in shown
    assert f'src="/takes/{take.pk}/preview.gif" width="320" height="180"' in shown
    assert "Neon rain, scene-1" in shown
    assert "0:18–0:30.5" in shown
    assert take.payload_sha256 in shown
    assert f'hx-get="/takes/{take.pk}/status/"' in shown
    assert f'href="/projects/{take.project_id}/"' in shown
    assert "locked until a producer approves" in shown
    assert "<video" not in shown


@pytest.mark.parametrize("status", ["uncertain", "queued", "uncollected", "failed"])
def test_without_scripts_the_state_and_the_way_to_settle_it_are_there(viewer, make_take, status):
    take = make_take(status)
    shown = page(viewer, take)
    slot = shown[shown.index("take-status-slot") : shown.index('id="take-room"')]
    assert Status(status).label in slot
    assert standing_of(take).says in slot
    assert f'href="/takes/{take.pk}/status/"' in slot


def test_opening_the_page_reads_no_film_but_whatever_follows_does(producer, take):
    decide(take, Verdict.APPROVED, producer.user)
    _sha256.cache_clear()
    assert "The film" in page(producer, take)
    assert _sha256.cache_info().misses == 0
    video = f"/takes/{take.pk}/video.mp4"
    assert producer.get(video, headers={"Range": "bytes=0-9"}).status_code == 206
    assert _sha256.cache_info().misses == 2  # the preview's and the film's


def test_a_film_that_passes_for_an_older_one_fools_the_page_alone(producer, take, asset_of):
    film = asset_of(take, "video")
    decide(take, Verdict.APPROVED, producer.user)
    withdraw(take, producer.user)
    path_of(film).write_bytes(FILM[:-1] + b"!")
    # As if the machine's clock had been set back for it.
    Asset.objects.filter(pk=film.pk).update(created_at=timezone.now() + timedelta(hours=1))
    shown = page(producer, take)
    assert "Release</button>" in shown
    again = producer.post(f"/takes/{take.pk}/release/")
    assert (again.status_code, checked(take).release) == (409, None)
    assert "was changed after it was stored" in again.content.decode()
    refused = producer.post(f"/takes/{take.pk}/decide/", {"verdict": "approved"})
    assert refused.status_code == 422


@pytest.mark.parametrize("path", [*PAGES, *CONTROLS])
def test_an_outsider_finds_nothing(stranger, take, producer, path):
    decide(take, Verdict.APPROVED, producer.user)
    method = stranger.post if path in CONTROLS else stranger.get
    assert method(f"/takes/{take.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", [*PAGES, *CONTROLS])
def test_nobody_in_particular_is_asked_to_sign_in(take, path):
    method = Client().post if path in CONTROLS else Client().get
    response = method(f"/takes/{take.pk}/{path}")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", CONTROLS)
@pytest.mark.parametrize("role", ["creative", "viewer"])
def test_too_small_a_role_may_not_decide_or_release(request, take, role, path):
    client = request.getfixturevalue(role)
    assert client.post(f"/takes/{take.pk}/{path}", form(take)).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("path", CONTROLS)
def test_controls_are_posts(producer, take, path):
    assert producer.get(f"/takes/{take.pk}/{path}").status_code == 405


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_gets(producer, take, path, method):
    assert getattr(producer, method)(f"/takes/{take.pk}/{path}").status_code == 405


def test_a_decision_needs_the_forms_token(producer, take):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = producer.cookies
    assert careful.post(f"/takes/{take.pk}/decide/", form(take)).status_code == 403
    assert not Decision.objects.exists()


def test_only_deciders_see_the_buttons_and_others_whom_to_wait_for(producer, viewer, take):
    for words in (">Approve<", ">Request changes<"):
        assert words in page(producer, take)
        assert words not in page(viewer, take)
    assert "Producer decides on this take." in page(viewer, take)


def test_approving_opens_the_film_for_all(producer, viewer, take):
    response = producer.post(f"/takes/{take.pk}/decide/", form(take), follow=True)
    assert response.redirect_chain == [(f"/takes/{take.pk}/", 302)]
    assert "Approved and released." in response.content.decode()
    shown = page(viewer, take)
    assert f'src="/takes/{take.pk}/video.mp4"' in shown
    assert "Download video" in shown
    assert ">Withdraw release<" not in shown
    assert ">Withdraw release<" in page(producer, take)


def test_with_htmx_the_room_comes_back_with_an_event(producer, take):
    response = producer.post(f"/takes/{take.pk}/decide/", form(take), headers=HTMX)
    shown = response.content.decode()
    assert response.status_code == 200
    assert shown.strip().startswith('<section id="decision-panel"')
    assert '<div id="film-part" hx-swap-oob="true">' in shown
    assert "take-room" not in shown.replace('hx-target="#take-room"', ""), "the player plays on"
    assert json.loads(response.headers["HX-Trigger"]) == {
        "decisionChanged": {"says": "Approved and released."}
    }
    assert "Watch the film" in shown


def test_the_room_alone_is_what_htmx_asks_for_when_the_take_moves_on(viewer, make_take):
    take = make_take(Status.RUNNING)
    waiting = page(viewer, take, **HTMX)
    assert "<html" not in waiting
    assert 'hx-trigger="takeChanged from:body"' in waiting
    assert "appears here by itself" in waiting
    whole = page(viewer, take, **HTMX, **{"HX-History-Restore-Request": "true"})
    assert "<html" in whole


def test_changes_without_a_note_are_asked_for_one(producer, take):
    response = producer.post(f"/takes/{take.pk}/decide/", form(take, "changes_requested"))
    assert response.status_code == 422
    assert b"Write what should change" in response.content
    assert not Decision.objects.exists()


def test_what_was_typed_is_still_there_after_a_refusal(producer, take):
    said = form(take, "changes_requested", note="x" * 4_001)
    response = producer.post(f"/takes/{take.pk}/decide/", said, headers=HTMX)
    assert response.status_code == 422
    assert "x" * 4_001 in response.content.decode()


@pytest.mark.parametrize("verdict", ["", "maybe", "APPROVED"])
def test_a_verdict_of_ones_own_is_refused(producer, take, verdict):
    response = producer.post(f"/takes/{take.pk}/decide/", form(take, verdict))
    assert (response.status_code, Decision.objects.count()) == (422, 0)


@pytest.mark.parametrize("seal", ["", "0" * 64])
def test_a_decision_on_something_else_than_was_shown_is_refused(producer, take, seal):
    said = form(take, note="Fine.", seal=seal)
    response = producer.post(f"/takes/{take.pk}/decide/", said)
    assert response.status_code == 409
    assert b"changed while you were looking" in response.content
    assert b"Fine." in response.content
    assert not Decision.objects.exists()


def test_the_seal_in_the_form_is_the_takes(producer, take):
    seal = seal_of(take, parts_of(take)).digest
    assert f'name="seal" value="{seal}"' in page(producer, take)


def test_withdrawing_and_releasing_again(producer, take):
    decide(take, Verdict.APPROVED, producer.user)
    response = producer.post(f"/takes/{take.pk}/withdraw/", headers=HTMX)
    assert (response.status_code, checked(take).release) == (200, None)
    assert b">Release<" in response.content
    assert b"<video" not in response.content
    again = producer.post(f"/takes/{take.pk}/withdraw/")
    assert again.status_code == 409
    assert b"This film is not released" in again.content
    producer.post(f"/takes/{take.pk}/release/")
    assert checked(take).release is not None


def test_releasing_what_nobody_approved_says_why_not(producer, take):
    response = producer.post(f"/takes/{take.pk}/release/")
    assert response.status_code == 409
    assert b"locked until a producer approves" in response.content


def test_the_history_keeps_every_decision(producer, admin, viewer, take):
    decide(take, Verdict.APPROVED, producer.user)
    decide(take, Verdict.CHANGES_REQUESTED, admin.user, "The <b>logo</b> is wrong.")
    shown = page(viewer, take)
    assert "The &lt;b&gt;logo&lt;/b&gt; is wrong." in shown
    assert shown.index("The &lt;b&gt;logo") < shown.rindex("Approved")
    assert "<video" not in shown


def test_a_damaged_take_says_so_and_offers_no_decision(producer, take):
    Take.objects.filter(pk=take.pk).update(payload="{}")
    shown = page(producer, take)
    assert "payload of this take was changed" in shown
    assert ">Approve<" not in shown


@pytest.mark.parametrize("status", [Status.FAILED, Status.CANCELLED])
def test_a_take_that_ended_without_a_film_says_so(producer, make_take, status):
    shown = page(producer, make_take(status))
    assert "ended without a film" in shown
    assert ">Approve<" not in shown


def test_a_ready_take_without_its_preview_says_whom_to_ask(producer, take):
    TakeAsset.objects.filter(take=take, part="preview_gif").delete()
    shown = page(producer, take)
    assert "preview of this take is missing" in shown
    assert ">Approve<" not in shown


def test_twice_the_history_takes_as_many_queries(producer, take, django_assert_num_queries):
    def say(times):
        for number in range(times):
            decide(take, Verdict.CHANGES_REQUESTED, producer.user, f"Slower {number}.")

    say(4)
    page(producer, take)
    with CaptureQueriesContext(connection) as counted:
        page(producer, take)
    say(4)
    with django_assert_num_queries(len(counted)):
        page(producer, take)


def test_the_films_address_tells_why_it_is_locked(viewer, producer, take):
    response = viewer.get(f"/takes/{take.pk}/video.mp4")
    assert response.status_code == 403
    assert b"locked until a producer approves" in response.content
    decide(take, Verdict.APPROVED, producer.user)
    withdraw(take, producer.user)
    assert b"its release was withdrawn" in viewer.get(f"/takes/{take.pk}/video.mp4").content


def test_a_download_has_the_films_name(viewer, producer, take):
    decide(take, Verdict.APPROVED, producer.user)
    response = viewer.get(f"/takes/{take.pk}/video.mp4?download=1")
    assert b"".join(response.streaming_content)
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="neon-tokyo-take-1.mp4"'
    )


def test_no_cache_keeps_a_locked_answer_or_mixes_page_and_part(viewer, take):
    locked = viewer.get(f"/takes/{take.pk}/video.mp4")
    assert "no-store" in locked.headers["Cache-Control"]
    shown = viewer.get(f"/takes/{take.pk}/")
    assert "HX-Request" in shown.headers["Vary"]
