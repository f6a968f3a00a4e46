"""The table: what was measured beside whom, against which aim."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure of ours, with its unit in it, beside a peer's; `value` is what the aim is held
    against, a ratio where there is a peer. Without an aim it is only told.

    `cpu` is the same ratio of CPU time, where `value` is one of wall time. On a busy machine the
    worse of both decides, for there wall time is much a matter of luck.
    """

    figure: str
    ours: str
    peer: str = ""
    value: float | None = None
    most: float | None = None
    least: float | None = None
    note: str = ""
    cpu: float | None = None
    was_busy: bool = False

    @property
    def aim(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""

    @property
    def decides(self) -> float | None:
        """What the aim is held against."""
        if self.value is None or self.cpu is None or not self.was_busy:
            return self.value
        return max(self.value, self.cpu)

    @property
    def is_met(self) -> bool | None:
        """None where there is nothing to meet."""
        if self.decides is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or self.decides <= self.most) and (
            self.least is None or self.decides >= self.least
        )

    @property
    def verdict(self) -> str:
        return {None: "", True: "met", False: "MISSED"}[self.is_met]


_HEADS = ("figure", "ours", "peer", "ratio", "of CPU", "aim", "", "")


def table(rows: Sequence[Row]) -> str:
    """The rows below one another in columns, as Markdown too."""
    cells = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEADS))]
    lines = ["| " + " | ".join(t.ljust(w) for t, w in zip(c, widths, strict=True)) for c in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths))
    return "\n".join(f"{line.rstrip()} |" for line in lines)


def _cells(row: Row) -> tuple[str, ...]:
    value, cpu = ("" if v is None else f"{v:.3g}" for v in (row.value, row.cpu))
    return row.figure, row.ours, row.peer, value, cpu, row.aim, row.verdict, row.note
