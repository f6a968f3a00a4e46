"""What the simulator tells the person who runs it."""

import sys


def tell(sentence: str) -> None:
    """Write one sentence to standard error."""
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
