"""A take as data, for pipelines: what renders knows of it, and what was decided."""

from typing import Any

from studio.renders import report
from studio.renders.models import Take
from studio.reviews.deciding.decisions import latest_decision
from studio.reviews.deciding.releases import checked


def describe_take(take: Take) -> dict[str, Any]:
    """What `show_take` prints: `decision` is the verdict that counts, or None."""
    return {**report.describe(take), **standing_of(take)}


def standing_of(take: Take) -> dict[str, Any]:
    """The newest verdict (`approved`, `changes_requested`, None), and whether the film is open."""
    decision = latest_decision(take)
    return {
        "decision": decision.verdict if decision else None,
        "released": checked(take).release is not None,
    }
