"""Proofs: exactly 15 s of chosen shots, computed the same again from revision and scene ids."""

import json
import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from studio.renders import proofs
from studio.renders.models import Take
from studio.renders.proofs import NotAProof, proof_of, scenes_of, snapshot_of
from studio.renders.readiness import payload_of
from studio.renders.report import describe
from studio.renders.submission import NotSendable, order_take
from studio.reviews.room import room_of
from tests.renders.conftest import save_revision

HTMX = {"headers": {"HX-Request": "true"}}
durations = st.lists(st.integers(500, 60_000), min_size=1, max_size=proofs.MOST_SHOTS)


def film(lengths):
    shots = [
        {"pk": 100 + n, "scene_id": f"scene-{n}", "prompt": f"Prompt {n}", "duration_ms": ms}
        for n, ms in enumerate(lengths)
    ]
    return {"brief": "A film", "motion": "orbit", "shots": shots}


@given(durations, st.data())
def test_a_proof_lasts_15_s_in_the_films_order_and_each_shot_half_a_second(lengths, data):
    snapshot = film(lengths)
    pks = data.draw(st.sets(st.sampled_from([shot["pk"] for shot in snapshot["shots"]])))
    scenes = scenes_of(snapshot, pks)
    shots = proof_of(snapshot, list(reversed(scenes)))["shots"]
    assert sum(shot["duration_ms"] for shot in shots) == 15_000
    assert min(shot["duration_ms"] for shot in shots) >= 500
    assert [shot["pk"] for shot in shots] == (sorted(pks) or [s["pk"] for s in snapshot["shots"]])
    assert snapshot == film(lengths)  # the film is as it was


def test_shots_stay_in_proportion():
    shots = proof_of(film([18_000, 12_000]), ["scene-0", "scene-1"])["shots"]
    assert [shot["duration_ms"] for shot in shots] == [9_000, 6_000]


def test_a_short_film_becomes_longer():
    (shot,) = proof_of(film([500, 500]), ["scene-1"])["shots"]
    assert shot["duration_ms"] == 15_000


def test_a_refusal_says_what_to_choose():
    snapshot = film([1_000] * 33)
    with pytest.raises(NotAProof, match="30 shots at most. 33 are chosen: take 3 away"):
        proof_of(snapshot, scenes_of(snapshot, []))
    with pytest.raises(NotAProof, match="Choose one shot at least"):
        proof_of(film([]), [])
    with pytest.raises(NotAProof, match="A chosen shot is not on this board any more"):
        scenes_of(snapshot, [100, 5])


def test_the_payload_is_the_films_with_these_shots_and_lengths(project, creative, api_key):
    first = project.shots.first()
    take = order_take(project, creative.user, proof=[first.pk])
    body = json.loads(take.payload)
    assert (take.is_proof, take.proof_scenes) == (True, ["scene-1"])
    assert (take.duration_ms, body["duration_seconds"]) == (15_000, 15)
    assert [scene["duration_seconds"] for scene in body["storyboard"]] == [15]
    assert body["prompt"] == "Neon Tokyo in the rain."


def test_its_plan_is_computed_again_after_the_board_has_changed(project, creative, api_key):
    take = order_take(project, creative.user, proof=[])
    project.shots.all().delete()
    save_revision(project, creative.user)
    take = Take.objects.get(pk=take.pk)
    assert payload_of(project, snapshot_of(take)).decode() == take.payload
    assert [shot.lasts for shot in room_of(take).shots] == ["9 s", "6 s"]


def test_a_film_that_is_too_long_can_be_proven(project, creative, api_key):
    project.shots.update(duration_ms=50_000)
    save_revision(project, creative.user)
    with pytest.raises(NotSendable):
        order_take(project, creative.user)
    assert order_take(project, creative.user, proof=[]).duration_ms == 15_000


def test_proofs_are_marked_wherever_takes_are_listed(project, creative, api_key, vendor):
    take = order_take(project, creative.user, proof=[])
    panel = creative.get(reverse("renders:panel", args=[project.pk]), **HTMX)
    assert '<span class="badge">Proof</span>' in panel.content.decode()
    page = creative.get(reverse("reviews:take", args=[take.pk])).content.decode()
    assert re.search(r"<h1>.*Proof.*</h1>", page)
    assert describe(take)["is_proof"] is True
    assert describe(order_take(project, creative.user))["is_proof"] is False


def render(project, **query):
    return reverse("renders:render", args=[project.pk]), query


def chosen_in(response):
    form = response.content.decode().split('id="order-form"')[1]
    return [int(pk) for pk in re.findall(r'name="shots" value="(\d+)"', form)]


def test_the_selection_is_proven_and_one_shot_alone_is_no_selection(
    project, creative, api_key, vendor
):
    one, two = project.shots.values_list("pk", flat=True)
    for query, expected in [
        ({"proof": "all"}, [one, two]),
        ({"proof": "selection", "shots": f"{two}"}, [one, two]),
        ({"proof": "selection", "shots": f"{two},{one}"}, [one, two]),
        ({"proof": "chosen", "shots": f"{two}"}, [two]),
    ]:
        url, query = render(project, **query)
        response = creative.get(url, query, **HTMX)
        assert chosen_in(response) == expected
        assert b"Render proof" in response.content


def test_choosing_no_shot_is_told_and_orders_nothing(project, creative, api_key, vendor):
    url, query = render(project, proof="chosen")
    assert "Choose one shot at least." in creative.get(url, query).content.decode()
    form = {"proof": "chosen", "form_token": "a", "revision": "1"}
    assert creative.post(url, form).status_code == 422
    gone = creative.post(url, {**form, "shots": "999999"})
    assert gone.status_code == 422
    assert "not on this board any more" in gone.content.decode()
    assert not Take.objects.exists()


def test_one_press_orders_the_proof_and_the_film_is_another_payload(
    project, creative, api_key, vendor
):
    url, _ = render(project)
    form = {"proof": "all", "form_token": "a", "revision": "1"}
    assert creative.post(url, form, **HTMX).status_code == 200
    assert Take.objects.get().is_proof
    again = creative.post(url, {**form, "form_token": "b"}, **HTMX)
    assert again.status_code == 409
    assert creative.post(url, {"form_token": "c", "revision": "1"}, **HTMX).status_code == 200
    assert Take.objects.count() == 2


def test_the_xray_shows_the_proofs_bytes(project, creative, viewer, api_key):
    take = order_take(project, creative.user, proof=[])
    page = viewer.get(reverse("renders:x-ray", args=[project.pk]), {"proof": "all"})
    assert take.payload_sha256 in page.content.decode()
