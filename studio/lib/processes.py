"""Supervision: starts programs, restarts those that die or hang, and stops them all together.

A child that ends is started again whatever its exit code was: none is meant to end. Each has a
session of its own, so a Ctrl-C at the terminal reaches the supervisor alone, which then stops the
children in order; what is left after the grace is killed with its whole process group.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO, TextIO

from studio.lib.lifeline import SUPERVISOR

TICK_S = 0.1
GRACE_S = 10.0
# A child that lived this long has recovered: its next restart is quick again.
SETTLED_S = 30.0
MAX_BACKOFF_S = 30.0
_COLOURS = (36, 33, 35, 32, 34, 31)


@dataclass(frozen=True)
class Program:
    """Something to keep running. `hung()` says in a sentence why it must be restarted, or ''."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    hung: Callable[[], str] = lambda: ""
    started: Callable[[], None] = lambda: None


class Output:
    """Lines of several programs on one stream, each with its name before it."""

    def __init__(self, stream: TextIO, names: Sequence[str], *, colours: bool) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._width = max(map(len, names), default=0)
        self._colours = (
            {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)} if colours else {}
        )

    def line(self, name: str, text: str) -> None:
        prefix = f"{name:<{self._width}} |"
        if name in self._colours:
            prefix = f"\x1b[{self._colours[name]}m{prefix}\x1b[0m"
        with self._lock:
            try:
                self._stream.write(f"{prefix} {text}\n")
                self._stream.flush()
            except (OSError, ValueError):  # the terminal is gone; the children must live on
                return

    def follow(self, name: str, lines: IO[bytes]) -> None:
        """Copy a child's output until it ends, in a thread of its own."""

        def copy() -> None:
            with lines:
                for line in lines:
                    self.line(name, line.decode(errors="replace").rstrip())

        threading.Thread(target=copy, name=f"output of {name}", daemon=True).start()


class Child:
    """One program's process, and when to start it again."""

    def __init__(self, program: Program, output: Output | None, say: Callable[[str], None]) -> None:
        self.program = program
        self._output = output
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._deaths_in_a_row = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def tend(self, now: float) -> None:
        """Start it when that is due; notice that it died or hangs."""
        if self._process is None:
            if now >= self._start_at:
                self._start(now)
        elif self._process.poll() is not None:
            self._bury(self._process.returncode, now)
        elif why := self.program.hung():
            self._say(f"{self.program.name} is restarted: {why}")
            self.kill()

    def _start(self, now: float) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own commands)
            self.program.argv,
            env={**os.environ, **self.program.env, SUPERVISOR: str(os.getpid())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._output else None,
            stderr=subprocess.STDOUT if self._output else None,
            start_new_session=True,
        )
        self._started_at = now
        if self._output and self._process.stdout:
            self._output.follow(self.program.name, self._process.stdout)
        self.program.started()

    def _bury(self, code: int, now: float) -> None:
        self.kill()  # whatever it left behind in its group
        self._process = None
        if now - self._started_at > SETTLED_S:
            self._deaths_in_a_row = 0
        pause_s = min(MAX_BACKOFF_S, 0.5 * 2**self._deaths_in_a_row)
        self._deaths_in_a_row += 1
        self._start_at = now + pause_s
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        self._say(f"{self.program.name} {how}; starting it again in {pause_s:g} s.")

    def terminate(self) -> None:
        """Ask it to stop."""
        if self._process is not None and self.is_running:
            self._process.terminate()

    def kill(self) -> None:
        """End it and everything in its process group at once."""
        if self._process is not None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # nobody is left (macOS: only zombies)
                return

    def end(self) -> None:
        """Kill what is left of it, and wait until it is gone."""
        self.kill()
        if self._process is not None:
            self._process.wait()


class Supervisor:
    """Keeps programs running until SIGINT or SIGTERM; a second signal kills them at once.

    With an `output`, the children's lines are prefixed there; without, they inherit our streams.
    `every_tick` is called about ten times a second, on the main thread: it must not block.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        output: Output | None = None,
        grace_s: float = GRACE_S,
        every_tick: Callable[[], None] = lambda: None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self._say = say or (lambda text: print(text, file=sys.stderr, flush=True))  # noqa: T201
        self._children = [Child(program, output, self._say) for program in programs]
        self._grace_s = grace_s
        self._every_tick = every_tick
        self._signals = 0

    def run(self) -> None:
        """Block until told to stop, and return when no child is left."""
        former = {number: signal.signal(number, self._count) for number in _STOPS}
        try:
            while not self._signals:
                for child in self._children:
                    child.tend(time.monotonic())
                self._every_tick()
                time.sleep(TICK_S)
        finally:
            self._stop()
            for number, handler in former.items():
                signal.signal(number, handler)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    def _stop(self) -> None:
        for child in self._children:
            child.terminate()
        end = time.monotonic() + self._grace_s
        while any(child.is_running for child in self._children):
            if time.monotonic() > end or self._signals > 1:
                break
            time.sleep(TICK_S)
        for child in self._children:
            if child.is_running:
                self._say(f"{child.program.name} did not stop in time and is killed.")
            child.end()


_STOPS = (signal.SIGINT, signal.SIGTERM)
