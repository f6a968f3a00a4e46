"""What admins type about rates and budgets."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from studio.accounts.forms import HouseForm
from studio.accounts.models import Workspace
from studio.renders.costs.estimates import today
from studio.renders.models import Budget
from studio.storyboards.models import Project

_MAX_RATE = 1_000_000
_MAX_BUDGET = Decimal("9999999999")


class MoneyField(forms.DecimalField):
    """An amount of money, also with a comma before its decimals."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # stubs: int
        text = str(value or "").strip()
        if re.fullmatch(r"[0-9]+,[0-9]+", text):
            text = text.replace(",", ".")
        return super().to_python(text)


def _money(label: str, most: Decimal | int, example: str, **options: Any) -> MoneyField:
    return MoneyField(
        label=label,
        min_value=0,
        max_value=most,
        decimal_places=4,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": f"Type an amount, such as {example}.",
            "invalid": f"This is not an amount. Type one such as {example}.",
            "min_value": "An amount cannot be less than 0.",
            "max_value": f"This is too much. The most is {most:,}.",
            "max_decimal_places": "An amount has at most four decimals.",
            "max_digits": "This is too much, or has too many decimals.",
            "max_whole_digits": "This is too much.",
        },
        **options,
    )


def _currency() -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z]{3}\Z",
        label="Currency",
        strip=True,
        max_length=10,
        initial="USD",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "size": "5"}),
        error_messages={
            "required": "Type the currency in three letters, such as USD.",
            "invalid": "A currency has three letters, such as USD or EUR.",
        },
    )


class RateForm(HouseForm):
    """What the vendor charges from a day on."""

    per_second = _money("Per second", _MAX_RATE, "0.10")
    per_shot = _money("Per shot, besides", _MAX_RATE, "0.25", initial="0")
    currency = _currency()
    valid_from = forms.DateField(
        label="Valid from",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        initial=today,
        error_messages={
            "required": "Choose the day from which it is valid.",
            "invalid": "This is not a day. Write it as 2026-12-01.",
        },
    )

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).upper()

    def clean_valid_from(self) -> date:
        """Not in the past: what was ordered then keeps its estimate."""
        day: date = self.cleaned_data["valid_from"]
        if day < today():
            raise forms.ValidationError(
                "A rate cannot begin in the past: what was ordered then keeps its estimate. "
                "Choose today or a later day."
            )
        return day


class BudgetForm(HouseForm):
    """The most that may be spent in a month. `project` is empty for the whole workspace."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label="Of",
        required=False,
        empty_label="The whole workspace",
        error_messages={"invalid_choice": "This project is not there any more. Choose another."},
    )
    amount = _money("A month", _MAX_BUDGET, "500")
    currency = _currency()
    warn_percent = forms.IntegerField(
        label="Warn at, in per cent",
        min_value=1,
        max_value=100,
        initial=80,
        error_messages={
            "required": "Type a number from 1 to 100.",
            "invalid": "Type a whole number from 1 to 100.",
            "min_value": "Type a number from 1 to 100.",
            "max_value": "Type a number from 1 to 100.",
        },
    )
    is_hard = forms.BooleanField(
        label="Hard stop: refuse orders that cost more than is left", required=False, initial=True
    )

    def __init__(
        self, workspace: Workspace, *args: Any, budget: Budget | None = None, **kwargs: Any
    ) -> None:
        if budget is not None:
            kwargs["initial"] = {
                "amount": f"{budget.amount.normalize():f}",
                "currency": budget.currency,
                "warn_percent": budget.warn_percent,
                "is_hard": budget.is_hard,
            }
        super().__init__(*args, **kwargs)
        if budget is not None:  # whose it is stays
            del self.fields["project"]
            return
        choice = self.fields["project"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101 - declared above
        choice.queryset = _without_budget(workspace)

    def clean_currency(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["currency"]).upper()


def _without_budget(workspace: Workspace) -> QuerySet[Project]:
    return workspace.projects.filter(archived_at=None, budgets=None).order_by("title", "pk")
