"""The twelve camera moves, as pure functions of time.

A picture is a stack of layers, each with a depth from 0 (the horizon) to 1 (right before the
lens). A camera move says, for each depth, which window of the layer is seen: what turns the
camera (pan, tilt, zoom) moves all depths alike, what carries it (dolly, crane, orbit, follow)
moves near layers more than far ones, and that parallax is what tells the two apart.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

SUBJECT_DEPTH = 0.6

_TURNS_PER_S_AT_FULL_SPEED = 1 / 5
_SHAKE_HZ = ((0.37, 1.0), (0.83, 0.62), (1.51, 0.4), (2.30, 0.22))


@dataclass(frozen=True)
class View:
    """A window on a layer: its centre and its size as fractions of the picture, and the camera's
    roll in degrees, clockwise."""

    x: float = 0.5
    y: float = 0.5
    scale: float = 1.0
    roll: float = 0.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as fractions of the picture."""
        half = self.scale / 2
        return self.x - half, self.y - half, self.x + half, self.y + half


@dataclass(frozen=True)
class _Moment:
    speed: float
    t: float
    duration_s: float
    shot_id: str

    @property
    def eased(self) -> float:
        """0 to 1, leaving and arriving gently, yet moving all the time."""
        smooth = self.t * self.t * (3 - 2 * self.t)
        return 0.6 * smooth + 0.4 * self.t

    @property
    def seconds(self) -> float:
        return self.t * self.duration_s


_Move = Callable[[_Moment, float], View]


def _parallax(depth: float) -> float:
    """How far a layer moves when the camera is carried, 1.0 halfway into the picture."""
    return 0.4 + 1.2 * depth


def _static(_moment: _Moment, _depth: float) -> View:
    return View()


def _turn(dx: int, dy: int) -> _Move:
    """A pan or a tilt: the camera turns where it stands, so every depth moves alike."""

    def move(moment: _Moment, _depth: float) -> View:
        reach = 0.15 * moment.speed
        along = reach * (2 * moment.eased - 1)
        return View(0.5 + dx * along, 0.5 + dy * along, 0.96 - 2 * reach)

    return move


def _crane_up(moment: _Moment, depth: float) -> View:
    reach = 0.12 * moment.speed
    risen = reach * (1 - 2 * moment.eased)
    opened = 0.05 * moment.speed * moment.eased
    return View(0.5, 0.5 + risen * _parallax(depth), 0.94 - 2.2 * reach + opened)


def _push(moment: _Moment, depth: float, progress: float) -> View:
    return View(scale=0.98 * (1 - 0.36 * moment.speed * progress * _parallax(depth)))


def _dolly_in(moment: _Moment, depth: float) -> View:
    return _push(moment, depth, moment.eased)


def _dolly_out(moment: _Moment, depth: float) -> View:
    return _push(moment, depth, 1 - moment.eased)


def _zoom_in(moment: _Moment, _depth: float) -> View:
    """The lens alone, at a constant rate: all depths grow together."""
    return View(scale=0.98 * (1 - 0.5 * moment.speed) ** moment.eased)


def _orbit(moment: _Moment, depth: float) -> View:
    """Round the subject, which stays put while what is before and behind it slides apart."""
    turns = max(0.5, moment.duration_s * moment.speed * _TURNS_PER_S_AT_FULL_SPEED)
    angle = 2 * pi * turns * moment.t
    reach = 0.03 + 0.17 * moment.speed
    aside = reach * (depth - SUBJECT_DEPTH)
    return View(
        0.5 + aside * sin(angle),
        0.5 + 0.25 * aside * cos(angle),
        0.97 - 1.25 * reach + 0.1 * reach * cos(angle) * _parallax(depth),
    )


def _follow(moment: _Moment, depth: float) -> View:
    """Beside a subject that moves: it is held, with the bob of a step, and the world goes by."""
    reach = 0.14 * moment.speed
    scale = 0.96 - 2 * reach
    if abs(depth - SUBJECT_DEPTH) < 0.03:
        bob = 0.012 * moment.speed * sin(2 * pi * 1.7 * moment.seconds)
        return View(0.5, 0.5 + bob, scale)
    return View(0.5 + reach * (2 * moment.t - 1) * _parallax(depth), 0.5, scale)


@lru_cache(maxsize=256)
def _phases(shot_id: str, axis: str) -> tuple[float, ...]:
    digest = hashlib.sha256(f"{axis}:{shot_id}".encode()).digest()
    return tuple(2 * pi * byte / 256 for byte in digest[: len(_SHAKE_HZ)])


def _shake(moment: _Moment, axis: str) -> float:
    """Noise of a held camera, about -1 to 1: only frequencies that an arm makes."""
    waves = zip(_SHAKE_HZ, _phases(moment.shot_id, axis), strict=True)
    total = sum(weight * sin(2 * pi * hz * moment.seconds + phase) for (hz, weight), phase in waves)
    return total / 1.6


def _handheld(moment: _Moment, depth: float) -> View:
    sway = 0.026 * moment.speed * (0.7 + 0.3 * _parallax(depth))
    return View(
        0.5 + sway * _shake(moment, "x"),
        0.5 + 0.8 * sway * _shake(moment, "y"),
        0.97 - 0.1 * moment.speed,
        2.0 * moment.speed * _shake(moment, "roll"),
    )


_MOVES: dict[str, _Move] = {
    "orbit": _orbit,
    "dolly-in": _dolly_in,
    "follow": _follow,
    "handheld": _handheld,
    "static": _static,
    "dolly-out": _dolly_out,
    "pan-left": _turn(-1, 0),
    "pan-right": _turn(1, 0),
    "tilt-up": _turn(0, -1),
    "tilt-down": _turn(0, 1),
    "crane-up": _crane_up,
    "zoom-in": _zoom_in,
}
MOTIONS = tuple(_MOVES)


def framing(
    motion: str,
    speed: float,
    t: float,
    shot_id: str,
    depths: Sequence[float],
    *,
    duration_s: float = 4.0,
) -> tuple[View, ...]:
    """The window seen on each layer at `t`, 0 to 1 through the shot.

    `duration_s` paces what repeats (orbit, handheld, the step of follow). Raises ValueError for a
    motion that is none of the twelve, or a speed outside 0.1 to 1.0.
    """
    move = _MOVES.get(motion)
    if move is None:
        raise ValueError(f"“{motion}” is no camera move. Choose one of: {', '.join(MOTIONS)}.")
    if not 0.1 <= speed <= 1.0:
        raise ValueError(f"A camera speed of {speed} is outside 0.1 to 1.0.")
    moment = _Moment(speed, min(max(t, 0.0), 1.0), duration_s, shot_id)
    return tuple(move(moment, depth) for depth in depths)
