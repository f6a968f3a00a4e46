"""What the projects page knows of takes: the latest one's status, and which are under way."""

from collections.abc import Collection

from django.db.models import Exists, Max, OuterRef, Q

from studio.renders.lifecycle import IN_FLIGHT
from studio.renders.models import Take
from studio.renders.wording import label_of, tone_of
from studio.storyboards.standings import Badge, Source

_SHOWN = ("project", "number", "status", "error_kind", "discarded_at", "billable")


def _in_flight() -> Q:
    return Q(Exists(Take.objects.filter(project=OuterRef("pk"), status__in=IN_FLIGHT).order_by()))


def latest_takes(pks: Collection[int]) -> list[Take]:
    """The newest take of each of these projects, without its payload, in one query."""
    by_project = Take.objects.filter(project__in=pks).order_by().values("project")
    newest = by_project.annotate(newest=Max("pk")).values("newest")
    return list(Take.objects.filter(pk__in=newest).only(*_SHOWN))


def _badges(pks: Collection[int]) -> dict[int, Badge]:
    return {take.project_id: _badge(take) for take in latest_takes(pks)}


def _badge(take: Take) -> Badge:
    return Badge(f"Take {take.number} {label_of(take).lower()}", tone_of(take))


SOURCE = Source(filters={"in-flight": ("With takes under way", _in_flight)}, badges=_badges)
