"""Asking for an animatic, and changing one's mind: ordered, cancelled, tried again.

What was drawn once, or is being drawn, is not drawn again for the next who asks: the hash of the
drawing tells, and the database holds one row for each (`one_animatic_per_drawing`).
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.lib.waking import enqueue
from studio.storyboards.animatics.options import Options
from studio.storyboards.animatics.plans import NoAnimatic, as_of
from studio.storyboards.animatics.rendering import Drawing
from studio.storyboards.models import Animatic, Project
from studio.storyboards.timing import in_words
from studio.vault.integrity import seems_intact

PICTURES = "pictures"
IN_WORK = (Animatic.Status.WAITING, Animatic.Status.DRAWING)
ENDED = (Animatic.Status.FAILED, Animatic.Status.CANCELLED)
MOST_IN_WORK = 6
MOST_MS = 300_000
_TASK = "studio.storyboards.tasks.draw_animatic"


class TooMany(NoAnimatic):
    """The workspace has as many animatics in work as it may have."""


def order(project: Project, user: User, options: Options) -> Animatic:
    """The animatic of the project as it stands now: the one there is, or else a new one, waiting.

    Raises `NoAnimatic`, and `TooMany` of its kind.
    """
    _check_open(project)
    # Of the revision, not of the rows: those may be edited while they are read, and later drawn.
    former, shots = as_of(project, project.revision)
    drawing = Drawing.of(former, options, shots)
    _check_length(project, drawing.plan.duration_ms)
    return _found_or_created(project, user, _asked_for(drawing, project.revision))


def cancel(animatic: Animatic) -> bool:
    """Stop it, wherever it is: its worker notices at the next frame. False if it was at its end."""
    changed = Animatic.objects.filter(pk=animatic.pk, status__in=IN_WORK).update(
        status=Animatic.Status.CANCELLED, finished_at=timezone.now()
    )
    animatic.refresh_from_db()
    return bool(changed)


def retry(animatic: Animatic, user: User) -> Animatic:
    """Draw once more, as it was asked for, what failed or was cancelled. A row of its own: whoever
    still draws for the old one cannot be taken for the new one's worker.

    Raises `NoAnimatic`, and `TooMany` of its kind.
    """
    _check_open(animatic.project)
    copied = {name: getattr(animatic, name) for name in _ASKED_FOR}
    return _found_or_created(animatic.project, user, copied)


def wake(animatic: Animatic) -> None:
    """Have a worker draw it. Inside the transaction that makes it wait."""
    entry = enqueue(_TASK, animatic.pk, PICTURES)
    Animatic.objects.filter(pk=animatic.pk).update(queue_entry=entry, seen_at=timezone.now())


def _asked_again(project: Project, sha256: str) -> Animatic | None:
    """The animatic of this drawing that is there or in work, now the one asked for last."""
    rows = project.animatics.filter(drawing_sha256=sha256)
    rows = rows.filter(status__in=(*IN_WORK, Animatic.Status.READY)).select_related("asset")
    found = rows.first()
    if found is None:
        return None
    # As it was seen: meanwhile it may have been pruned, cancelled, or begun anew by another.
    same = rows.filter(pk=found.pk)
    if found.asset is not None and not seems_intact(found.asset):
        same.update(status=Animatic.Status.FAILED, says=_LOST)
        return None
    return found if same.update(asked_at=timezone.now()) else None


_LOST = "Its file is missing from the vault, or was changed there. Draw it again."


def _check_open(project: Project) -> None:
    if project.archived_at is not None:
        raise NoAnimatic("This project is archived. Restore it, then draw its animatic.")


def _check_length(project: Project, duration_ms: int) -> None:
    if duration_ms > MOST_MS:
        raise NoAnimatic(
            f"“{project.title}” lasts {in_words(duration_ms)}, and an animatic at most "
            f"{in_words(MOST_MS)}. Shorten the board, then draw it."
        )


def _check_room(workspace: Workspace) -> None:
    in_work = Animatic.objects.filter(project__workspace=workspace, status__in=IN_WORK).count()
    if in_work >= MOST_IN_WORK:
        raise TooMany(
            f"{in_work} animatics of {workspace.name} are waiting or being drawn already. "
            "Wait for one, or cancel one, then ask again."
        )


def _found_or_created(project: Project, user: User, asked_for: dict[str, Any]) -> Animatic:
    with transaction.atomic():
        # One order of a workspace at a time: on PostgreSQL its row is the turnstile.
        Workspace.objects.select_for_update().get(pk=project.workspace_id)
        found = _asked_again(project, asked_for["drawing_sha256"])
        if found is not None:
            return found
        _check_room(project.workspace)
        animatic = Animatic.objects.create(project=project, requested_by=user, **asked_for)
        wake(animatic)
    return animatic


def _asked_for(drawing: Drawing, revision: int) -> dict[str, Any]:
    options = drawing.options
    width, height = options.size
    values = (
        *(revision, drawing.sha256, options.media_type, width, height, options.fps),
        *(options.has_captions, options.has_sound, list(options.watermark)),
        drawing.plan.duration_ms,
    )
    return dict(zip(_ASKED_FOR, values, strict=True))


_ASKED_FOR = (
    *("revision", "drawing_sha256", "media_type", "width", "height", "fps"),
    *("has_captions", "has_sound", "watermark", "duration_ms"),
)
