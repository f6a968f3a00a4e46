"""The twelve camera moves, as pure functions of time.

A picture is a stack of layers, each with a depth from 0 (the horizon) to 1 (right before the
lens). A camera move says, for each depth, which window of the layer is seen: what turns the
camera (pan, tilt, zoom) moves all depths alike, what carries it (dolly, crane, orbit, follow)
moves near layers more than far ones, and that parallax is what tells the two apart. No window ever
reaches past the picture, whatever the depth, the speed and the subject.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from studio.pictures.plan import CENTRE

SUBJECT_DEPTH = 0.6
"""Where the subject stands; a layer of exactly this depth is the subject."""

CARRIED = frozenset({"orbit", "dolly-in", "follow", "dolly-out", "crane-up"})
"""The moves that carry the camera, and so show depth."""

_TURNS_PER_S_AT_FULL_SPEED = 1 / 5
_STEPS_PER_S = 1.7
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
    subject: tuple[float, float]
    is_subject_apart: bool

    @property
    def eased(self) -> float:
        """0 to 1, leaving and arriving gently, yet moving all the time."""
        smooth = self.t * self.t * (3 - 2 * self.t)
        return 0.6 * smooth + 0.4 * self.t

    @property
    def seconds(self) -> float:
        return self.t * self.duration_s

    def window(self, scale: float, room_x: float = 0.0, room_y: float = 0.0) -> View:
        """The window of this size in which the subject keeps its place in the frame, moved no more
        than it takes to leave `room` on both sides."""
        x, y = self.subject
        return View(_kept(x, scale, room_x), _kept(y, scale, room_y), scale)


def _kept(subject: float, scale: float, room: float) -> float:
    least = scale / 2 + room
    return min(max(subject + (0.5 - subject) * scale, least), 1 - least)


_Move = Callable[[_Moment, float], View]


def _parallax(depth: float) -> float:
    """How far a layer moves when the camera is carried, 1.0 right before the lens."""
    return 0.25 + 0.75 * depth


def _static(_moment: _Moment, _depth: float) -> View:
    return View()


def _turn(dx: int, dy: int) -> _Move:
    """A pan or a tilt: the camera turns where it stands, so every depth moves alike."""

    def move(moment: _Moment, _depth: float) -> View:
        reach = 0.15 * moment.speed
        along = reach * (2 * moment.eased - 1)
        base = moment.window(0.96 - 2 * reach, reach * abs(dx), reach * abs(dy))
        return View(base.x + dx * along, base.y + dy * along, base.scale)

    return move


def _crane_up(moment: _Moment, depth: float) -> View:
    """Rising: what is near sinks out of the frame before what is far, and the view opens; not that
    of one sheet, where it would hide the little that near and far differ."""
    reach = 0.17 * moment.speed
    opening = 0.08 * moment.speed * (1 - moment.eased) if moment.is_subject_apart else 0.0
    scale = 0.96 - 2 * reach - opening
    risen = reach * _parallax(depth)
    base = moment.window(scale, room_y=risen)
    return View(base.x, base.y + risen * (1 - 2 * moment.eased), scale)


def _push(moment: _Moment, depth: float, progress: float) -> View:
    """Towards the subject: all grows away from it, the near faster than the far."""
    return moment.window(0.98 * (1 - 0.57 * moment.speed * progress * _parallax(depth)))


def _dolly_in(moment: _Moment, depth: float) -> View:
    return _push(moment, depth, moment.eased)


def _dolly_out(moment: _Moment, depth: float) -> View:
    return _push(moment, depth, 1 - moment.eased)


def _zoom_in(moment: _Moment, _depth: float) -> View:
    """The lens alone, at a constant rate: all depths grow together."""
    return moment.window(0.98 * (1 - 0.5 * moment.speed) ** moment.eased)


def _orbit(moment: _Moment, depth: float) -> View:
    """Round the subject, which stays put while what is before and behind it slides apart; there
    and back again for as long as the shot lasts."""
    turns = max(0.5, moment.duration_s * moment.speed * _TURNS_PER_S_AT_FULL_SPEED)
    angle = 2 * pi * turns * moment.t
    reach = 0.03 + 0.17 * moment.speed
    aside = reach * (depth - SUBJECT_DEPTH) * (1.0 if moment.is_subject_apart else 0.85)
    nearer = 0.1 * reach * sin(angle) * _parallax(depth)
    base = moment.window(0.96 - 1.3 * reach - nearer, abs(aside), 0.25 * abs(aside))
    return View(base.x - aside * cos(angle), base.y + 0.25 * aside * sin(angle), base.scale)


def _follow(moment: _Moment, depth: float) -> View:
    """Beside a subject that moves: it is held while the world goes by, in the bob of a walk. Where
    both are on one sheet, the world goes by as far as the sheet can be stretched between them."""
    reach = 0.17 * moment.speed
    if moment.is_subject_apart:
        scale = 0.96 - 2 * reach
        moved = 0.0 if depth == SUBJECT_DEPTH else reach * _parallax(depth)
    else:
        scale = 0.96 - 1.3 * reach
        moved = 1.3 * reach * (_parallax(SUBJECT_DEPTH) - _parallax(depth))
    bob = 0.03 * moved * sin(2 * pi * _STEPS_PER_S * moment.seconds)
    base = moment.window(scale, abs(moved), 0.03 * abs(moved))
    return View(base.x + moved * (2 * moment.t - 1), base.y + bob, scale)


@lru_cache(maxsize=256)
def _phases(shot_id: str, axis: str) -> tuple[float, ...]:
    digest = hashlib.sha256(f"{axis}:{shot_id}".encode()).digest()
    return tuple(2 * pi * byte / 256 for byte in digest[: len(_SHAKE_HZ)])


def _shake(moment: _Moment, axis: str) -> float:
    """Noise of a held camera, -1 to 1: only frequencies that an arm makes."""
    waves = zip(_SHAKE_HZ, _phases(moment.shot_id, axis), strict=True)
    total = sum(weight * sin(2 * pi * hz * moment.seconds + phase) for (hz, weight), phase in waves)
    return total / sum(weight for _hz, weight in _SHAKE_HZ)


def _handheld(moment: _Moment, _depth: float) -> View:
    """An arm that tires: it sways and rolls more than it walks, so every depth moves alike."""
    sway_x, sway_y = 0.036 * moment.speed, 0.03 * moment.speed
    to_roll = 0.032 * moment.speed
    base = moment.window(0.97 - 0.19 * moment.speed, sway_x + to_roll, sway_y + to_roll)
    return View(
        base.x + sway_x * _shake(moment, "x"),
        base.y + sway_y * _shake(moment, "y"),
        base.scale,
        2.6 * moment.speed * _shake(moment, "roll"),
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
    subject: tuple[float, float] = CENTRE,
    is_subject_apart: bool = True,
) -> tuple[View, ...]:
    """The window seen on each layer at `t`, 0 to 1 through the shot.

    `duration_s` paces what repeats (orbit, handheld, the step of follow). `subject` is the point
    that a move goes towards, round or along with, in fractions of the picture; without
    `is_subject_apart` it is no layer of its own but a place on one sheet with all the rest. Raises
    ValueError for a motion that is none of the twelve, or a speed outside 0.1 to 1.0.
    """
    move = _MOVES.get(motion)
    if move is None:
        raise ValueError(f"“{motion}” is no camera move. Choose one of: {', '.join(MOTIONS)}.")
    if not 0.1 <= speed <= 1.0:
        raise ValueError(f"A camera speed of {speed} is outside 0.1 to 1.0.")
    x, y = (min(max(along, 0.0), 1.0) for along in subject)
    moment = _Moment(speed, min(max(t, 0.0), 1.0), duration_s, shot_id, (x, y), is_subject_apart)
    return tuple(move(moment, depth) for depth in depths)
