"""The vendor's tasks: their clock, their statuses, and their memory across restarts."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from studio.transend.simulator.console import tell
from studio.transend.simulator.links import LINK_LIFE_S
from studio.transend.types import GenerationRequest, TaskStatus

Clock = Callable[[], float]

QUEUED_S = 4.0
"""How long a task stays queued at speed 1."""
RENDER_S = 90.0
"""How long a render takes at speed 1, from the request to the links."""
FAIL_AT_S = 50.0
"""When a render that is to fail does so at speed 1."""

TERMINAL = frozenset({TaskStatus.SUCCEEDED, TaskStatus.FAILED})


class Footage(StrEnum):
    """How far the drawing of a task's files is."""

    DRAWING = "drawing"
    READY = "ready"
    FAILED = "failed"


@dataclass(slots=True)
class VendorTask:
    """One render at the vendor. `marks` are the scenario's task actions; times are Unix seconds."""

    task_id: str
    trace_id: str
    key_digest: str
    body: dict[str, Any]
    created_at: float
    marks: list[str] = field(default_factory=list)
    status: str = TaskStatus.QUEUED
    progress: int = 0
    footage: str = Footage.DRAWING
    links_until: float = 0.0

    @property
    def request(self) -> GenerationRequest:
        """The accepted request."""
        return GenerationRequest.from_body(self.body)

    @property
    def is_terminal(self) -> bool:
        """Whether nothing will happen to the task any more."""
        return self.status in TERMINAL


class Ledger:
    """Every task, in memory and as one file each."""

    def __init__(self, storage: Path, *, clock: Clock, speed: float) -> None:
        self._folder = storage / "tasks"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clock = clock
        self._speed = speed
        self._tasks = {task.task_id: task for task in self._load()}
        self._live = {task.task_id for task in self._tasks.values() if not task.is_terminal}

    def create(self, body: dict[str, Any], key: str, marks: list[str]) -> VendorTask:
        """Take a render on."""
        task = VendorTask(
            task_id=f"task_{secrets.token_hex(8)}",
            trace_id=f"vid_sora_{secrets.token_hex(6)}",
            key_digest=_digest(key),
            body=body,
            created_at=self._clock(),
            marks=marks,
        )
        self._tasks[task.task_id] = task
        self._live.add(task.task_id)
        self.save(task)
        return task

    def get(self, task_id: str) -> VendorTask | None:
        """Return a task as it is now, or None."""
        return self._tasks.get(task_id)

    def live(self) -> list[VendorTask]:
        """Return the tasks that are not over."""
        return [self._tasks[task_id] for task_id in self._live]

    def live_of(self, key: str) -> int:
        """Return how many tasks of a key are not over: its concurrency."""
        digest = _digest(key)
        return sum(task.key_digest == digest for task in self.live())

    def settle(self, task: VendorTask) -> list[TaskStatus]:
        """Move a task to where the clock says it is; return the statuses that it went through."""
        passed: list[TaskStatus] = []
        elapsed_s = (self._clock() - task.created_at) * self._speed
        if task.status == TaskStatus.QUEUED and elapsed_s >= QUEUED_S:
            task.status = TaskStatus.RUNNING
            passed.append(TaskStatus.RUNNING)
        if task.status == TaskStatus.RUNNING:
            share = (elapsed_s - QUEUED_S) / (RENDER_S - QUEUED_S)
            task.progress = max(task.progress, min(int(share * 100), 99))
            end = self._end_of(task, elapsed_s)
            if end is not None:
                self._finish(task, end)
                passed.append(end)
        if passed:
            self.save(task)
        return passed

    def renew_links(self, task: VendorTask, until: float | None = None) -> None:
        """Let a task's links live for 24 hours from now, or until `until`."""
        wanted = until if until is not None else self._clock() + LINK_LIFE_S
        # Fresh links for every poll; the memory of it is only worth a write now and then.
        if until is not None or wanted - task.links_until > LINK_LIFE_S / 24:
            task.links_until = max(wanted, task.links_until)
            self.save(task)

    def save(self, task: VendorTask) -> None:
        """Remember a task: whole or not at all, so that a kill in between costs nothing."""
        path = self._folder / f"{task.task_id}.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(task)), encoding="utf-8")
        os.replace(fresh, path)

    def _end_of(self, task: VendorTask, elapsed_s: float) -> TaskStatus | None:
        if "fail_render" in task.marks:
            return TaskStatus.FAILED if elapsed_s >= FAIL_AT_S else None
        if elapsed_s < RENDER_S or task.footage == Footage.DRAWING:
            return None
        return TaskStatus.SUCCEEDED if task.footage == Footage.READY else TaskStatus.FAILED

    def _finish(self, task: VendorTask, end: TaskStatus) -> None:
        task.status = end
        self._live.discard(task.task_id)
        if end is TaskStatus.SUCCEEDED:
            task.progress = 100
            task.links_until = self._clock() + LINK_LIFE_S

    def _load(self) -> Iterable[VendorTask]:
        for path in sorted(self._folder.glob("*.json")):
            try:
                yield VendorTask(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError):
                tell(f"{path} is not a task of this simulator. It is left alone.")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
