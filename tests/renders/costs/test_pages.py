"""The pages of costs, rates and budgets, as each role sees them."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import AuditEntry
from studio.renders.costs.estimates import today
from studio.renders.models import Budget, RateCard

COSTS = "/w/kitchen/costs/"
RATES, BUDGETS = f"{COSTS}rates/", f"{COSTS}budgets/"
PAYLOAD = (
    '{"prompt":"x","duration_seconds":30,"storyboard":['
    '{"id":"scene-1","prompt":"Wide","duration_seconds":18},'
    '{"id":"scene-2","prompt":"Close","duration_seconds":12}]}'
)


def text_of(answer):
    return answer.content.decode()


def rate_form(**changed):
    return {
        "per_second": "0.10",
        "per_shot": "0",
        "currency": "usd",
        "valid_from": today(),
    } | changed


def budget_form(**changed):
    return {"amount": "500", "currency": "USD", "warn_percent": "80", "is_hard": "on"} | changed


# -- Who may see and set -----------------------------------------------------------------------


@pytest.mark.parametrize("page", [COSTS, RATES, BUDGETS])
def test_costs_are_seen_by_those_who_render(
    page, project, creative, producer, admin, viewer, stranger, client
):
    for reader in (creative, producer, admin):
        assert reader.get(page).status_code == 200
    assert viewer.get(page).status_code == 403
    assert stranger.get(page).status_code == 404
    assert client.get(page).status_code == 302
    assert admin.delete(page).status_code == 405


def test_the_cost_page_takes_no_post(admin, project):
    assert admin.post(COSTS).status_code == 405


@pytest.mark.parametrize(("page", "form"), [(RATES, rate_form), (BUDGETS, budget_form)])
def test_only_admins_set_rates_and_budgets(page, form, project, producer, admin, viewer, stranger):
    for reader in (producer, viewer):
        assert reader.post(page, form()).status_code == 403
    assert stranger.post(page, form()).status_code == 404
    assert not RateCard.objects.exists()
    assert not Budget.objects.exists()
    assert '<form method="post" action="/w/' not in text_of(producer.get(page))
    assert admin.post(page, form()).status_code == 302


@pytest.fixture
def coming(workspace):
    return RateCard.objects.create(
        workspace=workspace, currency="USD", per_second=1, valid_from=today() + timedelta(days=9)
    )


def test_only_admins_change_what_is_set(
    workspace, project, budget, coming, producer, viewer, stranger, admin, other_workspace
):
    pages = [
        f"{RATES}{coming.pk}/remove/", f"{BUDGETS}{budget.pk}/", f"{BUDGETS}{budget.pk}/remove/",
    ]  # fmt: skip
    for page in pages:
        for reader in (producer, viewer):
            assert reader.get(page).status_code == 403
            assert reader.post(page, budget_form()).status_code == 403
        assert stranger.post(page, budget_form()).status_code == 404
        # Not by way of one's own workspace either.
        assert stranger.get(page.replace("kitchen", "elsewhere")).status_code == 404
        assert admin.get(page).status_code == 200
        assert admin.put(page).status_code == 405
    assert Budget.objects.get().amount == 10
    assert RateCard.objects.count() == 1


# -- The cost page -----------------------------------------------------------------------------


def test_an_empty_workspace_is_told_what_to_do(workspace, admin, creative):
    said = text_of(admin.get(COSTS))
    assert "No rate set" in said
    assert "Set what Transend charges" in said
    assert "Nothing was rendered in the last twelve months" in said
    assert "Ask an admin to set what Transend charges" in text_of(creative.get(COSTS))


def test_what_a_month_cost_is_told_with_its_budgets(project, make_take, rate, budget, admin, now):
    make_take(created_at=now, actual=Decimal("2.5"), payload=PAYLOAD)
    make_take(created_at=now, status="running", payload=PAYLOAD)
    said = text_of(admin.get(COSTS))
    assert "5.50 USD" in said
    assert "2.50 USD spent · 3.00 USD reserved · 55 %" in said
    assert "4.50 USD" in said


def test_a_take_without_a_rate_has_no_invented_price(project, make_take, admin, now):
    make_take(created_at=now, estimate=None, currency="")
    said = text_of(admin.get(COSTS))
    assert "no rate set" in said
    assert "1 take cannot be priced" in said
    assert "0.00" not in said.partition('id="year-title"')[0]


@pytest.mark.parametrize("by", ["project", "person", "month", "shot"])
def test_costs_are_told_by_each_kind(by, project, make_take, creative, now):
    make_take(created_at=now, payload=PAYLOAD, created_by=creative.user)
    said = text_of(creative.get(COSTS, {"by": by})).partition('id="table-title"')[2]
    expected = {
        "project": ["Neon Tokyo", "3.00 USD"],
        "person": ["Creative", "3.00 USD"],
        "month": [f"{now:%B %Y}", "3.00 USD"],
        "shot": ["scene-1", "1.80 USD", "scene-2", "1.20 USD"],
    }
    assert all(words in said for words in expected[by])


def test_a_month_and_a_project_can_be_chosen(project, other_project, make_take, creative):
    make_take(created_at=datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC))
    make_take(of=other_project, created_at=datetime(2026, 10, 1, tzinfo=UTC), estimate=Decimal(7))
    make_take(created_at=datetime(2026, 11, 1, tzinfo=UTC), estimate=Decimal(90))
    whole = creative.get(COSTS, {"month": "2026-10"})
    assert [spent.total for spent in whole.context["costs"].totals] == [10]
    own = creative.get(COSTS, {"month": "2026-10", "project": project.pk})
    assert [spent.total for spent in own.context["costs"].totals] == [3]
    assert [row.name for row in own.context["costs"].rows] == ["Neon Tokyo"]


@pytest.mark.parametrize(
    "query",
    [{"month": "2026-13"}, {"month": "2026-1"}, {"month": "9999-12"}, {"month": "x"},
     {"by": "colour"},
     {"project": "0"}, {"project": "x"}, {"project": "9" * 40}, {"project": "٣"}],
)  # fmt: skip
def test_what_there_is_not_is_not_found(query, creative, project):
    assert creative.get(COSTS, query).status_code == 404


def test_a_project_of_elsewhere_is_not_found(creative, project, other_workspace):
    foreign = other_workspace.projects.create(title="Theirs")
    assert creative.get(COSTS, {"project": foreign.pk}).status_code == 404


def test_takes_of_elsewhere_cost_nothing_here(
    project, make_take, creative, other_workspace, budget, now
):
    foreign = other_workspace.projects.create(title="Theirs")
    make_take(of=foreign, created_at=now)
    page = creative.get(COSTS)
    assert page.context["costs"].totals == []
    assert page.context["costs"].standings[0].used == 0


@pytest.mark.parametrize("by", ["project", "person", "month", "shot"])
def test_the_queries_do_not_grow(by, project, make_take, creative, budget, rate, now, workspace):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert creative.get(COSTS, {"by": by}).status_code == 200
        return len(captured)

    make_take(created_at=now, payload=PAYLOAD, created_by=creative.user)
    few = queries()
    for number in range(4):
        another = workspace.projects.create(title=f"Film {number}")
        make_take(of=another, created_at=now, payload=PAYLOAD, created_by=creative.user)
        Budget.objects.create(workspace=workspace, project=another, currency="USD", amount=5)
    assert queries() == few


# -- CSV ---------------------------------------------------------------------------------------


def rows_of(answer):
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_take_is_a_row_with_exact_amounts(project, make_take, creative):
    make_take(payload=PAYLOAD, created_by=creative.user, estimate=Decimal("3.0001"), billable=2)
    [row] = rows_of(creative.get(COSTS, {"format": "csv", "month": "2026-11"}))
    assert row == {
        "project": "Neon Tokyo", "take": "1", "person": "Creative",
        "ordered": "2026-11-22T12:00:00+00:00", "status": "ready", "seconds": "30", "shots": "2",
        "estimate": "3.0001", "actual": "", "billable": "2", "cost": "6.0002", "currency": "USD",
        "earlier_estimate": "",
    }  # fmt: skip


def test_shots_have_rows_of_their_own(project, make_take, creative):
    make_take(payload=PAYLOAD, actual=Decimal(4), metered=[
        {"id": "scene-1", "amount": "3.5"}, {"id": "scene-2", "amount": "0.5"},
    ])  # fmt: skip
    make_take(payload=PAYLOAD, status="running")
    rows = rows_of(creative.get(COSTS, {"format": "csv", "month": "2026-11", "by": "shot"}))
    assert [(row["shot"], row["takes"], row["spent"], row["reserved"]) for row in rows] == [
        ("scene-1", "2", "3.5000", "1.8000"),
        ("scene-2", "2", "0.5000", "1.2000"),
    ]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"])
def test_no_cell_is_a_formula(title, project, make_take, creative):
    project.title = creative.user.name = title
    project.save()
    creative.user.save()
    make_take(payload=PAYLOAD, created_by=creative.user)
    [row] = rows_of(creative.get(COSTS, {"format": "csv", "month": "2026-11"}))
    assert row["project"][0] == row["person"][0] == "'"


def test_csv_is_for_those_who_see_costs(viewer, stranger, project):
    assert viewer.get(COSTS, {"format": "csv"}).status_code == 403
    assert stranger.get(COSTS, {"format": "csv"}).status_code == 404


# -- Rates -------------------------------------------------------------------------------------


def test_a_rate_is_set_and_audited(admin, workspace):
    day = today() + timedelta(days=3)
    admin.post(RATES, rate_form(per_second="0,125", per_shot="0.5", valid_from=day))
    rate = RateCard.objects.get()
    assert (rate.per_second, rate.per_shot, rate.currency) == (
        Decimal("0.125"), Decimal("0.5"), "USD",
    )  # fmt: skip
    assert (rate.valid_from, rate.created_by) == (day, admin.user)
    entry = AuditEntry.objects.get(action="rate.set")
    assert entry.data["per_second"] == "0.125 USD"
    assert "To come" in text_of(admin.get(RATES))


def test_a_rate_of_the_same_day_is_replaced(admin, workspace):
    for price in ("0.10", "0.20"):
        admin.post(RATES, rate_form(per_second=price))
    assert RateCard.objects.get().per_second == Decimal("0.2")
    assert AuditEntry.objects.filter(action="rate.set").count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"per_second": ""}, "Type an amount"), ({"per_second": "free"}, "This is not an amount"),
        ({"per_second": "-1"}, "cannot be less than 0"), ({"per_second": "NaN"}, "not an amount"),
        ({"per_second": "Infinity"}, "not an amount"), ({"per_second": "1e30"}, "too much"),
        ({"per_second": "0.00001"}, "at most four decimals"),
        ({"per_second": "1000001"}, "This is too much"), ({"per_shot": "x"}, "not an amount"),
        ({"currency": "$"}, "three letters"), ({"currency": "USD\n€"}, "three letters"),
        ({"valid_from": "soon"}, "not a day"),
        ({"valid_from": date(2026, 1, 1)}, "cannot begin in the past"),
    ],
)  # fmt: skip
def test_a_wrong_rate_is_refused_and_nothing_typed_is_lost(admin, workspace, wrong, says):
    answer = admin.post(RATES, rate_form(per_shot="0.4321") | wrong)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "per_shot" in wrong or 'value="0.4321"' in text_of(answer)
    assert not RateCard.objects.exists()


def test_a_rate_to_come_can_be_removed(admin, coming):
    assert admin.post(f"{RATES}{coming.pk}/remove/").status_code == 302
    assert not RateCard.objects.exists()
    assert AuditEntry.objects.filter(action="rate.removed").exists()


def test_a_rate_that_was_valid_stays(admin, rate):
    answer = admin.post(f"{RATES}{rate.pk}/remove/")
    assert answer.status_code == 409
    assert "valid already" in text_of(answer)
    assert RateCard.objects.exists()


# -- Budgets -----------------------------------------------------------------------------------


def test_budgets_are_set_changed_and_removed(admin, workspace, project):
    admin.post(BUDGETS, budget_form())
    admin.post(BUDGETS, budget_form(project=project.pk, amount="50", currency="eur"))
    whole, own = Budget.objects.order_by("pk")
    assert (whole.project, whole.amount, whole.warn_percent, whole.is_hard) == (None, 500, 80, True)
    assert (own.project, own.amount, own.currency) == (project, 50, "EUR")

    soft = budget_form(amount="60.5", warn_percent="50")
    del soft["is_hard"]
    admin.post(f"{BUDGETS}{own.pk}/", soft)
    own.refresh_from_db()
    assert (own.amount, own.warn_percent, own.is_hard) == (Decimal("60.5"), 50, False)
    assert own.project == project

    admin.post(f"{BUDGETS}{own.pk}/remove/")
    assert list(Budget.objects.all()) == [whole]
    deeds = AuditEntry.objects.filter(action__startswith="budget.").order_by("number")
    assert [deed.action for deed in deeds] == [
        "budget.set", "budget.set", "budget.changed", "budget.removed",
    ]  # fmt: skip


def test_there_is_one_budget_of_each(admin, workspace, budget):
    answer = admin.post(BUDGETS, budget_form(amount="77"))
    assert answer.status_code == 422
    assert "There is a budget of the workspace already" in text_of(answer)
    assert 'value="77"' in text_of(answer)
    assert Budget.objects.get().amount == 10


def test_a_project_of_elsewhere_gets_no_budget(admin, workspace, other_workspace):
    foreign = other_workspace.projects.create(title="Theirs")
    assert admin.post(BUDGETS, budget_form(project=foreign.pk)).status_code == 422
    assert not Budget.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"amount": "much"}, "not an amount"), ({"warn_percent": "0"}, "from 1 to 100"),
     ({"warn_percent": "101"}, "from 1 to 100"), ({"currency": ""}, "three letters"),
     ({"amount": "99999999999"}, "too much")],
)  # fmt: skip
def test_a_wrong_budget_is_refused(admin, budget, wrong, says):
    answer = admin.post(f"{BUDGETS}{budget.pk}/", budget_form(amount="321") | wrong)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "amount" in wrong or 'value="321"' in text_of(answer)
    assert Budget.objects.get().amount == 10


@pytest.mark.parametrize("page", [COSTS, BUDGETS])
def test_a_budget_in_another_currency_than_the_rate_says_so(page, admin, rate, budget):
    Budget.objects.update(currency="EUR")
    said = text_of(admin.get(page))
    assert "The rate is in USD, this budget in EUR: no render can be ordered" in said


def test_a_hard_stop_without_a_rate_says_so(admin, budget):
    assert "this hard stop refuses every render" in text_of(admin.get(BUDGETS))
