"""A released film in the player of previews: the very file that was approved, cut as planned."""

from dataclasses import dataclass

from studio.renders import proofs
from studio.reviews.models import Release
from studio.reviews.room import PlannedShot, Room, planned_shots
from studio.storyboards import timing
from studio.vault.models import Asset

# What a browser is asked whether it plays: of each codec that collecting accepts a usual profile.
_TYPES = {
    "h264": "avc1.640028",
    "hevc": "hvc1.1.6.L120.90",
    "vp9": "vp09.00.40.08",
    "av1": "av01.0.08M.08",
    "mpeg4": "mp4v.20.9",
}
# For films whose facts are not known, so that the player can be drawn before they load.
_USUAL_FPS = 24
_USUAL_SIZE = (1280, 720)


@dataclass(frozen=True, slots=True)
class ReleasedFilm:
    """`film` is what `release` opened, as far as a page can tell: serving examines it anew."""

    release: Release
    film: Asset
    shots: tuple[PlannedShot, ...]

    @property
    def duration_ms(self) -> int:
        return int(self.film.facts.get("duration_ms") or self.release.take.duration_ms)

    @property
    def lasts(self) -> str:
        return timing.in_words(self.duration_ms)

    @property
    def runs(self) -> str:
        """The frames as runs of one length in ms, as the player reads them: `41.666667*360`.

        Films have frames of one length, and counting them tells it better than a rounded rate.
        """
        fps = self.film.facts.get("fps") or _USUAL_FPS
        count = self.film.facts.get("frames") or max(1, round(self.duration_ms * fps / 1000))
        return f"{self.duration_ms / count:.6f}*{count}"

    @property
    def plays(self) -> str:
        """The media type with its codec."""
        codec = _TYPES.get(self.film.facts.get("codec", ""), _TYPES["h264"])
        return f'video/mp4; codecs="{codec}"'

    @property
    def width(self) -> int:
        """In pixels, as the height is."""
        return int(self.film.facts.get("width") or _USUAL_SIZE[0])

    @property
    def height(self) -> int:
        return int(self.film.facts.get("height") or _USUAL_SIZE[1])

    @property
    def has_sound(self) -> bool:
        """Whether there may be something to hear."""
        return bool(self.film.facts.get("has_audio", True))


def released_in(room: Room) -> ReleasedFilm | None:
    """The take's film while it is open, as far as a page can tell."""
    release, film = room.finding.release, room.finding.video
    return ReleasedFilm(release, film, room.shots) if release and film else None


def released_as(release: Release, film: Asset) -> ReleasedFilm:
    """The film with the shots that its take's revision planned."""
    return ReleasedFilm(release, film, planned_shots(proofs.snapshot_of(release.take)))
