"""The library's page: what it lists, in which state, found how, at what price."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.decisions import decide
from studio.reviews.deciding.history import Verdict
from studio.reviews.deciding.releases import release, withdraw
from studio.reviews.models import Release
from studio.storyboards.models import Project
from studio.vault import storing
from tests.reviews.conftest import FILM

LIBRARY = "/w/kitchen/releases/"


@pytest.fixture
def released(make_take, workspace, producer):
    def make(title="Neon Tokyo"):
        project = Project.objects.create(workspace=workspace, title=title)
        take = make_take(project=project)
        decide(take, Verdict.APPROVED, producer.user, "Lovely.")
        return take

    return make


def page(client, query=""):
    response = client.get(LIBRARY + query)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_library_says_what_to_do_first(viewer, producer, make_take):
    assert "Render a storyboard first" in page(viewer)
    make_take()
    assert "watch its preview and approve it" in page(producer)
    assert "ready to be judged" in page(viewer)


def test_a_released_film_with_who_when_and_hashes(released, viewer, producer):
    take = released()
    seal = Release.objects.get().seal
    shown = page(viewer)
    assert "Neon Tokyo" in shown
    assert f"Released by {producer.user}" in shown
    assert f"/takes/{take.pk}/video.mp4?download=1" in shown
    for sha256 in (seal.video_sha256, seal.preview_sha256, seal.payload_sha256, seal.digest):
        assert f'data-copy="{sha256}"' in shown
    assert shown.count("Approved by") == 1


def test_a_withdrawn_film_says_by_whom_and_is_not_offered(released, viewer, producer):
    take = released()
    withdraw(take, producer.user)
    shown = page(viewer)
    assert f"Withdrawn by {producer.user}" in shown
    assert "video.mp4" not in shown
    assert f"Approved by</span> {producer.user}" in shown


@pytest.mark.parametrize("harm", ["changed", "missing", "payload"])
def test_what_is_not_what_was_released_is_never_shown_as_released(released, viewer, harm):
    take = released()
    film = TakeAsset.objects.get(take=take, part="video").asset
    if harm == "changed":
        storing.path_of(film).write_bytes(FILM[:-1] + b"!")
    elif harm == "missing":
        storing.path_of(film).unlink()
    else:
        Take.objects.filter(pk=take.pk).update(payload=take.payload + " ")
    for shown in (
        page(viewer),
        viewer.get(f"/releases/{Release.objects.get().pk}/").content.decode(),
    ):
        assert "Refused" in shown
        assert "video.mp4" not in shown
        assert "badge good" not in shown
    assert AuditEntry.objects.filter(action="release.refused").count() == 1


def test_a_deleted_film_keeps_its_hashes(released, viewer):
    take = released()
    Take.objects.filter(pk=take.pk).update(files_deleted_at=timezone.now())
    shown = page(viewer)
    assert "video.mp4" not in shown
    assert "Deleted. Its hashes are kept." in shown
    assert Release.objects.get().video_sha256 in shown


def test_a_film_released_again_is_listed_once_and_remembers(released, viewer, producer):
    take = released()
    withdraw(take, producer.user)
    release(take, producer.user)
    former, latest = Release.objects.order_by("pk")
    assert page(viewer).count('class="release') == 1 + page(viewer).count('class="releases')
    detail = viewer.get(f"/releases/{latest.pk}/").content.decode()
    assert f'href="/releases/{former.pk}/"' in detail
    assert "<video" in detail
    old = viewer.get(f"/releases/{former.pk}/").content.decode()
    assert "<video" not in old
    assert "withdrawn, so the film is locked" in old


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=tokyo", {"Neon Tokyo"}),
        ("?q=TÖKYO", {"Neon Tokyo"}),
        ("?q=nothing+like+it", set()),
        ("?q=ecole", {"École"}),
        ("?q=take+1", {"Neon Tokyo", "École"}),
        ("?state=live", {"École"}),
        ("?state=withdrawn", {"Neon Tokyo"}),
        ("?state=nonsense", {"Neon Tokyo", "École"}),
        ("?q=%00&page=-3", {"Neon Tokyo", "École"}),
    ],
)
def test_finding(released, viewer, producer, query, found):
    withdraw(released("Neon Tokyo"), producer.user)
    released("École")
    shown = page(viewer, query)
    titles = {"Neon Tokyo", "École"}
    assert {title for title in titles if f">{title}</a>" in shown} == found
    assert ("Nothing found" in shown) == (not found)


def test_a_film_is_found_by_the_head_of_its_hash(released, viewer):
    released()
    sha256 = Release.objects.get().video_sha256
    assert "Neon Tokyo" in page(viewer, f"?q={sha256[:12]}")
    assert "Nothing found" in page(viewer, "?q=0000000000ab")


def test_htmx_gets_what_was_found_alone(released, viewer):
    released()
    shown = viewer.get(LIBRARY, headers={"HX-Request": "true"}).content.decode()
    assert shown.strip().startswith('<div id="library-found"')
    assert "<html" not in shown


def test_other_workspaces_are_not_listed(released, stranger):
    released()
    assert stranger.get("/w/elsewhere/releases/").content.decode().count("Neon Tokyo") == 0


def test_twice_as_many_films_take_as_many_queries(released, viewer):
    counts = []
    for round_ in range(2):
        for number in range(3):
            released(f"Film {round_}-{number}")
        page(viewer)  # the queue is asked once to measure what is new
        with CaptureQueriesContext(connection) as queries:
            page(viewer)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
