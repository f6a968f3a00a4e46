"""The offline review pack: one HTML file that asks no network for anything and runs no script."""

import base64
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone

from studio.pictures.errors import Unacceptable
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews import media
from studio.reviews.library.editions import Edition
from studio.reviews.library.pack import pages
from studio.reviews.library.pack.pages import Comment
from studio.reviews.library.pack.sizes import MOST_STILLS
from studio.reviews.library.pack.stream import Contents, Filling, of_file, place
from studio.reviews.library.pack.strokes import WIDTH
from studio.reviews.models import PreviewFilm
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import room_of
from studio.reviews.seals import Part
from studio.vault.models import Asset
from studio.vault.storing import path_of

STILL_WIDTH = 640
_PICTURES = {"preview": Part.PREVIEW_GIF, "poster": Part.POSTER, "filmstrip": Part.FILMSTRIP}


def contents_of(reviewer: Reviewer, edition: Edition) -> Contents:
    """Everything about the take that a reader of this edition may know, ready to be sent.

    Pictures are read while it is sent. What retention deleted is missing, and said to be.
    """
    take = reviewer.take
    pictures = _pictures_of(take)
    room = room_of(take)
    size = (room.preview.width, room.preview.height) if room.preview else (16, 9)
    height = WIDTH * size[1] // size[0]
    comments = pages.comments_of(reviewer, edition, height)
    stills = _stills(take, comments)
    mark = secrets.token_hex(16)
    fillings: dict[str, Filling] = {
        **{name: of_file(path_of(asset)) for name, asset in pictures.items()},
        **stills,
    }
    css = render_to_string("reviews/library/pack.css")
    context = {
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "room": room,
        "edition": edition,
        "css": css,
        "css_hash": base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        "made_at": timezone.now(),
        "made_by": reviewer.name if edition.is_house else "",
        "shots": pages.shots_of(take, edition),
        "comments": comments,
        "words": pages.words_of(take, edition),
        "pictures": pictures,
        "places": {name: place(mark, name) for name in fillings},
        "canvas": {"width": WIDTH, "height": height},
        "film_name": media.filename_of(take, "mp4"),
        "preview_name": media.filename_of(take, "gif"),
    }
    return Contents(render_to_string("reviews/library/pack.html", context), mark, fillings)


def _pictures_of(take: Take) -> dict[str, Asset]:
    """The watermarked files by their names in the pack; each is what was stored."""
    found: dict[str, Asset] = {}
    if take.status != Status.READY or take.files_deleted_at is not None:
        return found
    for name, part in _PICTURES.items():
        with suppress(Http404):
            found[name] = media.watermarked(take, part)
    return found


def _stills(take: Take, comments: Iterable[Comment]) -> dict[str, Filling]:
    """The frame of each note's moment, from the preview's film, where that is made already."""
    made = PreviewFilm.objects.filter(take=take, guest=None).select_related("film").first()
    try:
        film = path_of(media.of_film(made, "film"))
    except Http404:  # not drawn yet, or not fit to be seen
        return {}
    every = (each for thread in comments for each in (thread, *thread.answers))
    shown = [comment for comment in every if comment.still]
    # What was drawn means nothing without the picture below it.
    shown.sort(key=lambda comment: not comment.strokes)
    return {comment.still: _still(film, comment.from_ms or 0) for comment in shown[:MOST_STILLS]}


def _still(film: Path, moment_ms: int) -> Filling:
    def draw() -> Iterator[bytes]:
        # FFmpeg is loaded by whoever makes a pack, not by every process that starts.
        from studio.pictures.stills import still_at

        with suppress(Unacceptable):
            yield base64.b64encode(still_at(film, moment_ms, width=STILL_WIDTH))

    return draw
