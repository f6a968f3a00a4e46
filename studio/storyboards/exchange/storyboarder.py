"""Storyboarder's `.storyboarder`: JSON, each board a shot, its pictures in files beside it."""

from collections.abc import Collection
from typing import Any

from studio.storyboards import rules, timing
from studio.storyboards.contract import Problem
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.imported import ImportedShot, Malformed, bare_board
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.scene_ids import with_ids

_DEFAULT_MS = 2_000
_TEXTS = ("action", "dialogue", "notes", "shot", "uid")


def is_storyboarder(data: Any) -> bool:
    """Whether this JSON is a Storyboarder file rather than a vendor's body."""
    return isinstance(data, dict) and "boards" in data and "storyboard" not in data


def read_storyboarder(data: dict[str, Any], choices: Choices, motions: Collection[str]) -> Reading:
    """The boards as shots of exactly their durations. Raises `Malformed`."""
    boards = data["boards"]
    if not isinstance(boards, list) or not boards:
        raise Malformed((Problem("boards", "There are no boards in this file. Choose another."),))
    if len(boards) > rules.MAX_SHOTS:
        says = f"The file has {len(boards):,} boards and {rules.MAX_SHOTS} shots are the most."
        raise Malformed((Problem("boards", f"{says} Split it."),))
    usual_ms = _usual_ms(data)
    problems: list[Problem] = []
    lengthened: list[int] = []
    shots = []
    for number, board in enumerate(boards, start=1):
        try:
            shots.append(_shot(board, usual_ms, number, lengthened))
        except (rules.BadField, timing.BadDuration) as bad:
            problems.append(Problem(f"Board {number}", str(bad)))
    named, renamed = with_ids(shots)
    remarks = [*_remarks(boards, lengthened), *renamed]
    return Reading("storyboarder", bare_board(named, remarks), tuple(problems))


def _usual_ms(data: dict[str, Any]) -> float:
    try:
        return _milliseconds(data.get("defaultBoardTiming"), _DEFAULT_MS)
    except timing.BadDuration as bad:
        raise Malformed((Problem("defaultBoardTiming", str(bad)),)) from None


def _shot(board: Any, usual_ms: float, number: int, lengthened: list[int]) -> ImportedShot:
    if not isinstance(board, dict):
        raise rules.BadField("A board is an object in { }. Save the file anew in Storyboarder.")
    said = {name: _text(board, name) for name in _TEXTS}
    length = _milliseconds(board.get("duration"), usual_ms)
    if length < timing.MIN_SHOT_MS:
        lengthened.append(number)
        length = timing.MIN_SHOT_MS
    dialogue = f"Dialogue: {said['dialogue'].strip()}" if said["dialogue"].strip() else ""
    return ImportedShot(
        scene_id=rules.checked_text(
            said["shot"] or said["uid"], rules.MAX_SCENE_ID, "A board's shot label"
        ),
        prompt=rules.checked_prompt(said["action"]),
        duration_ms=round(length),
        notes=rules.checked_notes("\n".join(filter(None, (dialogue, said["notes"].strip())))),
    )


def _text(board: dict[str, Any], name: str) -> str:
    value = board.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float):  # a board's number may stand where its label is expected
        return str(value)
    if not isinstance(value, str):
        raise rules.BadField(f"“{name}” is a text. Save the file anew in Storyboarder.")
    return value


def _milliseconds(value: Any, otherwise: float) -> float:
    """A number of milliseconds as it stands, `otherwise` where there is none."""
    if value is None:
        return otherwise
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= timing.MAX_SHOT_MS:  # NaN is neither
        raise timing.BadDuration(
            f"A duration is a number of milliseconds from 0 to {timing.MAX_SHOT_MS:,}, such as "
            "2000. Change it in Storyboarder."
        )
    return float(value)


def _remarks(boards: list[Any], lengthened: list[int]) -> list[str]:
    said = []
    pictures = sum(isinstance(board, dict) and bool(board.get("url")) for board in boards)
    if pictures:
        said.append(
            f"{pictures} {'picture stands' if pictures == 1 else 'pictures stand'} in files beside "
            "this one and cannot come along. Add them as reference pictures of the shots."
        )
    if lengthened:
        shown = ", ".join(map(str, lengthened[:5])) + (" and more" if len(lengthened) > 5 else "")
        said.append(f"Shorter than a shot may be, and made 0.5 s long: boards {shown}.")
    return said
