"""A take as data, for pipelines: what renders knows of it, and what was decided."""

from typing import Any

from studio.renders import report
from studio.renders.models import Take
from studio.reviews.deciding.releases import checked


def describe_take(take: Take) -> dict[str, Any]:
    """What `show_take` prints: `decision` is where the take stands by its policy, or None."""
    return {**report.describe(take), **standing_of(take)}


def standing_of(take: Take) -> dict[str, Any]:
    """`decision` (`approved` once the policy is met, `changes_requested`, None), and `released`:
    whether the film is open."""
    finding = checked(take)
    return {"decision": finding.standing.verdict, "released": finding.release is not None}
