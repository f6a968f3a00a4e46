"""The child of `film_of_gif`: an order by stdin as JSON, and by stdout a line for each part of the
work: `{"done": 0.25}`, and at last `{"facts": …}`, `{"refusal": "a sentence"}` or
`{"no_room": errno}`.
"""

import errno
import json
import os
import sys
from pathlib import Path
from typing import Any

from studio.pictures import bounds
from studio.pictures.distrust.limits import Limits
from studio.pictures.errors import Unacceptable

_WRITTEN_BYTES = 512 * 1024 * 1024
_NICER_BY = 10


def main() -> None:
    """Draw one film."""
    bounds.die_with(int(sys.argv[1]))
    order = json.loads(sys.stdin.buffer.read())
    limits = Limits(**order["limits"])
    bounds.bind(
        RLIMIT_CPU=limits.cpu_s,
        RLIMIT_AS=limits.memory_bytes,
        RLIMIT_FSIZE=_WRITTEN_BYTES,
        RLIMIT_NOFILE=64,
    )
    os.nice(_NICER_BY)  # nobody waits for a film as they wait for a page
    try:
        _say(facts=_drawn(order, limits))
    except Unacceptable as refusal:
        _say(refusal=str(refusal))
    except MemoryError:
        _say(refusal="The preview needs more memory than we give to any film.")
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _say(no_room=problem.errno)


def _drawn(order: dict[str, Any], limits: Limits) -> dict[str, Any]:
    from studio.pictures.playable.drawing import draw

    told = 0

    def on_frame(number: int, count: int) -> None:
        nonlocal told
        percent = number * 100 // count
        if percent > told:
            told = percent
            _say(done=number / count)

    gif, folder = Path(order["gif"]), Path(order["folder"])
    return draw(gif, folder, order["cuts_ms"], order["lines"], limits, on_frame)


def _say(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
