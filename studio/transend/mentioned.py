"""The /meters and the asset retention API: the document names both and shows neither.

So their paths are the caller's to set (an empty one switches off), and their shapes our guess, the
one that the simulator makes too. What comes back is held to that shape strictly: an invoice that
was misread is worse than none.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from studio.transend import errors
from studio.transend.answers import Answer, is_task_id, raise_unless_success, trace_id_of
from studio.transend.redaction import excerpt_of
from studio.transend.wire import finite_number

TASK_ID = "{task_id}"
"""Where a path takes the task's id; without it the id is added at the end."""

MAX_AMOUNT = Decimal(10) ** 10
_MAX_SHOTS = 1_000
_MAX_ID_CHARS = 200
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,20})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_PATH = re.compile(r"/(?!/)[\x21-\x7e]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShotCost:
    """What one shot cost; `id` is the storyboard's, None for a render without one."""

    id: str | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Metered:
    """What a render has cost, in all and by shot. `currency` is three capitals (ISO 4217)."""

    amount: Decimal
    currency: str
    shots: tuple[ShotCost, ...] = ()


def checked_path(path: str) -> str:
    """Return a configured path, empty for "off". Raises ValueError, in words, for what is none."""
    if path and not (_PATH.fullmatch(path) and path.count(TASK_ID) <= 1 and "#" not in path):
        raise ValueError(
            f"{path!r} is not a path at the vendor: write one such as /v1/meters?task_id={TASK_ID}."
        )
    return path


def path_for(path: str, task_id: str, what: str) -> str:
    """Return where to ask about a task. Raises NotConfigured, and NotFound for what is no id."""
    if not path:
        raise errors.NotConfigured(f"Transend's {what} has no address here.")
    if not is_task_id(task_id):
        raise errors.NotFound("This cannot be a Transend task id.")
    whole = path if TASK_ID in path else path + TASK_ID
    return whole.replace(TASK_ID, quote(task_id, safe=""))


def metered_from(answer: Answer, asked: str, key: str) -> Metered:
    """Return what a task has cost. Raises NothingCreated for 400, 401 and 429, else NotAnswered."""
    _raise_if_unknown(answer, key, "the question about the cost")
    try:
        return _read_metered(answer.json(), asked)
    except ValueError as problem:
        failure = _malformed(answer, key, "the cost", problem)
    raise failure


def kept_until_from(answer: Answer, asked: str, key: str) -> datetime | None:
    """Return until when the files are kept; None when the vendor agrees without a time.

    Raises NothingCreated for 400, 401 and 429, else NotAnswered.
    """
    _raise_if_unknown(answer, key, "the request to keep the files")
    if not answer.body:
        return None
    try:
        body = _about(answer.json(), asked)
        return _moment(body.get("expires_at"))
    except ValueError as problem:
        failure = _malformed(answer, key, "keeping the files", problem)
    raise failure


def _raise_if_unknown(answer: Answer, key: str, what: str) -> None:
    if answer.status == 400:
        raise errors.InvalidRequest(
            f"Transend refused {what}.",
            resolution="Ask an operator to compare the configured path with Transend's API.",
            status=400,
            excerpt=excerpt_of(answer.body, key),
            trace_id=trace_id_of(answer),
        )
    raise_unless_success(answer, key)


def _read_metered(value: object, asked: str) -> Metered:
    body = _about(value, asked)
    currency = body.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise ValueError("its currency is not three letters.")
    shots = body.get("shots", [])
    if not isinstance(shots, list) or len(shots) > _MAX_SHOTS:
        raise ValueError("its shots are not a list.")
    return Metered(
        _amount(body.get("amount"), "amount"), currency.upper(), tuple(map(_shot, shots))
    )


def _about(value: object, asked: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it is not an object.")
    if value.get("task_id", asked) != asked:
        raise ValueError("it is about another task.")
    return value


def _shot(value: object) -> ShotCost:
    if not isinstance(value, dict):
        raise ValueError("one of its shots is not an object.")
    name = value.get("id")
    if name is not None and not (isinstance(name, str) and _may_be_kept(name)):
        raise ValueError("the id of one of its shots is not text.")
    return ShotCost(name, _amount(value.get("amount"), "shots' amount"))


def _may_be_kept(name: str) -> bool:
    """Whether a database takes it: no lone surrogate, no NUL."""
    is_text = not any("\ud800" <= char <= "\udfff" for char in name)
    return is_text and "\0" not in name and len(name) <= _MAX_ID_CHARS


def _amount(value: object, name: str) -> Decimal:
    problem = f"its {name} is not an amount of money."
    if isinstance(value, str):
        if not _AMOUNT.fullmatch(value):
            raise ValueError(problem)
        amount = Decimal(value)
    else:
        try:
            # Through its text: 0.1 is a tenth, not the nearest binary fraction.
            amount = Decimal(str(finite_number(value)))
        except ValueError:
            raise ValueError(problem) from None
    if not 0 <= amount < MAX_AMOUNT:
        raise ValueError(problem)
    return abs(amount)


def _moment(value: object) -> datetime | None:
    """Seconds since 1970, or ISO 8601 with its offset from UTC."""
    if value is None:
        return None
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value)
        else:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=finite_number(value))
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("its expires_at is not a time.")


def _malformed(answer: Answer, key: str, what: str, problem: ValueError) -> errors.MalformedAnswer:
    return errors.MalformedAnswer(
        f"Transend's answer about {what} makes no sense: {problem}",
        status=answer.status,
        excerpt=excerpt_of(answer.body, key),
        trace_id=trace_id_of(answer),
    )
