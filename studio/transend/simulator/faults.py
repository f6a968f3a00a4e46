"""The answers of the document's error table, and the answers that no document has."""

import codecs
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Any

from studio.transend.simulator.connection import Delivery, Reply, Request
from studio.transend.simulator.scenario import Action, Rule
from studio.transend.wire import decode_json

_DEEP = 100_000
_BACKWARDS = 30


def json_reply(
    status: int, body: dict[str, Any], headers: tuple[tuple[str, str], ...] = ()
) -> Reply:
    """Return an answer with a JSON body."""
    return Reply(status, json.dumps(body).encode(), headers=headers)


def failed(status: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return an error as we guess that the vendor shapes it, with a trace id."""
    body = {
        "error": {"code": status, "message": message},
        "trace_id": f"vid_sora_{secrets.token_hex(6)}",
    }
    return json_reply(status, body, headers)


def instead_of_answer(fault: Rule | None, request: Request, now: float) -> Reply | None:
    """Return the answer of a fault that keeps the request from having any effect."""
    if fault is None:
        return None
    match fault.action:
        case Action.RATE_LIMITED:
            return failed(429, "Concurrency limit reached.", _retry_after(fault, now))
        case Action.UNAUTHORIZED:
            return failed(401, "Missing or invalid API key.")
        case Action.DROP_BEFORE:
            return Reply(500, delivery=Delivery.NOTHING)
        case Action.ERROR_500 if not fault.options.get("created"):
            return failed(500, "Internal rendering failure.")
        case Action.EXPIRED_LINK if request.path.startswith(("/secure/", "/previews/")):
            return failed(403, "This link is not valid, or has expired.")
    return None


def distorted(fault: Rule | None, request: Request, reply: Reply) -> Reply:
    """Return an honest answer as a fault sends it; what was asked for has really happened."""
    if fault is None:
        return reply
    match fault.action:
        case Action.ACCEPT_THEN_DROP:
            return replace(reply, delivery=Delivery.NOTHING)
        case Action.HALF_BODY:
            return replace(reply, delivery=Delivery.HALF)
        case Action.SLOW:
            return replace(reply, delay_s=fault.options.get("delay_s", 5.0))
        case Action.ERROR_500:
            return failed(500, "Internal rendering failure.")
        case Action.NOT_JSON:
            page = b"<html><body><h1>It works!</h1></body></html>"
            return replace(reply, body=page, media_type="text/html")
        case Action.DEEP_JSON:
            return replace(reply, body=b"[" * _DEEP)
        case Action.BYTE_ORDER_MARK if isinstance(reply.body, bytes):
            return replace(reply, body=codecs.BOM_UTF8 + reply.body)
        case Action.WRONG_TYPES:
            return _changed(reply, _wrong_types)
        case Action.UNKNOWN_STATUS:
            return _changed(reply, _unknown_status)
        case Action.PROGRESS_BACKWARDS:
            return _changed(reply, _backwards)
        case Action.NO_PREVIEW_LINK:
            return _changed(reply, partial(_without_link, name="preview_gif"))
        case Action.NO_VIDEO_LINK:
            return _changed(reply, partial(_without_link, name="video_url"))
    return reply


def is_sent(reply: Reply) -> bool:
    """Whether the client gets to see any of an answer."""
    return reply.delivery is not Delivery.NOTHING


def prompts_in(raw: bytes) -> str:
    """Return the prompts of a received body, for a scenario to look into."""
    try:
        return prompts_of(decode_json(raw))
    except ValueError:
        return ""


def prompts_of(body: object) -> str:
    """Return a request's own prompt and those of its scenes as one text."""
    if not isinstance(body, dict):
        return ""
    scenes = body.get("storyboard")
    parts = [body, *(scenes if isinstance(scenes, list) else [])]
    return "\n".join(str(part.get("prompt", "")) for part in parts if isinstance(part, dict))


def _retry_after(fault: Rule, now: float) -> tuple[tuple[str, str], ...]:
    if "retry_after" in fault.options:
        return (("Retry-After", f"{fault.options['retry_after']:g}"),)
    if "retry_after_date" in fault.options:
        moment = datetime.fromtimestamp(now + fault.options["retry_after_date"], UTC)
        return (("Retry-After", format_datetime(moment, usegmt=True)),)
    return ()


def _changed(reply: Reply, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Reply:
    """Return a reply whose JSON object has some fields changed; other replies as they are."""
    body = decode_json(reply.body) if isinstance(reply.body, bytes) else None
    if not isinstance(body, dict):
        return reply
    return replace(reply, body=json.dumps(body | change(body)).encode())


def _wrong_types(body: dict[str, Any]) -> dict[str, Any]:
    return {"task_id": 12345, "status": 7, "progress": "forty-two"} | (
        {"result": "soon"} if "result" in body else {}
    )


def _unknown_status(body: dict[str, Any]) -> dict[str, Any]:
    return {"status": "moderating"} if "status" in body else {}


def _without_link(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {"result": body["result"] | {name: ""}} if body.get("result") else {}


def _backwards(body: dict[str, Any]) -> dict[str, Any]:
    return {"progress": max(body["progress"] - _BACKWARDS, 0)} if "progress" in body else {}
