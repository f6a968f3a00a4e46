"""One POST of JSON to an address that came from outside: bounded in time and bytes, told in facts.

No redirect is followed, no proxy asked, no connection kept, nothing repeated: trying again is the
caller's decision.
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from studio.outbound.addresses import Resolve, checked_destination, resolve
from studio.outbound.transport import OneRequestTransport

_CONNECT_S = 5.0
# An answer is only looked at: what is longer is cut.
_MOST_READ_BYTES = 4096


class NotReached(Exception):
    """Nobody answered; the message is a sentence, and quotes no address.

    `is_unknown`: the request may have arrived all the same.
    """

    def __init__(self, says: str, *, is_unknown: bool) -> None:
        super().__init__(says)
        self.is_unknown = is_unknown


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered: status, headers in lower case, the first 4096 bytes."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post_json(
    url: str,
    body: Any,
    *,
    allow_loopback: bool = False,
    total_s: float = 10.0,
    resolve: Resolve = resolve,
    trust: ssl.SSLContext | None = None,
) -> Reply:
    """POST `body` as JSON to `url` within `total_s` seconds in all, and return the answer.

    The connection goes to the very address that was checked. Raises ForbiddenAddress where the
    link may not be called, and NotReached.
    """
    begun_at = time.monotonic()
    try:
        destination = checked_destination(
            url, allowed_hosts=None, allow_loopback=allow_loopback, resolve=resolve
        )
    except OSError:
        destination = None
    if destination is None:
        raise NotReached("The host of this address cannot be found.", is_unknown=False)
    transport = OneRequestTransport(
        total_s=total_s - (time.monotonic() - begun_at),
        trust=trust,
        addresses=destination.addresses,
    )
    timeout = httpx.Timeout(total_s, connect=_CONNECT_S)
    headers = {
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Shotboard",
    }
    failure: NotReached
    try:
        with (
            httpx.Client(transport=transport, timeout=timeout, trust_env=False) as client,
            client.stream(
                "POST", destination.url, content=json.dumps(body).encode(), headers=headers
            ) as response,
        ):
            lowered = {name.lower(): value for name, value in response.headers.items()}
            return Reply(response.status_code, lowered, _beginning_of(response))
    except httpx.ConnectTimeout:
        failure = NotReached("The host did not take the connection in time.", is_unknown=False)
    except httpx.ConnectError as problem:
        failure = NotReached(_why_unconnected(problem), is_unknown=False)
    except httpx.TimeoutException:
        failure = NotReached("The host did not answer in time.", is_unknown=True)
    except httpx.TransportError:
        failure = NotReached("The connection broke before the answer.", is_unknown=True)
    # httpx's own errors carry the request, and its URL is a secret: they are not chained.
    raise failure


def _beginning_of(response: httpx.Response) -> bytes:
    """The first bytes of the body; a body that breaks off is as good as one that ends there."""
    begun = bytearray()
    try:
        for chunk in response.iter_raw():
            begun += chunk
            if len(begun) >= _MOST_READ_BYTES:
                break
    except httpx.TransportError:
        pass
    return bytes(begun[:_MOST_READ_BYTES])


def _why_unconnected(problem: httpx.ConnectError) -> str:
    if "certificate" in str(problem).lower():
        return "The host's certificate is not valid, so nothing was sent."
    return "The host cannot be reached."
