"""Fetches a finished file from a signed link, trusting neither the link nor the answer.

(document, sections Task Lifecycle: "Signed URLs expire after 24 hours".)
"""

import hashlib
import os
import ssl
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from studio.transend.addresses import Destination, Resolve, checked_destination, resolve
from studio.transend.errors import DownloadFailed, LinkExpired, TransendError
from studio.transend.transport import OneRequestTransport

_CONNECT_S = 10.0
_READ_S = 30.0
_MAX_MEDIA_TYPE_CHARS = 100
_EXPIRED = frozenset({401, 403, 404, 410})


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that arrived whole. `media_type` is the sender's claim, in lower case, or empty."""

    sha256: str
    size_bytes: int
    media_type: str


def download(
    url: str,
    out: Path,
    *,
    allowed_hosts: Collection[str],
    allow_loopback: bool,
    max_bytes: int,
    timeout_s: float,
    resolve: Resolve = resolve,
    trust: ssl.SSLContext | None = None,
) -> Downloaded:
    """Fetch `url` into the new file `out`, at most `max_bytes` within `timeout_s` in all.

    The key is never sent along; redirects and proxies are not followed. The connection goes to
    the very address that was checked. `out` is synced to disk on success and removed on failure;
    FileExistsError is raised when it is there already.
    Raises LinkExpired (ask the task again), DownloadFailed or ForbiddenAddress, and OSError when
    our own disk does not take the file: fetching it again would not help.
    """
    ends_at = time.monotonic() + timeout_s
    try:
        destination = checked_destination(
            url, allowed_hosts=allowed_hosts, allow_loopback=allow_loopback, resolve=resolve
        )
    except OSError:
        destination = None
    if destination is None:
        raise DownloadFailed("The host of the file cannot be found.")
    left_s = max(ends_at - time.monotonic(), 0.0)
    transport = OneRequestTransport(total_s=left_s, trust=trust, addresses=destination.addresses)
    with _new_file(out) as file:
        return _fetch(destination, transport, file, max_bytes)


def _fetch(
    destination: Destination, transport: OneRequestTransport, file: BinaryIO, max_bytes: int
) -> Downloaded:
    failure: TransendError
    timeout = httpx.Timeout(_READ_S, connect=_CONNECT_S)
    headers = {
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": "Shotboard",
    }
    try:
        with (
            httpx.Client(
                transport=transport, timeout=timeout, headers=headers, trust_env=False
            ) as client,
            client.stream("GET", destination.url, follow_redirects=False) as response,
        ):
            _check_head(response, max_bytes)
            return _store(response, file, max_bytes)
    except httpx.TimeoutException:
        failure = DownloadFailed("The file did not arrive in time.")
    except httpx.HTTPError:
        failure = DownloadFailed("The connection broke before the whole file had arrived.")
    # Raised out here, the library's exception with the signed link in it is not chained.
    raise failure


def _check_head(response: httpx.Response, max_bytes: int) -> None:
    status = response.status_code
    if status in _EXPIRED:
        raise LinkExpired("The link to the file is refused; it may have expired.", status=status)
    if 300 <= status < 400:
        says = "The link leads on to another address, which is not followed."
        raise DownloadFailed(says, status=status, is_repeatable=False)
    if status != 200:
        raise DownloadFailed(f"The file's host answered with status {status}.", status=status)
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise DownloadFailed(
            "The file was sent compressed, though it was asked for as it is.", is_repeatable=False
        )
    length = response.headers.get("content-length")
    if length is None and "transfer-encoding" not in response.headers:
        # Such a transfer ends when the connection does: half a film would look like a whole one.
        raise DownloadFailed("The file's host did not say how long the file is.")
    if length is not None and int(length) > max_bytes:
        raise _too_large(max_bytes)


def _store(response: httpx.Response, file: BinaryIO, max_bytes: int) -> Downloaded:
    digest, size = hashlib.sha256(), 0
    for chunk in response.iter_raw():
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        digest.update(chunk)
        file.write(chunk)
    if size == 0:
        raise DownloadFailed("The file is empty.")
    file.flush()
    os.fsync(file.fileno())
    claimed = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Downloaded(digest.hexdigest(), size, claimed[:_MAX_MEDIA_TYPE_CHARS])


@contextmanager
def _new_file(out: Path) -> Iterator[BinaryIO]:
    """Open a file that was not there; remove it again unless all went well."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(out, flags, 0o600), "wb") as file:
        try:
            yield file
        except BaseException:
            out.unlink(missing_ok=True)
            raise


def _too_large(max_bytes: int) -> DownloadFailed:
    return DownloadFailed(
        f"The file is larger than the {max_bytes // 1_000_000} MB that are allowed.",
        is_repeatable=False,
        resolution="An operator can raise the limit; the finished render stays at the vendor for "
        "24 hours.",
    )
