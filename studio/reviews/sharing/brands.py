"""How a workspace shows itself to guests: its name, and a mark of its own."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.pictures.distrust.limits import STILL_LIMITS
from studio.pictures.probe import redraw_still
from studio.reviews.models import Brand
from studio.storyboards.taking_in import Intake
from studio.vault.models import Asset


def _redrawn(sent: Path, redrawn: Path) -> dict[str, Any]:
    return asdict(redraw_still(sent, redrawn))


MARKS = Intake(
    "mark", "mark", STILL_LIMITS.max_bytes, "Save it smaller, as PNG for example", _redrawn
)


def brand_of(workspace: Workspace) -> Brand:
    """The workspace's brand; without a row, one without a mark."""
    found = Brand.objects.select_related("mark").filter(workspace=workspace).first()
    return found or Brand(workspace=workspace)


def mark_of(workspace: Workspace) -> Asset:
    """The file of the mark. Raises Http404 where there is none."""
    mark = brand_of(workspace).mark
    if mark is None or mark.workspace_id != workspace.pk:
        raise Http404("This workspace has no mark.")
    return mark


def set_mark(workspace: Workspace, by: User, upload: "UploadedFile[bytes]") -> None:
    """Draw the uploaded picture anew and show it to guests from now on. Raises what
    `Intake.take_in` does."""
    mark = MARKS.take_in(workspace, upload)
    with transaction.atomic():
        _write(workspace, by, mark)
        MARKS.keep_for_ever(mark)


def remove_mark(workspace: Workspace, by: User) -> None:
    """Show guests the workspace's name alone."""
    with transaction.atomic():
        _write(workspace, by, None)


def _write(workspace: Workspace, by: User, mark: Asset | None) -> None:
    brand, _ = Brand.objects.select_for_update(of=("self",)).get_or_create(workspace=workspace)
    former = brand.mark
    brand.mark, brand.updated_at = mark, timezone.now()
    brand.save(update_fields=["mark", "updated_at"])
    if former is not None and former != mark:
        # No revision refers to marks: what nobody is shown any more goes as if it never was.
        former.facts["waits"] = True
        former.save(update_fields=["facts"])
    audit.record(workspace, by, "brand.changed", "brand", mark=mark.sha256 if mark else "")
