"""A CSV from outside: its rows become shots, by columns that were guessed or mapped by hand."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from studio.lib import unseen
from studio.storyboards import rules, timing
from studio.storyboards.contract import Problem
from studio.storyboards.exchange import csv_columns, csv_table
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.csv_cells import unguarded
from studio.storyboards.exchange.encodings import decode
from studio.storyboards.exchange.imported import ImportedShot, Light, bare_board
from studio.storyboards.exchange.lengths import parse_length
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.scene_ids import with_ids
from studio.storyboards.exchange.vocabulary import motion_named, transition_named
from studio.storyboards.models import Transition

_YES = {"yes", "y", "true", "1", "x", "ja", "j", "oui", "si", "sí", "sim", "locked", "on", "✓", "✔"}
# A row that says nothing of what is seen or heard makes no shot.
_WORDS = {"prompt", "notes", "dialogue"}
_LABELS = {field.name: field.label for field in csv_columns.FIELDS}


def read_csv(raw: bytes, choices: Choices, motions: Collection[str]) -> Reading:
    """The shots of a table. Raises `Unreadable` where no table can be made of the bytes."""
    decoded = decode(raw, choices.encoding)
    table = _table(decoded.text, choices)
    rows = _Rows(table, choices, motions)
    shots = [shot for row in table.rows if (shot := rows.shot(*row)) is not None]
    named, renamed = with_ids(shots)
    return Reading(
        kind="csv",
        board=bare_board(named, (*rows.remarks(), *renamed)),
        problems=tuple(rows.problems),
        encoding=decoded.encoding,
        table=table,
        lacks="" if _WORDS & table.columns.keys() else "Choose the column that holds the prompts.",
    )


def _table(text: str, choices: Choices) -> csv_table.Table:
    delimiter, rows, count = csv_table.cut(text, choices.delimiter, csv_columns.recognised)
    has_header = choices.has_header
    if has_header is None:
        has_header = csv_columns.is_header(rows)
    header = rows[0][1] if has_header and rows else []
    table = csv_table.Table(delimiter, header, rows[1:] if header else rows)
    csv_table.refuse_rows(count - len(rows) + len(table.rows))
    if choices.cut == delimiter:
        mapped = {name: index for name, index in choices.columns.items() if name in _LABELS}
        columns = {name: index for name, index in mapped.items() if index < table.width}
    else:
        columns = csv_columns.guessed(table.header, table.rows)
    unit = choices.unit or csv_columns.guessed_unit(header, columns)
    return replace(table, columns=columns, unit=unit)


class _Rows:
    """Rows on their way to shots; what is wrong and what is only noted is collected."""

    def __init__(self, table: csv_table.Table, choices: Choices, motions: Collection[str]) -> None:
        self.table, self.choices, self.motions = table, choices, motions
        self.problems: list[Problem] = []
        self.without_length = 0
        self.longer_rows: list[int] = []
        self.unknown: dict[tuple[str, str], list[int]] = {}

    def shot(self, number: int, cells: list[str]) -> ImportedShot | None:
        """The shot of one row, None where a cell of it is wrong."""
        if self.table.has_header and len(cells) > len(self.table.header):
            self.longer_rows.append(number)
        found: dict[str, Any] = {}
        before = len(self.problems)
        for name, read in self._readers(number).items():
            cell = self._cell(name, cells)
            try:
                found[name] = read(cell)
            except (rules.BadField, timing.BadDuration) as bad:
                self.problems.append(Problem(f"Row {number}", f"{_LABELS[name]}: {bad}"))
        self._require_whole_subject(found, number)
        return self._built(found) if len(self.problems) == before else None

    def remarks(self) -> list[str]:
        """What was decided for a cell that says nothing, or nothing that is known."""
        said = []
        if self.without_length:
            length = timing.in_words(self.choices.length_ms)
            said.append(f"{_rows(self.without_length)} without a duration: {length} each.")
        for (instead, text), numbers in self.unknown.items():
            where = _listed(numbers)
            said.append(f"“{text}” in {where} is not known here: {instead}.")
        if self.longer_rows:
            said.append(
                f"Cells beyond the last heading, in {_listed(self.longer_rows)}, are ignored."
            )
        return said

    def _cell(self, name: str, cells: list[str]) -> str:
        index = self.table.columns.get(name, len(cells))
        return unguarded(cells[index]) if index < len(cells) else ""

    def _readers(self, number: int) -> dict[str, Callable[[str], Any]]:
        return {
            "prompt": rules.checked_prompt,
            "duration": self._length,
            "scene_id": lambda text: rules.checked_text(text, rules.MAX_SCENE_ID, "A scene id"),
            "motion": lambda text: self._motion(text, number),
            "speed": lambda text: _number(text, rules.checked_speed),
            "light_temperature": lambda text: _number(text, rules.checked_temperature),
            "light_intensity": lambda text: _number(text, rules.checked_intensity),
            "light_style": rules.checked_style,
            "transition": lambda text: self._transition(text, number),
            "transition_ms": lambda text: timing.parse_transition(text) if text.strip() else 0,
            "notes": rules.checked_notes,
            "dialogue": rules.checked_notes,
            "is_locked": lambda text: text.strip().casefold() in _YES,
            "subject_x": _percent,
            "subject_y": _percent,
        }

    def _require_whole_subject(self, found: dict[str, Any], number: int) -> None:
        try:
            if found.keys() >= {"subject_x", "subject_y"}:
                rules.require_whole_subject(found["subject_x"], found["subject_y"])
        except rules.BadField as bad:
            self.problems.append(Problem(f"Row {number}", f"Subject: {bad}"))

    def _length(self, text: str) -> int:
        if not text.strip():
            self.without_length += 1
            return self.choices.length_ms
        return parse_length(text, self.table.unit, self.choices.frame_rate)

    def _motion(self, text: str, number: int) -> str:
        named = motion_named(text, self.motions)
        if named is None:
            self._note_unknown("the camera moves as the board's does", text, number)
        return named or ""

    def _transition(self, text: str, number: int) -> str:
        named = transition_named(text) if text.strip() else Transition.CUT
        if named is None:
            self._note_unknown("a cut is taken", text, number)
        return named or Transition.CUT

    def _note_unknown(self, instead: str, text: str, number: int) -> None:
        shown = unseen.without_controls(text)[:40]
        self.unknown.setdefault((instead, shown), []).append(number)

    def _built(self, found: dict[str, Any]) -> ImportedShot:
        kind = found["transition"]
        length = found["transition_ms"] or timing.DEFAULT_TRANSITION_MS
        return ImportedShot(
            scene_id=found["scene_id"],
            prompt=found["prompt"],
            duration_ms=found["duration"],
            motion=found["motion"],
            speed=found["speed"],
            lighting=Light(
                found["light_temperature"], found["light_intensity"], found["light_style"]
            ),
            transition=kind,
            transition_ms=0 if kind == Transition.CUT else length,
            notes="\n".join(filter(None, (found["notes"], found["dialogue"]))),
            is_locked=found["is_locked"],
            subject_x=found["subject_x"],
            subject_y=found["subject_y"],
        )


def _number(text: str, check: Callable[[object], float]) -> float | None:
    """A number with or without a unit behind it: `4200 K`."""
    bare = text.strip().removesuffix("K").removesuffix("k").strip()
    return check(bare) if bare else None


def _percent(text: str) -> int | None:
    return rules.checked_percent(text) if text.strip() else None


def _rows(count: int) -> str:
    return f"{count} {'row' if count == 1 else 'rows'}"


def _listed(numbers: list[int]) -> str:
    """Such as `rows 3, 7 and 12 more`."""
    shown = ", ".join(map(str, numbers[:5]))
    rest = f" and {len(numbers) - 5} more" if len(numbers) > 5 else ""
    return f"{'row' if len(numbers) == 1 else 'rows'} {shown}{rest}"
