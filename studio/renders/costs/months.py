"""Calendar months (UTC): budgets renew with them, a take belongs to the one it was ordered in."""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime
from typing import Self


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, UTC."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that a day is in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-11`. Raises ValueError."""
        day = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
        # Of the calendar's last year, the moment behind its end could not be told.
        if text != f"{day:%Y-%m}" or day.year == MAXYEAR:
            raise ValueError(text)
        return cls.of(day)

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.back(-1).start

    def back(self, months: int) -> "Month":
        """The month so many before it."""
        index = self.year * 12 + self.number - 1 - months
        return Month(index // 12, index % 12 + 1)

    @property
    def in_words(self) -> str:
        """`November 2026`."""
        return f"{self.start:%B %Y}"

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
