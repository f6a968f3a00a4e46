"""A whole process, measured from outside: wall time, CPU time and memory, its children's too."""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY_S = 0.02
_SAID_CHARS = 2_000


class Failed(Exception):
    """The process ended with an error; the message is the end of what it said."""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of wall and of CPU (user and system, with its children that
    it waited for), and the peak of the resident memory of the whole tree, in MB of 10⁶ bytes.
    Memory that processes share is counted in each of them. `was_busy` when more programs wanted
    the processors than there are, on average."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    was_busy: bool = False
    said: str = ""


def measured(command: Sequence[str], *, env: dict[str, str] | None = None) -> Cost:
    """Run `command` to its end. Raises Failed."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env
    )
    watch = _Watch(process.pid)
    watch.start()
    assert process.stdout is not None
    said = process.stdout.read().decode(errors="replace")
    watch.ended.set()
    # wait4 counts this child alone, where getrusage would add up all that ever ran.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - began
    watch.join()
    process.stdout.close()
    if process.returncode:
        raise Failed(said[-_SAID_CHARS:])
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(wall_s, cpu_s, watch.peak_bytes / 1e6, watch.was_busy, said)


class _Watch(threading.Thread):
    """Looks at the tree's memory until told that it ended."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.ended = threading.Event()
        self.peak_bytes = 0
        self._running: list[int] = []

    def run(self) -> None:
        while not self.ended.wait(_LOOK_EVERY_S):
            alive = tree(self._pid)
            together = sum(_memory(pid, "VmRSS") for pid in alive)
            # Between two looks one process may have grown and shrunk: the kernel knows its most.
            alone = max((_memory(pid, "VmHWM") for pid in alive), default=0)
            self.peak_bytes = max(self.peak_bytes, together, alone)
            self._running.append(_running_now())

    @property
    def was_busy(self) -> bool:
        cores = len(os.sched_getaffinity(0))
        return bool(self._running) and sum(self._running) / len(self._running) > cores + 0.5


def tree(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def _running_now() -> int:
    """How many threads of the whole machine run, or would if they could, but for this one."""
    return int(Path("/proc/loadavg").read_text().split()[3].split("/")[0]) - 1


def _memory(pid: int, what: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended
        return 0
    line = next((line for line in status.splitlines() if line.startswith(what)), "")
    return int(line.split()[1]) * 1024 if line else 0
