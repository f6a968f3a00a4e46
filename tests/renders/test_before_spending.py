"""The dialog before spending: who may open it, what it tells, and what it refuses."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.renders.models import Budget, Desk, RateCard, Take
from studio.renders.submission import NotSendable, PriceChanged, order_take
from studio.storyboards.models import PresetEvidence, Shot
from tests.renders.conftest import save_revision

HTMX = {"headers": {"HX-Request": "true"}}
PRICE = "3.10 USD"


@pytest.fixture
def rate(workspace):
    return RateCard.objects.create(
        workspace=workspace,
        currency="USD",
        per_second=Decimal("0.1"),
        per_shot=Decimal("0.05"),
        valid_from=date(2026, 1, 1),
    )


@pytest.fixture
def budget(workspace, rate):
    return Budget.objects.create(workspace=workspace, currency="USD", amount=Decimal(10))


def dialog(actor, project, **query):
    return actor.get(reverse("renders:render", args=[project.pk]), query, **HTMX)


def order(actor, project, **form):
    form = {"form_token": "a", "revision": project.revision, **form}
    return actor.post(reverse("renders:render", args=[project.pk]), form, **HTMX)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def buttons(response):
    """The names of what sends the form."""
    found = re.findall(r"<button(?![^>]*type=)[^>]*>(.*?)</button>", response.content.decode())
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", name)).strip() for name in found]


def test_who_may_spend_may_look_before(
    project, viewer, creative, producer, admin, stranger, client, vendor
):
    url = reverse("renders:render", args=[project.pk])
    for actor in (creative, producer, admin):
        assert actor.get(url).status_code == actor.get(url, **HTMX).status_code == 200
    assert viewer.get(url).status_code == 403
    assert stranger.get(url).status_code == 404
    assert client.get(url).status_code == 302
    assert admin.put(url).status_code == 405


def test_looking_orders_nothing_and_the_page_does_without_javascript(
    creative, project, api_key, vendor
):
    page = creative.get(reverse("renders:render", args=[project.pk]))
    assert "<html" in page.content.decode()
    assert "Render" in buttons(page)
    form = page.content.decode().split('id="order-form"')[1].split("</form>")[0]
    assert 'method="post"' in form
    assert "hx-" not in form
    assert not Take.objects.exists()


def test_the_sum_stands_with_the_rate_it_follows_from(creative, project, api_key, rate, vendor):
    told = text(dialog(creative, project))
    assert "3.10 USD" in told
    assert "30 s × 0.10 + 2 shots × 0.05 USD" in told
    assert "the rate valid from 1 Jan 2026" in told
    assert "1.60 USD" in text(dialog(creative, project, proof="all"))


def test_without_a_rate_no_sum_is_invented(creative, project, api_key, vendor):
    told = text(dialog(creative, project))
    assert "No rate set" in told
    assert "USD" not in told
    assert buttons(dialog(creative, project)) == ["Render"]
    take = order_take(project, creative.user)
    assert (take.estimate, take.currency) == (None, "")


def test_the_estimate_is_frozen_with_the_order(creative, project, api_key, rate, vendor):
    order(creative, project, price=PRICE)
    RateCard.objects.update(per_second=9)
    take = Take.objects.get()
    assert (take.estimate, take.currency) == (Decimal("3.1"), "USD")
    assert AuditEntry.objects.get(action="take.ordered").data["estimate"] == "3.10 USD"


def test_what_is_left_is_told_and_a_low_budget_warns(creative, project, api_key, budget, vendor):
    told = text(dialog(creative, project))
    assert "10.00 USD of 10.00 USD left; 6.90 after this" in told
    assert "Little is left." not in told
    order_take(project, creative.user)
    order_take(project, creative.user)
    told = text(dialog(creative, project))
    assert "3.80 USD of 10.00 USD left; 0.70 after this" in told
    assert "80 % or more of the budget is gone" in told


def test_a_hard_stop_refuses_in_the_dialog_and_at_the_order(
    creative, project, api_key, budget, vendor
):
    Budget.objects.update(amount=3)
    told = dialog(creative, project)
    assert buttons(told) == []
    assert "This cannot be rendered now." in text(told)
    refused = order(creative, project, price=PRICE)
    assert refused.status_code == 422
    assert "Nothing was sent." in text(refused)
    assert "3.10 USD" in text(refused)
    with pytest.raises(NotSendable, match="budget"):
        order_take(project, creative.user)
    assert not Take.objects.exists()


def test_a_soft_budget_lets_it_pass_with_a_warning(creative, project, api_key, budget, vendor):
    Budget.objects.update(amount=3, is_hard=False)
    told = dialog(creative, project)
    assert "Over budget." in text(told)
    assert buttons(told) == ["Render"]
    assert order(creative, project, price=PRICE).status_code == 200


def price_in(response):
    return re.search(r'name="price" value="([^"]*)"', response.content.decode())[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda rates: rates.update(per_second=Decimal("0.2")),
            "It was 3.10 USD when you looked. It is 6.10 USD now.",
        ),
        (
            lambda rates: rates.update(currency="EUR"),
            "It was 3.10 USD when you looked. It is 3.10 EUR now.",
        ),
        (
            lambda rates: rates.all().delete(),
            "It was 3.10 USD when you looked. No rate is set now.",
        ),
    ],
)
def test_nobody_pays_a_price_that_they_did_not_see(
    change, says, creative, project, api_key, rate, vendor
):
    seen = price_in(dialog(creative, project))
    change(RateCard.objects)
    refused = order(creative, project, price=seen)
    assert refused.status_code == 409
    assert refused.headers["HX-Retarget"] == "#dialog"
    assert f"Nothing was sent: the price has changed. {says} Render again if you agree." in (
        text(refused)
    )
    assert not Take.objects.exists()
    assert buttons(refused) == ["Render"]
    assert order(creative, project, price=price_in(refused)).status_code == 200


def test_a_rate_that_was_set_meanwhile_is_told_before_it_is_paid(
    creative, project, api_key, rate, vendor
):
    refused = order(creative, project, price="")
    assert refused.status_code == 409
    assert "No rate was set when you looked. It is 3.10 USD now." in text(refused)
    assert not Take.objects.exists()


def test_a_form_that_is_sent_twice_gives_its_take_whatever_the_price_is_by_then(
    creative, project, api_key, rate, vendor
):
    order(creative, project, price=PRICE)
    RateCard.objects.update(per_second=9)
    assert order(creative, project, price=PRICE).status_code == 200
    assert Take.objects.get().estimate == Decimal("3.1")


def test_an_order_that_names_no_price_takes_the_rate_as_it_is(creative, project, api_key, rate):
    assert order_take(project, creative.user).estimate == Decimal("3.1")
    with pytest.raises(PriceChanged):
        order_take(project, creative.user, price_seen="3.00 USD")


def test_what_was_rendered_is_offered_and_paid_again_by_another_button(
    creative, project, api_key, vendor
):
    take = order_take(project, creative.user)
    Take.objects.update(status="ready")
    told = dialog(creative, project)
    assert "You have this already. Take 1 was made from exactly this board." in text(told)
    assert f'href="{reverse("reviews:take", args=[take.pk])}">Look at take 1</a>' in (
        told.content.decode()
    )
    assert buttons(told) == ["Render again"]
    assert order(creative, project).status_code == 409
    assert order(creative, project, form_token="b", again="1").status_code == 200
    assert Take.objects.count() == 2


@pytest.mark.parametrize("gone", ["discarded_at", "files_deleted_at"])
def test_a_take_whose_film_is_gone_is_not_offered(gone, creative, project, api_key, vendor):
    order_take(project, creative.user)
    Take.objects.update(status="ready", **{gone: timezone.now()})
    assert "Look at take" not in text(dialog(creative, project))
    assert order(creative, project).status_code == 200


def test_a_stale_page_is_told_in_words_and_cannot_be_paid_from(
    creative, producer, project, api_key, vendor
):
    save_revision(project, producer.user)
    told = dialog(creative, project, revision=1)
    assert f"{producer.user} changed this board since revision 1, which you see." in text(told)
    assert buttons(told) == []
    assert re.search(r'name="revision" value="(\d+)"', told.content.decode())[1] == "1"
    refused = order(creative, project, revision=1)
    assert refused.status_code == 422
    assert refused.headers["HX-Retarget"] == "#dialog"
    assert not Take.objects.exists()


def test_odd_queries_do_no_harm(creative, project, api_key, vendor):
    for query in [
        {"revision": "9" * 40},
        {"revision": "\x00"},
        {"proof": "\x00", "shots": "x,,9" * 99},
        {"proof": "selection", "shots": "9" * 17 + ",8"},
    ]:
        assert dialog(creative, project, **query).status_code == 200


def test_moves_that_nobody_has_proven_or_that_were_refused_warn(
    creative, project, workspace, api_key, vendor
):
    project.shots.filter(position=0).update(motion="zoom-in")
    project.shots.filter(position=1).update(motion="static")
    save_revision(project, creative.user)
    PresetEvidence.objects.create(workspace=workspace, motion="static", standing="rejected", take=1)
    told = text(dialog(creative, project))
    assert "Not verified: zoom-in." in told
    assert "Refused before: static." in told


def test_a_paused_queue_is_named_before_it_makes_anybody_wait(
    creative, project, producer, workspace, api_key, vendor
):
    assert "It will wait" not in text(dialog(creative, project))
    Desk.objects.update_or_create(
        workspace=workspace,
        defaults={"paused_at": timezone.now(), "paused_by": producer.user},
    )
    told = dialog(creative, project)
    assert f"It will wait for the render queue: it was paused by {producer.user}." in text(told)
    assert buttons(told) == ["Render"]


def test_the_differences_stand_in_words(creative, project, api_key, vendor):
    assert "this is the first take of the project" in text(dialog(creative, project))
    order_take(project, creative.user)
    assert "Nothing changed." in text(dialog(creative, project))
    project.shots.filter(position=0).update(duration_ms=20_000)
    save_revision(project, creative.user)
    told = text(dialog(creative, project))
    assert "Since take 1" in told
    assert "Changed Shot 1" in told
    assert "duration 18 s → 20 s" in told


def test_queries_do_not_grow_with_shots_or_takes(creative, project, api_key, budget, vendor):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for query in ({}, {"proof": "all"}):
                assert dialog(creative, project, **query).status_code == 200
        return len(queries)

    order_take(project, creative.user)
    few = cost()
    for n in range(2, 20):
        Shot.objects.create(
            project=project, scene_id=f"s{n}", position=n, prompt=f"P{n}", duration_ms=1_000
        )
    save_revision(project, creative.user)
    Budget.objects.update(amount=1_000)
    for _ in range(4):
        order_take(project, creative.user)
    assert cost() <= few
