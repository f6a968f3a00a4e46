"""Saved views: one's own names for searches."""

import pytest

from studio.accounts.models import User
from studio.storyboards import saved_searches
from studio.storyboards.models import SavedView


@pytest.fixture
def view(creative) -> SavedView:
    creative.post("/views/new/", {"name": " Wet  films ", "query": "q=rain&status=long&page=3"})
    return SavedView.objects.get()


def test_a_view_keeps_the_search_and_nothing_else(view, creative):
    assert (view.user, view.name, view.query) == (creative.user, "Wet films", "q=rain&status=long")
    page = creative.get("/?status=long&q=rain").content.decode()
    assert 'href="/?q=rain&amp;status=long" aria-current="true"' in page


def test_the_form_says_what_is_saved(creative):
    page = creative.get("/views/new/?q=rain&status=long&mine=yes&sort=title").content.decode()
    assert "Projects · “rain” · Too long · started by me · title" in page


def test_views_are_ones_own(view, producer):
    assert "Wet films" not in producer.get("/").content.decode()
    for address in (f"/views/{view.pk}/", f"/views/{view.pk}/delete/"):
        assert producer.post(address, {"name": "Hers"}).status_code == 404
    assert producer.get(f"/views/{view.pk}/").status_code == 404
    assert producer.get(f"/views/{view.pk}/delete/").status_code == 405
    view.refresh_from_db()
    assert view.name == "Wet films"


def test_strangers_to_the_house_sign_in_first(view, client):
    for address in ("/views/new/", f"/views/{view.pk}/", f"/views/{view.pk}/delete/"):
        assert client.post(address)["Location"].startswith("/accounts/login/")


def test_rename_and_delete(view, creative):
    answer = creative.post(f"/views/{view.pk}/", {"name": "Rain"})
    assert answer["Location"] == "/?q=rain&status=long"
    assert SavedView.objects.get().name == "Rain"
    assert creative.post(f"/views/{view.pk}/delete/")["Location"] == "/"
    assert not SavedView.objects.exists()
    assert "is deleted" in creative.get("/").content.decode()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("  ", "needs a name"),
        ("x" * 61, "60 characters"),
        ("<b>x</b>", "markup"),
        ("Wet films", "already"),
    ],
)
def test_a_bad_name_is_refused_and_kept(view, creative, name, says):
    answer = creative.post("/views/new/", {"name": name, "query": "q=snow"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert 'value="q=snow"' in page
    assert SavedView.objects.count() == 1


def test_another_person_may_use_the_same_name(view, producer):
    answer = producer.post("/views/new/", {"name": "Wet films", "query": "q=rain"})
    assert answer.status_code == 302
    assert SavedView.objects.count() == 2


def test_a_search_too_long_to_keep_is_refused(creative):
    query = "q=" + "%E9%9B%A8" * 100
    answer = creative.post("/views/new/", {"name": "Rain", "query": query})
    assert answer.status_code == 422
    assert "Search for fewer words" in answer.content.decode()


def test_there_are_not_more_views_than_one_can_read(creative):
    user: User = creative.user
    SavedView.objects.bulk_create(
        SavedView(user=user, name=f"View {n}", query="q=x") for n in range(saved_searches.MAX_VIEWS)
    )
    answer = creative.post("/views/new/", {"name": "One more", "query": "q=x"})
    assert "Delete one first" in answer.content.decode()
