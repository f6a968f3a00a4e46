"""Rates, budgets, and takes of any kind without a vendor."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest

from studio.renders.models import Budget, RateCard, Take
from studio.storyboards.models import Project

NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def rate(workspace):
    """0.10 USD a second, since long ago."""
    return RateCard.objects.create(
        workspace=workspace,
        currency="USD",
        per_second=Decimal("0.1"),
        valid_from=date(2020, 1, 1),
    )


@pytest.fixture
def budget(workspace):
    """10 USD a month for the workspace, as a hard stop."""
    return Budget.objects.create(workspace=workspace, currency="USD", amount=Decimal(10))


@pytest.fixture
def make_take(project):
    """Write a take of a project down as it is, with what it costs."""
    numbers = count(1)

    def make(of=project, **columns):
        given = {
            "status": "ready", "billable": 1, "currency": "USD", "estimate": Decimal(3),
            "created_at": NOVEMBER, "duration_ms": 30_000, "payload": "{}", "number": next(numbers),
        } | columns  # fmt: skip
        return Take.objects.create(
            workspace=of.workspace, project=of, revision=project.revisions.first(), **given
        )

    return make


@pytest.fixture
def other_project(workspace):
    return Project.objects.create(workspace=workspace, title="Umbrellas")


@pytest.fixture
def now():
    return datetime.now(UTC)
