"""Fetches a finished file from a signed link, trusting neither the link nor the answer.

(document, sections Task Lifecycle: "Signed URLs expire after 24 hours".)
"""

import errno
import os
import ssl
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from studio.outbound import addresses
from studio.outbound.addresses import Destination, Resolve, checked_destination, resolve
from studio.outbound.transport import OneRequestTransport
from studio.transend.errors import DownloadFailed, ForbiddenAddress, LinkExpired, TransendError
from studio.transend.pieces import Draft, Whole

_CONNECT_S = 10.0
_READ_S = 30.0
_ROOM_EVERY_BYTES = 8 << 20
# A next piece that gets less time than this is hopeless.
_LEAST_LEFT_S = 0.1
_MAX_MEDIA_TYPE_CHARS = 100
_EXPIRED = frozenset({401, 403, 404, 410})
_HEADERS = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "Shotboard",
}

CheckRoom = Callable[[int], None]
"""Is told how many bytes are to come; raises when there is no room for them."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that arrived whole. `media_type` is the sender's claim, in lower case, or empty;
    `is_pieced` tells that it came by several answers."""

    sha256: str
    size_bytes: int
    media_type: str
    is_pieced: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """What is asked for, and what it may cost."""

    destination: Destination
    trust: ssl.SSLContext | None
    ends_at: float
    max_bytes: int
    check_room: CheckRoom


def download(
    url: str,
    out: Path,
    *,
    allowed_hosts: Collection[str],
    allow_loopback: bool,
    max_bytes: int,
    timeout_s: float,
    pieces: Path | None = None,
    check_room: CheckRoom = lambda size_bytes: None,
    resolve: Resolve = resolve,
    trust: ssl.SSLContext | None = None,
) -> Downloaded:
    """Fetch `url` into the new file `out`, at most `max_bytes` within `timeout_s` in all.

    The key is never sent along; redirects and proxies are not followed. The connection goes to
    the very address that was checked. `out` is synced to disk on success and is not there on
    failure; FileExistsError is raised when it was there already.

    With `pieces`, a path on the disk of `out`, what has arrived of a broken download stays there.
    The next one goes on with it where the sender has a strong validator for that, by whichever
    link, and from the beginning where anything does not fit; size and time are those of all pieces
    together. `check_room` is told how many bytes are to come, before they are written and now and
    then meanwhile; what it raises ends the download.

    Raises LinkExpired (ask the task again), DownloadFailed or ForbiddenAddress, and OSError when
    our own disk does not take the file: fetching it again would not help.
    """
    begun_at = time.monotonic()
    try:
        destination = checked_destination(
            url, allowed_hosts=allowed_hosts, allow_loopback=allow_loopback, resolve=resolve
        )
    except addresses.ForbiddenAddress as refusal:
        raise ForbiddenAddress(f"The file is not fetched. {refusal}") from None
    except OSError:
        destination = None
    if destination is None:
        raise DownloadFailed("The host of the file cannot be found.")
    with _alone(out) if pieces is None else _in_pieces(pieces, out) as draft:
        ends_at = begun_at + timeout_s - draft.spent_s
        order = _Order(destination, trust, ends_at, max_bytes, check_room)
        try:
            return _fetch(order, draft)
        except DownloadFailed:
            if time.monotonic() > ends_at - _LEAST_LEFT_S:
                draft.restart()  # the time of all pieces is over: the next try has it anew
            raise
        finally:
            draft.spent_s += time.monotonic() - begun_at


def _fetch(order: _Order, draft: Draft) -> Downloaded:
    """Have the rest of the file arrive; all of it, where what is there does not fit the rest."""
    if not draft.is_whole and not _receive(order, draft):
        draft.restart()
        _receive(order, draft)
    draft.sync()
    return Downloaded(draft.sha256, draft.size_bytes, draft.media_type, draft.is_pieced)


def _receive(order: _Order, draft: Draft) -> bool:
    """Ask for what is missing and store it. False: the answer is no piece of what is there."""
    failure: TransendError
    left_s = max(order.ends_at - time.monotonic(), 0.0)
    transport = OneRequestTransport(
        total_s=left_s, trust=order.trust, addresses=order.destination.addresses
    )
    timeout = httpx.Timeout(_READ_S, connect=_CONNECT_S)
    headers = _HEADERS | _range_after(draft)
    try:
        with (
            httpx.Client(
                transport=transport, timeout=timeout, headers=headers, trust_env=False
            ) as client,
            client.stream("GET", order.destination.url, follow_redirects=False) as response,
        ):
            if not _fits(response, draft, order.max_bytes):
                return False
            _store(response, order, draft)
            return True
    except httpx.TimeoutException:
        failure = DownloadFailed("The file did not arrive in time.")
    except httpx.HTTPError:
        failure = _broken()
    # Raised out here, the library's exception with the signed link in it is not chained.
    raise failure


