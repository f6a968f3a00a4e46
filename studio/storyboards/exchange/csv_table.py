"""A CSV cut into rows and cells, whatever cuts it; what the cells mean is not asked here."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from studio.storyboards.exchange.choices import DELIMITERS
from studio.storyboards.exchange.strict_json import Unreadable
from studio.storyboards.rules import MAX_SHOTS

MAX_COLUMNS = 1_000
# Empty ones count as well: going through millions of them takes a server's time.
MAX_RECORDS = 200_000
_MAX_LINE = 1_000_000
_SAMPLE_ROWS = 20

Row = tuple[int, list[str]]
# How many of a row's cells look like headings that we know.
Recogniser = Callable[[list[str]], int]


@dataclass(frozen=True)
class Table:
    """`rows` are `(number, cells)` without empty ones, numbered from 1 as a spreadsheet shows them.

    `delimiter` is a name of `DELIMITERS`. `header` is empty where the first row is data; `columns`
    gives the index of each field's column, `unit` what the numbers in the duration's column count.
    """

    delimiter: str
    header: list[str]
    rows: list[Row]
    columns: dict[str, int] = field(default_factory=dict)
    unit: str = "s"

    @property
    def has_header(self) -> bool:
        return bool(self.header)

    @property
    def width(self) -> int:
        """The number of columns: of the header, or of the widest row."""
        return max([len(self.header), *(len(cells) for _, cells in self.rows)], default=0)


def cut(text: str, delimiter: str, recognised: Recogniser) -> tuple[str, list[Row], int]:
    """The delimiter, chosen or found; the first rows that are not empty; and how many there are.

    A first line `sep=;`, as Excel writes it, names the delimiter. Raises `Unreadable` for more
    columns than anybody uses, and for cells that no spreadsheet would hold.
    """
    first, _, rest = text.partition("\n")
    first = first.strip("\r ").lower()
    named = {f"sep={char}": name for name, char in DELIMITERS.items()}
    if first in named:
        text, delimiter = rest, delimiter or named[first]
    delimiter = delimiter or _found(text, recognised)
    rows: list[Row] = []
    count = 0
    for number, cells in _records(text, delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(
                f"Row {number:,} has {len(cells):,} columns and {MAX_COLUMNS:,} are the most. "
                "Delete those that are not needed, or choose another delimiter."
            )
        count += 1
        if count <= MAX_SHOTS + 1:  # a header is none of the shots
            rows.append((number, cells))
    return delimiter, rows, count


def refuse_rows(count: int) -> None:
    """Raise `Unreadable` for more rows than a board may have shots."""
    if count > MAX_SHOTS:
        raise Unreadable(
            f"The table has {count:,} rows and a board holds {MAX_SHOTS} shots at most. "
            "Split the file, or delete rows."
        )


def _records(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_lines(text), delimiter=DELIMITERS[delimiter])
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(
                f"Row {number:,} holds a cell of more than {csv.field_size_limit():,} characters. "
                "Is a closing quotation mark missing? Mend it and try again."
            ) from None
        if number > MAX_RECORDS:
            raise Unreadable(f"The table has over {MAX_RECORDS:,} rows, empty ones too. Split it.")
        yield number, cells


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > _MAX_LINE:
            raise Unreadable(f"Line {number:,} has over a million characters: this is no table.")
        yield line


def _found(text: str, recognised: Recogniser) -> str:
    """The delimiter whose first row has most known headings, else the one that cuts most evenly."""
    scores = {delimiter: _score(text, delimiter, recognised) for delimiter in DELIMITERS}
    return max(scores, key=lambda delimiter: scores[delimiter])


def is_cut_evenly(text: str, recognised: Recogniser) -> bool:
    """Whether some delimiter cuts nearly all of the first rows into as many cells."""
    known, evenness = max(_score(text, delimiter, recognised) for delimiter in DELIMITERS)
    is_sentence = "\n" not in text.strip()
    return known > 1 or (evenness >= 1.8 and not is_sentence)


def _score(text: str, delimiter: str, recognised: Recogniser) -> tuple[int, float]:
    widths: list[int] = []
    known = 0
    try:
        for _, cells in _records(text, delimiter):
            known = known if widths else recognised(cells)
            if any(cells):
                widths.append(len(cells))
            if len(widths) == _SAMPLE_ROWS:
                break
    except Unreadable:
        return 0, 0.0
    width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    is_cut = width > 1
    # One known heading alone may be chance: a whole line of prose that is called “Shot”.
    return (known if is_cut else 0), (times / len(widths) * min(width, 10) if is_cut else 0.0)
