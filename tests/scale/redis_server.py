"""A Redis of its own for tests: a free port, nothing on disk, gone afterwards."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory

import redis

from tests.faults.studio_processes import free_ports

START_S = 20.0


@contextmanager
def running_redis() -> Iterator[str]:
    """A REDIS_URL of an empty Redis."""
    server = shutil.which("redis-server")
    assert server, "Redis is missing (Debian: apt-get install redis-server)"
    (port,) = free_ports(1)
    url = f"redis://127.0.0.1:{port}/0"
    with TemporaryDirectory(prefix="shotboard-redis-") as folder:
        argv = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
        try:
            _wait_for(url)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(url: str) -> None:
    end = time.monotonic() + START_S
    with redis.Redis.from_url(url) as connection:
        while True:
            try:
                connection.ping()
            except redis.ConnectionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return
