"""The version stack: the takes of a project, and what was edited from each to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from studio.renders import proofs, wording
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.comparing.in_words import in_one_line
from studio.reviews.comparing.shots import shots_of
from studio.reviews.deciding.history import Verdict, judged
from studio.reviews.models import Comparison, Release
from studio.reviews.seals import Part
from studio.storyboards.standings import Badge

SHOWN = 24


@dataclass(frozen=True, slots=True)
class Version:
    """A take in the stack. `former`: the take before it that it is compared with, if there is one;
    `says`: what was edited since."""

    take: Take
    standing: wording.Standing
    judged: Badge | None
    has_poster: bool
    former: Take | None
    says: str
    surprises: int

    @property
    def can_be_compared(self) -> bool:
        return self.former is not None and is_watchable(self.take)


@dataclass(frozen=True)
class Versions:
    """The stack that `take` stands in, newest first: two queries, when a template asks for it."""

    take: Take

    @property
    def shown(self) -> tuple[Version, ...]:
        return self._versions[:SHOWN]

    @property
    def has_more(self) -> bool:
        """Whether there are older ones than those."""
        return len(self._versions) > SHOWN

    @cached_property
    def _versions(self) -> tuple[Version, ...]:
        takes = list(_takes(self.take)[: SHOWN + 1])
        compared = _compared(takes)
        return tuple(_version(take, former_of(take, takes), compared) for take in takes)


def is_watchable(take: Take) -> bool:
    """Whether its preview is there."""
    return take.status == Status.READY and take.files_deleted_at is None


def former_of(take: Take, takes: Sequence[Take]) -> Take | None:
    """The newest take before it that can be watched, of `takes`, newest first: a film's is a film,
    a proof's a proof."""
    return next(
        (
            one
            for one in takes
            if one.number < take.number and one.is_proof == take.is_proof and is_watchable(one)
        ),
        None,
    )


def _takes(take: Take) -> QuerySet[Any]:
    posters = TakeAsset.objects.filter(take=OuterRef("pk"), part=Part.POSTER)
    live = Release.objects.filter(take=OuterRef("pk"), withdrawn_at=None)
    takes = Take.objects.filter(project=take.project_id).order_by("-number")
    takes = takes.select_related("revision", "created_by").defer("error_body")
    found: QuerySet[Any] = judged(takes).annotate(
        has_poster=Exists(posters.order_by()), is_released=Exists(live.order_by())
    )
    return found


def _compared(takes: Sequence[Take]) -> dict[tuple[int, int], Comparison]:
    """The newest comparison of each two of them."""
    rows = Comparison.objects.filter(
        former__in=[one.pk for one in takes],
        later__in=[one.pk for one in takes],
        status=Comparison.Status.READY,
    )
    return {(row.former_id, row.later_id): row for row in rows.order_by("pk")}


def _version(
    take: Any, former: Take | None, compared: dict[tuple[int, int], Comparison]
) -> Version:
    comparison = compared.get((former.pk, take.pk)) if former else None
    return Version(
        take=take,
        standing=wording.standing_of(take),
        judged=_badge(take),
        has_poster=is_watchable(take) and take.has_poster,
        former=former,
        says=_since(former, take),
        surprises=len(shots_of(former, take, comparison).surprises) if former and comparison else 0,
    )


def _since(former: Take | None, take: Take) -> str:
    if former is None:
        return "The first proof." if take.is_proof else "The first film."
    edits = in_one_line(proofs.snapshot_of(former), proofs.snapshot_of(take))
    return f"Since take {former.number}: {edits}"


def _badge(take: Any) -> Badge | None:
    if take.is_released:
        return Badge("Released", "good")
    return _WORDS.get(take.verdict)


_WORDS = {
    Verdict.APPROVED.value: Badge("Approved", "good"),
    Verdict.CHANGES_REQUESTED.value: Badge("Changes requested", "warn"),
}
