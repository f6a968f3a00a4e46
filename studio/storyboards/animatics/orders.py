"""Asking for an animatic, and changing one's mind: ordered, cancelled, tried again.

What was drawn once, or is being drawn, is not drawn again for the next who asks: the hash of the
drawing tells, and the database holds one row for each (`one_animatic_per_drawing`).
"""

from django.db import IntegrityError, transaction
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.lib.waking import enqueue
from studio.storyboards.animatics.options import Options
from studio.storyboards.animatics.plans import NoAnimatic, as_of
from studio.storyboards.animatics.rendering import Drawing
from studio.storyboards.models import Animatic, Project
from studio.vault.integrity import seems_intact

PICTURES = "pictures"
IN_WORK = (Animatic.Status.WAITING, Animatic.Status.DRAWING)
ENDED = (Animatic.Status.FAILED, Animatic.Status.CANCELLED)
MOST_IN_WORK = 6
_TASK = "studio.storyboards.tasks.draw_animatic"


class TooMany(NoAnimatic):
    """The workspace has as many animatics in work as it may have."""


def order(project: Project, user: User, options: Options) -> Animatic:
    """The animatic of the project as it stands now: the one there is, or else a new one, waiting.

    Raises `NoAnimatic`, and `TooMany` of its kind.
    """
    if project.archived_at is not None:
        raise NoAnimatic("This project is archived. Restore it, then draw its animatic.")
    # Of the revision, not of the rows: those may be edited while they are read, and later drawn.
    former, shots = as_of(project, project.revision)
    drawing = Drawing.of(former, options, shots)
    sha256 = drawing.sha256
    found = _asked_again(project, sha256)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            _check_room(project.workspace)
            animatic = _ordered(project, user, drawing, sha256)
            wake(animatic)
        return animatic
    except IntegrityError:  # somebody asked for the very same at the very same time
        found = _asked_again(project, sha256)
        if found is None:
            raise
        return found


def cancel(animatic: Animatic) -> bool:
    """Stop it, wherever it is: its worker notices at the next frame. False if it was at its end."""
    changed = Animatic.objects.filter(pk=animatic.pk, status__in=IN_WORK).update(
        status=Animatic.Status.CANCELLED, finished_at=timezone.now()
    )
    animatic.refresh_from_db()
    return bool(changed)


def retry(animatic: Animatic) -> Animatic:
    """Draw once more what failed or was cancelled, or return its like that was drawn meanwhile.

    Raises `TooMany`.
    """
    try:
        with transaction.atomic():
            _check_room(animatic.project.workspace)
            rows = Animatic.objects.filter(pk=animatic.pk, status__in=ENDED)
            now = timezone.now()
            if rows.update(
                status=Animatic.Status.WAITING,
                progress=0,
                attempts=0,
                says="",
                asked_at=now,
                finished_at=None,
            ):
                wake(animatic)
    except IntegrityError:
        return _asked_again(animatic.project, animatic.drawing_sha256) or animatic
    animatic.refresh_from_db()
    return animatic


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
    if found.asset is not None and not seems_intact(found.asset):
        rows.update(status=Animatic.Status.FAILED, says=_LOST)
        return None
    rows.update(asked_at=timezone.now())
    return found


_LOST = "Its file is missing from the vault, or was changed there. Draw it again."


def _check_room(workspace: Workspace) -> None:
    """In the order in which everybody does: on PostgreSQL the workspace's row is the turnstile."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    in_work = Animatic.objects.filter(project__workspace=workspace, status__in=IN_WORK).count()
    if in_work >= MOST_IN_WORK:
        raise TooMany(
            f"{in_work} animatics of {workspace.name} are waiting or being drawn already. "
            "Wait for one, or cancel one, then ask again."
        )


def _ordered(project: Project, user: User, drawing: Drawing, sha256: str) -> Animatic:
    options = drawing.options
    return Animatic.objects.create(
        project=project,
        requested_by=user,
        revision=project.revision,
        drawing_sha256=sha256,
        media_type=options.media_type,
        width=options.size[0],
        height=options.size[1],
        fps=options.fps,
        has_captions=options.has_captions,
        has_sound=options.has_sound,
        watermark=list(options.watermark),
        duration_ms=drawing.plan.duration_ms,
    )
