"""What can be taken away of a take, for the part of its page that says so."""

from dataclasses import dataclass
from functools import cached_property

from studio.renders.lifecycle import Status
from studio.reviews.deciding.releases import examine
from studio.reviews.library.facts import facts_of, in_megabytes
from studio.reviews.library.pack.sizes import pack_bytes
from studio.reviews.media import filename_of
from studio.reviews.notes.reading import threads_in
from studio.reviews.reviewing import Reviewer
from studio.reviews.seals import Part, parts_of
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset


@dataclass(frozen=True)
class Delivery:
    """Of one take, to one person. `film` only while it is released; what else there is, is looked
    up when a template asks for it."""

    reviewer: Reviewer
    film: Asset | None

    @cached_property
    def parts(self) -> dict[str, Asset]:
        """The take's files, none once they were deleted."""
        take = self.reviewer.take
        is_there = take.status == Status.READY and take.files_deleted_at is None
        return parts_of(take) if is_there else {}

    @property
    def film_name(self) -> str:
        return filename_of(self.reviewer.take, "mp4")

    @property
    def film_size(self) -> str:
        return in_megabytes(self.film.size_bytes) if self.film else ""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The released film's technical facts."""
        return facts_of(self.film) if self.film else ()

    @property
    def preview_size(self) -> str:
        """Empty where there is no preview."""
        preview = self.parts.get(Part.PREVIEW_GIF)
        return in_megabytes(preview.size_bytes) if preview else ""

    @property
    def pack_size(self) -> str:
        """About how large the offline review pack is."""
        take, channels = self.reviewer.take, self.reviewer.channels
        moments = threads_in(take, channels).filter(from_ms__isnull=False).count()
        return in_megabytes(pack_bytes(self.parts, moments))

    @property
    def are_files_deleted(self) -> bool:
        return self.reviewer.take.files_deleted_at is not None


def released_film(reviewer: Reviewer) -> Asset | None:
    """The film while it is released, for showing what there is; serving examines it anew."""
    return examine(reviewer.take, seems_intact).video
