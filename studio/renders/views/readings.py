"""What operators and their monitoring read: is it up, is it ready, how much is there to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from studio.env import is_loopback
from studio.lib import migrations
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.watching import heartbeats

# Workers are asked every 5 s, and may then be busy with one POST for 40 s.
LATE_AFTER_S = 75.0
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


@dataclass(frozen=True)
class Reading:
    """One thing that must be well; `says` what is, or what to do."""

    name: str
    is_well: bool
    says: str


@never_cache
@require_safe
@login_not_required
def show_health(request: HttpRequest) -> HttpResponse:
    """The web process answers. Asks nothing of the database, so that it is not killed for it."""
    return JsonResponse({"up": True})


@never_cache
@require_safe
@login_not_required
def show_readiness(request: HttpRequest) -> HttpResponse:
    """Whether takes can be ordered and will move: 200, or 503 with what is missing."""
    readings = list(_readings())
    is_ready = all(reading.is_well for reading in readings)
    answer = {"ready": is_ready, "checks": [asdict(reading) for reading in readings]}
    return JsonResponse(answer, status=200 if is_ready else 503)


@never_cache
@require_safe
@login_not_required
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: with STUDIO_METRICS_TOKEN as bearer token.

    A studio that is not public shows them to this machine without it, too.
    """
    if not _may_read_metrics(request):
        says = "Set STUDIO_METRICS_TOKEN and send it as bearer token to read the metrics.\n"
        return HttpResponse(says, status=403, content_type="text/plain; charset=utf-8")
    registry = CollectorRegistry()
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.STUDIO_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and constant_time_compare(given, f"Bearer {token}"):
        return True
    address = settings.STUDIO_PUBLIC_URL
    if address.startswith("https:") or not is_loopback(address):
        return False  # a proxy on this machine is loopback too, whoever it speaks for
    came_by_proxy = any(name in request.headers for name in _PROXY_HEADERS)
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not came_by_proxy


def _readings() -> Iterable[Reading]:
    try:
        missing = _missing_migrations()
    except DatabaseError:
        says = "The database does not answer. Check DATABASE_URL and that it runs."
        yield Reading("database", False, says)
        return
    yield Reading("database", True, "The database answers.")
    if missing:
        says = f"{missing} migrations are not applied. Run 'python manage.py migrate'."
        yield Reading("migrations", False, says)
        return
    yield Reading("migrations", True, "All migrations are applied.")
    ages = heartbeats.ages_s()
    for process in heartbeats.EXPECTED:
        yield _beat_of(process, ages.get(process))


def _beat_of(process: str, age_s: float | None) -> Reading:
    if age_s is not None and age_s <= LATE_AFTER_S:
        return Reading(process, True, f"{process} showed that it works {age_s:.0f} s ago.")
    since = "has never shown" if age_s is None else f"has not for {age_s:.0f} s shown"
    command = "watch_takes" if process == heartbeats.WATCHER else "qcluster"
    return Reading(
        process, False, f"{process} {since} that it works. Start 'python manage.py {command}'."
    )


def _missing_migrations() -> int:
    """How many are not applied. Once there were none, only the database itself is looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    try:
        _require_migrated()
    except _NotMigrated as problem:
        return problem.missing
    return 0


class _NotMigrated(Exception):
    def __init__(self, missing: int) -> None:
        super().__init__(missing)
        self.missing = missing


@cache  # an exception is not remembered, success is: building the graph costs 50 ms
def _require_migrated() -> None:
    if missing := migrations.missing():
        raise _NotMigrated(len(missing))


class _Figures(Collector):
    """Read from the database at the moment of asking, so any web process gives the same."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        now = timezone.now()
        takes = GaugeMetricFamily("shotboard_takes", "Takes by status.", labels=["status"])
        counts = dict(Take.objects.values_list("status").annotate(Count("pk")).order_by())
        for status in Status:
            takes.add_metric([status.value], counts.get(status.value, 0))
        yield takes
        depth = GaugeMetricFamily("shotboard_queue_depth", "Queue entries.", labels=["queue"])
        for queue, count in OrmQ.objects.values_list("key").annotate(Count("pk")).order_by():
            depth.add_metric([queue], count)
        yield depth
        oldest = Take.objects.aggregate(oldest=Min("next_poll_at"))["oldest"]
        late_s = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
        yield GaugeMetricFamily(
            "shotboard_oldest_due_seconds", "How late the take is that waits longest.", value=late_s
        )
        beats = GaugeMetricFamily(
            "shotboard_heartbeat_age_seconds", "Since the last sign of life.", labels=["process"]
        )
        for process, age_s in heartbeats.ages_s().items():
            beats.add_metric([process], age_s)
        yield beats
