"""The files of animatics: in the vault by what they hold, and out of it when nobody needs them."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from studio.accounts.models import Workspace
from studio.storyboards.animatics.orders import ENDED
from studio.storyboards.models import Animatic
from studio.vault import storing
from studio.vault.integrity import is_intact
from studio.vault.models import Asset

KIND = "animatic"
KEPT_SUPERSEDED = timedelta(days=30)
KEPT_PER_PROJECT = 20
KEPT_ENDED = timedelta(days=7)
# A drawing that ended between its asset and its row is begun again long before.
KEPT_UNUSED = timedelta(days=1)


def kept(workspace: Workspace, source: Path, media_type: str, facts: dict[str, Any]) -> Asset:
    """`source` as an asset of the workspace: the one that it has, if it has that very file.

    Call it outside a transaction. Raises the vault's `NotKept`.
    """
    with source.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    same = Asset.objects.filter(workspace=workspace, facts__kind=KIND, sha256=sha256)
    found = next((asset for asset in same if is_intact(asset)), None)
    return found or storing.keep(workspace, source, media_type, {**facts, "kind": KIND})


def discard_unused(assets: Iterable[Asset]) -> None:
    """Take those out of the vault that no animatic shows."""
    for asset in assets:
        try:
            with transaction.atomic():
                asset.delete()
        except IntegrityError:  # shown by another, or just now: a `ProtectedError` is one too
            continue
        storing.path_of(asset).unlink(missing_ok=True)


def prune() -> int:
    """Discard the animatics that were superseded long ago, or by many; returns how many.

    Each project keeps the MP4 and the GIF that its board plays, and what was asked for last.
    """
    clear_leftovers()
    pruned = sum(_discarded(animatic) for animatic in _superseded())
    unused = Asset.objects.filter(
        ~Exists(Animatic.objects.filter(asset=OuterRef("pk"))),
        ~Exists(Animatic.objects.filter(poster=OuterRef("pk"))),
        facts__kind=KIND,
        created_at__lt=timezone.now() - KEPT_UNUSED,
    )
    discard_unused(unused)
    return pruned


def _superseded() -> QuerySet[Animatic]:
    now = timezone.now()
    ready = Q(status=Animatic.Status.READY)
    alike = [F("project"), F("status"), F("media_type")]
    newest_first = [F("asked_at").desc(), F("pk").desc()]
    ranked = Animatic.objects.annotate(
        rank=Window(RowNumber(), partition_by=alike, order_by=newest_first)
    )
    is_old = Q(rank__gt=1, asked_at__lt=now - KEPT_SUPERSEDED) | Q(rank__gt=KEPT_PER_PROJECT)
    has_ended = Q(status__in=ENDED, rank__gt=1, asked_at__lt=now - KEPT_ENDED)
    found = ranked.filter((ready & is_old) | has_ended)
    return found.select_related("asset", "poster")


def _discarded(animatic: Animatic) -> bool:
    # As it was seen: somebody may have asked for it again just now.
    same = Animatic.objects.filter(pk=animatic.pk, asked_at=animatic.asked_at)
    if not same.delete()[0]:
        return False
    discard_unused(asset for asset in (animatic.asset, animatic.poster) if asset is not None)
    return True


def folder_of(animatic: Animatic) -> str:
    """The name of its folder among what is incoming, while this attempt draws."""
    return f"{KIND}-{animatic.pk}-{animatic.attempts}"


def clear_leftovers() -> None:
    """Remove the folders that killed workers left among what is incoming."""
    for folder in storing.incoming_of(KIND):
        pk, _, attempt = folder.name.removeprefix(f"{KIND}-").partition("-")
        drawing = Animatic.objects.filter(pk=pk, attempts=attempt, status=Animatic.Status.DRAWING)
        if not drawing.exists():
            shutil.rmtree(folder, ignore_errors=True)
