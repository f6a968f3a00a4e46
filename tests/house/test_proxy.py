"""deploy/nginx.conf in a real nginx, before a real web server: pages through it, films by it."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from studio.pictures.distrust.limits import STILL_LIMITS
from studio.storyboards.exchange.strict_json import MAX_BYTES
from tests.bench.time_to_post import sign_in
from tests.faults.studio_processes import MANAGE, ROOT, environment, free_ports, seeded_copy

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
pytestmark = [
    pytest.mark.proxy,
    pytest.mark.skipif(
        NGINX is None and os.environ.get("CI") != "true",
        reason="nginx is missing (Debian: apt-get install nginx-light)",
    ),
]

FILM = bytes(range(256)) * 40_000
MAKE_TAKES = """
from pathlib import Path
from studio.accounts.models import User, Workspace
from studio.reviews.deciding.decisions import Verdict, decide
from tests.builders import give_file, take_without_files
workspace = Workspace.objects.get(slug="demo")
film, gif = Path({film!r}), Path({gif!r})
for is_released in (True, False):
    take = take_without_files(workspace)
    give_file(take, "preview_gif", gif, "image/gif")
    give_file(take, "video", film, "video/mp4")
    if is_released:
        decide(take, Verdict.APPROVED, User.objects.get(email="producer@demo.localhost"))
