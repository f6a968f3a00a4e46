"""A film drawn by two processes: the same film, real progress, and nobody left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.errors import DrawingFailed
from studio.pictures.films.order import GIF, Order, Style
from studio.pictures.plan import FilmPlan
from studio.pictures.watermark import Mark
from tests.pictures.films import film

SIZE = (96, 54)
LONG = film(*[1500] * 8)

linux = pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")


def children_of(pid: int) -> list[int]:
    """Drawing processes whose parent is `pid`."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            command = (stat.parent / "cmdline").read_bytes()
        except (OSError, IndexError):
            continue
        if parent == pid and b"drawing_child" in command:
            found.append(int(stat.parent.name))
    return found


def wait_until(happened, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("render", [render_gif, render_mp4])
def test_two_processes_draw_the_same_bytes_as_one(tmp_path, render):
    one, two = tmp_path / "one", tmp_path / "two"
    for out, processes in ((one, 1), (two, 2)):
        render(LONG, out, size=SIZE, fps=10, mark=Mark(("Acme",)), processes=processes)
    assert one.read_bytes() == two.read_bytes()
    assert sorted(tmp_path.iterdir()) == [one, two]


@linux
def test_progress_comes_from_both_and_only_rises(tmp_path):
    seen: list[float] = []
    most = 0

    def on_progress(done: float) -> None:
        nonlocal most
        seen.append(done)
        most = max(most, len(children_of(os.getpid())))

    render_gif(LONG, tmp_path / "a.gif", size=SIZE, fps=10, processes=2, on_progress=on_progress)
    assert most == 2
    assert seen == sorted(seen)
    assert (seen[0], seen[-1], len(seen)) == (0.0, 1.0, 121)


class Cancelled(Exception):
    pass


@linux
@pytest.mark.parametrize("render", [render_gif, render_mp4])
@pytest.mark.parametrize("shelf", [None, "shelf"])
def test_cancelling_ends_both_at_once_and_leaves_nothing(tmp_path, render, shelf):
    seen: list[int] = []

    def stop_halfway(done: float) -> None:
        seen.extend(children_of(os.getpid()))
        if done > 0.4:
            raise Cancelled

    out, segments = tmp_path / "out", tmp_path / shelf if shelf else None
    with pytest.raises(Cancelled):
        render(
            LONG, out, size=SIZE, fps=10, segments=segments, processes=2, on_progress=stop_halfway
        )
    assert len(set(seen)) == 2
    assert not any(is_running(pid) for pid in seen)
    assert [path.name for path in tmp_path.iterdir()] == ([shelf] if shelf else [])
    if segments:
        kept = list(segments.iterdir())
        assert kept, "what was done is not done again"
        assert all(path.is_file() and not path.name.startswith(".") for path in kept)


@linux
def test_a_killed_child_ends_in_a_sentence(tmp_path):
    killed: list[int] = []

    def kill_one(done: float) -> None:
        if done > 0.2 and not killed:
            killed.append(children_of(os.getpid())[0])
            os.kill(killed[0], signal.SIGKILL)

    with pytest.raises(DrawingFailed, match=r"ended before its work was done.* Draw it again\."):
        render_gif(LONG, tmp_path / "a", size=SIZE, fps=10, processes=2, on_progress=kill_one)
    assert not list(tmp_path.iterdir())
    assert not children_of(os.getpid())


_DRAW = """
import sys
from pathlib import Path
from studio.pictures.animatic import render_gif
from tests.pictures.test_drawing_children import LONG
render_gif(LONG, Path(sys.argv[1]), size=(320, 180), fps=10, processes=2,
           on_progress=lambda done: print(done, flush=True))
"""


@linux
def test_children_die_with_their_parent_even_when_it_is_killed(tmp_path):
    order = [sys.executable, "-c", _DRAW, str(tmp_path / "a.gif")]
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True) as parent:
        while float(parent.stdout.readline()) < 0.1:
            pass
        children = children_of(parent.pid)
        parent.kill()
    assert len(children) == 2
    wait_until(lambda: not any(is_running(pid) for pid in children))


def test_a_child_that_outlived_its_parent_before_it_could_ask_draws_nothing(tmp_path):
    """It was told of a parent that is not its own."""
    order = Order(LONG, Style(GIF, SIZE, 10))
    lines = order.to_json() + "\n" + json.dumps([0, str(tmp_path / "0")]) + "\n"
    child = subprocess.run(
        [sys.executable, "-m", "studio.pictures.films.drawing_child", "1"],
        input=lines, text=True, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert child.returncode == 1
    assert child.stdout == ""
    assert not list(tmp_path.iterdir())


def test_children_know_nothing_of_ours(tmp_path, monkeypatch):
    """Neither our environment nor, in a file that they can read, what we hold open."""
    monkeypatch.setenv("STUDIO_SECRET_KEY", "secret")
    seen: list[bytes] = []

    def look(_done: float) -> None:
        for pid in children_of(os.getpid()):
            seen.append(Path(f"/proc/{pid}/environ").read_bytes())

    render_gif(LONG, tmp_path / "a.gif", size=SIZE, fps=2, processes=2, on_progress=look)
    assert seen
    assert not any(b"secret" in environment for environment in seen)


def test_what_a_child_refuses_is_said_as_if_we_had(tmp_path):
    with pytest.raises(ValueError, match="whirl"):
        render_gif(film(900, 900, motion="whirl"), tmp_path / "a.gif", size=SIZE, processes=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("processes", [0, 9])
def test_an_odd_number_of_processes_is_refused(tmp_path, processes):
    with pytest.raises(ValueError, match="1 to 8 processes"):
        render_gif(LONG, tmp_path / "a.gif", size=SIZE, processes=processes)


def test_a_short_film_starts_no_more_children_than_it_has_segments(tmp_path):
    seen: set[int] = set()
    render_gif(
        FilmPlan("T", LONG.shots[:1]), tmp_path / "a.gif", size=SIZE, processes=2,
        on_progress=lambda _done: seen.update(children_of(os.getpid())),
    )  # fmt: skip
    assert len(seen) == 1
