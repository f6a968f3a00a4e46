"""What a cluster's workers do now, told by one file for each busy worker in a shared folder.

Files, because a worker may be killed at any instruction: a lock or a pipe shared with it would be
left broken, which is the very failure that this is to detect.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django_q.signals import post_execute_in_worker, pre_execute

# django-q2 itself ends a task at its timeout plus 3 s.
DEADLINE_MARGIN_S = 30.0


@dataclass(frozen=True)
class Marks:
    """The folder in which each worker marks, under its process id, until when it may be busy."""

    folder: Path

    def begin(self, timeout_s: float) -> None:
        """This process begins a task that may take so long."""
        until = time.time() + timeout_s + DEADLINE_MARGIN_S
        (self.folder / str(os.getpid())).write_text(repr(until))

    def end(self) -> None:
        """This process has ended its task."""
        (self.folder / str(os.getpid())).unlink(missing_ok=True)

    def count(self) -> int:
        """How many living workers are within the time that their task may take."""
        return sum(1 for mark in self.folder.iterdir() if _is_busy(mark))

    def last_change(self) -> float:
        """When a task last began or ended, in Unix seconds."""
        return self.folder.stat().st_mtime

    def clear(self) -> None:
        """Drop the marks of workers that are gone."""
        for mark in self.folder.iterdir():
            mark.unlink(missing_ok=True)


def _is_busy(mark: Path) -> bool:
    try:
        return _is_alive(int(mark.name)) and time.time() < float(mark.read_text() or "inf")
    except (OSError, ValueError):  # ended just now, or dead
        return False


def _is_alive(pid: int) -> bool:
    """Whether it runs; raises OSError if there is no such process.

    A killed worker stays a zombie while the sentinel waits for a lock that died with it, and
    signal 0 reaches zombies too.
    """
    os.kill(pid, 0)
    stat = Path(f"/proc/{pid}/stat")
    # The state stands behind the name, which may hold anything (proc(5)); only Linux tells.
    return not stat.exists() or stat.read_text().rsplit(") ", 1)[1][0] != "Z"


def mark_tasks(folder: Path, timeout_s: float) -> None:
    """Have the workers forked from this process mark each task they execute."""
    marks = Marks(folder)

    def begin(**signal: Any) -> None:
        marks.begin(timeout_s)

    def end(**signal: Any) -> None:
        marks.end()

    pre_execute.connect(begin, weak=False)
    post_execute_in_worker.connect(end, weak=False)
