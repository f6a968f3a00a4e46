"""Which of a take's files may leave, and under which name."""

from typing import Literal

from django.http import Http404
from django.utils.text import slugify

from studio.renders.models import Take, TakeAsset
from studio.reviews.models import PreviewFilm
from studio.reviews.seals import Part
from studio.vault.integrity import is_intact
from studio.vault.models import Asset

_PREVIEW_TYPES = {
    Part.PREVIEW_GIF: ("image/gif",),
    Part.POSTER: ("image/png", "image/jpeg"),
    Part.FILMSTRIP: ("image/jpeg",),
}
FilmPart = Literal["film", "poster", "strip"]
FILM_TYPES = {"film": "video/mp4", "poster": "image/jpeg", "strip": "image/jpeg"}
# What carries no watermark of ours.
_UNMARKED = (Part.VENDOR_GIF, Part.VIDEO)


def watermarked(take: Take, part: Part) -> Asset:
    """The watermarked preview, its poster or its filmstrip. Raises Http404 where there is none fit
    to be seen.

    A row that points at the video or at the vendor's GIF, however that came about, is none.
    """
    row = TakeAsset.objects.filter(take=take, part=part).select_related("asset").first()
    if row is None or row.asset.media_type not in _PREVIEW_TYPES[part]:
        raise Http404("This take has no preview yet.")
    _require_ours(row.asset, take)
    return row.asset


def of_film(film: PreviewFilm | None, part: FilmPart) -> Asset:
    """A file of the film that was made from the watermarked preview. Raises Http404 where there is
    none yet, or it was made from another preview than the take has now.
    """
    asset: Asset | None = getattr(film, part) if film else None
    if film is None or asset is None or film.status != PreviewFilm.Status.READY:
        raise Http404("This take has no film to play yet.")
    made_from = TakeAsset.objects.filter(
        take=film.take, part=Part.PREVIEW_GIF, asset__sha256=film.made_from
    )
    if asset.media_type != FILM_TYPES[part] or not made_from.exists():
        raise Http404("This film was not made from the preview that the take has now.")
    _require_ours(asset, film.take)
    return asset


def _require_ours(asset: Asset, take: Take) -> None:
    same_bytes = TakeAsset.objects.filter(
        part__in=_UNMARKED,
        asset__workspace=take.workspace_id,
        asset__sha256=asset.sha256,
    )
    is_ours = asset.workspace_id == take.workspace_id
    if not is_ours or same_bytes.exists() or not is_intact(asset):
        raise Http404("The preview of this take is not what was stored.")


def filename_of(take: Take, suffix: str) -> str:
    """`neon-tokyo-take-3.mp4`: what a download is called."""
    title = slugify(take.project.title)[:60] or "film"
    return f"{title}-take-{take.number}.{suffix}"
