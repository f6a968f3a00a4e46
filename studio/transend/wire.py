"""JSON and seconds as they travel: one canonical encoding, one distrustful decoding."""

import codecs
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn


def encode_body(body: Mapping[str, Any]) -> bytes:
    """Return `body` as canonical JSON in UTF-8: the bytes to hash and the bytes to send.

    Keys keep their order, no space is added. Raises ValueError for what JSON cannot carry (NaN,
    infinity, lone surrogates, objects of our own).
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as problem:
        reason = type(problem).__name__
        raise ValueError(f"This request cannot be written as JSON ({reason}).") from problem


def decode_json(data: bytes) -> Any:
    """Return the JSON value in `data`. Raises ValueError for anything else, however it is broken.

    Nesting deep enough to exhaust the interpreter's stack and numbers that JSON does not have
    (NaN, Infinity) count as broken.
    """
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError("The JSON is nested too deeply.") from None
    except ValueError:
        raise ValueError("This is not JSON.") from None


def decode_answer(data: bytes) -> Any:
    """Return the JSON value that the vendor wrote. Raises ValueError as `decode_json` does.

    One UTF-8 byte order mark before it is no part of it: a reader may ignore it (RFC 8259, 8.1),
    and a paid task's id is not thrown away over one.
    """
    return decode_json(data.removeprefix(codecs.BOM_UTF8))


def wire_number(value: float) -> int | float:
    """Return `value` without trailing zeros: 4200.0 travels as 4200, 0.6 as 0.6."""
    return int(value) if float(value).is_integer() else value


def wire_seconds(duration_ms: int) -> int | float:
    """Return a duration as the document writes it: 45000 ms is 45, 12500 ms is 12.5."""
    return wire_number(duration_ms / 1000)


def ms_from_seconds(value: object) -> int:
    """Return a JSON number of seconds as whole milliseconds, rounded to the nearest.

    Raises ValueError when `value` is not a finite number (true and false are none either).
    """
    return int((Decimal(str(finite_number(value))) * 1000).to_integral_value())


def finite_number(value: object) -> int | float:
    """Return `value` when it is a finite JSON number; raises ValueError else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("This is not a number.")
    if isinstance(value, float) and not Decimal(value).is_finite():
        raise ValueError("This is not a finite number.")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"JSON has no {name}.")
