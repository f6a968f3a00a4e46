"""The whole studio under one supervisor: what `run_studio` starts and what it says."""

import io
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from studio.lib.processes import Program

# A render of 90 s (docs/simulator.md) then takes 15 s: long enough to watch, short enough to wait.
DEMO_SPEED = 6.0
READY_TIMEOUT_S = 60.0


def prepare_database() -> None:
    """Apply what migrations are missing, and make the cache's table."""
    connection = connections[DEFAULT_DB_ALIAS]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    if not settings.REDIS_URL:
        call_command("createcachetable", verbosity=0)


def programs(manage: str, *, speed: float | None) -> list[Program]:
    """Everything to keep running. `speed`: the simulator's; None: no simulator."""
    found = [
        _program("web", manage, "serve"),
        _program("queues", manage, "qcluster"),
        _program("watcher", manage, "watch_takes"),
    ]
    if speed is not None:
        port = str(settings.STUDIO_SIMULATOR_PORT)
        log = str(settings.STUDIO_VAR / "simulator.jsonl")
        found.append(
            _program(
                "vendor", manage, "transend_simulator",
                "--port", port, "--speed", f"{speed:g}", "--log", log,
            )
        )  # fmt: skip
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


def when_ready(tell: Callable[[], None], give_up: Callable[[], None]) -> None:
    """Call `tell` once, from a thread, when /readyz answers; `give_up` after a minute."""

    def wait() -> None:
        end = time.monotonic() + READY_TIMEOUT_S
        while time.monotonic() < end:
            if is_ready():
                tell()
                return
            time.sleep(0.2)
        give_up()

    threading.Thread(target=wait, name="waiting for /readyz", daemon=True).start()


def is_ready() -> bool:
    """Whether the web server says that everything behind it works."""
    request = urllib.request.Request(f"{address()}/readyz")  # noqa: S310  (our own address)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


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
