"""Many windows that watch one project: each keeps a connection and asks once a second."""

import asyncio
import time
from dataclasses import dataclass, field

CRLF = b"\r\n"
EVERY_S = 1.0


@dataclass
class Answers:
    """What came back: seconds of each, and their bytes in all."""

    seconds: list[float] = field(default_factory=list)
    size: int = 0
    statuses: set[int] = field(default_factory=set)

    def percentile_ms(self, percent: float) -> float:
        """The time below which so many per cent of the answers came."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))] * 1000


class Viewer:
    """One window, signed in by its session's cookie."""

    def __init__(self, port: int, session: str) -> None:
        self.port, self.session = port, session

    async def watch(self, path: str, starts_s: float, for_s: float, answers: Answers) -> None:
        """Ask for `path` every second; never while the answer before is still on its way."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nHX-Request: true\r\n"
            f"Cookie: sessionid={self.session}\r\n\r\n"
        ).encode()
        next_s = time.monotonic() + starts_s
        ends_s = time.monotonic() + for_s
        try:
            while next_s < ends_s:
                await asyncio.sleep(max(0.0, next_s - time.monotonic()))
                asked_s = time.monotonic()
                writer.write(head)
                status, size = await _answer(reader)
                answers.seconds.append(time.monotonic() - asked_s)
                answers.size += size
                answers.statuses.add(status)
                next_s = max(next_s + EVERY_S, time.monotonic())
        finally:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = await reader.readuntil(CRLF * 2)
    lines = head.lower().split(CRLF)
    sizes = [int(line[15:]) for line in lines if line.startswith(b"content-length:")]
    size = sizes[0] if sizes else 0
    await reader.readexactly(size)
    return int(lines[0].split()[1]), len(head) + size


async def watch_all(port: int, sessions: list[str], path: str, for_s: float) -> Answers:
    """All of them at once, spread over the second."""
    answers = Answers()
    await asyncio.gather(
        *(
            Viewer(port, session).watch(path, EVERY_S * at / len(sessions), for_s, answers)
            for at, session in enumerate(sessions)
        )
    )
    return answers
