"""A mail server on this machine: as much of SMTP as Django's client speaks."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Self


class PostOffice:
    """Takes every message, unless told to refuse them; keeps what it took."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.recipients: list[str] = []
        self.refuses = False
        office = self

        class Counter(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                office._serve(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Counter)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def _serve(self, counter: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            counter.wfile.write(f"{line}\r\n".encode())

        say("220 post office")
        for raw in counter.rfile:
            command = raw.decode("ascii", "replace").strip()
            verb = command[:4].upper()
            if verb == "DATA":
                if self.refuses:
                    say("451 try again later")
                    continue
                say("354 go on")
                self.letters.append(message_from_bytes(_until_dot(counter)))
                say("250 taken")
            elif verb == "RCPT":
                self.recipients.append(command.partition("<")[2].rstrip(">"))
                say("250 ok")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")


def _until_dot(counter: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    for line in counter.rfile:
        if line == b".\r\n":
            break
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)
