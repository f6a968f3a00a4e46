"""Hostile finished files, each through the real collector in one real worker: none is served, the
worker lives, stays small, and collects a good take right after.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from studio.pictures.animatic import render_gif
from tests.pictures.films import film
from tests.pictures.hostile import mp4
from tests.renders.hostile.answers import CAP_BYTES, LINKS, Case, transport, typed
from tests.renders.hostile.files import FILES, hostile_files, sent
from tests.transend.rude import Conversation, Manners, RudeServer, answering, saying

# A hundred cases in one process take half a minute; of a busy machine no more is asked.
pytestmark = [pytest.mark.any_database, pytest.mark.django_db, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
ADDRESSES = ("preview.gif", "poster", "filmstrip.jpg", "video.mp4")
WORKER_MOST_KB = 200_000
DISK_BYTES = 20_000_000
# A good take costs a child, and a third of a second.
GOOD_EVERY = 5


@dataclass(frozen=True)
class Host:
    """The vendor and its host of files on one real socket: tasks, good files, hostile ones."""

    cases: list[Case]
    gif: Manners
    mp4: Manners
    server: list[RudeServer]

    def __call__(self, conversation: Conversation) -> None:
        conversation.listen()
        path = urlsplit(conversation.heard.split(b" ")[1].decode()).path
        if path.startswith("/v1/tasks/"):
            self._task(path.rpartition("/")[2])(conversation)
        elif path.startswith("/case/"):
            manners = self.cases[int(path.rpartition("/")[2])].manners
            assert manners is not None
            manners(conversation)
        else:
            (self.gif if path.endswith(".gif") else self.mp4)(conversation)

    def _task(self, task_id: str) -> Manners:
        url = self.server[0].url
        links = {"gif": f"{url}/good.gif", "video": f"{url}/good.mp4"}
        kind, number, *_ = task_id.split("-")
        if kind == "case":
            case = self.cases[int(number)]
            there = case.link or f"{url}/case/{number}"
            tls = url.replace("http:", "https:")
            links[case.part] = there.replace("{url}", url).replace("{tls}", tls)
        result = {"preview_gif": links["gif"], "video_url": links["video"], "duration_seconds": 30}
        task = {"task_id": task_id, "status": "succeeded", "progress": 100, "result": result}
        return answering(200, json.dumps(task).encode())


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    folder = tmp_path_factory.mktemp("hostile")
    sound = mp4(folder)
    return {**transport(lambda: sound), **LINKS, **hostile_files(folder)}


@pytest.fixture(scope="module")
def database(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: object
) -> Path:
    """An empty database of the worker's own, with all its tables."""
    path = tmp_path_factory.mktemp("database") / "studio.sqlite3"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
            return path
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"]
    subprocess.run(command, env=environment(path), check=True)
    return path


def environment(database: Path) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": f"sqlite:///{database}", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def collect(database: Path, tmp_path_factory: pytest.TempPathFactory):
    """Has a fresh worker collect these cases; returns what it told, and what a member then got."""

    def collected(cases: dict[str, Case], folder: Path, *, disk: str = "") -> dict:
        own = folder / "studio.sqlite3"
        shutil.copy(database, own)
        render_gif(film(1000), folder / "good.gif", size=(96, 54), fps=4)
        good = (folder / "good.gif").read_bytes(), mp4(folder)
        host = Host(
            list(cases.values()), sent(good[0], "image/gif"), sent(good[1], "video/mp4"), []
        )
        vault = folder / "vault"
        vault.mkdir()
        with RudeServer(host) as server:
            host.server.append(server)
            order = {
                "settings": settings_of(server, vault),
                "cap_bytes": CAP_BYTES,
                "file_bytes": DISK_BYTES if disk == "limit" else 0,
                "cases": {
                    name: vars(case) | {"number": number, "manners": None, "good_every": GOOD_EVERY}
                    for number, (name, case) in enumerate(cases.items())
                },
            }
            told = run("worker", order, own, mounted=vault if disk == "mount" else None)
        if not disk:
            takes = [case["take"] for case in told["cases"].values()]
            asked = {"vault": str(vault), "takes": takes, "addresses": ADDRESSES}
            told["served"] = run("visitor", asked, own)
        return told

    return collected


