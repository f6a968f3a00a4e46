"""What a file says, read by the module of its format."""

from dataclasses import dataclass

from studio.storyboards.contract import Problem
from studio.storyboards.exchange.csv_table import Table
from studio.storyboards.exchange.imported import ImportedBoard


@dataclass(frozen=True)
class Reading:
    """`board` has the good shots; `problems` name the rows or lines that are left out of it.

    `table` is the table as it was cut and mapped, for formats that have one; `lacks` says what
    must be chosen before anything can be imported.
    """

    kind: str
    board: ImportedBoard
    problems: tuple[Problem, ...] = ()
    encoding: str = ""
    table: Table | None = None
    lacks: str = ""

    @property
    def left_out(self) -> int:
        """How many rows cannot be read as they are."""
        return len({problem.where for problem in self.problems})
