"""What the vendor's meter says takes the place of the estimate."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts.models import AuditEntry
from studio.inbox.models import Kind, Notice
from studio.renders.costs import budgets, settling
from studio.renders.costs.wording import cost_as_data, cost_in_words
from studio.renders.lifecycle import Status
from studio.renders.models import Budget, Exchange, RateCard, Take
from studio.renders.submission import order_take
from tests.renders.conftest import LONG_AGO
from tests.transend.rude import RudeServer, answering

HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def meter(settings):
    settings.TRANSEND_METERS_PATH = "/v1/meters?task_id="


@pytest.fixture
def unsettled(api_key, make_take):
    return make_take(api_key=api_key, vendor_task_id="t1", settle_at=LONG_AGO)


@pytest.fixture
def answer(settings):
    """Have the vendor answer every question about costs so."""
    servers = []

    def say(body: bytes, status: int = 200):
        servers.append(RudeServer(answering(status, body)))
        settings.TRANSEND_BASE_URL = servers[-1].__enter__().url

    yield say
    for server in servers:
        server.__exit__(None, None, None)


def settled(take):
    settling.settle(take.pk)
    take.refresh_from_db()
    return take


def test_a_take_is_settled_by_the_simulators_meter(rate, take, house):
    assert (take.estimate, take.currency) == (3, "USD")
    RateCard.objects.update(per_second=9)  # what it was estimated by stays
    house.until(take, Status.READY)
    assert "about 3.00 USD, not metered yet" in cost_in_words(take)
    assert settling.sweep() == 1
    assert ("settle_cost", take.pk) in house.work()
    take.refresh_from_db()
    assert (take.actual, take.currency, take.settle_at) == (3, "USD", None)
    assert take.metered == [
        {"id": "scene-1", "amount": "1.80"}, {"id": "scene-2", "amount": "1.20"},
    ]  # fmt: skip
    assert cost_in_words(take) == "3.00 USD, metered"
    assert take.exchanges.filter(what=Exchange.What.METER).count() == 1
    assert settling.sweep() == 0


def test_a_failed_render_costs_nothing_once_the_meter_says_so(
    vendor, project, creative, api_key, rate, house, budget
):
    vendor.set_scenario({"rules": [{"do": "fail_render"}]})
    take = order_take(project, creative.user)
    house.until(take, Status.FAILED)
    [standing] = budgets.standings(project)
    assert standing.spent == 3
    settling.sweep()
    house.work()
    [standing] = budgets.standings(project)
    assert (standing.spent, standing.reserved) == (0, 0)


def test_each_due_take_is_asked_about_once(unsettled, make_take, api_key):
    make_take(api_key=api_key, vendor_task_id="t2", settle_at=timezone.now() + timedelta(hours=1))
    assert settling.sweep() == 1
    assert settling.sweep() == 0
    assert OrmQ.objects.count() == 1
    unsettled.refresh_from_db()
    assert unsettled.settle_at > timezone.now()


def test_a_worker_that_was_lost_is_followed_by_another(unsettled):
    settling.sweep()
    Take.objects.update(settle_at=LONG_AGO)
    assert settling.sweep() == 1


def test_a_delivery_that_comes_twice_changes_nothing(unsettled, answer):
    answer(b'{"currency":"USD","amount":"2.5"}')
    assert settled(unsettled).actual == Decimal("2.5")
    answer(b'{"currency":"USD","amount":"9"}')
    assert settled(unsettled).actual == Decimal("2.5")


def test_without_a_path_nothing_is_asked(unsettled, settings):
    settings.TRANSEND_METERS_PATH = ""
    assert settling.sweep() == 1
    unsettled.refresh_from_db()
    assert unsettled.settle_at is None
    assert not OrmQ.objects.exists()
    assert cost_in_words(unsettled) == "about 3.00 USD, not metered"


@pytest.mark.parametrize("body", [b"nonsense", b'{"currency":"USD","amount":"-1"}'])
def test_nonsense_is_asked_again_ever_later_and_then_given_up(unsettled, answer, body):
    answer(body)
    waits = []
    for _ in range(settling.MAX_ATTEMPTS - 1):
        before = timezone.now()
        waits.append(settled(unsettled).settle_at - before)
    assert waits == sorted(waits)
    assert waits[0] >= settling.FIRST_WAIT
    assert settled(unsettled).settle_at is None
    assert unsettled.actual is None
    says = unsettled.events.get().says
    assert says.startswith("Not metered: it counts as estimated.")
    assert "not metered" in cost_in_words(unsettled)
    exchange = unsettled.exchanges.get()
    assert exchange.times == settling.MAX_ATTEMPTS


def test_a_worker_that_dies_each_time_is_given_up(unsettled, answer):
    answer(b'{"currency":"USD","amount":"2.5"}')
    Take.objects.update(settle_attempts=settling.MAX_ATTEMPTS)
    assert settled(unsettled).settle_at is None
    assert unsettled.actual is None


def test_a_revoked_key_is_waited_for(unsettled, answer, api_key):
    answer(b"", 401)
    assert settled(unsettled).settle_at > timezone.now()
    api_key.state = "revoked"
    api_key.save()
    assert settled(unsettled).settle_attempts == 2


def test_another_currency_is_kept_and_told(unsettled, answer, budget, project):
    answer(b'{"currency":"EUR","amount":"2.5"}')
    settled(unsettled)
    assert (unsettled.actual, unsettled.currency, unsettled.estimate) == (
        Decimal("2.5"), "EUR", None,
    )  # fmt: skip
    says = unsettled.events.get().says
    assert "says 2.50 EUR, where 3.00 USD was estimated" in says


def test_another_currency_takes_no_sum_of_the_former_into_account(unsettled, answer):
    Take.objects.update(billable=2, earlier_billable=1, earlier_estimate=2)
    answer(b'{"currency":"EUR","amount":"2.5"}')
    settled(unsettled)
    assert (unsettled.earlier_estimate, unsettled.currency) == (None, "EUR")
    assert "where 5.00 USD was estimated" in unsettled.events.get().says


def test_a_take_without_an_estimate_is_metered_all_the_same(unsettled, answer):
    Take.objects.update(estimate=None, currency="")
    assert cost_in_words(Take.objects.get()) == "no rate set"
    answer(b'{"currency":"USD","amount":"2.50005"}')
    assert settled(unsettled).actual == Decimal("2.5001")
    assert not unsettled.events.exists()


# -- Once more, when a person asks --------------------------------------------------------------


@pytest.fixture
def given_up(rate, take, house):
    """Rendered and collected by the simulator, whose meter nobody could reach at that time."""
    house.until(take, Status.READY)
    Take.objects.update(settle_at=None, settle_attempts=settling.MAX_ATTEMPTS)
    take.refresh_from_db()
    return take


def ask(actor, take, **more):
    return actor.post(reverse("renders:ask-meter", args=[take.pk]), **more)


def state(actor, take):
    return actor.get(reverse("renders:status", args=[take.pk])).content.decode()


def test_a_person_has_the_meter_asked_again_and_it_tells(given_up, producer, house, vendor):
    assert "Ask the meter again" in state(producer, given_up)
    assert "about 3.00 USD, not metered" in state(producer, given_up)
    answer = ask(producer, given_up, **HTMX)
    assert "asked again what take 1 has cost" in answer["HX-Trigger"]
    given_up.refresh_from_db()
    assert "not metered yet" in cost_in_words(given_up)
    assert settling.sweep() == 1
    assert ("settle_cost", given_up.pk) in house.work()
    given_up.refresh_from_db()
    assert (given_up.actual, given_up.settle_attempts) == (3, 1)
    assert "Ask the meter again" not in state(producer, given_up)
    assert "3.00 USD, metered" in state(producer, given_up)
    asked = given_up.events.get(says__contains="meter asked again")
    assert asked.actor == producer.user
    assert AuditEntry.objects.get(action="take.meter_asked_again").actor == producer.user


def test_however_often_it_is_pressed_it_is_one_round_of_questions(given_up, producer):
    ask(producer, given_up)
    woken = 0
    for _ in range(3):
        again = ask(producer, given_up, **HTMX)
        assert again.status_code == 409
        assert "The meter is being asked already" in again.content.decode()
        woken += settling.sweep()
    assert woken == 1
    assert AuditEntry.objects.filter(action="take.meter_asked_again").count() == 1
    assert "Ask the meter again" not in state(producer, given_up)


def test_a_meter_that_still_does_not_tell_is_given_up_again(given_up, producer, answer):
    answer(b"nonsense")
    settling.ask_again(given_up, producer.user)
    for _ in range(settling.MAX_ATTEMPTS):
        assert settled(given_up).actual is None
    assert given_up.settle_at is None
    assert settling.may_be_asked_again(given_up)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"actual": Decimal(3)}, "It is metered already."),
        ({"vendor_task_id": ""}, "There is no finished render"),
        ({"status": "running"}, "There is no finished render"),
        ({"status": "queued"}, "There is no finished render"),
    ],
)
def test_what_has_no_open_cost_is_not_asked_about(given_up, producer, columns, says):
    Take.objects.update(**columns)
    given_up.refresh_from_db()
    assert not settling.may_be_asked_again(given_up)
    assert "Ask the meter again" not in state(producer, given_up)
    with pytest.raises(settling.NotAsked, match=says):
        settling.ask_again(given_up, producer.user)
    given_up.refresh_from_db()
    assert given_up.settle_at is None


def test_without_a_meter_there_is_nothing_to_press(given_up, producer, settings):
    settings.TRANSEND_METERS_PATH = ""
    assert "Ask the meter again" not in state(producer, given_up)
    refused = ask(producer, given_up, **HTMX)
    assert refused.status_code == 409
    assert "is not set up here" in refused.content.decode()


def test_who_may_have_it_asked(given_up, viewer, creative, producer, admin, stranger):
    for actor in (viewer, creative):
        assert ask(actor, given_up).status_code == 403
        assert "Ask the meter again" not in state(actor, given_up)
    assert "about 3.00 USD" not in state(viewer, given_up)
    assert ask(stranger, given_up).status_code == 404
    assert admin.get(reverse("renders:ask-meter", args=[given_up.pk])).status_code == 405
    plain = ask(admin, given_up)
    assert (plain.status_code, plain["Location"]) == (302, f"/takes/{given_up.pk}/")


# -- Telling of budgets ------------------------------------------------------------------------


def told():
    return sorted(Notice.objects.values_list("kind", "user__name"))


def test_an_order_that_nears_the_end_is_announced_once(
    project, creative, producer, admin, viewer, api_key, rate, budget
):
    order_take(project, creative.user)
    assert told() == []
    Budget.objects.update(amount=Decimal("7.5"))
    order_take(project, creative.user)
    assert told() == [(Kind.BUDGET_WARNED, "Admin"), (Kind.BUDGET_WARNED, "Producer")]
    says = Notice.objects.first().says
    assert re.fullmatch(
        r"80 % of 7\.50 USD, the budget of the workspace for \w+ \d+, is used: 1\.50 USD is left\.",
        says,
    )
    assert Notice.objects.first().url == "/w/kitchen/costs/"
    Budget.objects.update(is_hard=False)
    order_take(project, creative.user)
    assert [kind for kind, _ in told()] == [Kind.BUDGET_REACHED] * 2 + [Kind.BUDGET_WARNED] * 2
    order_take(project, creative.user)
    assert len(told()) == 4


def test_a_settlement_that_reaches_the_end_is_announced(unsettled, answer, admin, budget):
    answer(b'{"currency":"USD","amount":"10"}')
    settled(unsettled)
    assert told() == [(Kind.BUDGET_REACHED, "Admin")]
    assert re.fullmatch(
        r"Nothing is left of 10\.00 USD, the budget of the workspace for \w+ \d+\. "
        r"Renders are refused until an admin raises it or the month is over\.",
        Notice.objects.get().says,
    )


# -- In words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"status": "queued", "billable": 0}, "about 3.00 USD, reserved"),
        ({"status": "running"}, "about 3.00 USD, reserved"),
        ({"status": "uncertain", "billable": 2}, "up to 6.00 USD: it was sent twice, and each"),
        ({"status": "ready", "billable": 2, "actual": Decimal("2.5")}, "up to 5.50 USD"),
        (
            {
                "status": "running",
                "billable": 2,
                "earlier_billable": 1,
                "earlier_estimate": Decimal(2),
            },
            "up to 5.00 USD: 2.00 USD may be billed for sending it before, and about 3.00 USD for "
            "sending it again",
        ),
        (
            {
                "status": "queued",
                "billable": 1,
                "earlier_billable": 1,
                "earlier_estimate": Decimal(2),
            },
            "up to 5.00 USD: 2.00 USD may be billed for sending it before, and about 3.00",
        ),
        (
            {
                "status": "cancelled",
                "billable": 1,
                "earlier_billable": 1,
                "earlier_estimate": Decimal(2),
            },
            "up to 2.00 USD: 2.00 USD may be billed for sending it before",
        ),
        (
            {"status": "running", "billable": 2, "earlier_billable": 1},
            "up to 3.00 USD: an unknown sum may be billed for sending it before, and about 3.00",
        ),
        (
            {
                "billable": 2,
                "earlier_billable": 1,
                "earlier_estimate": Decimal(2),
                "actual": Decimal("2.5"),
            },
            "up to 4.50 USD: 2.00 USD may be billed for sending it before, and 2.50 USD was",
        ),
        ({"status": "cancelled", "billable": 0}, "nothing"),
        ({"status": "failed", "billable": 0, "estimate": None}, "nothing"),
        ({"status": "failed", "actual": Decimal(0)}, "0.00 USD, metered"),
        ({"status": "ready", "estimate": None, "currency": ""}, "no rate set"),
    ],
)
def test_a_takes_cost_in_words(make_take, columns, words):
    assert cost_in_words(make_take(**columns)).startswith(words)


def test_a_takes_cost_as_data(make_take):
    take = make_take(actual=Decimal("2.5"))
    take.refresh_from_db()
    assert cost_as_data(take) == {
        "estimate": "3.0000", "earlier_estimate": None, "actual": "2.5000", "currency": "USD",
        "billable": 1,
    }  # fmt: skip


def test_the_takes_page_tells_its_cost_to_those_who_see_costs(take, creative, viewer, rate):
    Take.objects.update(estimate=3, currency="USD")
    page = f"/takes/{take.pk}/"
    assert "about 3.00 USD, reserved" in creative.get(page).content.decode()
    assert "3.00 USD" not in viewer.get(page).content.decode()
