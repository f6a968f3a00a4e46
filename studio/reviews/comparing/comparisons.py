"""Comparing the pictures of two takes: ordered once for each pair of previews, done in the queue.

A comparison is kept with the take of the lower key as its former; who asks for the other way round
reads it turned.
"""

import hashlib

from django.db import transaction

from studio.pictures.probe import Film, shot_differences
from studio.renders import proofs
from studio.renders.collecting.parts import mark_of
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews import work
from studio.reviews.comparing.matching import matched
from studio.reviews.models import Comparison
from studio.reviews.seals import Part, says_deleted
from studio.storyboards.snapshots import Snapshot
from studio.vault.integrity import is_intact
from studio.vault.models import Asset
from studio.vault.storing import path_of


def order_with_former(take: Take) -> Comparison | None:
    """Have a take that is ready compared with the one before it: film with film, proof with proof.

    Call it in the transaction in which the take gets ready. None where there is none before it.
    """
    takes = Take.objects.filter(project=take.project_id, number__lt=take.number)
    takes = takes.filter(status=Status.READY, files_deleted_at=None)
    alike = takes.exclude(proof_scenes=[]) if take.is_proof else takes.filter(proof_scenes=[])
    former = alike.order_by("-number").first()
    return order(former, take) if former else None


def order(one: Take, other: Take) -> Comparison | None:
    """The comparison of two takes of a project, as it stands, or a new one that waits; None while
    one of them has no preview."""
    former, later = sorted((one, other), key=lambda take: take.pk)
    previews = _previews(former, later)
    if former.pk == later.pk or previews is None:
        return None
    with transaction.atomic():
        return work.order(
            Comparison,
            former=former,
            later=later,
            made_from=_made_from(*previews),
            defaults={"workspace_id": later.workspace_id},
        )


def compare(comparison: Comparison, attempt: work.Attempt) -> None:
    """Measure every shot that both takes have. Raises `CannotBeDone` and `Unacceptable`."""
    former, later = (
        Take.objects.select_related("workspace", "project", "revision").get(pk=pk)
        for pk in (comparison.former_id, comparison.later_id)
    )
    for take in (former, later):
        if take.files_deleted_at is not None:
            raise work.CannotBeDone(says_deleted(take))
    previews = _previews(former, later)
    if previews is None or _made_from(*previews) != comparison.made_from:
        raise work.CannotBeDone("A preview was replaced meanwhile. Load the page anew.")
    for take, preview in zip((former, later), previews, strict=True):
        if preview.workspace_id != take.workspace_id or not is_intact(preview):
            raise work.CannotBeDone(
                f"The preview of take {take.number} is missing from the vault, or was changed "
                "there. Ask your admin to restore it from a backup, then compare again."
            )
    attempt.finish(findings=_measured(former, later, previews))


def _measured(
    former: Take, later: Take, previews: tuple[Asset, Asset]
) -> list[dict[str, int | float]]:
    """For each shot of both: its places from 0, and its two figures."""
    plans = proofs.snapshot_of(former), proofs.snapshot_of(later)
    both = [
        (pair.former, pair.later)
        for pair in matched(*plans)
        if pair.former is not None and pair.later is not None
    ]
    if not both:
        return []
    films = [
        Film(path_of(preview), _shots_ms(plan), mark_of(take).lines)
        for take, plan, preview in zip((former, later), plans, previews, strict=True)
    ]
    found = shot_differences(films[0], films[1], both)
    return [
        {"former": one, "later": other, "structure": seen.structure, "colour": seen.colour}
        for (one, other), seen in zip(both, found, strict=True)
    ]


def _shots_ms(plan: Snapshot) -> tuple[tuple[int, int], ...]:
    shots, begins_ms = [], 0
    for shot in plan["shots"]:
        shots.append((begins_ms, shot["duration_ms"]))
        begins_ms += shot["duration_ms"]
    return tuple(shots)


def _previews(former: Take, later: Take) -> tuple[Asset, Asset] | None:
    rows = TakeAsset.objects.filter(take__in=(former, later), part=Part.PREVIEW_GIF)
    found = {row.take_id: row.asset for row in rows.select_related("asset")}
    if len(found) < len({former.pk, later.pk}):
        return None
    return found[former.pk], found[later.pk]


def _made_from(former: Asset, later: Asset) -> str:
    return hashlib.sha256(f"{former.sha256}\n{later.sha256}\n".encode()).hexdigest()
