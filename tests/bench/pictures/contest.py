"""Contestants take turns at the same work, so that a busy moment of the machine meets them all."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.pictures.process import Cost, measured


@dataclass(frozen=True)
class Contestant:
    """`command` gets the number of the round and says what to run. A slow one takes part in one
    round only. `out` is the file it writes, which `check` looks at: it raises Wrong."""

    name: str
    command: Callable[[int], Sequence[str]]
    out: Path
    check: Callable[[Path], None] = lambda _out: None
    is_slow: bool = False


class Wrong(Exception):
    """What was measured did not do the work; the message says what is amiss."""


@dataclass(frozen=True)
class Result:
    """Medians over the rounds. `was_busy` when other programs kept the machine from it."""

    name: str
    wall_s: float
    cpu_s: float
    peak_mb: float
    bytes: int
    was_busy: bool


def compete(contestants: Sequence[Contestant], rounds: int) -> dict[str, Result]:
    """Results by name. Raises Failed, or Wrong."""
    costs: dict[str, list[Cost]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds):
        for contestant in contestants:
            if number and contestant.is_slow:
                continue
            contestant.out.unlink(missing_ok=True)
            costs[contestant.name].append(measured(contestant.command(number)))
            contestant.check(contestant.out)
    return {one.name: _result(one, costs[one.name]) for one in contestants}


def _result(contestant: Contestant, costs: list[Cost]) -> Result:
    return Result(
        contestant.name,
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.cpu_s for cost in costs),
        max(cost.peak_mb for cost in costs),
        contestant.out.stat().st_size,
        any(cost.was_busy for cost in costs),
    )