def _range_after(draft: Draft) -> dict[str, str]:
    if draft.whole is None:
        return {}
    return {"Range": f"bytes={draft.size_bytes}-", "If-Range": draft.whole.validator}


def _fits(response: httpx.Response, draft: Draft, max_bytes: int) -> bool:
    """Whether the answer goes on with the draft, or is the whole file, for which it is emptied."""
    if draft.whole is not None and response.status_code in (206, 416):
        is_next = response.status_code == 206 and _is_plain(response)
        return is_next and draft.whole.goes_on(response.headers, draft.size_bytes)
    _check_head(response, max_bytes)
    draft.restart()
    draft.whole = Whole.told_by(response.headers)
    claimed = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    draft.media_type = claimed[:_MAX_MEDIA_TYPE_CHARS]
    return True


def _check_head(response: httpx.Response, max_bytes: int) -> None:
    status = response.status_code
    if status in _EXPIRED:
        raise LinkExpired("The link to the file is refused; it may have expired.", status=status)
    if 300 <= status < 400:
        says = "The link leads on to another address, which is not followed."
        raise DownloadFailed(says, status=status, is_repeatable=False)
    if status != 200:
        raise DownloadFailed(f"The file's host answered with status {status}.", status=status)
    if not _is_plain(response):
        raise DownloadFailed(
            "The file was sent compressed, though it was asked for as it is.", is_repeatable=False
        )
    length = response.headers.get("content-length")
    if length is None and "transfer-encoding" not in response.headers:
        # Such a transfer ends when the connection does: half a film would look like a whole one.
        raise DownloadFailed("The file's host did not say how long the file is.")
    if length is not None and int(length) > max_bytes:
        raise _too_large(max_bytes)


def _is_plain(response: httpx.Response) -> bool:
    return bool(response.headers.get("content-encoding", "identity").lower() == "identity")


def _store(response: httpx.Response, order: _Order, draft: Draft) -> None:
    order.check_room(int(response.headers.get("content-length", 0)))
    checked_at = draft.size_bytes
    most = draft.whole.size_bytes if draft.whole else order.max_bytes
    for chunk in response.iter_raw():
        if draft.size_bytes + len(chunk) > most:
            draft.restart()
            raise _too_large(order.max_bytes) if most == order.max_bytes else _broken()
        if draft.size_bytes - checked_at >= _ROOM_EVERY_BYTES:
            order.check_room(len(chunk))
            checked_at = draft.size_bytes
        draft.add(chunk)
    if draft.size_bytes == 0:
        raise DownloadFailed("The file is empty.")
    if draft.whole is not None and not draft.is_whole:
        raise _broken()


@contextmanager
def _alone(out: Path) -> Iterator[Draft]:
    with _new_file(out) as file:
        yield Draft(file)


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


@contextmanager
def _in_pieces(pieces: Path, out: Path) -> Iterator[Draft]:
    """Open what has arrived so far; it becomes `out` if all goes well, and is kept if it broke."""
    if os.path.lexists(out):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(out))
    note = pieces.with_name(f"{pieces.name}.note")
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    with os.fdopen(os.open(pieces, flags, 0o600), "r+b") as file:
        draft = Draft.take_up(file, note)
        try:
            yield draft
        except BaseException as problem:
            if not (_may_go_on(problem) and _is_kept(draft)):
                note.unlink(missing_ok=True)
                pieces.unlink(missing_ok=True)
            raise
    os.rename(pieces, out)
    note.unlink(missing_ok=True)


def _may_go_on(problem: BaseException) -> bool:
    """Whether what has arrived is of use to the next try, and the disk has room to hold it."""
    if isinstance(problem, DownloadFailed):
        return problem.is_repeatable
    return isinstance(problem, LinkExpired | KeyboardInterrupt | SystemExit)


def _is_kept(draft: Draft) -> bool:
    with suppress(OSError):
        draft.keep()
        return draft.whole is not None
    return False


def _broken() -> DownloadFailed:
    return DownloadFailed("The connection broke before the whole file had arrived.")


def _too_large(max_bytes: int) -> DownloadFailed:
    return DownloadFailed(
        f"The file is larger than the {max_bytes // 1_000_000} MB that are allowed.",
        is_repeatable=False,
        resolution="An operator can raise the limit; the finished render stays at the vendor for "
        "24 hours.",
    )
