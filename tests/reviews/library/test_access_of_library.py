"""Every view of the library: works / outsider 404 / wrong method 405 / signed out; all may look."""

import pytest
from django.test import Client

from studio.reviews.deciding.decisions import decide
from studio.reviews.deciding.history import Verdict
from studio.reviews.library.urls import urlpatterns
from studio.reviews.models import Release
from tests.reviews.conftest import body_of

pytestmark = pytest.mark.any_database

OF_A_TAKE = {
    "downloads": "downloads/",
    "board-pdf": "board.pdf",
    "timeline": "timeline.otio",
    "notes-csv": "notes.csv",
    "notes-edl": "notes.edl",
    "pack": "pack.html",
}
NAMES = ["library", "released", *OF_A_TAKE]


@pytest.fixture
def address(take, producer, workspace):
    decide(take, Verdict.APPROVED, producer.user)
    release = Release.objects.get()

    def of(name):
        if name == "library":
            return f"/w/{workspace.slug}/releases/"
        if name == "released":
            return f"/releases/{release.pk}/"
        return f"/takes/{take.pk}/{OF_A_TAKE[name]}"

    return of


def test_every_view_is_listed():
    assert {pattern.name for pattern in urlpatterns} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_who_may_look(address, name, viewer, stranger):
    answer = viewer.get(address(name))
    body_of(answer)
    assert answer.status_code == 200
    assert viewer.head(address(name)).status_code == 200
    assert stranger.get(address(name)).status_code == 404
    assert Client().get(address(name)).status_code == 302
    for method in ("post", "put", "delete"):
        assert getattr(viewer, method)(address(name)).status_code == 405, method


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_kept_by_caches(address, name, viewer):
    answer = viewer.get(address(name))
    body_of(answer)
    assert "private" in answer["Cache-Control"]
    assert "no-store" in answer["Cache-Control"]
