"""The seal: the SHA-256 of a take's payload, preview and video, bound into each decision."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from studio.renders.models import Take, TakeAsset
from studio.vault.integrity import is_intact
from studio.vault.models import Asset

Part = TakeAsset.Part


@dataclass(frozen=True, slots=True)
class Seal:
    """Three SHA-256 (hex): what was asked of the vendor, what was watched, what may go out."""

    payload_sha256: str
    preview_sha256: str
    video_sha256: str

    @property
    def digest(self) -> str:
        """One SHA-256 (hex) over the three: what a page shows, and its form sends back."""
        together = f"{self.payload_sha256}\n{self.preview_sha256}\n{self.video_sha256}\n"
        return hashlib.sha256(together.encode()).hexdigest()


def says_deleted(take: Take) -> str:
    """What to tell about a take whose files retention deleted."""
    on = take.files_deleted_at
    day = f" on {on.day} {on:%B %Y}" if on else ""
    return (
        f"The files of this take were deleted{day}, because it was not approved within the time "
        "that this workspace keeps files. Its hashes and decisions are kept. "
        "Render a new take if the film is still needed."
    )


class BrokenSeal(Exception):
    """A take is not what it says it is; the message says which part, and what to do."""


def parts_of(take: Take) -> dict[str, Asset]:
    """The take's files by the part they play, from the database as it is now."""
    rows = TakeAsset.objects.filter(take=take).select_related("asset")
    return {row.part: row.asset for row in rows}


def payload_sha256(take: Take) -> str:
    """The hash of the payload as it stands, whatever the column beside it says."""
    return hashlib.sha256(take.payload.encode()).hexdigest()


def seal_of(
    take: Take, parts: Mapping[str, Asset], is_whole: Callable[[Asset], bool] = is_intact
) -> Seal | None:
    """The take's seal as it is now, from its `parts`; None while preview or video is missing.

    `is_whole` judges the files: by their hashes, unless a page only wants to show them. Raises
    `BrokenSeal` where the payload, the preview or the video is not what was recorded.
    """
    if take.files_deleted_at is not None:
        raise BrokenSeal(says_deleted(take))
    preview, video = parts.get(Part.PREVIEW_GIF), parts.get(Part.VIDEO)
    if preview is None or video is None:
        return None
    if payload_sha256(take) != take.payload_sha256:
        raise BrokenSeal("The payload of this take was changed after it was sent.")
    for asset, name in ((preview, "preview"), (video, "video")):
        if asset.workspace_id != take.workspace_id or not is_whole(asset):
            raise BrokenSeal(
                f"The {name} in the vault is missing or was changed after it was stored. "
                "Ask your admin to restore it from a backup."
            )
    return Seal(take.payload_sha256, preview.sha256, video.sha256)
