"""Answers for htmx: followed redirects and refusals in words."""

from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path

from studio.lib.htmx import say

BOARD = "http://testserver/w/kitchen/keys/?shot=3"
HTMX = {"HX-Request": "true", "HX-Current-URL": BOARD}


def refuse(request):
    raise PermissionDenied("As a viewer you may not edit boards. Ask a creative — or “Mia”.")


def lose(request):
    raise Http404("Shot 3 was deleted meanwhile.")


def conflict(request):
    return say(HttpResponse(status=409), "Rev 41 came first.")


def conflict_without_words(request):
    return HttpResponse(status=409)


def break_down(request):
    raise RuntimeError("secret detail")


def move_on(request):
    answer = HttpResponseRedirect("/elsewhere/?a=1")
    answer.set_cookie("seen", "yes")
    return answer


urlpatterns = [
    path("refuse/", refuse),
    path("lose/", lose),
    path("conflict/", conflict),
    path("plain-conflict/", conflict_without_words),
    path("break/", break_down),
    path("move/", move_on),
]


@pytest.fixture
def with_views(settings):
    """The house's own addresses and a few views that go wrong."""
    from studio import urls

    settings.ROOT_URLCONF = type(
        "Addresses", (), {"urlpatterns": [*urls.urlpatterns, *urlpatterns]}
    )


def says(answer) -> str:
    return unquote(answer.headers["X-Says"])


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/refuse/", 403, "As a viewer you may not edit boards. Ask a creative — or “Mia”."),
        ("/lose/", 404, "Shot 3 was deleted meanwhile."),
        ("/conflict/", 409, "Rev 41 came first."),
        (
            "/plain-conflict/",
            409,
            "Somebody else changed this meanwhile. Reload the page to see it.",
        ),
        ("/nowhere/", 404, "This is not here any more, or it belongs to another workspace."),
    ],
)
def test_a_refusal_carries_its_sentence(creative, with_views, address, status, sentence):
    answer = creative.get(address, headers=HTMX)
    assert answer.status_code == status
    assert says(answer).startswith(sentence)
    assert answer.headers["X-Says"].isascii()


def test_a_crash_is_apologised_for_and_tells_nothing(creative, with_views):
    creative.raise_request_exception = False
    answer = creative.get("/break/", headers=HTMX)
    assert answer.status_code == 500
    assert says(answer).startswith("Something broke on our side.")
    assert b"secret detail" not in answer.content


def test_a_page_from_before_signing_in_says_what_to_do(creative, with_views):
    creative.handler.enforce_csrf_checks = True
    answer = creative.post("/conflict/", headers=HTMX)
    assert answer.status_code == 403
    assert "then reload the page" in says(answer)


def test_pages_without_htmx_get_a_page_and_no_header(creative, with_views):
    answer = creative.get("/refuse/")
    assert "X-Says" not in answer.headers
    assert "As a viewer you may not edit boards." in answer.content.decode()


def test_other_redirects_are_followed_as_they_are_with_their_cookies(creative, with_views):
    answer = creative.get("/move/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/elsewhere/?a=1"
    assert answer.cookies["seen"].value == "yes"
    assert creative.get("/move/").headers["Location"] == "/elsewhere/?a=1"


def test_page_and_fragment_are_told_apart_by_caches(creative, with_views):
    assert "HX-Request" in creative.get("/refuse/").headers["Vary"]
    assert "HX-Request" in creative.get("/refuse/", headers=HTMX).headers["Vary"]
