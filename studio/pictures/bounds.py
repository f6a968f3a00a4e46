"""How a child process of ours binds itself, before it touches what it was given."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Have this process killed as soon as its parent (a process id) has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask to die with it
        sys.exit(1)


def bind(**bounds: int) -> None:
    """Take limits upon this process, by their names in `resource`: `bind(RLIMIT_AS=1 << 30)`."""
    for name, bound in {"RLIMIT_CORE": 0, **bounds}.items():
        # macOS takes no address-space limit.
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (bound, bound))
