"""The watcher's own loop in a thread, and waiting for what it does."""

import asyncio
import threading
import time

from studio.renders.watching.loop import watch


class Watcher:
    """`watch` in a thread, as `manage.py watch_takes` runs it in a process."""

    def __init__(self):
        self.failure = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(60), self.failure
        return self

    def __exit__(self, *args):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(60)
        assert not self._thread.is_alive(), "It did not stop when it was told to."
        assert self.failure is None

    def _run(self):
        try:
            asyncio.run(self._watch())
        except BaseException as failure:  # noqa: BLE001 - told to the test's thread
            self.failure = failure

    async def _watch(self):
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await watch(self._stop, tick_s=0.02)


def until(condition, within_s=60.0):
    ends_at = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.02)
