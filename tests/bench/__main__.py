"""`make bench`: every figure, one after another."""

import sys

from tests.bench import board, polling, time_to_post
from tests.bench.pictures import running as pictures

if __name__ == "__main__":
    sys.exit(board.main() or time_to_post.main() or polling.main() or pictures.main([]))
