"""A take as plain data, for `show_take` and for pipelines (SURFACES)."""

from typing import Any

from studio.renders.costs.wording import cost_as_data
from studio.renders.models import Take, TakeAsset
from studio.renders.wording import advice_on

# Of the vendor's own preview nothing is told: it is evidence, not a preview.
_SHOWN = (TakeAsset.Part.PREVIEW_GIF, TakeAsset.Part.VIDEO)


def describe(take: Take) -> dict[str, Any]:
    """Everything of a take but what was decided about it. Holds no link, key or secret."""
    return {
        "take": take.pk,
        "number": take.number,
        "is_proof": take.is_proof,
        "status": take.status,
        "progress": take.progress,
        "waits_for": take.waits_for or None,
        "vendor_task_id": take.vendor_task_id or None,
        "trace_id": take.trace_id or None,
        "error": _error(take),
        "payload_sha256": take.payload_sha256,
        "attempts": take.attempts,
        "cost": cost_as_data(take),
        "events": [
            {
                "number": event.number,
                "at": event.at.isoformat(),
                "from": event.from_status or None,
                "to": event.to_status,
                "says": event.says,
                "by": str(event.actor) if event.actor else None,
                "times": event.times,
            }
            for event in take.events.select_related("actor").order_by("number")
        ],
        "assets": {
            row.part: {
                "sha256": row.asset.sha256,
                "size_bytes": row.asset.size_bytes,
                "facts": row.asset.facts,
            }
            for row in take.assets.select_related("asset").filter(part__in=_SHOWN)
        },
    }


def _error(take: Take) -> dict[str, Any] | None:
    if not take.error_kind:
        return None
    return {
        "kind": take.error_kind,
        "says": take.error_says,
        "resolution": advice_on(take),
        "status": take.error_status,
    }
