"""What a person chooses in the preview of an import; what is not chosen is guessed from the file.

All of it stands in the preview's address, so that it is read anew, and nothing is kept of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.storyboards import timing
from studio.storyboards.exchange.encodings import ENCODINGS

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
UNITS = {"s": "seconds", "ms": "milliseconds", "frames": "frames"}
FRAME_RATES = (24, 25, 30, 48, 50, 60)
GRAINS = {"paragraph": "Each paragraph of action", "scene": "Each scene"}
PACES = {"words": "By the words in it", "equal": "All the same"}
TEXT_FORMATS = {"csv": "Table (CSV)", "fountain": "Screenplay (Fountain)"}
DEFAULT_LENGTH_MS = 5_000


@dataclass(frozen=True)
class Choices:
    """Empty texts and None leave it to the file. `columns` are indexes by field name, and hold
    only for a table cut at the delimiter `cut`; delimiters go by their names in `DELIMITERS`."""

    text_format: str = ""
    encoding: str = ""
    delimiter: str = ""
    has_header: bool | None = None
    cut: str = ""
    columns: Mapping[str, int] = field(default_factory=dict)
    unit: str = ""
    frame_rate: int = FRAME_RATES[0]
    grain: str = "paragraph"
    pace: str = "words"
    length_ms: int = DEFAULT_LENGTH_MS
    length_typed: str = ""
    length_error: str = ""
    leaves_out: bool = False


def read_choices(query: Mapping[str, str]) -> Choices:
    """The choices of a form or an address; whatever is none of the possible ones is not made."""

    def one_of(name: str, known: Mapping[str, str], otherwise: str = "") -> str:
        return query.get(name, "") if query.get(name, "") in known else otherwise

    rates = {str(rate): rate for rate in FRAME_RATES}
    length_ms, error = _length(query.get("length", ""))
    return Choices(
        text_format=one_of("format", TEXT_FORMATS),
        encoding=one_of("encoding", ENCODINGS),
        delimiter=one_of("delimiter", DELIMITERS),
        has_header={"yes": True, "no": False}.get(query.get("header", "")),
        cut=query.get("cut", ""),
        columns=_columns(query),
        unit=one_of("unit", UNITS),
        frame_rate=rates.get(query.get("rate", ""), FRAME_RATES[0]),
        grain=one_of("grain", GRAINS, "paragraph"),
        pace=one_of("pace", PACES, "words"),
        length_ms=length_ms,
        length_typed=query.get("length", ""),
        length_error=error,
        leaves_out=query.get("leave_out", "") == "yes",
    )


def _columns(query: Mapping[str, str]) -> dict[str, int]:
    found = {name.removeprefix("column-"): query[name] for name in query if "column-" in name}
    return {
        name: int(text)
        for name, text in found.items()
        if text.isascii() and text.isdigit() and len(text) < 5
    }


def _length(typed: str) -> tuple[int, str]:
    try:
        return (timing.parse_duration(typed) if typed.strip() else DEFAULT_LENGTH_MS), ""
    except timing.BadDuration as bad:
        return DEFAULT_LENGTH_MS, str(bad)
