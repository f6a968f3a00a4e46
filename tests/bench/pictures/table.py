"""The table: what was measured beside whom, against which aim."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure of ours, with its unit in it, beside a peer's; `value` is what the aim is held
    against, a ratio where there is a peer. Without an aim it is only told."""

    figure: str
    ours: str
    peer: str = ""
    value: float | None = None
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def aim(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""

    @property
    def is_met(self) -> bool | None:
        """None where there is nothing to meet."""
        if self.value is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def verdict(self) -> str:
        return {None: "", True: "met", False: "MISSED"}[self.is_met]


_HEADS = ("figure", "ours", "peer", "ratio", "aim", "", "")


def table(rows: Sequence[Row]) -> str:
    """The rows below one another in columns, as Markdown too."""
    cells = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADS))]
    lines = ["| " + " | ".join(t.ljust(w) for t, w in zip(c, widths, strict=True)) for c in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths))
    return "\n".join(f"{line.rstrip()} |" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    value = "" if row.value is None else f"{row.value:.3g}"
    return row.figure, row.ours, row.peer, value, row.aim, row.verdict, row.note