"""


class Front:
    """nginx and the web server behind it. It looks like a studio to `sign_in`."""

    @contextmanager
    def running(self) -> Iterator[None]:
        """nginx alone."""
        argv = [str(NGINX), "-c", str(self.config), "-e", str(self.folder / "early.log")]
        nginx = subprocess.Popen(argv)
        try:
            yield
        finally:
            nginx.terminate()
            nginx.wait(20)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.var = seeded_copy(folder / "var")
        self.port, web, vendor = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.web_url = f"http://127.0.0.1:{web}"
        extra = {"STUDIO_ACCEL_PREFIX": "/protected/", "STUDIO_PUBLIC_URL": self.url}
        self.env = environment(self.var, web, vendor, **extra)
        self.config = folder / "nginx.conf"
        self.config.write_text(self._config(web))

    @property
    def passwords(self) -> dict[str, str]:
        listed = re.findall(r'"(\w+)@demo\.localhost": "([^"]+)"', self._sign_ins())
        return dict(listed)

    def _sign_ins(self) -> str:
        return (self.var / "sign-ins.json").read_text()

    def _config(self, web: int) -> str:
        """The deployed file; only its places and the upstream's name are this test's own."""
        config = (ROOT / "deploy/nginx.conf").read_text()
        for deployed, here in {
            "/tmp/": f"{self.folder}/",  # noqa: S108  (first: our own folders may lie below it)
            "web:8000": f"127.0.0.1:{web}",
            "listen 8080;": f"listen 127.0.0.1:{self.port};",
            "/var/lib/shotboard/vault/": f"{self.var}/vault/",
            "/dev/stdout": f"{self.folder}/access.log",
            "/dev/stderr": f"{self.folder}/error.log",
        }.items():
            assert deployed in config
            config = config.replace(deployed, here)
        # Started as root nginx would read the vault as another user; the image starts as ours.
        return f"daemon off;\nmaster_process off;\n{config}"

    def manage(self, *argv: str) -> None:
        env = {**self.env, "PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, MANAGE, *argv], env=env, check=True)

    def wait(self, status: int = 200) -> None:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.url}/healthz").status_code == status:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError((self.folder / "error.log").read_text())


@pytest.fixture(scope="module")
def front(tmp_path_factory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    front = Front(folder)
    (folder / "film.mp4").write_bytes(FILM)
    (folder / "preview.gif").write_bytes(b"GIF89a watermarked")
    code = MAKE_TAKES.format(film=str(folder / "film.mp4"), gif=str(folder / "preview.gif"))
    front.manage("shell", "-c", code)
    web = subprocess.Popen([sys.executable, MANAGE, "serve"], env=front.env)
    try:
        with front.running():
            front.wait()
            yield front
    finally:
        web.terminate()
        web.wait(20)


@pytest.fixture
def viewer(front) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=front.url, headers={"Origin": front.url}) as browser:
        sign_in(browser, front, "viewer")
        yield browser


def test_pages_come_through(viewer):
    page = viewer.get("/")
    assert page.status_code == 200
    assert "Neon Tokyo" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_released_film_is_sent_by_nginx(viewer):
    film = viewer.get("/takes/1/video.mp4")
    assert film.status_code == 200
    assert film.content == FILM
    assert film.headers["Content-Type"] == "video/mp4"
    assert film.headers["Accept-Ranges"] == "bytes"
    assert "X-Accel-Redirect" not in film.headers


def test_ranges_of_a_released_film(viewer):
    part = viewer.get("/takes/1/video.mp4", headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part.content == FILM[1000:2000]
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"


def test_a_film_that_is_not_released_stays_shut(viewer):
    for headers in ({}, {"Range": "bytes=0-9"}, {"If-None-Match": "*"}):
        refused = viewer.get("/takes/2/video.mp4", headers=headers)
        assert refused.status_code in (403, 404)
        assert FILM[:10] not in refused.content


def test_the_vault_has_no_address_of_its_own(front, viewer):
    (stored, *_) = (front.var / "vault").rglob("*.mp4")
    path = stored.relative_to(front.var / "vault")
    for address in (f"/protected/{path}", f"/static/../protected/{path}", f"/protected%2f{path}"):
        assert viewer.get(address).status_code == 404


def test_a_visitor_cannot_ask_for_another_file(viewer):
    sneaked = viewer.get("/", headers={"X-Accel-Redirect": "/protected/"})
    assert sneaked.status_code == 200
    assert "Neon Tokyo" in sneaked.text


def test_no_secret_of_an_address_is_logged(front, viewer):
    viewer.get("/hooks/transend/1/secret-mac?token=secret-query")
    viewer.get("/s/secret-share/")
    time.sleep(0.3)
    log = (front.folder / "access.log").read_text()
    assert "/hooks/transend/1/-" in log
    assert "secret" not in log


@pytest.fixture(scope="module")
def alone(tmp_path_factory) -> Iterator[Front]:
    """nginx while the web server is away."""
    front = Front(tmp_path_factory.mktemp("alone"))
    with front.running():
        front.wait(503)
        yield front


@pytest.mark.parametrize(
    "address",
    [
        "/hooks/transend/1/secret-mac?token=secret-query",
        "/s/secret-share/",
        "/%73/secret-share/",
        "/accounts/password/reset/key/secret-key/",
    ],
)
def test_no_secret_of_an_address_is_logged_while_the_studio_is_away(alone, address):
    assert httpx.post(f"{alone.url}{address}").status_code == 503
    assert httpx.get(f"{alone.url}/w/kitchen/keys/").status_code == 503
    time.sleep(0.3)
    for name in ("error.log", "access.log"):
        log = (alone.folder / name).read_text()
        assert "/w/kitchen/keys/" in log, "other addresses are logged"
        assert "secret" not in log


def test_a_shared_page_tells_nobody_its_address(front, viewer):
    assert viewer.get("/s/anything/").headers.get_list("Referrer-Policy") == ["no-referrer"]


def test_what_nginx_refuses_it_refuses_in_a_sentence(alone):
    away = httpx.get(f"{alone.url}/")
    assert "Wait a moment, then reload the page." in away.text
    large = httpx.post(f"{alone.url}/", content=b"x" * (50 * 1024 * 1024 + 1))
    assert large.status_code == 413
    assert "48 MB" in large.text
    assert "48%20MB" in large.headers["X-Says"]


def test_the_limits_on_what_is_sent_agree():
    """Each lets through what the next is to refuse in its own words."""
    (megabytes,) = re.findall(
        r"client_max_body_size (\d+)m;", (ROOT / "deploy/nginx.conf").read_text()
    )
    assert MAX_BYTES < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert STILL_LIMITS.max_bytes < settings.UPLOAD_MAX_BYTES < int(megabytes) * 1024 * 1024
