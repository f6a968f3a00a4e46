"""Eight people write one board at once, through a real web server: nothing is overwritten unseen.

Each does what the board's scripts do: it posts on the revision it has seen, makes an edit again
that did not clash, and looks at both versions of one that did before it keeps its own.
"""

import http.client
import json
import os
import random
import re
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from studio.lib.lifeline import SUPERVISOR
from tests.faults.studio_processes import MANAGE, Studio

WRITERS, EDITS, SHOTS = 8, 200, 12
PEOPLE = ("creative", "producer", "admin")


class Server(Studio):
    """The web server alone, on a seeded database."""

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.web = subprocess.Popen(
                [sys.executable, MANAGE, "serve"],
                env={**self.env, SUPERVISOR: str(os.getpid())},
                stdout=output,
                stderr=output,
            )
        self.wait_until(self.answers, 60, "the web server answered")

    def answers(self) -> bool:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as asked:
                asked.request("GET", "/healthz")
                return asked.getresponse().status == 200
        except OSError:
            return False

    def stop(self) -> int:
        self.web.terminate()
        return self.web.wait(25)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(tmp_path) as running:
        yield running


@dataclass
class Writer:
    """One browser window: its session, the revision it shows, and what it was told."""

    port: int
    project: int
    number: int
    cookies: dict[str, str] = field(default_factory=dict)
    revision: int = 1
    shots: list[int] = field(default_factory=list)
    accepted: list[dict[str, object]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.number)

    def ask(self, method: str, path: str, data: dict[str, object] | None = None, **more: str):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **more}
        body = urllib.parse.urlencode(data) if data else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["X-CSRFToken"] = self.cookies.get("csrftoken", "")
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        return answer, text

    def sign_in(self, role: str, password: str) -> None:
        self.ask("GET", "/accounts/login/")
        form = {"login": f"{role}@demo.localhost", "password": password}
        answer, _ = self.ask("POST", "/accounts/login/", form)
        assert answer.status == 302
        self.look()

    def look(self) -> None:
        """Read the page, as after a reload."""
        _, text = self.ask("GET", f"/projects/{self.project}/")
        self.see(text)

    def see(self, text: str) -> None:
        """What the answer's pieces say of the revision, and of the order where they bring all."""
        if found := re.search(r'data-revision="(\d+)"', text):
            self.revision = int(found[1])
        if 'id="grid"' in text:
            self.shots = [int(pk) for pk in re.findall(r'<li id="card-(\d+)"', text)]

    def write(self) -> None:
        while len(self.accepted) < EDITS:
            self.edit(*self.chosen())

    def chosen(self) -> tuple[str, dict[str, object]]:
        """A kind of edit by chance, as a path and what is posted."""
        shot = self.random.choice(self.shots) if self.shots else None
        kind = self.random.choices(
            ["prompt", "duration", "title", "order", "add", "delete"], [50, 30, 6, 8, 3, 3]
        )[0]
        unique = f"{self.number}.{len(self.accepted)}.{self.random.randrange(10**6)}"
        if kind == "title" or (shot is None and kind != "add"):
            return "edit/", {"title": f"Film {unique}"}
        if kind == "prompt":
            return f"shots/{shot}/", {"prompt": f"Words {unique}"}
        if kind == "duration":
            return f"shots/{shot}/", {"duration": f"{self.random.randint(5, 99) / 10}"}
        if kind == "order":
            return "order/", {"order": "", "moved": shot}
        if kind == "add" and len(self.shots) < 2 * SHOTS:
            return "shots/", {}
        return f"shots/{shot}/delete/", {}

    def edit(self, path: str, data: dict[str, object]) -> None:
        """One edit until it is accepted, or given up because there is nothing left to choose."""
        base = self.revision
        for tries in range(400):
            if "order" in data:
                self.random.shuffle(order := list(self.shots))
                data = {**data, "order": ",".join(map(str, order))}
            posted = {"base": base, "seen": self.revision, **data}
            at = f"/projects/{self.project}/"
            page = f"http://127.0.0.1:{self.port}{at}"
            more = {"HX-Request": "true", "HX-Current-URL": page}
            answer, text = self.ask("POST", at + path, posted, **more)
            says = answer.headers.get("X-Clash", "")
            self.answers[f"{answer.status} {says}".strip()] += 1
            assert answer.status in (200, 404, 409, 422), (answer.status, text[:500])
            if answer.status == 200:
                self.accepted.append({"path": path, "base": base, "data": data})
                self.see(text)
                if 'id="order-now"' in text and "order" in data:
                    self.shots = [int(pk) for pk in str(data["order"]).split(",")]
                self.accepted[-1]["revision"] = self.revision
                return
            if answer.status in (404, 422):
                return self.look()
            self.see(text)
            base = self.revision
            if says == "yes" and self.random.random() < 0.5:
                return None  # take theirs
            time.sleep(self.random.random() * 0.01 * min(tries, 8))
        raise AssertionError("400 tries were not enough for one edit")


