"""The waiting client: the paid request, and questions one at a time (document, whole)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Self

import httpx

from studio.outbound.transport import OneRequestTransport
from studio.transend import errors, mentioned
from studio.transend.answers import Answer, TooLarge, created_from, task_from
from studio.transend.calls import (
    CREATE_PATH,
    NEVER_CONNECTED,
    Gathering,
    checked_base_url,
    headers_for,
    left_open,
    made_up_task_id,
    task_path,
    unreachable,
)
from studio.transend.mentioned import Metered
from studio.transend.types import Created, Task
from studio.transend.wire import encode_body


class KeyVerdict(StrEnum):
    """What a test of an API key has shown."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class KeyTest:
    """The outcome of a key test, with what to tell the person who asked for it."""

    verdict: KeyVerdict
    says: str
    resolution: str = ""


class TransendClient:
    """Speaks to the vendor with one API key. Safe to share between threads.

    `connect_s` and `read_s` bound single waits, `total_s` a whole request. Every request has a
    connection of its own, so that none is sent into one that the vendor has just closed.
    `meters_path` and `retention_path` are what the document leaves open; empty switches off.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        transport: httpx.BaseTransport | None = None,
        connect_s: float = 10.0,
        read_s: float = 60.0,
        total_s: float = 90.0,
        meters_path: str = "",
        retention_path: str = "",
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._meters_path = mentioned.checked_path(meters_path)
        self._retention_path = mentioned.checked_path(retention_path)
        self._api_key = api_key
        self._http = httpx.Client(
            transport=transport or OneRequestTransport(total_s=total_s),
            timeout=httpx.Timeout(read_s, connect=connect_s),
            follow_redirects=False,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"TransendClient({self._base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the client."""
        self._http.close()

    def create_generation(self, body: bytes) -> Created:
        """Send the paid request once: exactly these bytes, never repeated here.

        `body` comes from `wire.encode_body`. Raises NothingCreated when the request surely had no
        effect (connection never made, 400, 401, 429), OutcomeUnknown in every other case.
        """
        failure: errors.TransendError
        try:
            answer = self._exchange("POST", CREATE_PATH, body)
        except NEVER_CONNECTED as problem:
            failure = unreachable(problem)
        except (httpx.HTTPError, TooLarge) as problem:
            failure = errors.OutcomeUnknown(left_open(problem, "the render request"))
        else:
            return created_from(answer, self._api_key)
        # Raised out here, the library's exception with our headers in it is not chained.
        raise failure

    def get_task(self, task_id: str) -> Task:
        """Ask how a render is doing (document, section Task Lifecycle).

        Raises Unreachable, RateLimited, InvalidKey, InvalidRequest, or a NotAnswered.
        """
        answer = self._ask(task_path(task_id), "the question about the render")
        return task_from(answer, task_id, self._api_key)

    def meter(self, task_id: str) -> Metered:
        """Ask what a render has cost (document, section Best Practices).

        Raises NotConfigured without `meters_path`, else as `get_task` does.
        """
        path = mentioned.path_for(self._meters_path, task_id, "/meters API")
        answer = self._ask(path, "the question about the cost")
        return mentioned.metered_from(answer, task_id, self._api_key)

    def extend_retention(self, task_id: str, hours: int) -> datetime | None:
        """Have a finished render's links kept for `hours` from now (document, Task Lifecycle).

        Returns until when, None when the vendor does not say. May be repeated. Raises NotConfigured
        without `retention_path`, else as `get_task` does.
        """
        path = mentioned.path_for(self._retention_path, task_id, "asset retention API")
        body = encode_body({"hours": hours})
        answer = self._ask(path, "the request to keep the files", "POST", body)
        return mentioned.kept_until_from(answer, task_id, self._api_key)

    def test_key(self) -> KeyTest:
        """Try the key without spending: ask for a task that cannot exist. Never raises.

        The key is looked at before the task is, so that any answer about the task means that the
        key was accepted.
        """
        try:
            answer = self._ask(task_path(made_up_task_id()), "the question about the render")
        except errors.InvalidKey as refused:
            return KeyTest(KeyVerdict.REFUSED, refused.says, refused.resolution)
        except errors.TransendError as problem:
            return KeyTest(KeyVerdict.NOT_KNOWN, problem.says, "Test the key again later.")
        return _verdict(answer.status)

    def _ask(self, path: str, what: str, method: str = "GET", body: bytes | None = None) -> Answer:
        failure: errors.TransendError
        try:
            return self._exchange(method, path, body)
        except NEVER_CONNECTED as problem:
            failure = unreachable(problem)
        except (httpx.HTTPError, TooLarge) as problem:
            failure = errors.NoAnswer(left_open(problem, what))
        raise failure

    def _exchange(self, method: str, path: str, body: bytes | None = None) -> Answer:
        headers = headers_for(self._api_key) | {"Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        url = self._base_url + path
        gathering = Gathering()
        with self._http.stream(method, url, headers=headers, content=body) as response:
            for chunk in response.iter_raw():
                gathering.add(chunk)
            return gathering.answer(response.status_code, response.headers)


def _verdict(status: int) -> KeyTest:
    if status == 401:
        return KeyTest(
            KeyVerdict.REFUSED,
            "Transend refused the API key: it is missing or invalid.",
            errors.InvalidKey.resolution,
        )
    # 403 and 429 may come from a gate in front of the vendor that never looked at the key.
    if status in (403, 429) or not (200 <= status < 300 or 400 <= status < 500):
        return KeyTest(
            KeyVerdict.NOT_KNOWN,
            f"Transend answered with status {status}, which says nothing about the key.",
            "Test the key again later.",
        )
    return KeyTest(KeyVerdict.ACCEPTED, "Transend accepted the API key.")
