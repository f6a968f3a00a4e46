"""Reads what the vendor answered (document, sections Task Lifecycle and Error Codes).

No sockets here: an `Answer` in, a dataclass or one of our errors out.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from studio.transend import errors
from studio.transend.redaction import excerpt_of, without_secrets
from studio.transend.retries import parse_retry_after
from studio.transend.types import Created, Result, Task, TaskStatus
from studio.transend.wire import decode_answer, finite_number, ms_from_seconds

MAX_ANSWER_BYTES = 1 << 20
"""More than this is not an answer of the document."""

_MAX_ID_CHARS = 200
_MAX_WORD_CHARS = 100
_MAX_LINK_CHARS = 8_000
_OVER = (TaskStatus.SUCCEEDED, TaskStatus.FAILED)


class TooLarge(Exception):
    """An answer beyond MAX_ANSWER_BYTES."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer: status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Any 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """Return the body's JSON value. Raises ValueError."""
        return decode_answer(self._plain_body())

    def _plain_body(self) -> bytes:
        # We ask for identity; a paid task's id is not thrown away over a proxy that compresses.
        if self.headers.get("content-encoding", "").lower() not in ("gzip", "deflate"):
            return self.body
        try:
            plain = zlib.decompressobj(wbits=47).decompress(self.body, MAX_ANSWER_BYTES)
        except zlib.error:
            raise ValueError("This is not compressed as it says.") from None
        return plain


def created_from(answer: Answer, key: str) -> Created:
    """Return the created task. Raises NothingCreated for 400, 401 and 429, else OutcomeUnknown."""
    _raise_if_refused(answer, key)
    excerpt, trace_id = excerpt_of(answer.body, key), trace_id_of(answer)
    if not answer.is_success:
        says = f"Transend answered the render request with status {answer.status}."
        raise errors.OutcomeUnknown(says, status=answer.status, excerpt=excerpt, trace_id=trace_id)
    body = _object_of(answer)
    task_id = body.get("task_id") if body is not None else None
    if body is None or not is_task_id(task_id):
        says = "Transend accepted the render request, but its answer names no task."
        raise errors.OutcomeUnknown(says, status=answer.status, excerpt=excerpt, trace_id=trace_id)
    return Created(task_id=str(task_id), trace_id=trace_id, raw=body)


def task_from(answer: Answer, asked: str, key: str) -> Task:
    """Return the task `asked` for. Raises NothingCreated for 400, 401 and 429, else NotAnswered."""
    raise_unless_success(answer, key)
    try:
        return _read_task(answer, asked, key)
    except ValueError as problem:
        failure = errors.MalformedAnswer(
            f"Transend's answer about the render makes no sense: {problem}",
            status=answer.status,
            excerpt=excerpt_of(answer.body, key),
            trace_id=trace_id_of(answer),
        )
    raise failure


def raise_unless_success(answer: Answer, key: str) -> None:
    """Raise NothingCreated for 400, 401 and 429, and NotAnswered for any other but a 2xx."""
    _raise_if_refused(answer, key)
    if not answer.is_success:
        _raise_not_answered(answer, key)


def trace_id_of(answer: Answer) -> str | None:
    """The vendor's trace id in an answer, wherever it stands."""
    return _trace_id_in(_object_of(answer) or {})


def is_task_id(value: object) -> bool:
    """Whether `value` can be a task's id: text of 1 to 200 characters that fits in a path."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _MAX_ID_CHARS
        and value.isprintable()
        and value not in (".", "..")
    )


def _read_task(answer: Answer, asked: str, key: str) -> Task:
    body = answer.json()
    if not isinstance(body, dict):
        raise ValueError("it is not an object.")
    if body.get("task_id") != asked:
        raise ValueError("it is about another task.")
    raw_status = body.get("status")
    if not isinstance(raw_status, str) or not raw_status:
        raise ValueError("its status is not text.")
    known = raw_status in TaskStatus.__members__.values()
    status = TaskStatus(raw_status) if known else None
    return Task(
        task_id=asked,
        status=status,
        raw_status=without_secrets(raw_status, key)[:_MAX_WORD_CHARS],
        progress=_progress(body.get("progress"), is_over=status in _OVER),
        result=_result(body.get("result")) if status is TaskStatus.SUCCEEDED else None,
        trace_id=_trace_id_in(body),
        excerpt=excerpt_of(answer.body, key),
    )


def _progress(value: object, *, is_over: bool) -> int | None:
    if value is None:
        return None
    try:
        return int(min(max(finite_number(value), 0), 100))
    except ValueError:
        if is_over:  # a paid film is not lost, nor a failure hidden, over a number nobody needs
            return None
        raise ValueError("its progress is not a number.") from None


def _result(value: object) -> Result:
    if not isinstance(value, dict):
        raise ValueError("it says succeeded, but has no result.")
    preview_gif, video_url = _link(value.get("preview_gif")), _link(value.get("video_url"))
    # One that can be read is worth fetching: its life is running out, whatever the other one is.
    if preview_gif is None and video_url is None:
        raise ValueError("it says succeeded, but neither of its links can be read.")
    return Result(preview_gif, video_url, _result_duration(value.get("duration_seconds")))


def _link(value: object) -> str | None:
    if not isinstance(value, str) or not value.isprintable() or len(value) > _MAX_LINK_CHARS:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in ("http", "https") and parts.netloc else None


def _result_duration(value: object) -> int | None:
    # The film itself is measured: its links are not refused over what is said of its length.
    try:
        return ms_from_seconds(value)
    except ValueError:
        return None


def _raise_if_refused(answer: Answer, key: str) -> None:
    if answer.is_success:
        return
    excerpt, trace_id = excerpt_of(answer.body, key), trace_id_of(answer)
    if answer.status == 400:
        says = "Transend refused the request: its duration is invalid or its storyboard malformed."
        raise errors.InvalidRequest(says, status=400, excerpt=excerpt, trace_id=trace_id)
    if answer.status == 401:
        says = "Transend refused the API key: it is missing or invalid."
        raise errors.InvalidKey(says, status=401, excerpt=excerpt, trace_id=trace_id)
    if answer.status == 429:
        says = "Transend has no free slot: the key's concurrency limit is reached."
        wait_s = parse_retry_after(answer.headers.get("retry-after"), now=datetime.now(UTC))
        raise errors.RateLimited(says, retry_after_s=wait_s, excerpt=excerpt, trace_id=trace_id)


def _raise_not_answered(answer: Answer, key: str) -> NoReturn:
    kind, says = {
        404: (errors.NotFound, "Transend does not know this render."),
        500: (errors.RenderingFailure, "Transend reports an internal rendering failure."),
    }.get(
        answer.status,
        (errors.UnexpectedStatus, f"Transend answered with status {answer.status}."),
    )
    excerpt, trace_id = excerpt_of(answer.body, key), trace_id_of(answer)
    raise kind(says, status=answer.status, excerpt=excerpt, trace_id=trace_id)


def _object_of(answer: Answer) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _trace_id_in(body: Mapping[str, Any]) -> str | None:
    inner = body.get("error")
    found = body.get("trace_id") or (inner.get("trace_id") if isinstance(inner, dict) else None)
    if not isinstance(found, str):
        return None
    # It is stored in the write that keeps a paid task's id, and must not be what breaks it.
    return without_secrets(found)[: errors.TRACE_CHARS] or None
