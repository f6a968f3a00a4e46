"""Segments shared out to processes of our own.

They are programs started anew, not forks: a queue's worker may not fork, and a fork would bring
along its memory, its keys and its connections. One child takes segments from the film's front, the
other from its back, so that each meets neighbours, which share their shots' layers, and both are
done at about the same time whatever a segment costs.
"""

import json
import os
import selectors
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from studio.pictures.environment import bare_environment
from studio.pictures.errors import DrawingFailed
from studio.pictures.films.order import Order

_SILENT_S = 180.0

Wanted = tuple[int, Path]


class _Child:
    """One process and what it still owes."""

    def __init__(self, order: Order, take: Callable[[], Wanted]):
        # The interpreter and the arguments are ours; the order goes by stdin.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "studio.pictures.films.drawing_child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=bare_environment(),
            start_new_session=True,
        )
        self._orders = cast(IO[bytes], self._process.stdin)
        self.answers = cast(IO[bytes], self._process.stdout)
        self._order, self._take, self._begun = order, take, b""
        self.has_work = False

    def begin(self) -> None:
        """Tell it the film, and hand it its first segment. Raises DrawingFailed when it is no
        more."""
        self._say(self._order.to_json())
        self.go_on()

    def go_on(self) -> None:
        """Hand it the next segment, if there is one left."""
        try:
            number, out = self._take()
        except IndexError:
            self.has_work = False
        else:
            self.has_work = True
            self._say(json.dumps([number, str(out)]))

    def _say(self, line: str) -> None:
        try:
            self._orders.write(line.encode() + b"\n")
            self._orders.flush()
        except BrokenPipeError:
            raise _died() from None

    def heard(self) -> list[dict[str, Any]]:
        """What it answered since. Raises DrawingFailed when it is no more."""
        read = os.read(self.answers.fileno(), 1 << 16)
        if not read:
            raise _died()
        *lines, self._begun = (self._begun + read).split(b"\n")
        return [json.loads(line) for line in lines]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._orders.close()
        self.answers.close()


def draw_by_children(
    order: Order,
    wanted: Sequence[Wanted],
    processes: int,
    *,
    on_frame: Callable[[], None],
    on_drawn: Callable[[int], None],
) -> None:
    """Draw the `wanted` segments, by number and file, with that many processes. What a callback
    raises ends them at once. Raises ValueError for what cannot be drawn, and DrawingFailed when a
    process died."""
    left = deque(wanted)
    children: list[_Child] = []
    try:
        for place in range(min(processes, len(wanted))):
            children.append(_Child(order, left.pop if place % 2 else left.popleft))
            children[-1].begin()
        _listen(children, on_frame, on_drawn)
    finally:
        for child in children:
            child.end()


def _listen(
    children: list[_Child], on_frame: Callable[[], None], on_drawn: Callable[[int], None]
) -> None:
    with selectors.DefaultSelector() as selector:
        for child in children:
            selector.register(child.answers, selectors.EVENT_READ, child)
        while any(child.has_work for child in children):
            ready = selector.select(_SILENT_S)
            if not ready:
                raise DrawingFailed("The drawing stands still, so it was ended. Draw it again.")
            for key, _ in ready:
                _heed(key.data, on_frame, on_drawn)
                if not key.data.has_work:
                    selector.unregister(key.fileobj)


def _heed(child: _Child, on_frame: Callable[[], None], on_drawn: Callable[[int], None]) -> None:
    for answer in child.heard():
        match answer:
            case {"frames": count}:
                for _ in range(count):
                    on_frame()
            case {"drawn": number}:
                on_drawn(number)
                child.go_on()
            case {"refusal": sentence}:
                raise ValueError(sentence)
            case {"failure": sentence}:
                raise DrawingFailed(sentence)


def _died() -> DrawingFailed:
    return DrawingFailed(
        "A drawing process ended before its work was done, perhaps for want of memory. "
        "Draw it again."
    )
