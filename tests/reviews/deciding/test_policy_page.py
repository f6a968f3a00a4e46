"""The page on which admins set the policy."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studio.reviews.deciding.policies import Rule, policy_of, rule_of
from studio.reviews.models import ReviewPolicy

PAGE = "/w/kitchen/review-policy/"
FORM = {"approvals_needed": "2", "roles": ["producer", "admin"], "releases_itself": "1"}


def test_the_defaults_are_shown_in_words(admin):
    shown = admin.get(PAGE).content.decode()
    assert "A film is released as soon as a producer or admin has approved it." in shown
    assert 'aria-current="page">Review policy<' in shown
    assert "Only 1 person" not in shown


def test_saving_says_what_it_means(admin, producer, workspace):
    response = admin.post(PAGE, FORM | {"refuses_own": "1"}, follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    shown = response.content.decode()
    assert "Saved. A film is released as soon as 2 producers or admins, other than" in shown
    assert "what one of them orders could not be released" in shown
    assert rule_of(policy_of(workspace)) == Rule(2, refuses_own=True)
    assert "Set by Admin" in shown


def test_a_preview_saves_nothing(admin, workspace):
    whole = admin.post(PAGE, FORM | {"preview": "1", "guests_count": "1"})
    assert b"as soon as 2 producers, admins or guests have approved it" in whole.content
    assert b"All guests of one share link count as one." in whole.content
    part = admin.post(PAGE, FORM | {"preview": "1"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip().startswith('<div id="policy-meaning"')
    assert b"Only 1 person could approve, and 2 approvals are needed" in part.content
    assert not ReviewPolicy.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"approvals_needed": ""}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "0"}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "11"}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "-1"}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "1e3"}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "٣"}, "Ask for 1 to 10 approvals."),
        ({"approvals_needed": "9" * 5000}, "Ask for 1 to 10 approvals."),
        ({"roles": []}, "Tick whose approvals count"),
        ({"roles": ["viewer", "creative"]}, "Tick whose approvals count"),
    ],
)
@pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
def test_what_no_policy_may_say_is_refused_and_kept(admin, typed, says, preview):
    response = admin.post(PAGE, FORM | typed | {"guests_count": "1"} | preview)
    shown = response.content.decode()
    assert (response.status_code, says in shown) == (422, True)
    assert 'name="guests_count" value="1" checked' in shown
    if "approvals_needed" in typed:
        assert f'value="{typed["approvals_needed"]}"' in shown
    assert not ReviewPolicy.objects.exists()


def test_only_admins_of_the_workspace_see_it(admin, producer, creative, viewer, stranger):
    for client, status in ((producer, 403), (creative, 403), (viewer, 403), (stranger, 404)):
        assert client.get(PAGE).status_code == status
        assert client.post(PAGE, FORM).status_code == status
    assert Client().get(PAGE).status_code == 302
    assert admin.put(PAGE).status_code == 405
    assert admin.head(PAGE).status_code == 200
    assert not ReviewPolicy.objects.exists()


def test_more_members_take_as_many_queries(admin, person):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            admin.get(PAGE)
        return len(queries)

    counted()
    first = counted()
    for name in ("Ann", "Bob", "Cem", "Dot"):
        person(name)
    assert counted() == first
