"""Out of the vault for good: the bytes leave the disk, the row stays with their hash.

The row first, then the bytes. A crash between the two leaves bytes that nothing serves any more,
and the next `finish` takes them off the disk.
"""

import logging
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.db.models import ForeignObjectRel, Model, QuerySet
from django.utils import timezone

from studio.lib.private_files import sync_folder
from studio.vault.models import Asset
from studio.vault.storing import path_of

log = logging.getLogger(__name__)


def condemn(assets: QuerySet[Asset], *, used_by: QuerySet[Any]) -> list[Asset]:
    """Give up the bytes of these assets, inside the caller's transaction; return which.

    What any row besides `used_by` refers to is left alone. Call `finish` after the commit.
    """
    # Locked against new references, which hold a share of the row (PostgreSQL).
    held = list(assets.select_for_update().filter(deleted_at=None).order_by("pk"))
    needed = _referred_to([asset.pk for asset in held], besides=used_by)
    given_up = [asset for asset in held if asset.pk not in needed]
    pks = [asset.pk for asset in given_up]
    Asset.objects.filter(pk__in=pks).update(deleted_at=timezone.now())
    return given_up


def finish(limit: int = 500) -> int:
    """Take off the disk what was given up and is still there; return how many files that were.

    Call it outside a transaction: a rollback could not bring a file back.
    """
    unfinished = Asset.objects.filter(deleted_at__isnull=False, erased_at=None)
    erased: dict[Path, list[int]] = {}
    for asset in unfinished.order_by("pk")[:limit]:
        path = path_of(asset)
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            log.error("Vault file of asset %s could not be deleted: %s", asset.pk, problem)
        else:
            erased.setdefault(path.parent, []).append(asset.pk)
    for folder, pks in erased.items():
        if folder.exists():
            sync_folder(folder)  # else a power cut may bring the name back
        Asset.objects.filter(pk__in=pks).update(erased_at=timezone.now())
    return sum(len(pks) for pks in erased.values())


def _referred_to(pks: Collection[int], *, besides: QuerySet[Any]) -> set[int]:
    """Which of these assets some row refers to that is not one of `besides`."""
    found: set[int] = set()
    for relation in Asset._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model: type[Model] = relation.related_model
        rows = model._base_manager.filter(**{f"{relation.field.name}__in": pks})
        if model is besides.model:
            rows = rows.exclude(pk__in=besides.values("pk"))
        found.update(rows.values_list(f"{relation.field.name}_id", flat=True))
    return found
