"""Where the product is taken hold of: after or before which of its functions each step lies."""

import functools
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from studio.lib import processes
from studio.outbound import transport
from studio.renders import lifecycle, tasks, webhooks
from studio.renders.lifecycle import Status
from studio.transend.client import TransendClient
from studio.transend.polling import Poller
from studio.transend.simulator import server
from studio.transend.simulator.footage import Sizes
from studio.transend.types import TaskStatus
from studio.vault import storing
from tests.faults.stopping.steps import Step
from tests.faults.stopping.stops import stand

# Where a step is a change of status: on disk, or written and not yet committed.
_COMMITTED = {
    (Status.QUEUED, Status.SUBMITTING): Step.CLAIMED,
    (Status.SUBMITTING, Status.SUBMITTED): Step.STORED,
    (Status.SUBMITTED, Status.RUNNING): Step.RUNNING,
    (Status.SUBMITTED, Status.COLLECTING): Step.NOTICED,
    (Status.RUNNING, Status.COLLECTING): Step.NOTICED,
}
_UNCOMMITTED = {
    (Status.COLLECTING, Status.READY): Step.SETTLING,
    (Status.QUEUED, Status.CANCELLED): Step.CANCELLING,
}
# Small pictures, and yet more bytes than one read of a socket brings.
_SIZES = Sizes(gif=(160, 90), gif_fps=4, mp4=(320, 180), mp4_fps=12)

_here = threading.local()


def sew() -> None:
    """Wrap the product's functions."""
    # Everybody is killed dozens of times here: the pauses between restarts must not grow.
    processes.MAX_BACKOFF_S = 0.2
    server.Sizes = lambda: _SIZES
    for owner, name, around in (
        (lifecycle, "_write_event", _write_event),
        (tasks, "submit_take", _submit_take),
        (tasks, "collect_take", _collect_take),
        (TransendClient, "create_generation", _create_generation),
        (TransendClient, "get_task", _get_links),
        (Poller, "get_task", _ask),
        (webhooks, "note", _note),
        (storing, "keep", _keep),
        (storing, "_sync_folder", _sync_folder),
        (transport._TimedStream, "write", _write),
        (transport._TimedStream, "read", _read),
    ):
        setattr(owner, name, _wrapped(getattr(owner, name), around))


def _wrapped(inner: Callable[..., Any], around: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(inner)
    def call(*args: Any, **named: Any) -> Any:
        return around(inner, *args, **named)

    return call


def _write_event(write: Callable[..., None], take: Any, came_from: Status, *rest: Any) -> None:
    write(take, came_from, *rest)
    moved, pk = (came_from, Status(take.status)), take.pk
    if step := _UNCOMMITTED.get(moved):
        stand(step, pk)
    elif step := _COMMITTED.get(moved):
        transaction.on_commit(functools.partial(stand, step, pk))


# -- Sending --------------------------------------------------------------------------------------
def _submit_take(submit: Callable[..., None], take_id: int) -> None:
    stand(Step.ORDERED, take_id)
    submit(take_id)


class _Post:
    """The paid request that this thread makes."""

    def __init__(self, body: bytes) -> None:
        self.take = int(json.loads(body)["webhook_metadata"]["shotboard_take"])
        self.writes = self.reads = 0


def _create_generation(create: Callable[..., Any], client: Any, body: bytes) -> Any:
    _here.post = post = _Post(body)
    try:
        created = create(client, body)
    finally:
        _here.post = None
    stand(Step.ANSWERED, post.take)
    return created


def _write(
    write: Callable[..., None], stream: Any, buffer: bytes, timeout: float | None = None
) -> None:
    post = getattr(_here, "post", None)
    if post is None:
        if buffer.startswith(b"GET "):
            stream.fetches = _fetched_by(bytes(buffer[:20]))
        write(stream, buffer, timeout)
        return
    post.writes += 1
    if post.writes == 1:  # the head; the body comes by itself
        stand(Step.CONNECTED, post.take)
        write(stream, buffer, timeout)
    else:
        half = len(buffer) // 2
        write(stream, buffer[:half], timeout)
        stand(Step.HALF_SENT, post.take)
        write(stream, buffer[half:], timeout)


def _read(
    read: Callable[..., bytes], stream: Any, max_bytes: int, timeout: float | None = None
) -> bytes:
    post, fetches = getattr(_here, "post", None), getattr(stream, "fetches", None)
    if post is not None:
        post.reads += 1
        if post.reads == 1:
            stand(Step.SENT, post.take)
    elif fetches is not None:
        stream.reads = getattr(stream, "reads", 0) + 1
        if stream.reads == 2:  # the first one has brought the head and some of the file
            stand(fetches, getattr(_here, "take", None))
    return read(stream, max_bytes, timeout)


def _fetched_by(request_line: bytes) -> Step | None:
    if request_line.startswith(b"GET /previews/"):
        return Step.GIF_HALF
    return Step.VIDEO_HALF if request_line.startswith(b"GET /secure/") else None


# -- Watching -------------------------------------------------------------------------------------
async def _ask(ask: Callable[..., Any], poller: Any, api_key: str, task_id: str) -> Any:
    take = _take_of(task_id)
    stand(Step.ASKING, take)
    task = await ask(poller, api_key, task_id)
    stand(Step.FINISHED if task.status is TaskStatus.SUCCEEDED else Step.HEARD, take)
    return task


@functools.lru_cache(maxsize=1000)
def _take_of(task_id: str) -> int | None:
    """As the simulator has it written down: the event loop may not ask the database."""
    try:
        task = json.loads((settings.STUDIO_VAR / f"simulator/tasks/{task_id}.json").read_bytes())
    except OSError:
        return None  # a question that only tries a key
    return int(task["body"]["webhook_metadata"]["shotboard_take"])


def _note(note: Callable[..., bool], take_id: int, body: bytes) -> bool:
    stand(Step.CALLED, take_id)
    return note(take_id, body)


# -- Collecting -----------------------------------------------------------------------------------
def _collect_take(collect: Callable[..., None], take_id: int) -> None:
    _here.take = take_id
    collect(take_id)


def _get_links(get_task: Callable[..., Any], client: Any, task_id: str) -> Any:
    stand(Step.COLLECTING, getattr(_here, "take", None))
    return get_task(client, task_id)


def _keep(
    keep: Callable[..., Any],
    workspace: Any,
    source: Path,
    media_type: str,
    *rest: Any,
    **named: Any,
) -> Any:
    take = getattr(_here, "take", None)
    if media_type == "image/gif":
        is_vendors = source.name.startswith("vendor")
        stand(Step.GIF_PROBED if is_vendors else Step.WATERMARKED, take)
    _here.keeping = media_type
    asset = keep(workspace, source, media_type, *rest, **named)
    if media_type == "video/mp4":
        stand(Step.KEPT, take)
    return asset


def _sync_folder(sync: Callable[..., None], folder: Path) -> None:
    """The last thing that is done with a file in its place before its row is made."""
    sync(folder)
    if getattr(_here, "keeping", "") == "video/mp4":
        stand(Step.RENAMED, getattr(_here, "take", None))
