"""Setting rates and budgets, each in the audit log. The caller has checked `can.MANAGE_BUDGETS`."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.renders.costs.budgets import owner_of
from studio.renders.costs.estimates import today
from studio.renders.costs.money import money
from studio.renders.models import Budget, RateCard
from studio.storyboards.models import Project


class NotChanged(Exception):
    """It cannot be done; the message says why, and what to do."""


def set_rate(workspace: Workspace, actor: User, terms: Mapping[str, Any]) -> RateCard:
    """Set what the vendor charges from a day on; a rate that begins on the same day is replaced.

    `terms`: currency, per_second, per_shot and valid_from, today or later. Takes that were ordered
    keep their estimates.
    """
    with transaction.atomic():
        rate, _ = RateCard.objects.update_or_create(
            workspace=workspace,
            valid_from=terms["valid_from"],
            defaults={
                "currency": terms["currency"],
                "per_second": terms["per_second"],
                "per_shot": terms["per_shot"],
                "created_by": actor,
            },
        )
        audit.record(workspace, actor, "rate.set", f"from {rate.valid_from}", **_terms(rate))
    return rate


def remove_rate(rate: RateCard, actor: User) -> None:
    """Take back a rate that is not valid yet. Raises `NotChanged` for any other."""
    with transaction.atomic():
        if not RateCard.objects.filter(pk=rate.pk, valid_from__gt=today()).delete()[0]:
            raise NotChanged(
                "This rate is valid already, and takes were estimated by it. "
                "Set another from today on instead."
            )
        target = f"from {rate.valid_from}"
        audit.record(rate.workspace, actor, "rate.removed", target, **_terms(rate))


def add_budget(
    workspace: Workspace, project: Project | None, actor: User, terms: Mapping[str, Any]
) -> Budget:
    """Give the workspace, or one of its projects, a budget. Raises `NotChanged` if it has one.

    `terms`: currency, amount, warn_percent and is_hard.
    """
    budget = Budget(workspace=workspace, project=project, created_by=actor, **_columns(terms))
    try:
        with transaction.atomic():
            budget.save(force_insert=True)
            _record(budget, actor, "budget.set")
    except IntegrityError:
        raise NotChanged(
            f"There is a budget of {owner_of(budget)} already. Change that one."
        ) from None
    return budget


def change_budget(budget: Budget, actor: User, terms: Mapping[str, Any]) -> Budget:
    """Give a budget other terms, as for `add_budget`; they count at once."""
    before = money(budget.amount, budget.currency)
    with transaction.atomic():
        for column, value in _columns(terms).items():
            setattr(budget, column, value)
        budget.save(update_fields=list(_columns(terms)))
        _record(budget, actor, "budget.changed", before=before)
    return budget


def remove_budget(budget: Budget, actor: User) -> None:
    """Let renders go without this budget."""
    with transaction.atomic():
        _record(budget, actor, "budget.removed")
        budget.delete()


def _columns(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: terms[name] for name in ("currency", "amount", "warn_percent", "is_hard")}


def _terms(rate: RateCard) -> dict[str, str]:
    return {
        "per_second": money(rate.per_second, rate.currency),
        "per_shot": money(rate.per_shot, rate.currency),
        "valid_from": str(rate.valid_from),
    }


def _record(budget: Budget, actor: User, action: str, **more: Any) -> None:
    audit.record(
        budget.workspace,
        actor,
        action,
        owner_of(budget),
        amount=money(budget.amount, budget.currency),
        warns_at=f"{budget.warn_percent} %",
        hard_stop=budget.is_hard,
        **more,
    )
