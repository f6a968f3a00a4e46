"""What 200 viewers cost whose pages ask every second, beside the same number of full fragments.

A real `serve` with its two workers; each viewer has a session and a connection of its own. Every
round asks for each thing in turn, so that all of them meet the same machine. CPU is the server's
own, from the kernel's accounts. `signed in, and nothing`: a view that does nothing, behind the same
server, middleware, session and person. Run it with `make bench`.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.viewers import watch_all

if TYPE_CHECKING:
    from studio.accounts.models import Workspace
    from studio.renders.models import Take
    from studio.storyboards.models import Project

VIEWERS, ROUNDS, SECONDS = 200, 2, 6.0
TAKES, MOVING = 12, 3
START_S = 180.0


@dataclass
class Figures:
    """Of one thing that is asked for: over all rounds."""

    name: str
    cpu_s: float = 0.0
    wall_s: float = 0.0
    answers: int = 0
    size: int = 0
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """The server's CPU for one answer."""
        return 1000 * self.cpu_s / self.answers

    @property
    def cores(self) -> float:
        """The cores that all viewers keep busy, if each is answered once a second."""
        return VIEWERS * self.cpu_ms / 1000


@dataclass(frozen=True)
class Watched:
    """What the viewers ask for, by name."""

    sessions: list[str]
    paths: dict[str, str]


def prepare(viewers: int) -> Watched:
    """People with sessions, and a project with takes, in the database that Django has now."""
    from django.test import Client

    from studio.accounts.models import Membership, Role, User, Workspace

    workspace = Workspace.objects.create(slug="pulses", name="Pulses")
    sessions = []
    for number in range(viewers):
        user = User.objects.create(email=f"viewer-{number}@example.com")
        Membership.objects.create(workspace=workspace, user=user, role=Role.VIEWER)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    project, take = _ordered(workspace)
    takes, status_at = f"/projects/{project.pk}/takes/", f"/takes/{take.pk}/status/"
    page = client.get(takes, headers={"hx-request": "true"}).content.decode()
    seen = page.partition("?since=")[2].partition('"')[0]
    return Watched(
        sessions,
        {
            "signed in, and nothing": "/bare/",
            "pulse of a project's takes": f"{takes}?since={seen}",
            "pulse of one take": f"{status_at}?since={take.pulse}",
            "fragment: the list of takes": f"{takes}?since=0-0",
            "fragment: the whole panel": takes,
            "fragment: the state of one take": status_at,
        },
    )


def _ordered(workspace: "Workspace") -> "tuple[Project, Take]":
    """A board of two shots with its takes, and the last of these."""
    from studio.renders.lifecycle import Status
    from studio.renders.models import Take
    from studio.storyboards.edits.revising import create_project
    from studio.storyboards.models import Shot

    shots = [Shot(scene_id=f"scene-{n}", prompt="Neon rain", duration_ms=15_000) for n in (1, 2)]
    project = create_project(workspace, None, "Neon Tokyo", shots=shots)
    for number in range(1, TAKES + 1):
        take = Take.objects.create(
            workspace=workspace,
            project=project,
            revision=project.revisions.get(),
            number=number,
            payload="{}",
            payload_sha256="0" * 64,
            duration_ms=30_000,
            status=Status.RUNNING if number > TAKES - MOVING else Status.READY,
        )
    return project, take


@contextmanager
def serving(port: int) -> Iterator[int]:
    """The web server on this database; its process id."""
    from studio.lib.lifeline import SUPERVISOR
    from tests.faults.studio_processes import MANAGE

    env = os.environ | {
        "STUDIO_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "tests.bench.bare_settings",
        SUPERVISOR: str(os.getpid()),
    }
    process = subprocess.Popen(
        [sys.executable, MANAGE, "serve"], env=env, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    ends_at = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK") + sum(cpu_of(int(child)) for child in children)


def measure(
    viewers: int = VIEWERS, rounds: int = ROUNDS, seconds: float = SECONDS
) -> list[Figures]:
    """Ask for each thing in turn, so many rounds, and say what it cost."""
    from tests.faults.studio_processes import free_ports

    (port,) = free_ports(1)
    watched = prepare(viewers)
    found = {name: Figures(name) for name in watched.paths}
    with serving(port) as pid:
        for path in watched.paths.values():  # templates are compiled, connections opened
            asyncio.run(watch_all(port, watched.sessions[:20], path, 1.0))
        for _ in range(rounds):
            for name, path in watched.paths.items():
                before_s, began_s = cpu_of(pid), time.monotonic()
                answers = asyncio.run(watch_all(port, watched.sessions, path, seconds))
                figures = found[name]
                figures.cpu_s += cpu_of(pid) - before_s
                figures.wall_s += time.monotonic() - began_s
                figures.answers += len(answers.seconds)
                figures.size += answers.size
                figures.p50_ms.append(answers.percentile_ms(50))
                figures.p99_ms.append(answers.percentile_ms(99))
    return list(found.values())


def table(found: list[Figures]) -> list[str]:
    """The figures as lines of Markdown, each beside the first pulse."""
    pulse = next(figures for figures in found if figures.name.startswith("pulse"))
    lines = [
        f"| {VIEWERS} viewers ask once a second for | CPU | of the pulse | cores "
        "| p50 of the pulse | p99 of the pulse | bytes | answers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        p50 = _median(one.p50_ms) / _median(pulse.p50_ms)
        p99 = _median(one.p99_ms) / _median(pulse.p99_ms)
        lines.append(
            f"| {one.name} | {one.cpu_ms:.2f} ms | × {one.cpu_ms / pulse.cpu_ms:.2f} "
            f"| {one.cores:.2f} | × {p50:.2f} | × {p99:.2f} "
            f"| {one.size / one.answers:,.0f} | {one.answers:,} |"
        )
    lines.append(
        f"Latency of the pulse: p50 {_median(pulse.p50_ms):.1f} ms, "
        f"p99 {_median(pulse.p99_ms):.1f} ms."
    )
    return lines


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> int:
    import tests.environment  # noqa: F401  # a database of its own, before Django looks for one

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    for line in table(measure()):
        print(line)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
