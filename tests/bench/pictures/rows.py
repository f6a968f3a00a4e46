"""From what contestants took to rows of the table."""

from tests.bench.pictures.contest import Result
from tests.bench.pictures.table import Row


def beside(what: str, us: Result, peer: Result, most: float | None = None) -> Row:
    """Our time over the peer's, with the aim if there is one."""
    sizes = f"bytes × {us.bytes / peer.bytes:.2f}"
    return Row(
        f"{what}: {us.name} / {peer.name}",
        _cost(us),
        _cost(peer),
        us.wall_s / peer.wall_s,
        most=None if most is None else round(most, 3),
        note=f"{sizes}; peak {us.peak_mb:.0f} and {peer.peak_mb:.0f} MB",
        cpu=us.cpu_s / peer.cpu_s,
        was_busy=us.was_busy or peer.was_busy,
    )


def megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def _cost(result: Result) -> str:
    return f"{result.wall_s:.2f} s, CPU {result.cpu_s:.2f}"
