"""The preview as a film that can be paused: ordered for a take or a guest, drawn in the queue,
and forgotten with the take's files.

The house has one film of a take, without a word beside the preview's own mark. A guest whose link
says so has their own, with their name in it.
"""

from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from studio.lib.signs import Stopped
from studio.pictures.playable import FILM, POSTER, STRIP
from studio.pictures.playable.making import FilmFacts, film_of_gif
from studio.renders import proofs
from studio.renders.lifecycle import Status as TakeStatus
from studio.renders.models import Take
from studio.reviews import media, work
from studio.reviews.models import Guest, PreviewFilm, ShareLink
from studio.reviews.reviewing import Reviewer
from studio.reviews.room import planned_shots
from studio.reviews.seals import Part
from studio.vault import erasing, storing
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

KIND = "preview film"
_PARTS = ("film", "poster", "strip")
_NAMES = {"film": FILM, "poster": POSTER, "strip": STRIP}
# A drawing that ended between its files and its row is begun again long before.
_KEPT_UNUSED = timedelta(days=1)


def order_for(take: Take) -> PreviewFilm:
    """The house's film of a take that is ready. In the transaction of what it is ordered for."""
    return work.order(PreviewFilm, take=take, guest=None)


def film_for(reviewer: Reviewer) -> PreviewFilm | None:
    """The film that this person plays, ready or not; ordered where there is none that is good.

    None where the take has no preview, and for a guest who came to see the released film. Two
    queries; no file is read.
    """
    take = reviewer.take
    preview = _preview_of(take)
    if preview is None or _came_for_the_release(reviewer):
        return None
    film = found_for(reviewer)
    if film is None:
        guest = _marked(reviewer)
        with transaction.atomic():
            lines = {"lines": list(lines_for(guest))} if guest else {}
            return work.order(PreviewFilm, take=take, guest=guest, defaults=lines)
    if film.status == PreviewFilm.Status.READY and not _is_good(film, preview):
        work.order_again(film)
    return film


def found_for(reviewer: Reviewer) -> PreviewFilm | None:
    """The film that is this person's to play, if there is one, good or not. One query."""
    rows = PreviewFilm.objects.select_related(*_PARTS)
    return rows.filter(take=reviewer.take, guest=_marked(reviewer)).first()


def lines_for(guest: Guest) -> tuple[str, ...]:
    """What a guest's film says of them: who, since when, and by which link."""
    since = guest.first_seen_at
    # A line each: a name that runs from right to left would take the date along.
    lines = (str(guest), f"{since.day} {since:%b %Y, %H:%M} UTC", guest.link.label)
    return tuple(line for line in lines if line)


def retry(film: PreviewFilm) -> bool:
    """Have a film that failed drawn again; False if there is nothing to try again."""
    return film.status == PreviewFilm.Status.FAILED and work.order_again(film)


def draw(film: PreviewFilm, attempt: work.Attempt) -> None:
    """Draw one film, as `work.perform` asks. Files that nobody waits for any more are discarded."""
    take = film.take
    try:
        preview = media.watermarked(take, Part.PREVIEW_GIF)
    except Http404 as problem:
        raise work.CannotBeDone(f"{problem} Ask your admin to look at the vault.") from problem
    former = [asset for asset in _files_of(film) if asset is not None]
    with storing.incoming() as folder:
        shots = planned_shots(proofs.snapshot_of(take))
        source, cuts_ms = storing.path_of(preview), [shot.start_ms for shot in shots]
        facts = film_of_gif(source, folder, cuts_ms, film.lines, on_progress=attempt.tell)
        files = _kept(take, folder, facts)
    try:
        with transaction.atomic():
            _require_files(take)
            attempt.finish(made_from=preview.sha256, **files)
    except BaseException:
        for asset in files.values():
            storing.discard(asset)
        raise
    for asset in former:
        storing.discard(asset)


def give_up(take: Take) -> list[Asset]:
    """Give up all films of a take, its guests' too, with their files; returns which those were.

    In the transaction that holds the take. The bytes go with `erasing.finish`.
    """
    # Locked, so that a drawing that is about to end finds its row gone, and discards its files.
    films = PreviewFilm.objects.select_for_update(of=("self",)).filter(take=take)
    held = list(films.select_related(*_PARTS))
    pks = [asset.pk for film in held for asset in _files_of(film) if asset is not None]
    ours = PreviewFilm.objects.filter(pk__in=[film.pk for film in held])
    given_up = erasing.condemn(Asset.objects.filter(pk__in=pks), used_by=ours)
    ours.delete()
    return given_up


def prune() -> int:
    """Discard files that no film shows, left by a worker that was killed; returns how many."""
    unused = Asset.objects.filter(
        *(~Exists(PreviewFilm.objects.filter(**{part: OuterRef("pk")})) for part in _PARTS),
        facts__kind=KIND,
        deleted_at=None,
        created_at__lt=timezone.now() - _KEPT_UNUSED,
    )
    found = list(unused)
    for asset in found:
        storing.discard(asset)
    return len(found)


def _marked(reviewer: Reviewer) -> Guest | None:
    """The guest whose name is burned in, if it is."""
    link = reviewer.link
    return reviewer.guest if link is not None and link.marks_viewer else None


def _came_for_the_release(reviewer: Reviewer) -> bool:
    return reviewer.link is not None and reviewer.link.subject == ShareLink.Subject.FILM


def _preview_of(take: Take) -> Asset | None:
    if take.status != TakeStatus.READY or take.files_deleted_at is not None:
        return None
    row = take.assets.filter(part=Part.PREVIEW_GIF).select_related("asset").first()
    return row.asset if row else None


def _is_good(film: PreviewFilm, preview: Asset) -> bool:
    files = _files_of(film)
    is_whole = all(asset is not None and seems_intact(asset) for asset in files)
    return is_whole and film.made_from == preview.sha256


def _files_of(film: PreviewFilm) -> list[Asset | None]:
    return [film.film, film.poster, film.strip]


def _kept(take: Take, folder: Path, facts: FilmFacts) -> dict[str, Asset]:
    """The three files in the vault. Raises the vault's `NotKept`."""
    kept: dict[str, Asset] = {}
    try:
        for part in _PARTS:
            told = {**getattr(facts, part), "kind": KIND}
            source = folder / _NAMES[part]
            kept[part] = storing.keep(take.workspace, source, media.FILM_TYPES[part], told)
    except BaseException:
        for asset in kept.values():
            storing.discard(asset)
        raise
    return kept


def _require_files(take: Take) -> None:
    """Retention takes the same lock: a film that comes after it is not wanted any more."""
    locked = Take.objects.select_for_update(no_key=True).filter(pk=take.pk)
    if not locked.filter(files_deleted_at=None).exists():
        raise Stopped
