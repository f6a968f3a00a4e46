"""The web server: granian serving WSGI, two processes, threads enough for pages beside media."""

import copy
import os
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LOGGING_CONFIG

from studio.lib import lifeline
from studio.vault.serving import MAX_STREAMS

WORKERS = 2
# A thread is held for as long as a slow client reads: each download may hold one, pages need some.
PAGE_THREADS = 8
# Connections, not requests: idle browsers count too, so this is far above the threads.
MAX_CONNECTIONS = 512
HEADER_TIMEOUT_MS = 10_000
STOP_TIMEOUT_S = 8


def serve() -> None:
    """Serve until SIGINT or SIGTERM."""
    lifeline.forks_die_with_us()
    connections.close_all()  # no socket to the database may be shared with the forks
    Granian(
        "studio.wsgi:application",
        address=settings.STUDIO_BIND,
        port=settings.STUDIO_PORT,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=WORKERS,
        blocking_threads=MAX_STREAMS + PAGE_THREADS,
        backpressure=MAX_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_TIMEOUT_MS),
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=STOP_TIMEOUT_S,
        log_access=True,
        # Without the query string: share links and signatures travel there.
        log_access_format="%(addr)s %(method)s %(path)s %(status)d %(dt_ms).0f ms",
        log_dictconfig=_logging(),
    ).serve(target_loader=load_application)


def load_application(target: str) -> WSGIHandler:
    """Load the application in a worker process, which dies with the server."""
    lifeline.die_with(os.getppid())  # a spawned worker (macOS) has seen no fork
    from studio.wsgi import application

    return application


def _logging() -> dict[str, Any]:
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    filters = "studio.lib.log_filters"
    config["filters"] = {
        "redacted": {"()": f"{filters}.RedactedPaths"},
        "nothing_routine": {"()": f"{filters}.NothingRoutine"},
        "no_thread_advice": {"()": f"{filters}.NoThreadAdvice"},
    }
    config["handlers"]["access"]["filters"] = ["nothing_routine", "redacted"]
    config["handlers"]["console"]["filters"] = ["no_thread_advice"]
    return config
