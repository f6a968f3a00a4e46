"""A process that draws segments: an order by stdin and then one segment a line, and by stdout what
was done. It dies with its parent, and when it needs more memory than it may have.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from studio.pictures.films.drawing import Draughtsman
from studio.pictures.films.order import Order

_PR_SET_PDEATHSIG = 1
_MOST_BYTES = 2 * 1024**3


def main() -> None:
    """Draw until there are no more lines. Answers `{"frames": 1}` for each frame and
    `{"drawn": n}` for each segment; `{"refusal": "a sentence"}` ends it."""
    parent = int(sys.argv[1])
    _bind(parent)
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


def _bind(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask to die with it
        sys.exit(1)
    for kind, most in ((resource.RLIMIT_AS, _MOST_BYTES), (resource.RLIMIT_CORE, 0)):
        # macOS takes no address-space limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _answer(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
