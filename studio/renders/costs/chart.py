"""The last twelve months as bars, in the units of a drawing of 720 by 200."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from studio.renders.costs.months import Month
from studio.renders.costs.spending import Spending

WIDTH, HEIGHT = 720, 200
_LEFT, _TOP, _FLOOR = 64, 14, 168
_STEPS = 4


@dataclass(frozen=True)
class Bar:
    """A month: what is spent, and upon it what is reserved, in the units of the drawing."""

    month: Month
    spending: Spending
    x: int
    width: int
    spent_y: int
    spent_height: int
    reserved_y: int
    reserved_height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def label(self) -> str:
        return f"{self.month.start:%b}"


@dataclass(frozen=True)
class Line:
    """A line across, and the amount that it stands for."""

    y: int
    label: str


@dataclass(frozen=True)
class Chart:
    """Bars from left to right, and lines to read their height by."""

    currency: str
    bars: list[Bar]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    floor: int = _FLOOR

    @property
    def scale(self) -> int:
        """Where the amounts beside the lines end."""
        return self.left - 8

    @property
    def baseline(self) -> int:
        """Where the months' names stand."""
        return self.floor + 22


def chart_of(months: list[tuple[Month, Spending]], currency: str) -> Chart:
    """Draw months in their order, each with what it cost in one currency."""
    top = round_up(max((spent.total for _, spent in months), default=Decimal(0)))
    room = (WIDTH - _LEFT) // max(len(months), 1)
    bars = [
        _bar(month, spent, _LEFT + room * place + room // 6, room * 2 // 3, top)
        for place, (month, spent) in enumerate(months)
    ]
    lines = [
        Line(_FLOOR - _height(top * step / _STEPS, top), f"{(top * step / _STEPS).normalize():,f}")
        for step in range(_STEPS + 1)
    ]
    return Chart(currency, bars, lines)


def round_up(amount: Decimal) -> Decimal:
    """The next of 1, 2, 4, 6, 8 or 10 times a power of ten: divides well by four."""
    if amount <= 0:
        return Decimal(1)
    power = Decimal(1).scaleb(amount.adjusted())
    for factor in (1, 2, 4, 6, 8):
        if amount <= factor * power:
            return factor * power
    return 10 * power


def _bar(month: Month, spent: Spending, x: int, width: int, top: Decimal) -> Bar:
    spent_height, reserved_height = _height(spent.spent, top), _height(spent.reserved, top)
    spent_y = _FLOOR - spent_height
    return Bar(
        month,
        spent,
        x,
        width,
        spent_y,
        spent_height,
        spent_y - reserved_height,
        reserved_height,
    )


def _height(amount: Decimal, top: Decimal) -> int:
    """Something is always to be seen of what is not nothing."""
    return int((amount * (_FLOOR - _TOP) / top).to_integral_value(ROUND_CEILING))
