"""The web server as it is run: granian's own processes, its log, and what a signal does to it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.studio_processes import MANAGE, environment, free_ports, seeded_copy
from tests.lib.test_lifeline import are_gone


class Server:
    """`manage.py serve` alone, on a seeded studio."""

    def __init__(self, folder: Path) -> None:
        web, vendor = free_ports(2)
        self.url = f"http://127.0.0.1:{web}"
        self.log = folder / "log.txt"
        env = environment(seeded_copy(folder / "var"), web, vendor)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, MANAGE, "serve"], env=env, stdout=log, stderr=log
            )
        self.wait_for(lambda: self.answers())

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def wait_for(self, holds, seconds: float = 40.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.05)

    @property
    def workers(self) -> list[int]:
        return [int(pid) for pid in re.findall(r"with PID: (\d+)", self.log.read_text())]


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.process.kill()
    server.process.wait()


def get(url: str) -> httpx.Response:
    """Ask, and wait for longer than a busy machine takes for a first page."""
    return httpx.get(url, timeout=60)


def test_pages_come_from_two_processes_and_sigterm_ends_them(server):
    assert get(f"{server.url}/accounts/login/").status_code == 200
    workers = server.workers
    assert len(workers) == 2
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(15) == 0
    assert are_gone(workers)


def test_a_killed_server_takes_its_workers_with_it(server):
    server.process.kill()
    assert are_gone(server.workers)


def test_a_killed_worker_is_replaced_while_the_other_answers(server):
    os.kill(server.workers[0], signal.SIGKILL)
    server.wait_for(lambda: len(server.workers) == 3)
    server.wait_for(server.answers)
    assert server.process.poll() is None


def test_the_log_holds_no_secret_of_an_address(server):
    get(f"{server.url}/hooks/transend/1/secret-mac?token=secret-query")
    get(f"{server.url}/s/secret-share/?key=secret-query")
    get(f"{server.url}/accounts/login/?next=secret-query")
    server.wait_for(lambda: "/accounts/login/ 200" in server.log.read_text())
    log = server.log.read_text()
    assert "/hooks/transend/1/…" in log
    assert "secret" not in log
    assert "/healthz" not in log, "what is asked every second is not logged"


def test_an_address_that_writes_log_lines_does_not(server):
    get(f"{server.url}/%0AFAKE%20GET%20/admin%20200")
    server.wait_for(lambda: "FAKE" in server.log.read_text())
    assert not [line for line in server.log.read_text().splitlines() if line.startswith("FAKE")]