def fields_of(snapshot) -> dict[tuple[object, str], object]:
    """Every value by its place: (shot, field), or (None, field) of the project."""
    values = {(None, "title"): snapshot["title"]}
    for shot in snapshot["shots"]:
        values |= {(shot["pk"], name): shot[name] for name in ("prompt", "duration_ms")}
    return values


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_eight_writers_overwrite_nothing_unseen(server, tmp_path, tell):
    film = [{"prompt": f"Beat {n}", "duration_seconds": 3} for n in range(SHOTS)]
    (tmp_path / "film.json").write_text(json.dumps(film))
    made = server.answer("import_storyboard", str(tmp_path / "film.json"), "--workspace", "demo")
    project = made["project"]
    writers = [Writer(server.port, project, number) for number in range(WRITERS)]
    for writer in writers:
        role = PEOPLE[writer.number % len(PEOPLE)]
        writer.sign_in(role, server.passwords[role])
    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        for job in [pool.submit(writer.write) for writer in writers]:
            job.result()
    seconds = time.monotonic() - began
    rows = server.rows(
        "SELECT number, snapshot FROM storyboards_revision WHERE project_id = ? ORDER BY number",
        project,
    )
    snapshots = {number: json.loads(snapshot) for number, snapshot in rows}
    accepted = [edit for writer in writers for edit in writer.accepted]

    answers = sum((writer.answers for writer in writers), Counter())
    tell(f"{len(accepted)} edits in {seconds:.1f} s; answers: {dict(answers)}")
    # Each accepted edit is one revision, and every revision but the first is one of them. An edit
    # that changed nothing, such as an order drawn as it was, is answered by the revision it found.
    changing = [edit for edit in accepted if edit["revision"] > edit["base"]]
    assert len(accepted) >= WRITERS * EDITS
    assert sorted(edit["revision"] for edit in changing) == list(range(2, len(snapshots) + 1))
    assert sorted(snapshots) == list(range(1, len(snapshots) + 1))

    made_by = {edit["revision"]: edit for edit in changing}
    written_at: dict[tuple[object, str], int] = dict.fromkeys(fields_of(snapshots[1]), 1)
    for number in range(2, len(snapshots) + 1):
        edit, before, after = made_by[number], snapshots[number - 1], snapshots[number]
        old, new = fields_of(before), fields_of(after)
        changed = {place for place in old.keys() & new.keys() if old[place] != new[place]}
        # What it changed is what it asked for, and nothing of anybody else's.
        assert len(changed) <= len(set(edit["data"]) & {"prompt", "duration", "title"})
        for place in changed:
            assert written_at[place] <= edit["base"], f"rev {number} overwrote {place} unseen"
            wanted = edit["data"].get(place[1], new[place])
            assert place[1] == "duration_ms" or new[place] == wanted
        for place in changed | (new.keys() - old.keys()):
            written_at[place] = number
        gone = {pk for pk, _ in old.keys() - new.keys()}
        assert all(f"shots/{pk}/delete/" == edit["path"] for pk in gone)

    latest = snapshots[len(snapshots)]
    shots = server.rows(
        "SELECT id, duration_ms, prompt FROM storyboards_shot WHERE project_id = ? "
        "ORDER BY position, id",
        project,
    )
    assert [(shot["pk"], shot["duration_ms"], shot["prompt"]) for shot in latest["shots"]] == shots
    total = sum(duration for _, duration, _ in shots) / 1000
    writers[0].look()
    _, page = writers[0].ask("GET", f"/projects/{project}/")
    assert f"{total:g} s of 60 s" in page.replace(",", "")
    assert writers[0].shots == [pk for pk, _, _ in shots]
    assert server.rows("SELECT revision FROM storyboards_project WHERE id = ?", project) == [
        (len(snapshots),)
    ]
