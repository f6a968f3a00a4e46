"""One connection for one request, with one clock over the whole of it.

httpx bounds each read, not the transfer: a server that sends a byte a second is never late. Here
every wait, from connecting to the last byte, gets only what is left of the request's total time.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import httpcore
import httpx

# At INFO httpx prints every URL, and ours are signed.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

Clock = Callable[[], float]

# sendall restarts its timeout with every piece that is taken; pieces of this size keep the clock.
_WRITE_BYTES = 16_384

_AS_HTTPX: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
)


@cache
def system_trust() -> ssl.SSLContext:
    """Return the one TLS context of this process; building one costs 30 ms."""
    return ssl.create_default_context()


class OneRequestTransport(httpx.BaseTransport):
    """Opens a connection for each request and closes it after; never reuses, never repeats.

    `total_s` bounds a request from the first packet to the last byte of its answer. With
    `addresses`, the connection goes to one of these instead of what the host name resolves to by
    then; TLS and the Host header still use the name.
    """

    def __init__(
        self,
        *,
        total_s: float,
        trust: ssl.SSLContext | None = None,
        addresses: Sequence[str] = (),
        clock: Clock = time.monotonic,
    ) -> None:
        self._total_s = total_s
        self._trust = trust or system_trust()
        self._addresses = tuple(addresses)
        self._clock = clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body still has to be read and closed."""
        deadline = _Deadline(self._clock() + self._total_s, self._clock)
        pool = httpcore.ConnectionPool(
            ssl_context=self._trust,
            max_connections=1,
            max_keepalive_connections=0,
            network_backend=_TimedBackend(deadline, self._addresses),
        )
        try:
            with as_httpx():
                answer = pool.handle_request(for_httpcore(request))
        except BaseException:
            pool.close()
            raise
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, pool),
            extensions=answer.extensions,
        )


def for_httpcore(request: httpx.Request) -> httpcore.Request:
    """Return the same request for the layer below httpx."""
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.read(),
        extensions=request.extensions,
    )


@contextmanager
def as_httpx() -> Iterator[None]:
    """Raise the failures of the layer below as httpx's own."""
    try:
        yield
    except Exception as problem:
        for theirs, ours in _AS_HTTPX:
            if isinstance(problem, theirs):
                raise ours(str(problem)) from None
        raise


class _Deadline:
    """The moment by which a request has to be over."""

    def __init__(self, at: float, clock: Clock) -> None:
        self._at = at
        self._clock = clock

    def cut(self, timeout: float | None, late: type[Exception]) -> float:
        """Return `timeout` or what is left, whichever is less; raises `late` if nothing is."""
        left = self._at - self._clock()
        if left <= 0:
            raise late("The whole request took too long.")
        return left if timeout is None else min(timeout, left)


class _Body(httpx.SyncByteStream):
    """The answer's bytes; closing it closes the connection."""

    def __init__(self, answer: httpcore.Response, pool: httpcore.ConnectionPool) -> None:
        self._answer = answer
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        with as_httpx():
            yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()
        self._pool.close()


class _TimedBackend(httpcore.NetworkBackend):
    """Real sockets, kept to a deadline and, if given, to checked addresses."""

    def __init__(self, deadline: _Deadline, addresses: Sequence[str]) -> None:
        self._deadline = deadline
        self._addresses = addresses
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("No address to connect to.")
        for address in self._addresses or (host,):
            wait_s = self._deadline.cut(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, wait_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as problem:
                failure = problem
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every wait is cut to the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.cut(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), _WRITE_BYTES):
            wait_s = self._deadline.cut(timeout, httpcore.WriteTimeout)
            self._stream.write(buffer[start : start + _WRITE_BYTES], wait_s)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        wait_s = self._deadline.cut(timeout, httpcore.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, wait_s)
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
