"""The shots on a take's page: who may press what, what comes back, and how others learn of it."""

import re

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.renders.models import Take
from studio.reviews.models import Channel, Note, PreviewFilm, ShotVerdict
from studio.reviews.shots.panel import ShotsPanel
from studio.reviews.shots.verdicts import MAX_SAYS, give

pytestmark = pytest.mark.any_database

POSTS = ("mark/", "start/")


def page(client, take):
    answer = client.get(f"/takes/{take.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def pressed(text, number, which):
    found = re.search(rf'id="shot-{number}-{which}"[^>]* aria-pressed="(\w+)"', text)
    return found and found[1]


@pytest.mark.parametrize("path", ["", *POSTS])
def test_an_outsider_finds_nothing(stranger, rain, path):
    method = stranger.post if path else stranger.get
    assert method(f"/takes/{rain.pk}/shots/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", *POSTS])
def test_nobody_in_particular_is_asked_to_sign_in(rain, path):
    method = Client().post if path else Client().get
    answer = method(f"/takes/{rain.pk}/shots/{path}")
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("path", POSTS)
def test_a_viewer_marks_and_starts_nothing(viewer, rain, path):
    data = {"shot": "scene-1", "verdict": "fine"}
    assert viewer.post(f"/takes/{rain.pk}/shots/{path}", data).status_code == 403
    assert not ShotVerdict.objects.exists()


@pytest.mark.parametrize("path", POSTS)
def test_both_are_posts(creative, rain, path):
    assert creative.get(f"/takes/{rain.pk}/shots/{path}").status_code == 405


def test_the_news_are_a_get(viewer, rain):
    assert viewer.get(f"/takes/{rain.pk}/shots/").status_code == 200
    assert viewer.post(f"/takes/{rain.pk}/shots/").status_code == 405


@pytest.mark.parametrize("path", POSTS)
def test_both_need_the_forms_token(creative, rain, path):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = creative.cookies
    assert careful.post(f"/takes/{rain.pk}/shots/{path}").status_code == 403


@pytest.mark.parametrize("role", ["creative", "producer", "admin"])
def test_a_verdict_swaps_its_row_and_the_summary(request, rain, mark, role):
    client = request.getfixturevalue(role)
    answer = mark(client, rain, "scene-2", "fine", seen=0)
    text = answer.content.decode()
    assert text.lstrip().startswith('<li id="shot-2"')
    assert pressed(text, 2, "fine") == "true"
    assert pressed(text, 2, "fix") == "false"
    assert re.findall(r'id="shot-(\d+)" class', text) == ["2"]
    assert 'id="shots-summary"' in text
    assert 'id="take-room"' not in text
    assert "verdictsChanged" in answer["HX-Trigger"]
    assert ShotVerdict.objects.get().given_by == client.user


def test_the_summary_counts(rain, producer, member):
    give(member(rain, producer), "scene-1", "fine")
    give(member(rain, producer), "scene-2", "fix", "Slower.")
    shown = re.sub(r"<[^>]+>", "", page(producer, rain))
    assert "1 fine · 1 fix · 1 not judged" in shown


def test_without_scripts_a_verdict_is_a_form_and_the_page(rain, creative, mark):
    answer = mark(creative, rain, "scene-3", "fix", "Slower.", htmx=False)
    assert (answer.status_code, answer["Location"]) == (302, f"/takes/{rain.pk}/#shot-3")
    assert "Slower." in page(creative, rain)


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("says", ["", "<b>" + "x" * MAX_SAYS])
def test_what_was_typed_is_still_there_after_a_refusal(rain, creative, mark, htmx, says):
    answer = mark(creative, rain, "scene-1", "fix", says, htmx=htmx)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says.replace("<", "&lt;").replace(">", "&gt;") in text
    assert 'class="shot-row open opened"' in text
    assert 'role="alert"' in text
    assert ("<html" in text) != htmx


