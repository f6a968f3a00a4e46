"""What the waiting and the polling client share: requests, whole answers, failures to connect."""

import re
import uuid
from collections.abc import Mapping
from urllib.parse import quote

import httpx

from studio.outbound.addresses import is_reachable
from studio.transend import errors
from studio.transend.answers import MAX_ANSWER_BYTES, Answer, TooLarge, is_task_id

CREATE_PATH = "/v1/videos/sora2/generation"
TASK_PATH = "/v1/tasks/"

_KEY = re.compile(r"[\x21-\x7e]{1,4096}")

# Only these two mean that not a byte of the request left the house.
NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout)


def checked_base_url(base_url: str) -> str:
    """Return the vendor's address without a trailing slash. Raises ValueError."""
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    is_usable = url.scheme in ("http", "https") and is_reachable(url.host, url.port)
    if not is_usable or url.userinfo or url.query:
        raise ValueError("The vendor's address has to look like https://api.example.com.")
    return str(url).rstrip("/")


def headers_for(api_key: str) -> dict[str, str]:
    """Return the headers of every request (document, section Authentication).

    Raises InvalidKey when the key cannot stand in a header.
    """
    if not _KEY.fullmatch(api_key):
        raise errors.InvalidKey("The API key is empty or has characters that no key has.")
    return {
        "Authorization": f"Bearer {api_key}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Shotboard",
    }


def task_path(task_id: str) -> str:
    """Return the path of a task, its id quoted. Raises NotFound for what cannot be an id."""
    if not is_task_id(task_id):
        raise errors.NotFound("This cannot be a Transend task id.")
    return TASK_PATH + quote(task_id, safe="")


def made_up_task_id() -> str:
    """Return the id of no task, for a question that only tries the key and spends nothing."""
    return f"shotboard-key-test-{uuid.uuid4().hex}"


class Gathering:
    """An answer's body as it arrives, up to the size that an answer may have."""

    def __init__(self) -> None:
        self._body = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take a piece. Raises TooLarge."""
        self._body += chunk
        if len(self._body) > MAX_ANSWER_BYTES:
            raise TooLarge

    def answer(self, status: int, headers: Mapping[str, str]) -> Answer:
        """Return the whole answer."""
        lowered = {name.lower(): value for name, value in headers.items()}
        return Answer(status, lowered, bytes(self._body))


def unreachable(problem: Exception) -> errors.Unreachable:
    """Return the error for a connection that was never made."""
    if isinstance(problem, httpx.ConnectTimeout):
        return errors.Unreachable("Transend did not take the connection in time.")
    return errors.Unreachable("Transend cannot be reached.")


def left_open(problem: Exception, what: str) -> str:
    """Say how an answer to `what` went missing, without quoting the library."""
    if isinstance(problem, TooLarge):
        return f"Transend's answer to {what} is far too large."
    if isinstance(problem, httpx.TimeoutException | TimeoutError):
        return f"Transend did not answer {what} in time."
    return f"The connection broke before Transend had answered {what}."
