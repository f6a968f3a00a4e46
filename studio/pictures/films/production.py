"""From an order to its segments: taken from the shelf, or drawn here or by children."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from studio.pictures.films.children import Wanted, draw_by_children
from studio.pictures.films.keys import keys_of
from studio.pictures.films.order import Order
from studio.pictures.films.shelf import Shelf

SCRATCH = ".drawing-"

OnProgress = Callable[[float], None]


@contextmanager
def segments_drawn(
    order: Order,
    *,
    beside: Path,
    shelf_folder: Path | None,
    processes: int,
    report: OnProgress,
) -> Iterator[list[Path]]:
    """The film's segments as files, in order, gone afterwards. They lie in a folder of their own,
    on the shelf or else beside `beside`; each is put on the shelf as soon as it is drawn, so that
    a drawing begun again goes on where it was. Raises as `draw_by_children`."""
    shelf = None if shelf_folder is None else Shelf(shelf_folder)
    home = shelf_folder or beside.parent
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=home) as scratch:
        yield _produced(order, Path(scratch), shelf, processes, report)
    if shelf is not None:
        shelf.prune()


def _produced(
    order: Order, scratch: Path, shelf: Shelf | None, processes: int, report: OnProgress
) -> list[Path]:
    keys = keys_of(order) if shelf is not None else []
    paths = [scratch / f"{number}.segment" for number in range(len(order.segments))]
    wanted = [
        (number, path)
        for number, path in enumerate(paths)
        if shelf is None or not shelf.take_down(keys[number], path)
    ]
    total = order.segments[-1].end
    done = total - sum(order.segments[number].count for number, _ in wanted)

    def on_frame() -> None:
        nonlocal done
        done += 1
        if done < total:
            report(done / total)

    def on_drawn(number: int) -> None:
        if shelf is not None:
            shelf.put(keys[number], paths[number])

    report(0.0)
    draw = _draw_here if processes == 1 else draw_by_children
    draw(order, wanted, processes, on_frame=on_frame, on_drawn=on_drawn)
    return paths


def _draw_here(
    order: Order,
    wanted: list[Wanted],
    _processes: int,
    *,
    on_frame: Callable[[], None],
    on_drawn: Callable[[int], None],
) -> None:
    from studio.pictures.films.drawing import Draughtsman

    draughtsman = Draughtsman(order.style, cameras=min(2, os.cpu_count() or 1))
    for number, path in wanted:
        draughtsman.draw(order.segments[number], path, on_frame)
        on_drawn(number)
