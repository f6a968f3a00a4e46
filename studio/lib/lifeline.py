"""Dying with the parent: a killed supervisor leaves no orphans, grandchildren included.

Linux sends SIGKILL itself (PR_SET_PDEATHSIG); elsewhere a thread watches who our parent is. The
kernel's signal belongs to the *thread* that forked: start children from the main thread.
"""

import ctypes
import os
import signal
import sys
import threading
import time

SUPERVISOR = "STUDIO_SUPERVISOR"

_PR_SET_PDEATHSIG = 1
_WATCH_EVERY_S = 0.5
# Loaded here, because between fork and exec nothing may be loaded any more.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with(parent: int) -> None:
    """Have this process killed as soon as its parent (a process id) has ended."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it ended before we could ask
        _die()


def follow_supervisor() -> None:
    """Die with our supervisor, if one started us. Call it first thing in `manage.py`."""
    # Taken out of the environment: what we start has us for a parent, not our supervisor.
    supervisor = os.environ.pop(SUPERVISOR, "")
    if supervisor:
        die_with(int(supervisor))


def forks_die_with_us() -> None:
    """Have every process that is forked from now on (by forks too) die with its own parent."""
    parents = [os.getpid()]

    def remember() -> None:
        parents[0] = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with(parents[0]))


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_WATCH_EVERY_S)
    _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
