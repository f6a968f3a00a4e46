"""What becomes of a take whose outcome is unknown by a person's word, and what that costs."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from studio.accounts.models import AuditEntry
from studio.inbox.models import Kind, Notice
from studio.renders import resolution
from studio.renders.costs import budgets
from studio.renders.costs.wording import cost_in_words
from studio.renders.lifecycle import IllegalTransition
from studio.renders.models import Budget, RateCard, Take
from studio.renders.resolution import NotResolved
from studio.renders.submission import cancel, order_take
from studio.renders.wording import standing_of
from tests.renders.conftest import posts


def test_what_may_be_billed_is_said_of_a_take_that_was_sent_before(uncertain, producer):
    resolution.send_again(uncertain, producer.user)
    assert standing_of(uncertain).then == "What was sent before may be billed."
    cancel(uncertain, producer.user)
    for says in (standing_of(uncertain).says, uncertain.events.last().says):
        assert says.endswith("before it was sent again. What was sent before may be billed.")
        assert "Nothing was billed" not in says


def test_a_person_names_the_task(uncertain, task_id, producer, house, vendor):
    resolution.confirm_task_id(uncertain, f" {task_id} ", producer.user)
    assert uncertain.status == "submitted"
    assert uncertain.events.last().actor == producer.user
    assert AuditEntry.objects.get(action="take.resolved").data == {"outcome": task_id}
    house.until(uncertain, "collecting")
    assert len(posts(vendor)) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Paste the task's id"),
        ("x" * 201, "Paste the task's id"),
        ("task_nope", "does not know the task task_nope"),
        ("../keys", "does not know the task"),
    ],
)
def test_what_the_vendor_does_not_confirm_is_refused(uncertain, producer, typed, says):
    with pytest.raises(NotResolved, match=says):
        resolution.confirm_task_id(uncertain, typed, producer.user)
    uncertain.refresh_from_db()
    assert (uncertain.status, uncertain.vendor_task_id) == ("uncertain", "")


def test_with_the_vendor_away_the_answer_is_to_try_again(uncertain, producer, vendor):
    vendor.close()
    with pytest.raises(NotResolved, match="cannot be reached. Try again in a minute"):
        resolution.confirm_task_id(uncertain, "task_abc", producer.user)


def test_a_task_that_another_take_has_is_refused(uncertain, producer, project, creative, house):
    other = order_take(project, creative.user)
    house.work()
    other.refresh_from_db()
    with pytest.raises(NotResolved, match="Another take already has this task"):
        resolution.confirm_task_id(uncertain, other.vendor_task_id, producer.user)


def test_a_person_says_that_it_was_not_created(uncertain, producer, vendor, house):
    resolution.not_created(uncertain, producer.user)
    house.work()
    assert (uncertain.status, uncertain.error_kind) == ("failed", "not_created")
    assert AuditEntry.objects.get(action="take.resolved").data == {"outcome": "not created"}
    assert len(posts(vendor)) == 1


def test_only_a_persons_word_sends_it_again(uncertain, producer, vendor, house):
    resolution.send_again(uncertain, producer.user)
    house.until(uncertain, "collecting")
    assert (uncertain.attempts, len(posts(vendor))) == (2, 2)
    assert AuditEntry.objects.get(action="take.resolved").actor == producer.user


# -- What it costs to send it again ------------------------------------------------------------


@pytest.fixture
def rate(workspace, project):
    """0.10 USD a second when the take is ordered, 0.15 USD by today."""

    def at(per_second, currency="USD"):
        card = {"currency": currency, "per_second": Decimal(per_second)}
        RateCard.objects.update_or_create(
            workspace=workspace, valid_from=date(2020, 1, 1), defaults=card
        )

    at("0.1")
    return at


@pytest.fixture
def dearer(rate, uncertain):
    """It was ordered for 3.00 USD; sent again it costs 4.50 USD."""
    assert uncertain.estimate == 3
    rate("0.15")
    return uncertain


@pytest.fixture
def budget(workspace):
    def of(amount):
        terms = {"currency": "USD", "amount": Decimal(amount), "is_hard": True}
        Budget.objects.update_or_create(workspace=workspace, project=None, defaults=terms)

    return of


def used(project):
    """Spent and reserved of the budget."""
    [standing] = budgets.standings(project)
    return standing.spent, standing.reserved


def resolve_url(take):
    return reverse("renders:resolve", args=[take.pk])


def test_sent_again_it_counts_by_todays_rate_beside_what_may_be_billed(
    dearer, producer, project, budget, house
):
    budget("7.50")
    assert used(project) == (0, 3)
    resolution.send_again(dearer, producer.user)
    assert (dearer.estimate, dearer.earlier_estimate) == (Decimal("4.5"), 3)
    assert used(project) == (0, Decimal("7.5"))
    house.until(dearer, "collecting")
    assert (dearer.billable, dearer.earlier_billable) == (2, 1)
    assert used(project) == (0, Decimal("7.5"))
    words = "up to 7.50 USD: 3.00 USD may be billed for sending it before, and about 4.50 USD for"
    assert cost_in_words(dearer).startswith(words)
    told = AuditEntry.objects.get(action="take.resolved").data
    assert told == {"outcome": "sent again", "estimate": "4.50 USD"}


def test_the_hard_stop_holds_by_todays_rate(dearer, producer, project, budget, vendor, house):
    budget("7.49")
    with pytest.raises(NotResolved, match=r"costs about 4\.50 USD, but 4\.49 USD is left of"):
        resolution.send_again(dearer, producer.user)
    dearer.refresh_from_db()
    assert (dearer.status, dearer.estimate, dearer.earlier_billable) == ("uncertain", 3, 0)
    house.work()
    assert len(posts(vendor)) == 1


def test_whom_a_budget_concerns_is_told_that_it_nears_its_end(dearer, producer, budget):
    budget("9")
    resolution.send_again(dearer, producer.user)
    told = Notice.objects.get(kind=Kind.BUDGET_WARNED)
    assert (told.user, told.says.partition(" %")[0]) == (producer.user, "83")


def test_sent_a_third_time_every_price_is_counted(dearer, producer, project, budget, vendor, rate):
    budget("100")
    resolution.send_again(dearer, producer.user)
    Take.objects.update(status="uncertain", billable=2, attempts=2)  # and nobody heard again
    dearer.refresh_from_db()
    rate("0.2")
    resolution.send_again(dearer, producer.user)
    assert (dearer.estimate, dearer.earlier_estimate, dearer.earlier_billable) == (
        6, Decimal("7.5"), 2,
    )  # fmt: skip
    assert used(project) == (0, Decimal("13.5"))


def test_what_was_not_created_the_second_time_is_taken_off_at_its_own_price(
    dearer, producer, project, budget
):
    budget("100")
    resolution.send_again(dearer, producer.user)
    Take.objects.update(status="uncertain", billable=2, attempts=2)
    dearer.refresh_from_db()
    resolution.not_created(dearer, producer.user)
    assert used(project) == (3, 0)


def test_cancelled_before_it_is_sent_again_the_first_may_still_be_billed(
    dearer, producer, project, budget
):
    budget("100")
    resolution.send_again(dearer, producer.user)
    cancel(dearer, producer.user)
    assert used(project) == (3, 0)


def test_metered_the_first_may_still_be_billed(dearer, producer, project, budget, house):
    budget("100")
    resolution.send_again(dearer, producer.user)
    house.until(dearer, "ready")
    Take.objects.update(actual=Decimal(4), settle_at=None)
    assert used(project) == (7, 0)
    assert "3.00 USD may be billed" in cost_in_words(Take.objects.get())


def test_a_rate_set_meanwhile_prices_what_is_sent_again_alone(uncertain, producer, rate):
    Take.objects.update(estimate=None, currency="")
    uncertain.refresh_from_db()
    resolution.send_again(uncertain, producer.user)
    assert (uncertain.estimate, uncertain.earlier_estimate) == (3, None)
    assert "an unknown sum may be billed" in cost_in_words(uncertain)


def test_without_a_rate_today_it_counts_as_it_was_ordered(dearer, producer, project):
    RateCard.objects.all().delete()
    resolution.send_again(dearer, producer.user)
    assert (dearer.estimate, dearer.earlier_billable) == (3, 0)
    assert cost_in_words(dearer).startswith("about 6.00 USD")


def test_a_price_in_another_currency_is_not_added_but_told(dearer, producer, rate):
    rate("0.2", currency="EUR")
    resolution.send_again(dearer, producer.user)
    assert (dearer.estimate, dearer.currency, dearer.earlier_estimate) == (6, "EUR", None)
    says = dearer.events.get(to_status="queued", from_status="uncertain").says
    assert "3.00 USD may be billed from before" in says
    assert "counts in EUR from here on" in says


def test_the_costs_say_what_may_be_billed_from_before(dearer, producer, creative):
    page = reverse("renders:costs", args=["kitchen"])
    label = "may be billed from before takes were sent again"
    assert label not in creative.get(page).content.decode()
    resolution.send_again(dearer, producer.user)
    assert label in creative.get(page).content.decode()


def test_the_page_shows_todays_price_and_nobody_pays_another(dearer, producer, vendor, rate):
    state = producer.get(reverse("renders:status", args=[dearer.pk])).content.decode()
    assert 'name="price_seen" value="4.50 USD"' in state
    rate("0.2")
    form = {"decision": "send_again", "agreed": "yes", "price_seen": "4.50 USD"}
    refused = producer.post(resolve_url(dearer), form, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    assert "The price has changed since you looked" in refused.content.decode()
    assert 'name="price_seen" value="6.00 USD"' in refused.content.decode()
    assert Take.objects.get().status == "uncertain"
    form["price_seen"] = "6.00 USD"
    assert producer.post(resolve_url(dearer), form).status_code == 302
    assert Take.objects.get().estimate == 6


@pytest.mark.parametrize("decision", ["not_created", "send_again"])
def test_a_page_of_an_earlier_try_decides_nothing_about_a_later_one(
    uncertain, producer, decision, house, vendor
):
    page = producer.get(reverse("renders:status", args=[uncertain.pk])).content.decode()
    assert page.count('name="attempt" value="1"') == 2
    form = {"decision": decision, "agreed": "yes", "attempt": "1"}
    resolution.send_again(uncertain, producer.user)
    Take.objects.update(status="uncertain", billable=2, attempts=2)
    refused = producer.post(resolve_url(uncertain), form)
    assert refused.status_code == 422
    assert "It was sent again since you looked" in refused.content.decode()
    assert Take.objects.get().status == "uncertain"
    assert producer.post(resolve_url(uncertain), form | {"attempt": "2"}).status_code == 302


def test_without_a_rate_the_page_says_so_and_it_may_be_sent_again(uncertain, producer):
    state = producer.get(reverse("renders:status", args=[uncertain.pk])).content.decode()
    assert "No rate is set" in state
    form = {"decision": "send_again", "agreed": "yes", "price_seen": ""}
    assert producer.post(resolve_url(uncertain), form).status_code == 302
    assert Take.objects.get().status == "queued"


def test_whoever_read_the_take_before_it_was_sent_again_sends_nothing(dearer, producer):
    """The sums would be counted from a take that is no more."""
    stale = Take.objects.get()
    resolution.send_again(dearer, producer.user)
    Take.objects.update(status="uncertain", billable=2, attempts=2)
    with pytest.raises(IllegalTransition):
        resolution.send_again(stale, producer.user)
    assert Take.objects.get().earlier_billable == 1


@pytest.mark.parametrize("way", [resolution.not_created, resolution.send_again])
def test_only_an_uncertain_take_is_settled(take, producer, way):
    with pytest.raises(IllegalTransition):
        way(take, producer.user)
    assert not AuditEntry.objects.filter(action="take.resolved").exists()


def test_a_take_that_the_former_release_has_sent_is_settled_too(uncertain, producer):
    """An old worker counted no POST, while the tables were those of this release already."""
    Take.objects.update(billable=0)
    resolution.not_created(uncertain, producer.user)
    assert (uncertain.status, uncertain.billable) == ("failed", 0)
