"""Reference pictures: what people upload, paste or sketch, drawn anew and kept in the vault."""

from dataclasses import asdict

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from studio.accounts.models import Workspace
from studio.pictures.distrust.limits import STILL_LIMITS
from studio.pictures.probe import Unacceptable, redraw_still
from studio.storyboards import taking_in
from studio.vault import storing
from studio.vault.models import Asset

KIND = "reference"


class NoPicture(ValueError):
    """What was sent cannot be a reference; the message says what to do."""


class Gone(NoPicture):
    """The picture waited too long for its edit and is not in the vault any more."""

    def __init__(self) -> None:
        super().__init__("This picture is not here any more. Add it again.")


def taken_in(workspace: Workspace, upload: "UploadedFile[bytes]") -> Asset:
    """The uploaded picture, redrawn, as an asset of the workspace: the one it has, if it has that
    very picture.

    Call it outside a transaction. Raises `NoPicture`, `taking_in.Busy`, and the vault's `NotKept`.
    """
    _check_size(upload.size or 0)
    try:
        with storing.incoming() as folder:
            sent, redrawn = folder / "sent", folder / "redrawn"
            with sent.open("wb") as file:
                file.writelines(upload.chunks())
            with taking_in.turn():
                shown = asdict(redraw_still(sent, redrawn))
            return taking_in.keep(workspace, redrawn, shown.pop("media_type"), KIND, shown)
    except Unacceptable as refused:
        raise NoPicture(str(refused)) from refused
    except OSError as problem:
        raise storing.NotKept(storing.why_not(problem)) from problem


def _check_size(size_bytes: int) -> None:
    most = STILL_LIMITS.max_bytes
    if size_bytes > most:
        raise NoPicture(
            f"This picture has {size_bytes / 1_000_000:.1f} MB and we take up to "
            f"{most / 1_000_000:.0f} MB. Save it smaller, as JPEG for example, then add it."
        )
    if not size_bytes:
        raise NoPicture("The file is empty. Save the picture again, then add it.")


def waiting_or_kept(workspace: Workspace, pk: int) -> Asset:
    """The reference picture with this pk, taken in before. Raises `Gone`."""
    found = taking_in.of_kind(workspace, KIND).filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


def kept_for_ever(workspace: Workspace) -> QuerySet[Asset]:
    """The reference pictures that some revision of the workspace refers to."""
    return taking_in.of_kind(workspace, KIND).filter(facts__waits=False)


def keep_for_ever(picture: Asset) -> None:
    """Mark that a revision refers to it: in the very transaction that writes the revision. Raises
    `Gone`."""
    if not taking_in.keep_for_ever(picture):
        raise Gone
