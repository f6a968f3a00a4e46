"""Whatever is killed while animatics are drawn: each is ready once, and nothing is left behind."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.storyboards.models import Animatic
from tests.faults.studio_processes import Studio, Victim
from tests.faults.visitor import Visitor

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc"),
]

NEON_TOKYO = "/projects/3/animatics/"
# A worker's death is known after 20 s, a hung cluster's after 15 s (45 s if it never worked).
STEP_S = 150.0
CHILDREN = ("studio.pictures.films.drawing_child", "studio.pictures.distrust.probe_child")


class Trial:
    """One studio in which drawings are ordered, and killed at a step."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.person = Visitor(studio.url, "creative@demo.localhost", studio.passwords["creative"])
        self.told: list[str] = []

    def order(self, size: str, **choices: str) -> int:
        """Order an animatic that no other order shares a segment with; its id."""
        answer = self.person.post(NEON_TOKYO, format="mp4", size=size, **choices)
        assert answer.status == 200, answer
        ((newest,),) = self.studio.rows("SELECT max(id) FROM storyboards_animatic")
        return int(newest)

    def status_of(self, animatic: int) -> str:
        ((status,),) = self.studio.rows(
            "SELECT status FROM storyboards_animatic WHERE id = ?", animatic
        )
        return str(status)

    def progress_of(self, animatic: int) -> int:
        ((progress,),) = self.studio.rows(
            "SELECT progress FROM storyboards_animatic WHERE id = ?", animatic
        )
        return int(progress)

    def until_drawn(self, animatic: int, share: float) -> None:
        """Wait until so much of it is drawn, and more is to come."""
        self.studio.wait_until(
            lambda: self.progress_of(animatic) >= share * 1000, STEP_S, f"{share:.0%} was drawn"
        )
        assert self.status_of(animatic) == Animatic.Status.DRAWING

    def until_film(self, animatic: int) -> None:
        """Wait until the whole film lies among what is incoming, and is looked at."""
        self.studio.wait_until(
            lambda: any((folder / "film.mp4").exists() for folder in self.incoming()),
            STEP_S,
            "the film was drawn",
            every_s=0,
        )
        assert self.status_of(animatic) == Animatic.Status.DRAWING

    def kill(self, victim: Victim, step: str) -> None:
        self.studio.wait_until(
            lambda: bool(self.studio.kill(victim)), STEP_S, f"{victim} ran", every_s=0
        )
        self.told.append(f"  {victim:<24} {step}")

    def kill_children(self, step: str) -> None:
        """Those that draw for our worker, and nobody else's on this machine."""
        killed = self.studio.kill_pids([pid for pid, _ in self.children()])
        assert killed, "children drew"
        self.told.append(f"  {'drawing processes':<24} {step}")

    def children(self) -> list[tuple[int, str]]:
        """The processes that draw and look for this studio, orphans with its files among them."""
        found, family = [], self.studio.processes()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    argv = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                    opened = {str(link.resolve()) for link in (entry / "fd").iterdir()}
                    parent = int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1])
                except OSError:  # it ended just now
                    continue
                is_ours = parent in family or any(
                    path.startswith(str(self.studio.var)) for path in opened
                )
                if is_ours and set(argv) & set(CHILDREN):
                    found.append((int(entry.name), " ".join(argv)))
        return found

    def require_nothing_left(self) -> None:
        """No process, no folder of what was incoming, and in the vault no file without a film."""
        self.studio.wait_until(
            lambda: not self.children() and not self.incoming(), 15, "the drawing had stopped"
        )
        shown = self.studio.rows(
            "SELECT asset_id FROM storyboards_animatic WHERE asset_id IS NOT NULL UNION "
            "SELECT poster_id FROM storyboards_animatic WHERE poster_id IS NOT NULL"
        )
        files = [path for path in (self.studio.var / "vault").glob("[0-9]*/*/*") if path.is_file()]
        assert len(files) == len(shown)

    def incoming(self) -> list[Path]:
        return list((self.studio.var / "vault/.incoming").glob("animatic-*"))


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[Trial]:
    """One studio for all: each test orders what no other does."""
    with Studio(tmp_path_factory.mktemp("studio")) as studio:
        yield Trial(studio)


def test_whatever_is_killed_each_animatic_is_ready_once_and_nothing_is_left(trial, tell):
    studio = trial.studio
    lost = trial.order("854x480", captions="yes")
    trial.until_drawn(lost, 0.3)
    trial.kill(Victim.PICTURES_WORKER, "drawing")

    torn = trial.order("854x480")
    trial.until_drawn(torn, 0.3)
    trial.kill_children("drawing")
    studio.wait_until(lambda: trial.progress_of(torn) < 300, STEP_S, "it was begun again")
    trial.until_drawn(torn, 0.5)
    trial.kill(Victim.PICTURES_MAIN, "drawing for the second time")

    watched = trial.order("640x360", captions="yes")
    trial.until_film(watched)
    trial.kill(Victim.PICTURES_WORKER, "film drawn, not yet in the vault")

    undisturbed = trial.order("640x360")
    trial.kill(Victim.WATCHER, "waiting")
    trial.until_drawn(undisturbed, 0.1)
    trial.kill(Victim.WEB, "drawing")

    every = {lost, torn, watched, undisturbed}
    ready = Animatic.Status.READY
    studio.wait_until(
        lambda: {trial.status_of(one) for one in every} == {ready}, STEP_S, "all were ready"
    )
    tell("\n".join(trial.told))
    rows = studio.rows("SELECT id FROM storyboards_animatic WHERE id >= ?", lost)
    assert {pk for (pk,) in rows} == every, "no row was made twice"
    trial.require_nothing_left()


def test_cancelled_while_it_is_drawn_nothing_of_it_is_left(trial):
    animatic = trial.order("1920x1080", captions="yes")
    trial.until_drawn(animatic, 0.05)
    assert trial.children()
    trial.person.post(f"{NEON_TOKYO}{animatic}/cancel/")
    assert trial.status_of(animatic) == Animatic.Status.CANCELLED
    trial.require_nothing_left()
    assert trial.status_of(animatic) == Animatic.Status.CANCELLED


def test_stopped_and_started_again_the_studio_goes_on_drawing(trial):
    studio = trial.studio
    animatic = trial.order("640x360", watermark="yes")
    trial.until_drawn(animatic, 0.3)
    studio.stop()
    assert trial.children() == []
    studio.start()
    studio.wait_until(
        lambda: trial.status_of(animatic) == Animatic.Status.READY, STEP_S, "it was ready"
    )
    trial.require_nothing_left()
