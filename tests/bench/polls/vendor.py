"""A vendor 100 ms away: every question about a task is answered that much later, in one process.

It is as cheap as it can be, for it shares the machine with those who are measured.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from studio.lib.lifeline import SUPERVISOR, follow_supervisor

DELAY_S = 0.1


class _Conversation(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            task_id = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            asyncio.get_running_loop().call_later(DELAY_S, self._answer, task_id)

    def _answer(self, task_id: str) -> None:
        task = {"task_id": task_id, "status": "running", "progress": 42, "result": None}
        body = json.dumps(task | {"trace_id": "vid_sora_9f0a"}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        self._transport.write(head.encode() + b"\r\n\r\n" + body)


@contextmanager
def vendor_far_away() -> Iterator[str]:
    """Its address, while it runs."""
    argv = [sys.executable, "-m", __name__]
    environment = {**os.environ, SUPERVISOR: str(os.getpid())}  # and it dies with us
    process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Conversation, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    follow_supervisor()
    asyncio.run(_serve())
