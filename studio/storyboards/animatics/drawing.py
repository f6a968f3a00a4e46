"""Drawing an animatic in a worker: claimed, drawn with progress, kept in the vault.

Every step speaks to the row by a conditional UPDATE that names the attempt: who is told "0 rows"
was cancelled, or was given up for dead, and stops without a trace. A delivery may come twice, late
or never (ARCHITECTURE.md, invariant 3).
"""

import logging
from dataclasses import asdict, replace
from pathlib import Path

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from studio.pictures.errors import DrawingFailed
from studio.pictures.probe import Limits, Unacceptable, probe_gif, probe_mp4
from studio.storyboards.animatics import keeping
from studio.storyboards.animatics.options import GIF, options_of
from studio.storyboards.animatics.orders import MOST_MS
from studio.storyboards.animatics.plans import NoAnimatic, as_of
from studio.storyboards.animatics.rendering import Drawing
from studio.storyboards.animatics.signs import SignsOfLife, Stopped
from studio.storyboards.models import Animatic
from studio.vault import storing

_OURS = replace(
    Limits(), max_frames=MOST_MS // 1000 * 24 + 24, max_duration_ms=MOST_MS + 1000, cpu_s=120
)
_BROKEN = "Something broke on our side. Draw it again; if it breaks again, tell your admin."

log = logging.getLogger(__name__)


def draw(animatic_id: int) -> None:
    """Draw one animatic; leave quietly if it is not to be drawn, or another does it."""
    animatic = _claimed(animatic_id)
    if animatic is None:
        return
    keeping.clear_leftovers()
    signs = SignsOfLife(animatic)
    try:
        _attempt(animatic, signs)
    except Stopped:
        log.info("Animatic %s is not to be drawn any more.", animatic.pk)


def _attempt(animatic: Animatic, signs: SignsOfLife) -> None:
    """Draw it, or write down why it could not be drawn. Raises `Stopped`."""
    try:
        with signs.given(), storing.incoming(keeping.folder_of(animatic)) as folder:
            _draw_into(folder, animatic, signs)
    except Stopped:
        raise
    except (DrawingFailed, Unacceptable, IntegrityError) as problem:  # kept, and pruned at once
        log.warning("Animatic %s came to nothing: %s", animatic.pk, problem)
        signs.begin_again(str(problem) if isinstance(problem, DrawingFailed) else _BROKEN)
    except (NoAnimatic, storing.NotKept) as problem:
        signs.end(Animatic.Status.FAILED, says=str(problem))
    except OSError as problem:
        log.warning("Animatic %s could not be stored: %s", animatic.pk, problem)
        signs.end(Animatic.Status.FAILED, says=storing.why_not(problem))
    except Exception:
        log.exception("Drawing animatic %s failed in a way nobody foresaw.", animatic.pk)
        signs.end(Animatic.Status.FAILED, says=_BROKEN)


def _claimed(animatic_id: int) -> Animatic | None:
    """The animatic, now ours to draw. The attempt is counted before the work: a film that kills its
    worker is not drawn for ever."""
    ours = Animatic.objects.filter(pk=animatic_id, status=Animatic.Status.WAITING).update(
        status=Animatic.Status.DRAWING,
        progress=0,
        attempts=F("attempts") + 1,
        seen_at=timezone.now(),
    )
    if not ours:
        return None
    return Animatic.objects.select_related("project__workspace").filter(pk=animatic_id).first()


def _draw_into(folder: Path, animatic: Animatic, signs: SignsOfLife) -> None:
    former, shots = as_of(animatic.project, animatic.revision)
    drawing = Drawing.of(former, options_of(animatic), shots)
    film, poster = folder / "film", folder / "poster.jpg"
    film = film.with_suffix(".gif" if animatic.media_type == GIF else ".mp4")
    drawing.draw(film, on_progress=signs.tell)
    drawing.draw_poster(poster)
    workspace = animatic.project.workspace
    assets = [
        keeping.kept(workspace, film, animatic.media_type, _facts_of(film, animatic.media_type)),
        keeping.kept(workspace, poster, "image/jpeg", {}),
    ]
    try:
        signs.end(Animatic.Status.READY, progress=1000, says="", asset=assets[0], poster=assets[1])
    except Stopped:
        keeping.discard_unused(assets)
        raise


def _facts_of(film: Path, media_type: str) -> dict[str, object]:
    """What a look at the file itself finds: whatever drew it, only a sound film is kept. Raises
    `Unacceptable`, also when the machine kills the child that looks."""
    look = probe_gif if media_type == GIF else probe_mp4
    return asdict(look(film, _OURS))
