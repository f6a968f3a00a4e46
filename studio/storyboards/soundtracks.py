"""Soundtracks: what people upload to be heard under the animatic, encoded anew and kept."""

from dataclasses import asdict, dataclass

from django.core.files.uploadedfile import UploadedFile

from studio.accounts.models import Workspace
from studio.pictures.distrust.limits import AUDIO_LIMITS
from studio.pictures.probe import Unacceptable, redraw_audio
from studio.storyboards import taking_in
from studio.storyboards.models import Project
from studio.storyboards.rules import title_from
from studio.storyboards.timing import in_words
from studio.vault import storing
from studio.vault.models import Asset

KIND = "soundtrack"
MEDIA_TYPE = "audio/mp4"


class NoSound(ValueError):
    """What was sent cannot be a soundtrack; the message says what to do."""


class Gone(NoSound):
    """The sound waited too long for its edit and is not in the vault any more."""

    def __init__(self) -> None:
        super().__init__("This sound is not here any more. Add it again.")


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


def taken_in(workspace: Workspace, upload: "UploadedFile[bytes]") -> Asset:
    """The uploaded sound, encoded anew, as an asset of the workspace: the one it has, if it has
    that very sound. Its facts hold `duration_ms`, `channels`, `sample_rate` and the file's `name`.

    Call it outside a transaction. Raises `NoSound`, `taking_in.Busy`, and the vault's `NotKept`.
    """
    _check_size(upload.size or 0)
    try:
        with storing.incoming() as folder:
            sent, written = folder / "sent", folder / "written"
            with sent.open("wb") as file:
                file.writelines(upload.chunks())
            with taking_in.turn():
                heard = asdict(redraw_audio(sent, written))
            facts = {**heard, "name": title_from(upload.name or "")}
            return taking_in.keep(workspace, written, MEDIA_TYPE, KIND, facts)
    except Unacceptable as refused:
        raise NoSound(str(refused)) from refused
    except OSError as problem:
        raise storing.NotKept(storing.why_not(problem)) from problem


def _check_size(size_bytes: int) -> None:
    most = AUDIO_LIMITS.max_bytes
    if size_bytes > most:
        raise NoSound(
            f"This sound has {size_bytes / 1_000_000:.1f} MB and we take up to "
            f"{most / 1_000_000:.0f} MB. Save it as MP3, or cut it to 60 s, then add it."
        )
    if not size_bytes:
        raise NoSound("The file is empty. Save the sound again, then add it.")


def waiting_or_kept(workspace: Workspace, pk: int) -> Asset:
    """The sound with this pk, taken in before. Raises `Gone`."""
    found = taking_in.of_kind(workspace, KIND).filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


def keep_for_ever(sound: Asset) -> None:
    """Mark that a revision refers to it: in the very transaction that writes the revision. Raises
    `Gone`."""
    if not taking_in.keep_for_ever(sound):
        raise Gone
