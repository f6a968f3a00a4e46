"""HTTP/1.1 over a raw connection, so that answers can also go wrong below HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

MAX_BODY_BYTES = 2 << 20
_CHUNK_BYTES = 64 << 10
_IDLE_S = 75.0


class Delivery(Enum):
    """How much of an answer leaves the house."""

    WHOLE = "whole"
    HALF = "half"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Request:
    """A received request; header names are in lower case, `target` is as it was sent."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without the query, unquoted."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query's fields; of repeated ones the last."""
        return dict(parse_qsl(urlsplit(self.target).query))

    @property
    def key(self) -> str:
        """The API key, or nothing."""
        scheme, _, key = self.headers.get("authorization", "").partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A stretch of a file."""

    path: Path
    start: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and how it is delivered."""

    status: int
    body: bytes | FilePart = b""
    media_type: str = "application/json"
    headers: Sequence[tuple[str, str]] = ()
    delivery: Delivery = Delivery.WHOLE
    delay_s: float = 0.0

    @property
    def size_bytes(self) -> int:
        """The length of the whole body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.size_bytes


Handle = Callable[[Request], Awaitable[Reply]]


async def serve_connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handle
) -> None:
    """Answer requests on one connection until either side has enough."""
    conn = h11.Connection(h11.SERVER)
    try:
        while await _serve_one(conn, reader, writer, handle):
            conn.start_next_cycle()
    except (h11.RemoteProtocolError, ConnectionError, TimeoutError):
        # The client broke off or speaks no HTTP: there is nobody to answer.
        pass
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    finally:
        writer.close()
        with suppress(ConnectionError, TimeoutError):
            await writer.wait_closed()


async def _serve_one(
    conn: h11.Connection,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    handle: Handle,
) -> bool:
    """Answer one request; return whether the connection may go on."""
    request = await _receive(conn, reader, writer)
    if request is None:
        return False
    reply = await handle(request)
    await asyncio.sleep(reply.delay_s)
    if reply.delivery is Delivery.NOTHING:
        writer.transport.abort()
        return False
    await _send(conn, writer, reply, has_body=request.method != "HEAD")
    return conn.our_state is h11.DONE and conn.their_state is h11.DONE


async def _receive(
    conn: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Request | None:
    """Return the next request, or None when the client has left."""
    head: h11.Request | None = None
    body = bytearray()
    while True:
        event = conn.next_event()
        if event is h11.NEED_DATA:
            if conn.they_are_waiting_for_100_continue:
                writer.write(_wire(conn, h11.InformationalResponse(status_code=100, headers=[])))
            async with asyncio.timeout(_IDLE_S):
                conn.receive_data(await reader.read(_CHUNK_BYTES))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MAX_BODY_BYTES:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return Request(
                method=head.method.decode("ascii"),
                target=head.target.decode("ascii", "replace"),
                headers={
                    name.decode("ascii"): value.decode("latin-1") for name, value in head.headers
                },
                body=bytes(body),
            )
        else:
            return None


async def _send(
    conn: h11.Connection, writer: asyncio.StreamWriter, reply: Reply, *, has_body: bool
) -> None:
    headers = [
        ("Content-Type", reply.media_type),
        ("Content-Length", str(reply.size_bytes)),
        *reply.headers,
    ]
    reason = HTTPStatus(reply.status).phrase.encode()
    head = h11.Response(status_code=reply.status, headers=headers, reason=reason)
    writer.write(_wire(conn, head))
    size = reply.size_bytes if reply.delivery is Delivery.WHOLE else reply.size_bytes // 2
    if has_body:
        await _send_body(conn, writer, reply.body, size)
    if has_body and reply.delivery is Delivery.HALF:
        # Without its end the message is broken, and the connection is closed.
        await writer.drain()
        return
    writer.write(_wire(conn, h11.EndOfMessage()))
    await writer.drain()


async def _send_body(
    conn: h11.Connection, writer: asyncio.StreamWriter, body: bytes | FilePart, size: int
) -> None:
    if isinstance(body, bytes):
        writer.write(_wire(conn, h11.Data(data=body[:size])))
        return
    with body.path.open("rb") as file:
        file.seek(body.start)
        while size > 0 and (chunk := file.read(min(size, _CHUNK_BYTES))):
            size -= len(chunk)
            writer.write(_wire(conn, h11.Data(data=chunk)))
            await writer.drain()


def _wire(conn: h11.Connection, event: h11.Event) -> bytes:
    return conn.send(event) or b""
