"""The real simulator over a real socket, the real queue's rows, and a watcher's turns by hand."""

import asyncio
import shutil
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from studio.accounts import keys
from studio.pictures.animatic import render_gif, render_mp4
from studio.pictures.plan import Camera, FilmPlan, ShotPlan
from studio.renders.models import Take
from studio.renders.submission import order_take
from studio.renders.watching import due, polling
from studio.storyboards.models import CameraPreset, Project, Revision, Shot
from studio.storyboards.presets import BUILT_INS
from studio.storyboards.snapshots import snapshot_of
from studio.transend import errors
from studio.transend.polling import Poller
from studio.transend.simulator import Simulator

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "demo-5f1d2c3b4a596877"
LOST_ANSWER = {"rules": [{"do": "accept_then_drop", "when": {"method": "POST"}}]}
SCENES = [
    ("scene-1", "Wide aerial of neon Tokyo", 18_000, ""),
    ("scene-2", "Close-up of umbrellas catching raindrops", 12_000, "handheld"),
]


@pytest.fixture(scope="session")
def footage(tmp_path_factory):
    """Draws nothing: each render gets a copy of one small, real film."""
    folder = tmp_path_factory.mktemp("footage")
    shot = ShotPlan("s", 1, "Neon Tokyo", 1_000, Camera("orbit"))
    film = FilmPlan("Tokyo", (shot,))
    render_gif(film, folder / "film.gif", size=(96, 54), fps=4)
    render_mp4(film, folder / "film.mp4", size=(96, 54), fps=6)

    def copied(request, gif, mp4):
        shutil.copy(folder / "film.gif", gif)
        shutil.copy(folder / "film.mp4", mp4)

    return copied


@pytest.fixture
def vendor(tmp_path, footage, settings):
    """Transend; a render takes 0.15 s."""
    with Simulator(
        keys={KEY}, storage=tmp_path / "transend", speed=600, footage=footage
    ) as simulator:
        point_at(simulator, settings, tmp_path)
        yield simulator


def point_at(simulator, settings, tmp_path):
    settings.TRANSEND_BASE_URL = simulator.url
    settings.TRANSEND_ASSET_HOSTS = [f"127.0.0.1:{simulator.port}"]
    settings.TRANSEND_ALLOW_LOOPBACK = True
    settings.TRANSEND_WEBHOOK_BASE = ""
    settings.STUDIO_VAULT = tmp_path / "vault"


@pytest.fixture
def api_key(workspace):
    return keys.add_key(workspace, "Main", KEY, None)


@pytest.fixture
def presets(db):
    """The built-in camera moves."""
    for preset in BUILT_INS:  # a test with real transactions empties every table behind it
        CameraPreset.objects.get_or_create(
            workspace=None,
            motion=preset.motion,
            defaults={"title": preset.title, "standing": preset.standing},
        )


@pytest.fixture
def project(workspace, creative, presets):
    """The storyboard array of the document, under a brief."""
    project = Project.objects.create(
        workspace=workspace, title="Neon Tokyo", brief="Neon Tokyo in the rain.", speed=0.6
    )
    for position, (scene_id, prompt, duration_ms, motion) in enumerate(SCENES):
        Shot.objects.create(
            project=project,
            scene_id=scene_id,
            position=position,
            prompt=prompt,
            duration_ms=duration_ms,
            motion=motion,
        )
    save_revision(project, creative.user)
    return project


def save_revision(project, author):
    project.revision += 1
    project.save()
    return Revision.objects.create(
        project=project,
        number=project.revision,
        content_of=project.revision,
        snapshot=snapshot_of(project, project.shots.all()),
        summary="Edited",
        author=author,
    )


@pytest.fixture
def take(project, creative, api_key, vendor):
    """Ordered, and not yet sent."""
    return order_take(project, creative.user)


@pytest.fixture
def uncertain(take, house, vendor):
    vendor.set_scenario(LOST_ANSWER)
    house.work()
    vendor.set_scenario({})
    take.refresh_from_db()
    assert take.status == "uncertain"
    return take


@pytest.fixture
def task_id(uncertain, vendor, tmp_path):
    """The task that the vendor did create."""
    (file,) = (tmp_path / "transend" / "tasks").glob("*.json")
    return file.stem


@pytest.fixture
def house(vendor):
    return House()


@pytest.fixture
def finished(take, house, vendor):
    """Finished at the vendor; the queue entry that collects it is not worked on yet."""
    house.work()
    while take.status != "collecting":
        Take.objects.update(next_poll_at=timezone.now())
        house.turn()
        take.refresh_from_db()
    return take


class House:
    """The background processes, a step at a time and in this thread."""

    def work(self):
        """Do everything that is queued, and return what that was."""
        done = []
        for entry in OrmQ.objects.order_by("pk"):
            package = SignedPackage.loads(entry.payload)
            entry.delete()
            done.append((package["func"].rpartition(".")[2], *package["args"]))
            import_string(package["func"])(*package["args"])
        return done

    def turn(self):
        """One turn of the watcher, with its questions really asked."""
        asked = due.questions_due(100) + due.trials_due()
        polling.record(asyncio.run(_asked(asked)))
        return asked

    def step(self, take, *until):
        """One turn with the take due at once, and the work it made unless that is the end."""
        row = Take.objects.filter(pk=take.pk)
        for column in ("next_poll_at", "leased_until", "send_after"):
            row.filter(**{f"{column}__isnull": False}).update(**{column: LONG_AGO})
        self.turn()
        take.refresh_from_db()
        if take.status not in until:
            self.work()
            take.refresh_from_db()
        return take

    def until(self, take, *statuses, within_s=60.0):
        """Go on until the take has one of these statuses."""
        ends_at = time.monotonic() + within_s
        take.refresh_from_db()
        if take.status not in statuses:
            self.work()
            take.refresh_from_db()
        while take.status not in statuses:
            assert time.monotonic() < ends_at, f"still {take.status}: {take.waits_for}"
            self.step(take, *statuses)
        return take


async def _asked(questions):
    options = {"connections": 10, "total_s": 3.0, "read_s": 3.0}
    async with Poller(django_settings.TRANSEND_BASE_URL, **options) as poller:
        return [await _answered(poller, question) for question in questions]


async def _answered(poller, question):
    try:
        outcome = await poller.get_task(question.secret, question.task_id)
    except errors.TransendError as problem:
        outcome = problem
    return polling.Answered(question, outcome)


def posts(simulator):
    """The paid requests that arrived."""
    return [request for request in simulator.requests if request.method == "POST"]


def statuses_of(take):
    """The way a take went."""
    return [event.to_status for event in take.events.order_by("number")]