def settings_of(server: RudeServer, vault: Path) -> dict[str, object]:
    return {
        "STUDIO_VAULT": str(vault),
        "TRANSEND_BASE_URL": server.url,
        "TRANSEND_ASSET_HOSTS": [f"127.0.0.1:{server.port}", "edge.example"],
    }


def run(module: str, order: dict, database: Path, mounted: Path | None = None) -> dict:
    """Start `module` by exec, on a small disk of its own if one is to be mounted there."""
    # The shell stands between: the peak of memory is handed on by fork and exec, and ours is high.
    command = ["sh", "-c", '"$@"; exit $?', "sh"]
    command += [sys.executable, "-m", f"tests.renders.hostile.{module}"]
    if mounted:
        mount = f'mount -t tmpfs -o size={DISK_BYTES} tmpfs "$0" && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", mount, str(mounted), *command]
    done = subprocess.run(
        command,
        input=json.dumps(order).encode(),
        capture_output=True,
        env=environment(database),
        cwd=ROOT,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def told(cases, collect, tmp_path_factory):
    return collect(cases, tmp_path_factory.mktemp("worker"))


NAMES = [*transport(lambda: b""), *LINKS, *FILES]


def test_there_are_more_than_forty(cases):
    assert sorted(NAMES) == sorted(cases)
    assert len(cases) > 80


@pytest.mark.parametrize("name", NAMES)
def test_it_is_neither_stored_nor_served(name, cases, told):
    case, found = cases[name], told["cases"][name]
    assert found["status"] in ("collecting", "uncollected")
    assert case.says in found["says"], found
    # The good film beside a hostile picture is kept, and served as little.
    film = ["video"] if case.part == "gif" else []
    assert len(found["new_files"]) == len(film)
    served = told["served"][str(found["take"])]
    assert served["video.mp4"] == 403
    if case.part == "gif":
        assert found["parts"] == film
        assert set(served.values()) == {403, 404}
    else:
        # What a member sees of this take was drawn from the good picture that came before.
        assert found["parts"] == ["filmstrip", "poster", "preview_gif", "vendor_gif"]
    # Only what came in pieces may wait for its rest.
    assert found["waiting"] in ([], ["video.mp4", "video.mp4.note"])
    assert case.tries > 1 or not found["waiting"]


def test_the_worker_lives_and_collects_good_takes_between(told):
    good = [found["good"] for found in told["cases"].values() if "good" in found]
    assert good == ["ready"] * len(range(0, len(NAMES), GOOD_EVERY))


def test_the_worker_stays_small(told, tell):
    own, children = told["peak_kb"]["own"], told["peak_kb"]["children"]
    tell(f"worker {own // 1000} MB, its largest child {children // 1000} MB")
    assert own < WORKER_MOST_KB
    assert children < 1_100_000


def test_a_disk_that_is_really_full_leaves_nothing_behind(collect, tmp_path, tell):
    """A tmpfs of 20 MB under the vault; where none may be mounted, a limit on each file's size."""
    # In chunks it is not known beforehand that there is no room for it.
    film = b"%x\r\n%s\r\n0\r\n\r\n" % (DISK_BYTES + 4_000_000, b"\0" * (DISK_BYTES + 4_000_000))
    large = Case("", saying(typed("Transfer-Encoding: chunked"), film))
    can_mount = subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True)
    disk = "limit" if can_mount.returncode else "mount"
    tell(f"the disk was bounded by a {disk}")
    found = collect({"large": large}, tmp_path, disk=disk)["cases"]["large"]
    assert (found["status"], found["kind"]) == ("collecting", "not_kept")
    assert "room and health of the vault's disk" in found["says"]
    if disk == "mount":
        assert "The vault's disk is full." in found["says"]
    assert (found["new_files"], found["waiting"]) == ([], [])
    assert found["good"] == "ready"
