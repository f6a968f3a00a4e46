"""What the projects page knows of decisions: what was approved, sent back, released."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from studio.renders.models import Take
from studio.renders.standing_of_projects import latest_takes
from studio.reviews.deciding.history import Verdict, judged
from studio.reviews.models import Release
from studio.storyboards.standings import Badge, Source


def _approved() -> Q:
    return Q(
        Exists(
            judged(Take.objects.order_by()).filter(project=OuterRef("pk"), verdict=Verdict.APPROVED)
        )
    )


def _released() -> Q:
    live = Release.objects.filter(take__project=OuterRef("pk"), withdrawn_at=None)
    return Q(Exists(live.order_by()))


def _badges(pks: Collection[int]) -> dict[int, Badge]:
    """The newest film that is released, or else what was decided on the latest take."""
    takes = {take.pk: take.project_id for take in latest_takes(pks)}
    verdicts = judged(Take.objects.order_by()).filter(pk__in=takes).values_list("pk", "verdict")
    badges = {takes[pk]: _WORDS[verdict] for pk, verdict in verdicts if verdict}
    live = Release.objects.filter(take__project__in=pks, withdrawn_at=None).order_by("pk")
    for project, number in live.values_list("take__project", "take__number"):
        badges[project] = Badge(f"Take {number} released", "good")
    return badges


_WORDS = {
    Verdict.APPROVED.value: Badge("Approved", "good"),
    Verdict.CHANGES_REQUESTED.value: Badge("Changes requested", "warn"),
}

SOURCE = Source(
    filters={"approved": ("Approved", _approved), "released": ("Released", _released)},
    badges=_badges,
)
