"""What the page of one take shows: the plan it was made from, its files, and who may decide."""

from dataclasses import dataclass

from studio.renders import proofs
from studio.renders.lifecycle import TERMINAL, Status
from studio.renders.models import Take
from studio.reviews.deciding.releases import Finding, checked
from studio.reviews.retention.fates import Fate, fate_of
from studio.reviews.seals import BrokenSeal, Part, Seal, parts_of, seal_of
from studio.storyboards import timing
from studio.storyboards.snapshots import Snapshot
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

# In pixels, where the probe's facts of a file name none: 16:9 as every render so far.
_USUAL_SIZE = (480, 270)


@dataclass(frozen=True, slots=True)
class PlannedShot:
    """A shot as the take's revision planned it; times count from the film's beginning."""

    number: int
    scene_id: str
    prompt: str
    motion: str
    start_ms: int
    duration_ms: int

    @property
    def begins(self) -> str:
        return clock(self.start_ms)

    @property
    def ends(self) -> str:
        return clock(self.start_ms + self.duration_ms)

    @property
    def lasts(self) -> str:
        return timing.in_words(self.duration_ms)


@dataclass(frozen=True, slots=True)
class Picture:
    """The size, in pixels, to keep free for a moving picture until it is loaded."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Filmstrip(Picture):
    """A row of frames, and the moments of the film that they show."""

    moments: tuple[str, ...]

    @property
    def says(self) -> str:
        """What it is, for those who do not see it."""
        first, last = self.moments[0], self.moments[-1]
        return f"{len(self.moments)} frames at even spacing, from {first} to {last}"


@dataclass(frozen=True, slots=True)
class Room:
    """One take, ready to be shown to one person."""

    take: Take
    shots: tuple[PlannedShot, ...]
    preview: Picture | None
    has_poster: bool
    filmstrip: Filmstrip | None
    video: Picture | None
    finding: Finding
    seal: Seal | None
    broken: str
    fate: Fate

    @property
    def lasts(self) -> str:
        return timing.in_words(self.take.duration_ms)

    @property
    def can_be_decided(self) -> bool:
        return self.take.status == Status.READY and self.seal is not None

    @property
    def is_over(self) -> bool:
        """Whether the take ended without a film."""
        return self.take.status in TERMINAL and self.take.status != Status.READY


def room_of(take: Take) -> Room:
    """Everything the take's page shows, with decisions as they are now.

    Films are not read for it: they are hashed before they are decided on, released or served.
    """
    finding = checked(take, seems_intact)
    parts = parts_of(take)
    seal, broken = None, ""
    is_there = take.files_deleted_at is None
    try:
        seal = seal_of(take, parts, seems_intact) if is_there else None
    except BrokenSeal as problem:
        broken = str(problem)
    is_ready = take.status == Status.READY and is_there
    return Room(
        take=take,
        shots=planned_shots(proofs.snapshot_of(take)),
        preview=_picture(parts.get(Part.PREVIEW_GIF)) if is_ready else None,
        has_poster=is_ready and Part.POSTER in parts,
        filmstrip=_filmstrip(parts.get(Part.FILMSTRIP)) if is_ready else None,
        video=_picture(finding.video),
        finding=finding,
        seal=seal,
        broken=broken,
        fate=fate_of(take, parts),
    )


def planned_shots(snapshot: Snapshot) -> tuple[PlannedShot, ...]:
    """The shots of a plan, each with the moment at which it is planned to begin."""
    planned, start_ms = [], 0
    for number, shot in enumerate(snapshot["shots"], start=1):
        planned.append(
            PlannedShot(
                number=number,
                scene_id=shot["scene_id"],
                prompt=shot["prompt"],
                motion=shot["motion"] or snapshot["motion"],
                start_ms=start_ms,
                duration_ms=shot["duration_ms"],
            )
        )
        start_ms += shot["duration_ms"]
    return tuple(planned)


def clock(milliseconds: int) -> str:
    """`0:18` or `1:00.5`: where in a film something happens."""
    seconds, rest = divmod(milliseconds, 1000)
    fraction = f".{rest:03}".rstrip("0") if rest else ""
    return f"{seconds // 60}:{seconds % 60:02}{fraction}"


def _picture(asset: Asset | None) -> Picture | None:
    if asset is None:
        return None
    width, height = (asset.facts.get("width"), asset.facts.get("height"))
    return Picture(width, height) if width and height else Picture(*_USUAL_SIZE)


def _filmstrip(asset: Asset | None) -> Filmstrip | None:
    if asset is None:
        return None
    facts = asset.facts
    moments = tuple(clock(round(moment, -2)) for moment in facts["times_ms"])
    return Filmstrip(facts["width"], facts["height"], moments)
