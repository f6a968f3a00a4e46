"""The vendor's errors as a take keeps them, and what a waiting take waits for, in words."""

import re
from typing import Any

from studio.transend import errors

_WAITS: tuple[tuple[type[errors.TransendError], str], ...] = (
    (errors.Unreachable, "Transend: it cannot be reached just now"),
    (errors.RateLimited, "a vendor slot: Transend's concurrency limit is reached"),
    (errors.InvalidKey, "a working API key: the API key was refused"),
    (errors.NoAnswer, "an answer from Transend: it is too slow, or breaks off"),
    (errors.MalformedAnswer, "a sensible answer from Transend: the last one was none"),
    (errors.NotFound, "Transend to find the render: it says that it does not know it"),
    (errors.RenderingFailure, "Transend: it reports an internal failure"),
)

# The error kinds of takes that a person gave up: before they arrived, and when they could not be
# fetched. They are no failures of the vendor's, or of ours.
DISCARDED, GIVEN_UP = "discarded", "given_up"
CLEARED: dict[str, Any] = {
    "error_kind": "",
    "error_says": "",
    "error_resolution": "",
    "error_status": None,
    "error_body": "",
}


def waits_for(problem: errors.TransendError) -> str:
    """What is waited for after `problem`; reads on from "Waiting for"."""
    for kind, words in _WAITS:
        if isinstance(problem, kind):
            return words
    return "a usable answer from Transend"


def fields_of(problem: errors.TransendError, *, secret: str = "") -> dict[str, Any]:
    """The take's error fields for `problem`. `secret`, if it was echoed, is taken out."""
    body = problem.excerpt.replace(secret, "[secret]") if secret else problem.excerpt
    fields: dict[str, Any] = {
        "error_kind": _snake(type(problem).__name__),
        "error_says": problem.says,
        "error_resolution": problem.resolution,
        "error_status": problem.status,
        "error_body": body,
    }
    if problem.trace_id:
        fields["trace_id"] = problem.trace_id
    return fields


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