def test_whoever_was_overtaken_keeps_the_text_and_sees_what_stands(
    rain, creative, producer, mark, member
):
    give(member(rain, producer), "scene-1", "fine")
    answer = mark(creative, rain, "scene-1", "fix", "Slower.", seen=0)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Producer marked this shot as fine meanwhile." in text
    assert ">Slower.</textarea>" in text
    assert pressed(text, 1, "fine") == "true"
    seen = re.search(r'name="seen" value="(\d+)"', text)[1]
    assert mark(creative, rain, "scene-1", "fix", "Slower.", seen=seen).status_code == 200


def test_a_shot_that_the_take_does_not_have_is_404(rain, creative, mark):
    for shot in ("scene-9", "", "scene-1 "):
        assert mark(creative, rain, shot, "fine").status_code == 404


def test_words_are_shown_as_words(rain, creative, mark):
    mark(creative, rain, "scene-1", "fix", '<script>alert("x")</script>')
    shown = page(creative, rain)
    assert '<script>alert("x")' not in shown
    assert "&lt;script&gt;alert(&quot;x&quot;)" in shown


def test_a_viewer_reads_verdicts_and_presses_nothing(rain, viewer, producer, member):
    give(member(rain, producer), "scene-1", "fix", "Too dark.")
    shown = page(viewer, rain)
    assert "Too dark." in shown
    for control in ("shot-1-fine", "shot-1-fix", "start-fixes", "shots/mark/"):
        assert control not in shown


def test_before_it_is_ready_a_take_shows_its_plan_alone(board, take_of, creative):
    shown = page(creative, take_of(board(), "running"))
    assert "Rain, part 1" in shown
    assert "shot-1-fine" not in shown


def test_a_guest_gets_the_plan_and_not_a_word_of_the_house(rain, producer, guest_of, member):
    for verdict, says in (("fix", "Ghastly."), ("fine", "")):
        give(member(rain, producer), "scene-1", verdict, says)
    row = {"workspace": rain.workspace, "take": rain, "author": producer.user}
    Note.objects.create(**row, channel=Channel.INTERNAL, text="Ours.", scene_id="scene-1")
    guest = guest_of(rain)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        context = {"reviewer": guest, "take": rain, "shots": ShotsPanel(guest)}
        shown = render_to_string("reviews/shots/shots.html", context)
    assert "Rain, part 1" in shown
    assert "0:00–0:06" in shown
    for word in ("Ghastly", "Producer", "note", "scene-1", "judged", "data-pulse", "<form", "fix"):
        assert word not in shown
    asked = " ".join(one["sql"] for one in captured.captured_queries)
    assert "shotverdict" not in asked
    assert "reviews_note" not in asked


def test_open_notes_are_counted_at_their_shot(rain, viewer, producer):
    row = {"workspace": rain.workspace, "take": rain, "author": producer.user}
    for place in ({"from_ms": 6_000}, {"from_ms": 11_999}, {"scene_id": "scene-2"}):
        Note.objects.create(**row, channel=Channel.INTERNAL, text="Look.", **place)
    shown = page(viewer, rain)
    part = shown[shown.index('id="shot-2"') : shown.index('id="shot-3"')]
    assert "3 open notes" in part
    assert shown.count("open note") == 1 + shown.split('id="shots"')[0].count("open note")


