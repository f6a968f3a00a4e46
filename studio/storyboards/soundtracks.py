"""Soundtracks: what people upload to be heard under the animatic, encoded anew and kept."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studio.pictures.distrust.limits import AUDIO_LIMITS
from studio.pictures.probe import redraw_audio
from studio.storyboards.models import Project
from studio.storyboards.taking_in import Intake
from studio.storyboards.timing import in_words
from studio.vault.models import Asset


def _encoded(sent: Path, encoded: Path) -> dict[str, Any]:
    return {**asdict(redraw_audio(sent, encoded)), "media_type": "audio/mp4"}


# Its facts hold `duration_ms`, `channels`, `sample_rate` and the `name` of the file.
SOUNDS = Intake(
    "soundtrack", "sound", AUDIO_LIMITS.max_bytes, "Save it as MP3, or cut it to 60 s", _encoded
)


@dataclass(frozen=True)
class Soundtrack:
    """A project's sound as the inspector shows it."""

    asset: Asset
    film_ms: int

    @property
    def name(self) -> str:
        """The name of the file that was added."""
        return str(self.asset.facts.get("name") or "A sound")

    @property
    def lasts(self) -> str:
        """How long it is, and that it ends before the film."""
        lasts_ms = int(self.asset.facts["duration_ms"])
        if lasts_ms >= self.film_ms:
            return in_words(lasts_ms)
        return f"{in_words(lasts_ms)} of {in_words(self.film_ms)}; the rest is silent"


def soundtrack_of(project: Project, film_ms: int) -> Soundtrack | None:
    """The project's sound, beside a film of `film_ms`; asks the database where it has one."""
    return Soundtrack(project.soundtrack, film_ms) if project.soundtrack else None
