"""A whole studio of real processes on free ports, for tests and benches that drive or kill it.

    with Studio(folder) as studio:
        take = studio.answer("submit_project", "3", "--as", "creative@demo.localhost")

Everything lasting is below `folder`; the address is `studio.url`, a person's password is
`studio.passwords["creative"]`, what the vendor received is `studio.received()`.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg

from studio.lib.lifeline import SUPERVISOR

ROOT = Path(__file__).resolve().parents[2]
MANAGE = str(ROOT / "manage.py")
START_S = 240.0
STOP_S = 60.0


class Victim(StrEnum):
    """What can be killed, and how its process is recognised."""

    WEB = "serve"
    QUEUES = "qcluster"  # the supervisor of all clusters
    CLUSTER_MAIN = "qcluster --name takes"
    LONG_MAIN = "qcluster --name long"
    PICTURES_MAIN = "qcluster --name pictures"
    WORKERS = "workers of takes"
    LONG_WORKERS = "workers of long"
    PICTURES_WORKER = "worker of pictures"
    WATCHER = "watch_takes"
    VENDOR = "transend_simulator"


# Whose workers they are, and how many.
_CLUSTERS = {
    Victim.WORKERS: (Victim.CLUSTER_MAIN, 2),
    Victim.LONG_WORKERS: (Victim.LONG_MAIN, 2),
    Victim.PICTURES_WORKER: (Victim.PICTURES_MAIN, 1),
}


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    with closing_all([socket.socket() for _ in range(count)]) as probes:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@contextmanager
def closing_all(probes: list[socket.socket]) -> Iterator[list[socket.socket]]:
    try:
        yield probes
    finally:
        for probe in probes:
            probe.close()


def environment(var: Path, port: int, vendor_port: int, **extra: str) -> dict[str, str]:
    """The variables of a studio of its own, and nothing of the one that runs the tests."""
    ours = ("STUDIO_", "TRANSEND_", "DATABASE_URL", "REDIS_URL", "Q_CLUSTER", "DJANGO_", "PYTEST_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return inherited | {
        "STUDIO_VAR": str(var),
        "STUDIO_PORT": str(port),
        "STUDIO_SIMULATOR_PORT": str(vendor_port),
        "OPENBLAS_NUM_THREADS": "1",
        **extra,
    }


@lru_cache(maxsize=1)
def _seeded() -> Path:
    """A folder with a migrated and seeded studio, made once for each test process."""
    var = Path(mkdtemp(prefix="shotboard-seeded-"))
    env = environment(var, *free_ports(2))
    for command in (["migrate", "-v0"], ["createcachetable"], ["seed_demo"]):
        subprocess.run([sys.executable, MANAGE, *command], env=env, check=True, capture_output=True)
    return var


def seeded_copy(var: Path) -> Path:
    """A fresh STUDIO_VAR with the demo workspace in it."""
    return Path(shutil.copytree(_seeded(), var))


class Studio:
    """`run_studio` and everything below it.

    `scenario`: what the vendor's simulator does wrong; `postgres`: the address of an empty database
    to use instead of SQLite; `extra`: variables of its environment.
    """

    def __init__(
        self,
        folder: Path,
        *,
        speed: float = 30.0,
        scenario: dict[str, Any] | None = None,
        postgres: str = "",
        **extra: str,
    ) -> None:
        # An empty database is migrated and seeded by the studio itself.
        self.var = folder / "var" if postgres else seeded_copy(folder / "var")
        self.var.mkdir(exist_ok=True)
        self.port, self.vendor_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        if postgres:
            extra["DATABASE_URL"] = postgres
        self.env = environment(self.var, self.port, self.vendor_port, **extra)
        self._postgres = postgres
        self.output = folder / "output.txt"
        self._speed = speed
        self._process: subprocess.Popen[bytes] | None = None
        self._begun: list[subprocess.Popen[bytes]] = []
        self.scenario_file = self.var / "scenario.json"
        self.set_scenario(scenario or {})

    def __enter__(self) -> "Studio":
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        for command in self._begun:
            command.wait(STOP_S)
        self.stop()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [
                    sys.executable, MANAGE, "run_studio",
                    "--simulator-speed", str(self._speed),
                    "--simulator-scenario", str(self.scenario_file),
                ],
                # A test that is killed leaves no studio behind.
                env={**self.env, SUPERVISOR: str(os.getpid())},
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        try:
            self.wait_until(self.is_ready, START_S, "the studio was ready")
        except BaseException:
            self.kill_all()
            raise

    def stop(self) -> int:
        """Ctrl-C; returns the exit code. Whatever is left after `STOP_S` is killed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise

    def wait(self, seconds: float) -> int:
        """Wait for the supervisor's end; its exit code."""
        assert self._process is not None
        return self._process.wait(seconds)

    def kill_all(self) -> None:
        """End it the hard way, if it still runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def is_running(self) -> bool:
        """Whether the supervisor lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        assert self._process is not None
        return self._process.pid

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_until(
        self, holds: Callable[[], bool], seconds: float, what: str, *, every_s: float = 0.05
    ) -> None:
        """Wait, and fail with the studio's own output when it takes too long."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                tail = self.output.read_text(errors="replace")[-4000:]
                raise AssertionError(f"{seconds:.0f} s passed before {what}:\n{tail}")
            time.sleep(every_s or 0.002)

    # -- Commands and what came of them ---------------------------------------------------------
    def manage(self, *argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of manage.py to its end."""
        return subprocess.run(
            [sys.executable, MANAGE, *argv],
            env=self.env, input=stdin, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def begin(self, *argv: str) -> None:
        """Start a command of manage.py; its output is the studio's, its end is not waited for."""
        with self.output.open("ab") as output:
            self._begun.append(
                subprocess.Popen(
                    [sys.executable, MANAGE, *argv], env=self.env, stdout=output, stderr=output
                )
            )

    def answer(self, *argv: str) -> Any:
        """The JSON that a command answers with; fails unless its exit code is 0."""
        done = self.manage(*argv)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    @property
    def passwords(self) -> dict[str, str]:
        """The demo members' passwords by role."""
        kept = json.loads((self.var / "sign-ins.json").read_text())
        return {email.split("@")[0]: password for email, password in kept.items()}

    def set_scenario(self, scenario: dict[str, Any]) -> None:
        """What the vendor does wrong from now on (docs/simulator.md)."""
        draft = self.scenario_file.with_suffix(".draft")
        draft.write_text(json.dumps(scenario))
        draft.replace(self.scenario_file)

    def received(self) -> list[dict[str, Any]]:
        """Every request that the vendor has logged."""
        logs = [self.var / "simulator.jsonl.1", self.var / "simulator.jsonl"]
        lines = [line for log in logs if log.exists() for line in log.read_bytes().splitlines(True)]
        # A killed simulator may have left half a line.
        return [json.loads(line) for line in lines if line.endswith(b"\n")]

    def accepted(self) -> Counter[int]:
        """How often the vendor has taken each take on, from its own memory: each may be billed."""
        tasks = (self.var / "simulator" / "tasks").glob("*.json")
        bodies = [json.loads(task.read_bytes())["body"] for task in tasks]
        return Counter(int(body["webhook_metadata"]["shotboard_take"]) for body in bodies)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says now. Read only."""
        if self._postgres:
            with psycopg.connect(self._postgres, autocommit=True) as server:
                return server.execute(sql.replace("?", "%s"), values).fetchall()
        path = f"file:{self.var / 'studio.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(path, uri=True, timeout=20)) as database:
            return database.execute(sql, values).fetchall()

    def status_of(self, take: int) -> str:
        ((status,),) = self.rows("SELECT status FROM renders_take WHERE id = ?", take)
        return str(status)

    # -- Processes (Linux) ------------------------------------------------------------------------
    def processes(self) -> dict[int, tuple[int, str]]:
        """Every living descendant of the supervisor: pid → (parent, command after manage.py)."""
        table = _process_table()
        family, found = {self.pid}, {}
        grown = True
        while grown:
            fresh = {p: v for p, v in table.items() if v[0] in family and p not in family}
            grown = bool(fresh)
            family |= set(fresh)
            found |= fresh
        return found

    def pids(self, victim: Victim) -> list[int]:
        """The processes that make up a victim; the oldest first."""
        family = self.processes()
        if victim in _CLUSTERS:
            main, count = _CLUSTERS[victim]
            return self._workers(family, self.pids(main))[:count]
        whole = victim is Victim.QUEUES
        return sorted(
            pid
            for pid, (parent, command) in family.items()
            if (command == victim if whole else command.startswith(victim))
            and family.get(parent, (0, ""))[1] != command
        )

    def _workers(self, family: dict[int, tuple[int, str]], mains: list[int]) -> list[int]:
        # main → sentinel → the workers, monitor, pusher: started in this order.
        sentinels = {pid for pid, (parent, _) in family.items() if parent in mains}
        return sorted(pid for pid, (parent, _) in family.items() if parent in sentinels)

    def kill(self, victim: Victim) -> list[int]:
        """SIGKILL, as the kernel does when memory runs out; the processes that were killed."""
        return self.kill_pids(self.pids(victim))

    def kill_pids(self, pids: list[int]) -> list[int]:
        """SIGKILL those of them that live; which these were."""
        killed = []
        for pid in pids:
            with suppress(ProcessLookupError):  # it died by itself just now
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
        return killed


def _process_table() -> dict[int, tuple[int, str]]:
    table = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
                state = (entry / "stat").read_text().rsplit(") ", 1)[1].split()[0]
                argv = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:  # it ended just now
                continue
            if state != "Z" and MANAGE in argv:
                command = " ".join(argv[argv.index(MANAGE) + 1 :]).strip()
                table[int(entry.name)] = (parent, command)
    return table
