"""A take's files, one by one: fetched or made, distrusted, then kept. A part is made only once.

What the vendor sent is looked at, and drawn from, in child processes alone. Its preview is kept as
evidence and never served; people see our watermarked one.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from studio.pictures.errors import Unacceptable
from studio.pictures.probe import (
    GifFacts,
    Limits,
    VideoFacts,
    film_strip,
    first_frame,
    probe_gif,
    probe_mp4,
    watermarked,
)
from studio.pictures.watermark import Mark
from studio.renders.collecting.links import FreshLinks
from studio.renders.collecting.measuring import VIDEO_MAX_BYTES, measured
from studio.renders.models import Take, TakeAsset
from studio.storyboards import timing
from studio.transend.downloads import Downloaded, download
from studio.transend.errors import LinkExpired, LinkMissing
from studio.transend.types import Result
from studio.vault import storing
from studio.vault.models import Asset

Part = TakeAsset.Part
Facts = TypeVar("Facts", GifFacts, VideoFacts)

GIF_MAX_BYTES = 200 * 1000 * 1000
_GIF_TIMEOUT_S, _VIDEO_TIMEOUT_S = 180.0, 900.0
_POSTER_SIZE = (960, 540)
# Encoders round to whole frames; less than this between ordered and delivered is no news.
_ROUNDING_MS = 500
_MARK_CHARS = 60

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Workshop:
    """What making a part needs: the take, its links, a folder that is thrown away after, and one
    where what has arrived of a broken download waits for the rest."""

    take: Take
    links: FreshLinks
    folder: Path
    pieces: Path


def ensure(workshop: Workshop) -> None:
    """Have every part of a take. The film is fetched whatever is wrong with its pictures: it is
    what was paid for, and its link dies as theirs does. Raises what is wrong with the film, then
    what is wrong with the pictures."""
    try:
        _pictures(workshop)
    except Exception:
        _part(workshop, Part.VIDEO, _video)
        raise
    _part(workshop, Part.VIDEO, _video)


def _pictures(workshop: Workshop) -> None:
    """In an order in which each needs only the ones before."""
    vendor_gif = _part(workshop, Part.VENDOR_GIF, _vendor_gif)
    preview = _part(workshop, Part.PREVIEW_GIF, lambda at: _preview(at, vendor_gif))
    _part(workshop, Part.POSTER, lambda at: _poster(at, preview))
    try:
        _part(workshop, Part.FILMSTRIP, lambda at: _filmstrip(at, preview))
    except Unacceptable as problem:
        # Only an aid: a paid film is not given up for it.
        log.warning("Take %s goes without a filmstrip: %s", workshop.take.pk, problem)


@dataclass(frozen=True)
class _Made:
    path: Path
    media_type: str
    facts: dict[str, Any]


def _part(workshop: Workshop, part: Part, make: Callable[[Workshop], _Made]) -> Asset:
    take = workshop.take
    if kept := _kept(take, part):
        return kept
    made = make(workshop)
    asset = storing.keep(take.workspace, made.path, made.media_type, made.facts)
    try:
        with transaction.atomic():
            TakeAsset.objects.create(take=take, part=part, asset=asset)
    except IntegrityError:
        # A second collector was faster; one part, one asset.
        storing.discard(asset)
        return TakeAsset.objects.select_related("asset").get(take=take, part=part).asset
    return asset


def _kept(take: Take, part: Part) -> Asset | None:
    row = TakeAsset.objects.select_related("asset").filter(take=take, part=part).first()
    return row.asset if row else None


def _vendor_gif(at: Workshop) -> _Made:
    source = _Source(
        "vendor.gif", "the preview", lambda links: links.preview_gif, GIF_MAX_BYTES, _GIF_TIMEOUT_S
    )
    path, facts = _sound(at, source, probe_gif)
    return _Made(path, "image/gif", asdict(facts))


def _preview(at: Workshop, vendor_gif: Asset) -> _Made:
    path = at.folder / "preview.gif"
    watermarked(storing.path_of(vendor_gif), path, mark_of(at.take).lines)
    # Frames, timing and loop are exactly those of the vendor's.
    return _Made(path, "image/gif", vendor_gif.facts)


def _poster(at: Workshop, preview: Asset) -> _Made:
    path = at.folder / "poster.jpg"
    first_frame(storing.path_of(preview), path, size=_POSTER_SIZE)
    return _Made(path, "image/jpeg", {})


def _filmstrip(at: Workshop, preview: Asset) -> _Made:
    path = at.folder / "filmstrip.jpg"
    facts = film_strip(storing.path_of(preview), path)
    return _Made(path, "image/jpeg", asdict(facts))


def _video(at: Workshop) -> _Made:
    source = _Source(
        "video.mp4", "the film", lambda links: links.video_url, VIDEO_MAX_BYTES, _VIDEO_TIMEOUT_S
    )
    path, facts = _sound(at, source, probe_mp4)
    remark = _remark_on(facts.duration_ms, at.take.duration_ms)
    remarks = {"remark": remark} if remark else {}
    return _Made(path, "video/mp4", asdict(facts) | remarks | measured(path))


def mark_of(take: Take) -> Mark:
    """What is burned into the preview: whose it is, what it is, and when it was ordered."""
    lines = (
        take.workspace.name[:_MARK_CHARS],
        f"{take.project.title[:_MARK_CHARS]} · take {take.number}",
        f"{take.created_at:%Y-%m-%d}",
    )
    return Mark(lines)


def _remark_on(delivered_ms: int, ordered_ms: int) -> str:
    if abs(delivered_ms - ordered_ms) <= _ROUNDING_MS:
        return ""
    return (
        f"The video lasts {timing.in_words(delivered_ms)}, "
        f"but {timing.in_words(ordered_ms)} were ordered."
    )


@dataclass(frozen=True)
class _Source:
    """One of the vendor's files, what people call it, and what it may cost us."""

    name: str
    title: str
    link_in: Callable[[Result], str | None]
    max_bytes: int
    timeout_s: float


def _sound(
    at: Workshop, source: _Source, probe: Callable[[Path, Limits], Facts]
) -> tuple[Path, Facts]:
    """Fetch one file and look at it."""
    path = at.folder / source.name
    limits = Limits(max_bytes=source.max_bytes)
    is_pieced = _fetch(at, source, path).is_pieced
    try:
        return path, probe(path, limits)
    except Unacceptable:
        if not is_pieced:
            raise
    # By the sender's word the pieces fitted together; without that word, once from the beginning.
    path.unlink()
    _fetch(at, source, path)
    return path, probe(path, limits)


def _fetch(at: Workshop, source: _Source, path: Path) -> Downloaded:
    """Download one file; a link that has expired is replaced by a fresh one, once."""
    try:
        return _download(at, source, path)
    except LinkExpired:
        at.links.forget()
    return _download(at, source, path)


def _download(at: Workshop, source: _Source, path: Path) -> Downloaded:
    link = source.link_in(at.links.current())
    if link is None:
        says = f"Transend has finished the render, but names no readable link to {source.title}."
        raise LinkMissing(says, what=source.title)
    return download(
        link,
        path,
        allowed_hosts=settings.TRANSEND_ASSET_HOSTS,
        allow_loopback=settings.TRANSEND_ALLOW_LOOPBACK,
        max_bytes=source.max_bytes,
        timeout_s=source.timeout_s,
        pieces=at.pieces / source.name,
        check_room=storing.require_room,
    )
