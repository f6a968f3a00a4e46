"""What an import would do, as its preview shows it: nothing here changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from studio.storyboards import rules
from studio.storyboards.cards import Verdict
from studio.storyboards.contract import Problem
from studio.storyboards.exchange import choices as options
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.csv_columns import FIELDS
from studio.storyboards.exchange.csv_table import Table
from studio.storyboards.exchange.encodings import ENCODINGS
from studio.storyboards.exchange.formats import LABELS
from studio.storyboards.exchange.imported import ImportedShot
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.scene_ids import with_ids
from studio.storyboards.exchange.uploads import Upload
from studio.storyboards.models import Shot
from studio.storyboards.timing import Budget, in_words

SHOWN = 50
_SAMPLES = 3
DELIMITER_LABELS = {
    "comma": "Comma  ,",
    "semicolon": "Semicolon  ;",
    "tab": "Tab",
    "bar": "Bar  |",
}
_NOT_TAKEN = (
    "Only shots are added: the file's own brief, default camera, lighting and metadata stay out, "
    "and shots without a camera or light of their own take this board's."
)


@dataclass(frozen=True)
class Column:
    """A column of the file, to be chosen: `A · Description`."""

    index: int
    label: str


@dataclass(frozen=True)
class Mapping:
    """One of our fields, the column it is read from (None for none), and what stands there."""

    name: str
    label: str
    index: int | None
    samples: str


@dataclass(frozen=True)
class Row:
    """One shot as it would be."""

    number: int
    shot: ImportedShot

    @property
    def duration(self) -> str:
        return in_words(self.shot.duration_ms)


@dataclass(frozen=True)
class Preview:
    """`present` are the shots of the board that it would be added to, none for a new project.
    `reading` is None, and `failure` a sentence, where the file cannot be read by these choices."""

    upload: Upload
    choices: Choices
    reading: Reading | None
    failure: str = ""
    present: Sequence[Shot] = ()
    is_new: bool = False
    title: str = ""

    @property
    def text(self) -> str:
        """Pasted text, to be mended."""
        return self.upload.raw.decode()

    @property
    def kind(self) -> str:
        """The format's name for people."""
        return LABELS[self.reading.kind] if self.reading else "Unreadable"

    @cached_property
    def _named(self) -> tuple[list[ImportedShot], list[str]]:
        found = self.reading.board.shots if self.reading else ()
        return with_ids(found, [shot.scene_id for shot in self.present])

    @property
    def count(self) -> int:
        return len(self._named[0])

    @cached_property
    def rows(self) -> list[Row]:
        """The first shots, numbered as they would be on the board."""
        first = len(self.present) + 1
        return [Row(number, shot) for number, shot in enumerate(self._named[0][:SHOWN], first)]

    @property
    def more(self) -> int:
        """How many shots are not shown."""
        return self.count - len(self.rows)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return self.reading.problems if self.reading else ()

    @property
    def problems_shown(self) -> tuple[Problem, ...]:
        return self.problems[:SHOWN]

    @property
    def problems_more(self) -> int:
        return len(self.problems) - len(self.problems_shown)

    @property
    def left_out(self) -> int:
        return self.reading.left_out if self.reading else 0

    @property
    def remarks(self) -> list[str]:
        """What was decided, ignored, or is not taken over."""
        if not self.reading:
            return []
        board = self.reading.board
        is_body = self.reading.kind == "transend" and not self.is_new
        said = [*board.remarks, *self._named[1]]
        return [*said, _NOT_TAKEN] if is_body else said

    @property
    def before(self) -> Verdict:
        return Verdict(Budget.of([shot.duration_ms for shot in self.present]))

    @property
    def after(self) -> Verdict:
        """The film with the imported shots behind those that are there."""
        present = [shot.duration_ms for shot in self.present]
        return Verdict(Budget.of([*present, *(shot.duration_ms for shot in self._named[0])]))

    @property
    def count_after(self) -> int:
        return len(self.present) + self.count

    @property
    def blocked(self) -> str:
        """Why nothing can be imported by these choices; empty when it can."""
        if self.failure or self.reading is None:
            return self.failure
        if self.choices.length_error:
            return self.choices.length_error
        if self.reading.lacks:
            return self.reading.lacks
        if not self.count:
            return "There is no shot in it that can be imported. Choose another file."
        if self.count_after > rules.MAX_SHOTS:
            return (
                f"The board would have {self.count_after} shots, and {rules.MAX_SHOTS} are the "
                "most. Split the file, or delete shots first."
            )
        return ""

    @property
    def table(self) -> Table | None:
        return self.reading.table if self.reading else None

    @property
    def is_text(self) -> bool:
        """Whether encoding and kind can be chosen: of tables and Fountain."""
        return self.reading is None or self.reading.kind in options.TEXT_FORMATS

    @property
    def is_screenplay(self) -> bool:
        return self.reading is None or self.reading.kind in ("fountain", "fdx")

    @property
    def has_choices(self) -> bool:
        return self.is_text or self.is_screenplay

    @cached_property
    def columns(self) -> list[Column]:
        if not self.table:
            return []
        header = self.table.header
        names = [header[i].strip()[:40] if i < len(header) else "" for i in range(self.table.width)]
        return [
            Column(index, f"{_letters(index)} · {name}" if name else _letters(index))
            for index, name in enumerate(names)
        ]

    @cached_property
    def mappings(self) -> list[Mapping]:
        if not self.table:
            return []
        columns = self.table.columns
        return [
            Mapping(field.name, field.label, index, self._samples(index))
            for field in FIELDS
            for index in [columns.get(field.name)]
        ]

    def _samples(self, index: int | None) -> str:
        if index is None or not self.table:
            return ""
        cells = (cells[index].strip() for _, cells in self.table.rows if index < len(cells))
        filled = [" ".join(cell.split())[:40] for cell in cells if cell]
        return " · ".join(filled[:_SAMPLES]) or "empty"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """These choices, guesses included, as a form carries them: what was seen is imported."""
        found = {"format": self.choices.text_format, "encoding": self.choices.encoding}
        if self.reading and self.is_text:
            found |= {"format": self.reading.kind, "encoding": self.reading.encoding}
        if self.table:
            found |= {"delimiter": self.table.delimiter, "cut": self.table.delimiter}
            found |= {"header": "yes" if self.table.has_header else "no", "unit": self.table.unit}
            found |= {"rate": str(self.choices.frame_rate)}
            found |= {f"column-{name}": str(at) for name, at in self.table.columns.items()}
        if self.is_screenplay:
            found |= {"grain": self.choices.grain, "pace": self.choices.pace}
        return [*found.items(), ("length", self.choices.length_typed)]

    @property
    def selects(self) -> dict[str, list[tuple[str, str, bool]]]:
        """The options of each select: value, label, and whether it is chosen."""
        chosen = dict(self.fields)
        rates = {str(rate): f"{rate} a second" for rate in options.FRAME_RATES}
        known = {
            "format": options.TEXT_FORMATS,
            "encoding": ENCODINGS,
            "delimiter": DELIMITER_LABELS,
            "header": {"yes": "names the columns", "no": "is a shot"},
            "unit": options.UNITS,
            "rate": rates,
            "grain": options.GRAINS,
            "pace": options.PACES,
        }
        return {
            name: [(value, label, chosen.get(name) == value) for value, label in labels.items()]
            for name, labels in known.items()
        }


def _letters(index: int) -> str:
    """A column's name in a spreadsheet: A, Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
