"""`make bench`: every figure, one after another."""

import sys

from tests.bench import board, polling, pulses, time_to_post
from tests.bench.pictures import running as pictures

if __name__ == "__main__":
    benches = (board.main, time_to_post.main, polling.main, pulses.main, lambda: pictures.main([]))
    sys.exit(any(bench() for bench in benches))
