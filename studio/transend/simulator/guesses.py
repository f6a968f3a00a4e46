"""Our own guess at what the document only names: the retention API and the /meters API.

Paths and shapes are not the vendor's word. They stand here so that the product's adapters, whose
paths are settings, have something to talk to.
"""

from studio.transend.simulator.connection import Reply
from studio.transend.simulator.faults import failed, json_reply
from studio.transend.simulator.links import LINK_LIFE_S
from studio.transend.simulator.tasks import Ledger
from studio.transend.types import GenerationRequest, TaskStatus
from studio.transend.wire import decode_json, finite_number, wire_seconds

_LONGEST_HOURS = 24 * 365
_CENTS_PER_SECOND = 10


def retention(ledger: Ledger, task_id: str, raw: bytes, now: float) -> Reply:
    """Let the links of a finished task live for `hours` from now (default 24)."""
    task = ledger.get(task_id)
    if task is None or task.status != TaskStatus.SUCCEEDED:
        return failed(404, "There is no finished task of this id.")
    try:
        body = decode_json(raw or b"{}")
        hours = finite_number(body.get("hours", LINK_LIFE_S / 3600))
    except (ValueError, AttributeError):
        return failed(400, "hours: This has to be a number.")
    if not 0 < hours <= _LONGEST_HOURS:
        return failed(400, "hours: This has to be more than 0 and at most a year.")
    ledger.renew_links(task, until=now + hours * 3600)
    return json_reply(200, {"task_id": task_id, "expires_at": int(task.links_until)})


def meters(ledger: Ledger, task_id: str) -> Reply:
    """Say what a task has cost, shot by shot. A failed render is not billed."""
    task = ledger.get(task_id)
    if task is None:
        return failed(404, "There is no such task.")
    is_billed = task.status != TaskStatus.FAILED
    shots = [
        {
            "id": name,
            "seconds": wire_seconds(duration_ms),
            "amount": _amount(duration_ms if is_billed else 0),
        }
        for name, duration_ms in _stretches(task.request)
    ]
    total_ms = sum(duration_ms for _, duration_ms in _stretches(task.request))
    return json_reply(
        200,
        {
            "task_id": task_id,
            "currency": "USD",
            "amount": _amount(total_ms if is_billed else 0),
            "shots": shots,
        },
    )


def _stretches(request: GenerationRequest) -> list[tuple[str | None, int]]:
    if not request.storyboard:
        return [(None, request.duration_ms)]
    return [(scene.id, scene.duration_ms) for scene in request.storyboard]


def _amount(duration_ms: int) -> str:
    cents = round(duration_ms * _CENTS_PER_SECOND / 1000)
    return f"{cents // 100}.{cents % 100:02}"
