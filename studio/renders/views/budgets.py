"""Rates and budgets: everybody who sees costs sees them, admins set them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studio.accounts.access import can, fetch, role_on, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.renders.costs import budgets, changing
from studio.renders.costs.changing import NotChanged
from studio.renders.costs.estimates import rate_on, today
from studio.renders.costs.forms import BudgetForm, RateForm
from studio.renders.costs.money import money
from studio.renders.models import Budget, RateCard


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_rates(request: HttpRequest, slug: str) -> HttpResponse:
    """The rates that were, are and will be valid; posting sets one."""
    workspace = workspace_for(request, slug, _needed(request))
    form = RateForm(request.POST) if request.method == "POST" else RateForm()
    if form.is_bound and form.is_valid():
        rate = changing.set_rate(workspace, signed_in(request), form.cleaned_data)
        says = f"From {rate.valid_from:%-d %b %Y} on a second costs"
        messages.success(request, f"{says} {money(rate.per_second, rate.currency)}.")
        return redirect("renders:rates", slug)
    page = {
        **_context(workspace, role_on(workspace)),
        "form": form,
        "rates": workspace.rate_cards.select_related("created_by"),
        "valid": rate_on(workspace, today()),
        "today": today(),
    }
    return render(request, "renders/costs/rates.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_rate(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask whether a future rate is to go; posting removes it."""
    rows = RateCard.objects.select_related("workspace")
    rate = fetch(request, rows, can.MANAGE_BUDGETS, pk=pk, workspace__slug=slug)
    page = {**_context(rate.workspace, role_on(rate)), "rate": rate, "refusal": ""}
    if request.method == "POST":
        try:
            changing.remove_rate(rate, signed_in(request))
        except NotChanged as refusal:
            page["refusal"] = str(refusal)
        else:
            messages.success(request, f"The rate from {rate.valid_from:%-d %b %Y} is removed.")
            return redirect("renders:rates", slug)
    status = 409 if page["refusal"] else 200
    return render(request, "renders/costs/remove_rate.html", page, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_budgets(request: HttpRequest, slug: str) -> HttpResponse:
    """This month's budgets; posting adds one."""
    workspace = workspace_for(request, slug, _needed(request))
    form = BudgetForm(workspace, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _added(request, workspace, form):
        return redirect("renders:budgets", slug)
    page = {
        **_context(workspace, role_on(workspace)),
        "form": form,
        "standings": budgets.standings_of(workspace),
        "rate": rate_on(workspace, today()),
    }
    return render(request, "renders/costs/budgets.html", page, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_budget(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The terms of a budget; posting changes them."""
    budget = _budget_for(request, slug, pk)
    form = BudgetForm(
        budget.workspace, request.POST if request.method == "POST" else None, budget=budget
    )
    if form.is_bound and form.is_valid():
        changing.change_budget(budget, signed_in(request), form.cleaned_data)
        whole = money(budget.amount, budget.currency)
        owner = budgets.owner_of(budget)
        messages.success(request, f"The budget of {owner} is {whole} a month now.")
        return redirect("renders:budgets", slug)
    page = _page_of(budget) | {"form": form}
    return render(
        request, "renders/costs/change_budget.html", page, status=422 if form.is_bound else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_budget(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what removing a budget means; posting removes it."""
    budget = _budget_for(request, slug, pk)
    if request.method == "POST":
        owner = budgets.owner_of(budget)
        changing.remove_budget(budget, signed_in(request))
        messages.success(request, f"There is no budget of {owner} any more.")
        return redirect("renders:budgets", slug)
    return render(request, "renders/costs/remove_budget.html", _page_of(budget))


def _needed(request: HttpRequest) -> can:
    return can.MANAGE_BUDGETS if request.method == "POST" else can.SEE_COSTS


def _added(request: HttpRequest, workspace: Workspace, form: BudgetForm) -> bool:
    terms = form.cleaned_data
    try:
        budget = changing.add_budget(workspace, terms["project"], signed_in(request), terms)
    except NotChanged as refusal:
        form.add_error(None, str(refusal))
        return False
    whole = money(budget.amount, budget.currency)
    messages.success(request, f"{whole} a month: the budget of {budgets.owner_of(budget)}.")
    return True


def _budget_for(request: HttpRequest, slug: str, pk: int) -> Budget:
    rows = Budget.objects.select_related("workspace", "project")
    return fetch(request, rows, can.MANAGE_BUDGETS, pk=pk, workspace__slug=slug)


def _page_of(budget: Budget) -> dict[str, Any]:
    page = _context(budget.workspace, role_on(budget))
    return page | {"budget": budget, "owner": budgets.owner_of(budget)}


def _context(workspace: Workspace, role: str) -> dict[str, Any]:
    return {"workspace": workspace, "role": role, "section": "costs"}
