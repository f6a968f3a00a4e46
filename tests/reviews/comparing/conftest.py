"""A project whose takes have previews drawn as the simulator draws them, under our own mark."""

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django_q.models import OrmQ

from studio.pictures.animatic import render_gif
from studio.pictures.plan import Camera, FilmPlan, ShotPlan
from studio.pictures.watermark import Mark, watermark_gif
from studio.renders import proofs
from studio.renders.collecting.parts import mark_of
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews import tasks
from studio.reviews.models import Comparison
from studio.storyboards.contract import body_of
from studio.storyboards.models import Project, Revision
from tests.reviews.comparing.plans import plan, shot

PROMPTS = (
    "Neon Tokyo at night in the rain",
    "A lighthouse on a cliff at dawn",
    "A desert road with a red car",
    "A forest in fog",
)
ANOTHER_SCENE = "A crowded market street at noon"


def four_shots(**prompts: str) -> list[dict[str, object]]:
    """`four_shots(third="A boat")`: the shots of the project, one of them another."""
    names = ("first", "second", "third", "fourth")
    return [
        shot(place, prompt=prompts.get(name, prompt), duration_ms=4_000)
        for place, (name, prompt) in enumerate(zip(names, PROMPTS, strict=True), start=1)
    ]


@lru_cache(maxsize=32)
def drawn(shots: tuple[tuple[str, int], ...]) -> bytes:
    """A small GIF of these shots, each (prompt, milliseconds)."""
    plans = tuple(
        ShotPlan(f"scene-{number}", number, prompt, lasts, Camera("pan-left", 0.5))
        for number, (prompt, lasts) in enumerate(shots, start=1)
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.gif"
        render_gif(FilmPlan("Film", plans), path, size=(160, 90), fps=2)
        return path.read_bytes()


@pytest.fixture
def project(workspace) -> Project:
    return Project.objects.create(workspace=workspace, title="Neon Tokyo")


@pytest.fixture
def add_take(project, creative, keep, tmp_path) -> Callable[..., Take]:
    """`add_take(shots)`: the next take, of a revision with these shots. `shown`: what the vendor
    draws where that is not what it was asked for. Where nobody looks at it, it `is_drawn` not."""

    def add(
        shots: list[dict[str, object]] | None = None,
        shown: dict[int, str] | None = None,
        status: str = Status.READY,
        proof: tuple[str, ...] = (),
        of: Project = project,
        is_drawn: bool = True,
        **film: object,
    ) -> Take:
        number = of.takes.count() + 1
        snapshot = plan(*(shots or four_shots()), **film)
        revision = Revision.objects.create(
            project=of, number=number, content_of=number, summary="Edited.", snapshot=snapshot
        )
        sent = proofs.proof_of(snapshot, proof) if proof else snapshot
        payload = json.dumps(body_of(sent))
        take = Take.objects.create(
            workspace=of.workspace,
            project=of,
            revision=revision,
            number=number,
            payload=payload,
            payload_sha256=hashlib.sha256(payload.encode()).hexdigest(),
            duration_ms=sum(one["duration_ms"] for one in sent["shots"]),
            proof_scenes=list(proof),
            status=status,
            created_by=creative.user,
        )
        if status == Status.READY:
            give_preview(take, sent["shots"] if is_drawn else (), shown or {})
        return take

    def give_preview(take: Take, shots, shown: dict[int, str]) -> None:
        bare, marked = tmp_path / "bare.gif", tmp_path / "marked.gif"
        seen = (
            (shown.get(number, one["prompt"]), one["duration_ms"])
            for number, one in enumerate(shots, start=1)
        )
        if shots:
            bare.write_bytes(drawn(tuple(seen)))
            watermark_gif(bare, marked, Mark(mark_of(take).lines))
        else:
            marked.write_bytes(b"GIF89a" + b"~watermarked~" * 50)
        asset = keep(take.workspace, marked.read_bytes(), "image/gif")
        TakeAsset.objects.create(take=take, part=TakeAsset.Part.PREVIEW_GIF, asset=asset)
        poster = keep(take.workspace, b"\xff\xd8\xff poster", "image/jpeg")
        TakeAsset.objects.create(take=take, part=TakeAsset.Part.POSTER, asset=poster)

    return add


@pytest.fixture
def measured() -> Callable[[Comparison], Comparison]:
    """What a worker makes of a comparison that waits."""

    def measure(comparison: Comparison) -> Comparison:
        tasks.compare_takes(comparison.pk)
        comparison.refresh_from_db()
        return comparison

    return measure


def queued() -> int:
    """How many entries wait for the workers that draw."""
    return OrmQ.objects.filter(key="pictures").count()