def test_each_row_shows_its_own_frame_of_the_strip(rain, viewer, keep):
    strip = keep(rain.workspace, b"\xff\xd8~strip~", "image/jpeg")
    tiles = [
        {"left": place * 100, "width": 100, "ms": 0, "shot": place // 2 + 1} for place in range(6)
    ]
    type(strip).objects.filter(pk=strip.pk).update(
        facts={"width": 600, "height": 54, "tiles": tiles}
    )
    PreviewFilm.objects.update_or_create(take=rain, defaults={"status": "ready", "strip": strip})
    boxes = [row.thumbnail.left for row in ShotsPanel(_viewer_of(rain, viewer)).rows]
    assert boxes == [100, 300, 500]
    Take.objects.filter(pk=rain.pk).update(files_deleted_at=rain.created_at)
    gone = Take.objects.select_related("revision").get(pk=rain.pk)
    assert [row.thumbnail for row in ShotsPanel(_viewer_of(gone, viewer)).rows] == [None] * 3


def _viewer_of(take, client):
    from studio.reviews.reviewing import Reviewer

    return Reviewer(take, user=client.user, role="viewer")


def test_others_learn_of_a_verdict_by_their_pulse(rain, viewer, producer, member):
    at = f"/takes/{rain.pk}/shots/"
    pulse = since_of(page(viewer, rain))
    assert viewer.get(at, {"since": pulse}).status_code == 204
    give(member(rain, producer), "scene-2", "fix", "Slower.")
    answer = viewer.get(at, {"since": pulse})
    text = answer.content.decode()
    assert re.findall(r'id="shot-(\d+)" class', text) == ["2"]
    assert text.count('hx-swap-oob="true"') == 2  # the row and the summary
    assert "Slower." in text
    assert viewer.get(at, {"since": since_of(text)}).status_code == 204


def test_a_note_moves_the_counts_of_others(rain, viewer, producer):
    pulse = since_of(page(viewer, rain))
    row = {"workspace": rain.workspace, "take": rain, "author": producer.user}
    Note.objects.create(**row, channel=Channel.INTERNAL, text="Look.", from_ms=0)
    text = viewer.get(f"/takes/{rain.pk}/shots/", {"since": pulse}).content.decode()
    assert "1 open note" in text


def test_frames_appear_as_soon_as_they_are_drawn(rain, viewer, keep):
    pulse = since_of(page(viewer, rain))
    strip = keep(rain.workspace, b"\xff\xd8~strip~", "image/jpeg")
    tiles = [{"left": 0, "width": 96, "ms": 0, "shot": 1}]
    facts = {"width": 96, "height": 54, "tiles": tiles}
    type(strip).objects.filter(pk=strip.pk).update(facts=facts)
    PreviewFilm.objects.update_or_create(take=rain, defaults={"status": "ready", "strip": strip})
    text = viewer.get(f"/takes/{rain.pk}/shots/", {"since": pulse}).content.decode()
    assert 'viewBox="0 0 96 54"' in text


@pytest.mark.parametrize("since", ["", "x", "9" * 40, "²", "-1.0", ".", "0"])
def test_a_pulse_that_makes_no_sense_gets_it_all(rain, viewer, since):
    answer = viewer.get(f"/takes/{rain.pk}/shots/", {"since": since})
    assert answer.status_code == 200
    assert "since=" in answer.content.decode()


def test_a_pulse_with_a_number_that_nobody_counts_to_gets_it_all(rain, viewer):
    shown = viewer.get(f"/takes/{rain.pk}/shots/").content.decode()
    _, _, others = since_of(shown).partition(".")
    answer = viewer.get(f"/takes/{rain.pk}/shots/", {"since": f"{'9' * 5000}.{others}"})
    assert answer.content.decode() == shown


def since_of(text):
    return re.search(r"shots/\?since=([^\"]+)", text)[1]


def test_twice_the_shots_and_verdicts_take_as_many_queries(
    board, take_of, creative, producer, member
):
    counts = []
    for count in (4, 8):
        take = take_of(board(count))
        for n in range(1, count + 1):
            give(member(take, producer), f"scene-{n}", "fix", "Slower.")
            give(member(take, creative), f"scene-{n}", "fine")
            row = {"workspace": take.workspace, "take": take, "author": producer.user}
            Note.objects.create(**row, channel=Channel.INTERNAL, text="Look.", from_ms=n * 10)
        page(creative, take)
        for at in ("", "shots/?since=0"):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert creative.get(f"/takes/{take.pk}/{at}").status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_a_quiet_pulse_costs_three_queries_beside_who_asks(rain, viewer):
    pulse = since_of(page(viewer, rain))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert viewer.get(f"/takes/{rain.pk}/shots/", {"since": pulse}).status_code == 204
    assert len(captured) == 6  # the session, the person, the take; verdicts, the film, notes
