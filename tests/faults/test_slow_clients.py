"""Slow clients do not stop the house: the embedded web server, real sockets, a 60 MB film.

A WSGI thread is held for as long as a slow client reads a long body. Twelve clients at 20 kB/s are
more than enough to stop a server that does not care; here pages go on answering.
"""

import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings
from django.db import connection

from studio.operations.serving import WORKERS
from studio.renders.models import Take
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import withdraw
from studio.vault.streams import MAX_PART_BYTES, MAX_STREAMS
from tests.builders import give_file, take_without_files

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

FILM_BYTES = 60_000_000
BYTES_PER_S = 20_000
UNDER_LOAD_S = 20
ANSWER_WITHIN_S = 30


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    path.write_bytes(random.Random(60).randbytes(FILM_BYTES))
    return path


@pytest.fixture
def released(workspace, producer, settings, tmp_path, film) -> Take:
    settings.STUDIO_VAULT = tmp_path / "var" / "vault"
    settings.STUDIO_VAULT.parent.mkdir()
    gif = tmp_path / "preview.gif"
    gif.write_bytes(b"GIF89a watermarked")
    take = take_without_files(workspace)
    give_file(take, "preview_gif", gif, "image/gif")
    give_file(take, "video", film, "video/mp4")
    decide(take, Verdict.APPROVED, producer.user)
    return take


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(released, tmp_path):
    """`manage.py serve` on the test's own database and vault; its port."""
    port = free_port()
    environment = {
        **os.environ,
        "STUDIO_VAR": str(tmp_path / "var"),
        "STUDIO_PORT": str(port),
        "STUDIO_SECRET_KEY": django_settings.SECRET_KEY,
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
    }
    log = (tmp_path / "serve.log").open("w+")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=django_settings.BASE_DIR,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_up(process, port, tmp_path / "serve.log")
        yield port
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def wait_until_up(process, port, log):
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(f"The server ended: {log.read_text()}")
        try:
            httpx.get(f"http://127.0.0.1:{port}/accounts/login/", timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The server did not come up: {log.read_text()}")


class SlowClient(threading.Thread):
    """Reads the film at 20 kB/s: whole, or part after part as a player does."""

    def __init__(self, port: int, take: Take, cookie: str, start_at: int | None) -> None:
        super().__init__(daemon=True)
        self.address = ("127.0.0.1", port)
        self.start_at = start_at
        self.head = f"GET /takes/{take.pk}/video.mp4{'?download=1' if start_at is None else ''}"
        self.cookie = cookie
        self.stop = threading.Event()
        self.answer = b""
        self.begun = threading.Event()
        self.left_early = False

    def run(self) -> None:
        asked = "" if self.start_at is None else f"Range: bytes={self.start_at}-\r\n"
        request = f"{self.head} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n{asked}\r\n"
        with socket.socket() as link:
            # A small window, or the kernel would swallow what this client does not read.
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
            link.connect(self.address)
            link.sendall(request.encode())
            while not self.stop.is_set():
                received = link.recv(BYTES_PER_S // 10)
                if not received:
                    self.left_early = True
                    return
                self.answer += received
                self.begun.set()
                self.stop.wait(0.1)

    @property
    def status(self) -> int:
        return int(self.answer.split(b" ", 2)[1])

    @property
    def body(self) -> bytes:
        return self.answer.partition(b"\r\n\r\n")[2]


class Visitors:
    """Somebody who reads pages meanwhile; seconds per page by address."""

    def __init__(self, port: int, cookie: str, page: str) -> None:
        self.link = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Connection": "close"},
            timeout=ANSWER_WITHIN_S,
        )
        # The sign-in page is for those who are not signed in.
        self.pages = {"/accounts/login/": "", page: cookie}
        self.seconds: list[float] = []

    def read_pages(self, for_s: float) -> None:
        until = time.monotonic() + for_s
        while time.monotonic() < until:
            for address, cookie in self.pages.items():
                begun = time.monotonic()
                response = self.link.get(address, headers={"Cookie": cookie})
                self.seconds.append(time.monotonic() - begun)
                assert response.status_code == 200, (address, response.text)
            time.sleep(0.1)

    def says(self) -> str:
        ordered = sorted(self.seconds)
        return (
            f"{len(ordered)} pages, median {statistics.median(ordered) * 1000:.0f} ms, "
            f"p95 {ordered[int(len(ordered) * 0.95)] * 1000:.0f} ms, "
            f"slowest {ordered[-1] * 1000:.0f} ms"
        )


def cookie_of(client) -> str:
    return f"sessionid={client.cookies['sessionid'].value}"


def begin(clients, within_s: float = ANSWER_WITHIN_S):
    for client in clients:
        client.start()
    for client in clients:
        assert client.begun.wait(within_s), "A download did not begin."


def end(clients):
    for client in clients:
        client.stop.set()
    for client in clients:
        client.join(5)


def test_pages_answer_while_twelve_slow_clients_fetch_a_film(server, released, viewer, film, tell):
    cookie = cookie_of(viewer)
    page = f"/takes/{released.pk}/"
    before = Visitors(server, cookie, page)
    before.read_pages(3)

    whole = [SlowClient(server, released, cookie, None) for _ in range(6)]
    parts = [SlowClient(server, released, cookie, at * 9_000_000) for at in range(6)]
    begin([*whole, *parts])
    meanwhile = Visitors(server, cookie, page)
    meanwhile.read_pages(UNDER_LOAD_S)
    end([*whole, *parts])

    data = film.read_bytes()
    for client in whole:
        assert client.status == 200
        assert data.startswith(client.body)
    for client in parts:
        assert client.status == 206
        assert data[client.start_at :].startswith(client.body)
        assert len(client.body) <= MAX_PART_BYTES
    read = [len(client.body) for client in (*whole, *parts)]
    assert min(read) > BYTES_PER_S * UNDER_LOAD_S / 4, "the downloads went on all the while"
    assert not any(client.left_early for client in (*whole, *parts))
    tell(f"before: {before.says()}")
    tell(
        f"12 slow clients for {UNDER_LOAD_S} s ({min(read):,} to {max(read):,} bytes each): "
        f"{meanwhile.says()}"
    )


def test_downloads_beyond_the_slots_wait_and_the_slots_come_back(server, released, viewer, tell):
    cookie = cookie_of(viewer)
    slots = WORKERS * MAX_STREAMS
    clients = [SlowClient(server, released, cookie, None) for _ in range(slots + 12)]
    begin(clients)
    visitors = Visitors(server, cookie, f"/takes/{released.pk}/")
    visitors.read_pages(3)
    end(clients)
    answered = [client.status for client in clients]
    assert set(answered) == {200, 503}
    assert answered.count(200) <= slots
    assert b"Too many downloads" in next(c.body for c in clients if c.status == 503)
    tell(f"{len(clients)} whole downloads, {answered.count(503)} told to wait: {visitors.says()}")

    after = [SlowClient(server, released, cookie, None) for _ in range(MAX_STREAMS)]
    time.sleep(1)
    begin(after)
    end(after)
    assert {client.status for client in after} == {200}, "the slots came back"


def test_head_conditions_and_withdrawal_over_the_wire(server, released, viewer, producer):
    film = f"/takes/{released.pk}/video.mp4"
    headers = {"Cookie": cookie_of(viewer)}
    with httpx.Client(base_url=f"http://127.0.0.1:{server}", headers=headers) as browser:
        head = browser.head(film)
        assert head.headers["Content-Length"] == str(FILM_BYTES)
        known = browser.get(film, headers={"If-None-Match": head.headers["ETag"]})
        assert (known.status_code, known.content) == (304, b"")
        part = browser.get(film, headers={"Range": "bytes=0-"})
        assert (part.status_code, len(part.content)) == (206, MAX_PART_BYTES)
        past = browser.get(film, headers={"Range": f"bytes={FILM_BYTES}-"})
        assert past.status_code == 416
        withdraw(released, producer.user)
        for asked in (
            {"Range": "bytes=100-199"},
            {"If-None-Match": head.headers["ETag"]},
            {"Range": "bytes=100-199", "If-Range": head.headers["ETag"]},
        ):
            refused = browser.get(film, headers=asked)
            assert refused.status_code == 403
            assert "its release was withdrawn" in refused.text
        assert browser.head(film).status_code == 403
