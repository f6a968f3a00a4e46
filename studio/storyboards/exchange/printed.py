"""A board as it is printed: its pictures, and each shot in words for people outside the team."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from studio.pictures.printing.storyboard import Panel, Storyboard
from studio.storyboards import frames, timing
from studio.storyboards.boards import Board
from studio.storyboards.models import Project, Shot, Transition
from studio.storyboards.presets import title_of
from studio.storyboards.rules import plain_number
from studio.storyboards.shelves import Busy

# A request does not draw for longer; frames are kept, so that asking again goes on from there.
DRAWING_S = 8.0
PATIENCE_S = 4.0

_press = threading.BoundedSemaphore(1)


class NotYet(Exception):
    """Ask again in a moment; the message says why. `done` of `total` frames are drawn."""

    def __init__(self, says: str, done: int, total: int) -> None:
        super().__init__(says)
        self.done, self.total = done, total


class StillDrawing(NotYet):
    """Not every frame is drawn yet."""

    def __init__(self, done: int, total: int) -> None:
        says = f"{done} of {total} frames are drawn. The rest follows in a moment."
        super().__init__(says, done, total)


class PressBusy(NotYet):
    """This server prints for others just now."""

    def __init__(self, total: int) -> None:
        says = "The studio prints for others just now. Yours follows in a moment."
        super().__init__(says, total, total)


@contextmanager
def press(board: Board) -> Iterator[None]:
    """The right to print: seconds of work and much memory, so one at a time in each server process.

    Raises `PressBusy` after `PATIENCE_S`: web threads must not queue up behind paper.
    """
    if not _press.acquire(timeout=PATIENCE_S):
        raise PressBusy(len(board.shots))
    try:
        yield
    finally:
        _press.release()


def storyboard_of(
    board: Board, *, notes: bool = True, size: tuple[int, int] = frames.SIZE
) -> Storyboard:
    """All that is printed of the board, with frames of `size`. Raises `StillDrawing`."""
    frames.know_references(board.shots)
    deadline, at_ms, panels = time.monotonic() + DRAWING_S, 0, []
    for number, shot in enumerate(board.shots, start=1):
        if time.monotonic() > deadline:
            raise StillDrawing(number - 1, len(board.shots))
        try:
            picture = frames.frame_of(shot, board.project, size, shows=frames.MARKS)
        except Busy as busy:
            raise StillDrawing(number - 1, len(board.shots)) from busy
        except OSError:  # the vault has lost the reference: its place stays grey
            picture = None
        until_ms = at_ms + shot.duration_ms
        panels.append(
            Panel(
                number=number,
                scene=shot.scene_id,
                picture=picture,
                prompt=shot.prompt,
                duration=timing.in_words(shot.duration_ms),
                times=f"{clock(at_ms)} – {clock(until_ms)}",
                facts=facts_of(shot, board.project),
                notes=shot.notes if notes else "",
            )
        )
        at_ms = until_ms
    return Storyboard(board.project.title, _summary(board), _edition(board), tuple(panels))


def clock(at_ms: int) -> str:
    """A place in the film: `1:02`, `0:12.5`; as many decimals as it takes, none rounded."""
    minutes, rest = divmod(at_ms, 60_000)
    seconds, thousandths = divmod(rest, 1000)
    return f"{minutes}:{seconds:02}" + (f".{thousandths:03}".rstrip("0") if thousandths else "")


def facts_of(shot: Shot, project: Project) -> tuple[tuple[str, str], ...]:
    """Camera, light and transition as the shot is filmed: its own, or what it inherits."""
    speed = project.speed if shot.speed is None else shot.speed
    camera = title_of(shot.motion or project.motion)
    if speed is not None:
        camera += f", speed {plain_number(speed)}"
    found = [("Camera", camera)]
    if light := _light_in_words(shot, project):
        found.append(("Light", light))
    return (*found, ("Transition", transition_in_words(shot)))


def transition_in_words(shot: Shot) -> str:
    """`Cut`, or the kind with its length."""
    if shot.transition == Transition.CUT:
        return "Cut"
    return f"{Transition(shot.transition).label}, {timing.in_words(shot.transition_ms)}"


def _light_in_words(shot: Shot, project: Project) -> str:
    light = project.lighting | shot.lighting
    said = []
    if "temperature" in light:
        said.append(f"{plain_number(light['temperature'])} K")
    if "intensity" in light:
        said.append(f"intensity {plain_number(light['intensity'])}")
    if "style" in light:
        said.append(light["style"])
    return ", ".join(said)


def _summary(board: Board) -> str:
    count = len(board.shots)
    total = timing.in_words(board.budget.total_ms)
    return f"{count} shot{'' if count == 1 else 's'} · {total}"


def _edition(board: Board) -> str:
    today = timezone.localdate()
    return f"{today.day} {today:%b %Y} · revision {board.project.revision} · Shotboard"
