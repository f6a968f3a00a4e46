"""`make bench`: every figure, one after another."""

import sys

from tests.bench import time_to_post

if __name__ == "__main__":
    sys.exit(time_to_post.main())
