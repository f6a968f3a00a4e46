"""A process that draws segments: an order by stdin and then one segment a line, and by stdout what
was done. It dies with its parent, and when it needs more memory than it may have.
"""

import json
import sys
from pathlib import Path
from typing import Any

from studio.pictures import bounds
from studio.pictures.films.drawing import Draughtsman
from studio.pictures.films.order import Order

_MOST_BYTES = 2 * 1024**3


def main() -> None:
    """Draw until there are no more lines. Answers `{"frames": 1}` for each frame and
    `{"drawn": n}` for each segment; `{"refusal": "a sentence"}` ends it."""
    bounds.die_with(int(sys.argv[1]))
    bounds.bind(RLIMIT_AS=_MOST_BYTES)
    order = Order.from_json(sys.stdin.readline())
    draughtsman = Draughtsman(order.style, cameras=0)
    try:
        for line in sys.stdin:
            number, out = json.loads(line)
            draughtsman.draw(order.segments[number], Path(out), lambda: _answer(frames=1))
            _answer(drawn=number)
    except ValueError as refusal:
        _answer(refusal=str(refusal))
    except MemoryError:
        _answer(failure="The drawing needs more memory than it may have. Choose a smaller size.")


def _answer(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
