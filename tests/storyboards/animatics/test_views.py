"""What the addresses of animatics answer: to whom, in how many queries, and in which bytes."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from studio.storyboards.animatics import keeping, orders
from studio.storyboards.animatics.options import GIF, MP4
from studio.storyboards.edits.keeping import archive
from studio.storyboards.edits.revising import create_project
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.models import Animatic, Shot
from studio.vault.models import Asset
from tests.storyboards.animatics.conftest import SMALL

pytestmark = pytest.mark.django_db

FILM = bytes(range(256)) * 40
CHOICES = {"format": "gif", "size": "320x180", "captions": "yes"}
# Signing in reads the session and the person.
SIGNED_IN = 2


@pytest.fixture
def ready(ordered, tmp_path):
    """The ordered animatic, with a film of 10,240 bytes."""
    assets = []
    for media_type, content in ((GIF, FILM), ("image/jpeg", b"\xff\xd8\xff poster")):
        (tmp_path / "made").write_bytes(content)
        workspace = ordered.project.workspace
        assets.append(keeping.kept(workspace, tmp_path / "made", media_type, {}))
    Animatic.objects.update(
        status=Animatic.Status.READY, progress=1000, asset=assets[0], poster=assets[1]
    )
    ordered.refresh_from_db()
    return ordered


def at(name, animatic):
    return reverse(f"storyboards:{name}", args=[animatic.project_id, animatic.pk])


def of(name, project):
    return reverse(f"storyboards:{name}", args=[project.pk])


# -- Who may ---------------------------------------------------------------------------------------
READ = ["order-animatic", "new-animatic", "animatic-panel", "list-animatics"]
SERVED = ["animatic-film", "animatic-poster"]
POSTED = ["cancel-animatic", "retry-animatic"]


@pytest.mark.parametrize("name", READ)
def test_every_role_may_look(name, coast, viewer, creative, producer, admin, stranger, client):
    for person in (viewer, creative, producer, admin):
        assert person.get(of(name, coast)).status_code == 200
    assert stranger.get(of(name, coast)).status_code == 404
    assert client.get(of(name, coast))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", SERVED)
def test_every_role_may_watch(name, ready, viewer, admin, stranger, client):
    for person in (viewer, admin):
        assert person.get(at(name, ready)).status_code == 200
    assert stranger.get(at(name, ready)).status_code == 404
    assert client.get(at(name, ready)).status_code == 302
    assert admin.post(at(name, ready)).status_code == 405


@pytest.mark.parametrize("name", ["new-animatic", "animatic-panel", "list-animatics"])
def test_pages_are_not_posted_to(name, coast, creative):
    assert creative.post(of(name, coast)).status_code == 405


def test_those_who_edit_may_order(coast, viewer, creative, producer, admin, stranger, client):
    assert viewer.post(of("order-animatic", coast), CHOICES).status_code == 403
    assert stranger.post(of("order-animatic", coast), CHOICES).status_code == 404
    assert client.post(of("order-animatic", coast), CHOICES).status_code == 302
    assert not Animatic.objects.exists()
    for person in (creative, producer, admin):
        answer = person.post(of("order-animatic", coast), CHOICES)
        assert (answer.status_code, answer["Location"]) == (302, of("order-animatic", coast))
    assert Animatic.objects.get().requested_by == creative.user
    assert creative.put(of("order-animatic", coast)).status_code == 405


@pytest.mark.parametrize("name", POSTED)
def test_those_who_edit_may_cancel_and_try_again(name, ordered, viewer, stranger, creative, client):
    assert viewer.post(at(name, ordered)).status_code == 403
    assert stranger.post(at(name, ordered)).status_code == 404
    assert client.post(at(name, ordered)).status_code == 302
    assert creative.get(at(name, ordered)).status_code == 405
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.WAITING
    assert creative.post(at(name, ordered)).status_code == 302


@pytest.mark.parametrize("name", [*SERVED, *POSTED])
def test_an_animatic_of_another_project_is_404(name, ready, workspace, creative):
    other = create_project(workspace, creative.user, "Other")
    address = reverse(f"storyboards:{name}", args=[other.pk, ready.pk])
    send = creative.post if name in POSTED else creative.get
    assert send(address).status_code == 404


# -- What it does ----------------------------------------------------------------------------------
def test_an_order_says_what_was_chosen(coast, creative):
    chosen = {"format": "mp4", "size": "854x480", "watermark": "yes", "sound": "yes"}
    creative.post(of("order-animatic", coast), chosen)
    animatic = Animatic.objects.get()
    assert (animatic.media_type, animatic.width, animatic.height) == (MP4, 854, 480)
    assert (animatic.has_captions, animatic.has_sound) == (False, True)
    workspace, person, date = animatic.watermark
    assert (workspace, person) == ("Kitchen Films", creative.user.name)
    assert date.startswith("20")


@pytest.mark.parametrize("wrong", [{"format": "avi"}, {"format": "gif", "size": "1x1"}])
def test_what_is_not_offered_is_refused_where_it_was_chosen(coast, creative, wrong):
    page = creative.post(of("order-animatic", coast), wrong)
    assert page.status_code == 422
    assert 'role="alert"' in page.content.decode()
    headers = {"hx-request": "true", "hx-target": "dialog"}
    dialog = creative.post(of("order-animatic", coast), wrong, headers=headers)
    assert (dialog.status_code, dialog["HX-Retarget"]) == (422, "#dialog")
    assert 'role="alert"' in dialog.content.decode()
    panel = creative.post(of("order-animatic", coast), wrong, headers={"hx-request": "true"})
    assert (panel.status_code, panel["HX-Retarget"]) == (422, "#animatic-panel")
    assert not Animatic.objects.exists()


def test_too_many_orders_are_refused_with_a_sentence(coast, creative, ordered, monkeypatch):
    monkeypatch.setattr(orders, "MOST_IN_WORK", 1)
    answer = creative.post(of("order-animatic", coast), {"format": "mp4"})
    assert answer.status_code == 422
    assert "Wait for one, or cancel one" in answer.content.decode()


def test_an_archived_project_shows_its_film_and_draws_no_more(coast, creative, ready):
    archive(coast, creative.user)
    page = creative.get(of("order-animatic", coast)).content.decode()
    assert at("animatic-film", ready) in page
    assert 'name="format"' not in page
    assert creative.post(of("order-animatic", coast), {"format": "mp4"}).status_code == 422


def test_cancel_and_try_again(coast, creative, ordered):
    creative.post(at("cancel-animatic", ordered))
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.CANCELLED
    creative.post(at("retry-animatic", ordered))
    assert Animatic.objects.first().status == Animatic.Status.WAITING
    assert Animatic.objects.count() == 2


# -- What it costs ---------------------------------------------------------------------------------
def state_in(answer):
    return answer.content.decode().split("?known=")[1].split('"')[0]


def test_a_pulse_that_brings_nothing_new_costs_two_queries(
    coast, creative, ready, django_assert_num_queries
):
    known = state_in(creative.get(of("animatic-panel", coast)))
    with django_assert_num_queries(SIGNED_IN + 2):
        assert creative.get(of("animatic-panel", coast), {"known": known}).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        {"status": "drawing"},
        {"status": "drawing", "progress": 500},
        {"status": "failed", "says": "No."},
        {"status": "cancelled"},
        {"status": "ready", "progress": 1000},
    ],
)
def test_a_pulse_brings_what_is_new(coast, creative, ordered, change):
    known = state_in(creative.get(of("animatic-panel", coast)))
    Animatic.objects.update(**change)
    answer = creative.get(of("animatic-panel", coast), {"known": known})
    assert answer.status_code == 200
    assert state_in(answer) != known
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]


def test_an_edit_is_news_too(coast, creative, ready):
    known = state_in(creative.get(of("animatic-panel", coast)))
    edit_shot(coast, 1, creative.user, coast.shots.first().pk, {"prompt": "A pier"})
    answer = creative.get(of("animatic-panel", coast), {"known": known})
    assert "changed since" in answer.content.decode()


@pytest.fixture
def long(workspace, creative):
    """Makes a project of so many shots with a ready film, and edits it."""

    def make(count, asset):
        shots = [Shot(scene_id=str(n), prompt=f"{n}", duration_ms=500) for n in range(count)]
        project = create_project(workspace, creative.user, f"{count} shots", shots=shots)
        animatic = orders.order(project, creative.user, SMALL)
        Animatic.objects.filter(pk=animatic.pk).update(
            status=Animatic.Status.READY, asset=asset, poster=asset
        )
        edit_shot(project, 1, creative.user, project.shots.first().pk, {"prompt": "Another"})
        return project

    return make


def test_the_panel_costs_the_same_for_any_number_of_shots(
    creative, ready, long, django_assert_max_num_queries, django_assert_num_queries
):
    few, many = long(3, ready.asset), long(6, ready.asset)
    with django_assert_max_num_queries(SIGNED_IN + 8) as counted:
        creative.get(of("animatic-panel", few))
    with django_assert_num_queries(len(counted.captured_queries)):
        creative.get(of("animatic-panel", many))


@pytest.mark.parametrize("has_audio", [True, False])
def test_a_film_with_a_sound_of_its_own_can_be_muted(coast, creative, ready, has_audio):
    """Whatever sound the project has by now."""
    Animatic.objects.update(media_type=MP4)
    Asset.objects.filter(pk=ready.asset_id).update(facts={"has_audio": has_audio})
    page = creative.get(of("animatic-panel", coast)).content.decode()
    assert ('aria-label="Mute"' in page) == has_audio


def test_the_board_itself_asks_for_no_animatic(creative, ready, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as counted:
        creative.get(f"/projects/{ready.project_id}/")
    asked = [q for q in counted.captured_queries if "storyboards_animatic" in q["sql"]]
    assert len(asked) <= 2


# -- What it serves --------------------------------------------------------------------------------
def test_a_film_is_served_in_ranges_with_its_tag(ready, viewer):
    whole = viewer.get(at("animatic-film", ready))
    assert (whole.status_code, whole["Content-Type"]) == (200, GIF)
    assert whole.content == FILM
    assert whole["Accept-Ranges"] == "bytes"
    part = viewer.get(at("animatic-film", ready), headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, FILM[100:200])
    assert part["Content-Range"] == "bytes 100-199/10240"
    again = viewer.get(at("animatic-film", ready), headers={"if-none-match": whole["ETag"]})
    assert again.status_code == 304
    past = viewer.get(at("animatic-film", ready), headers={"range": "bytes=20000-"})
    assert past.status_code == 416


def test_a_download_has_a_good_name(ready, viewer):
    answer = viewer.get(at("animatic-film", ready), {"download": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="Coast animatic rev 1.gif"'


def test_a_download_of_any_title_has_a_good_name(ready, viewer):
    ready.project.title = 'Küste: "3/4"'
    ready.project.save(update_fields=["title"])
    named = unquote(
        viewer.get(at("animatic-film", ready), {"download": "1"})["Content-Disposition"]
    )
    assert "Küste-3-4 animatic rev 1.gif" in named


@pytest.mark.parametrize("name", SERVED)
def test_what_is_not_drawn_yet_is_404(name, ordered, viewer):
    assert viewer.get(at(name, ordered)).status_code == 404


def test_a_film_with_no_place_in_the_vault_is_said_to_be_missing(ready, viewer, house):
    (house / "vault" / ready.asset.path).unlink()
    answer = viewer.get(at("animatic-film", ready))
    assert answer.status_code == 500
    assert "restore it from a backup" in answer.content.decode()
