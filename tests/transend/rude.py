"""A server below HTTP: it says what a test tells it to, whatever that is."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

Manners = Callable[["Conversation"], None]


class Conversation:
    """One accepted connection and what has been said on it."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.connection = connection
        self.heard = b""
        self._over = over

    def listen(self) -> None:
        """Hear a request out, by its Content-Length."""
        while b"\r\n\r\n" not in self.heard:
            self._hear()
        head, _, body = self.heard.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        wanted = int(lengths[0].partition(b":")[2]) if lengths else 0
        while len(body) < wanted:
            body += self._hear()

    def say(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, pieces: Iterable[bytes], every_s: float) -> None:
        """Say pieces slowly, until there are no more or the test is over."""
        for piece in pieces:
            if self._over.wait(every_s):
                return
            self.say(piece)

    def linger(self) -> None:
        """Say nothing more, and do not hang up either."""
        self._over.wait(30)

    def reset(self) -> None:
        """Hang up with a reset."""
        self.connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
        )
        self.connection.close()

    def _hear(self) -> bytes:
        data = self.connection.recv(65536)
        if not data:
            raise ConnectionError
        self.heard += data
        return data


class RudeServer:
    """Listens on this machine; holds every conversation in a thread of its own."""

    def __init__(self, manners: Manners, *, trust: ssl.SSLContext | None = None) -> None:
        self.conversations: list[Conversation] = []
        self._callers: list[tuple[str, int]] = []
        self._manners = manners
        self._trust = trust
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        self.server_names: list[str | None] = []

    def __enter__(self) -> Self:
        self._begin(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def times_called(self) -> int:
        """How many connections were made until now, those not yet heard included."""
        with socket.create_connection(("127.0.0.1", self.port), 30) as last:
            own = last.getsockname()
            while own not in (accepted := list(self._callers)):
                time.sleep(0.001)
        return accepted.index(own)

    def _begin(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, caller = self._socket.accept()
            except OSError:
                return
            self._callers.append(caller)
            self._begin(self._converse, connection)

    def _converse(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._trust is not None:
                connection = self._trust.wrap_socket(connection, server_side=True)
            conversation = Conversation(connection, self._over)
            self.conversations.append(conversation)
            self._manners(conversation)
            connection.close()


def saying(*pieces: bytes) -> Manners:
    """Hear the request out, say these bytes, hang up."""

    def manners(conversation: Conversation) -> None:
        conversation.listen()
        for piece in pieces:
            conversation.say(piece)

    return manners


def answering(
    status: int = 200, body: bytes = b"{}", *headers: str, media_type: str = "application/json"
) -> Manners:
    """Answer with a well-formed head and this body."""
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Type: {media_type}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return saying("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def seconds_of(action: Callable[[], object]) -> float:
    """Return how long `action` takes."""
    begun = time.monotonic()
    action()
    return time.monotonic() - begun
