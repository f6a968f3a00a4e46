"""The whole studio under one supervisor: what `run_studio` starts and what it says."""

import io
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from studio.lib import migrations
from studio.lib.processes import Program

# A render of 90 s (docs/simulator.md) then takes 15 s: long enough to watch, short enough to wait.
DEMO_SPEED = 6.0
READY_TIMEOUT_S = 60.0


def prepare_database() -> None:
    """Apply what migrations are missing, and make the cache's table."""
    if migrations.missing():
        call_command("migrate", verbosity=0, interactive=False)
    if not settings.REDIS_URL:
        call_command("createcachetable", verbosity=0)


def programs(manage: str, *, speed: float | None, scenario: Path | None = None) -> list[Program]:
    """Everything to keep running. `speed`: the simulator's; None: no simulator."""
    found = [
        _program("web", manage, "serve"),
        _program("queues", manage, "qcluster"),
        _program("watcher", manage, "watch_takes"),
    ]
    if speed is not None:
        options = {
            "--port": settings.STUDIO_SIMULATOR_PORT,
            "--speed": f"{speed:g}",
            "--log": settings.STUDIO_VAR / "simulator.jsonl",
            **({"--scenario": scenario} if scenario else {}),
        }
        argv = [str(word) for option in options.items() for word in option]
        found.append(_program("vendor", manage, "transend_simulator", *argv))
    return found


def _program(name: str, manage: str, *command: str) -> Program:
    env = {"PYTHONUNBUFFERED": "1", "OPENBLAS_NUM_THREADS": "1"}
    return Program(name, [sys.executable, manage, *command], env)


def address() -> str:
    """Where a browser on this machine finds the studio."""
    host = settings.STUDIO_BIND
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  (compared, not bound)
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.STUDIO_PORT}"


def when_ready(tell: Callable[[], None], give_up: Callable[[str], None]) -> None:
    """Call `tell` once, from a thread, when all is ready; after a minute `give_up` with why."""

    def wait() -> None:
        end = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < end:
            problem = unready()
            if not problem:
                tell()
                return
            time.sleep(0.3)
        give_up(problem)

    threading.Thread(target=wait, name="waiting for /readyz", daemon=True).start()


def unready() -> str:
    """What /readyz says is missing; empty when everything works."""
    # By a name that is always allowed, whatever address the server listens on.
    headers = {"Host": "localhost"}
    request = urllib.request.Request(f"{address()}/readyz", headers=headers)  # noqa: S310  (ours)
    try:
        with urllib.request.urlopen(request, timeout=5):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return error.read(500).decode(errors="replace") or str(error)
    except OSError as error:
        return f"The web server does not answer ({error})."


def welcome(started_at: float, sign_ins: list[dict[str, Any]]) -> str:
    """The address and the sign-ins, for the terminal."""
    text = io.StringIO()
    text.write(f"\n  Shotboard is ready after {time.monotonic() - started_at:.1f} s:  ")
    text.write(f"{settings.STUDIO_PUBLIC_URL or address()}\n\n")
    width = max((len(person["email"]) for person in sign_ins), default=0)
    for person in sign_ins:
        password = person["password"] or "(changed)"
        text.write(f"  {person['role']:<9} {person['email']:<{width}}  {password}\n")
    text.write("\n  Ctrl-C stops everything.\n")
    return text.getvalue()
