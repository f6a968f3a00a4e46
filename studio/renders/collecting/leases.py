"""A collector's lease on its take, renewed while it works: a dead one is replaced in seconds."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from studio.renders import queueing
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.watching import heartbeats

LEASE = timedelta(seconds=30)
_RENEWED_EVERY_S = 10.0

log = logging.getLogger(__name__)


def claimed(take_id: int) -> Take | None:
    """The take, now ours to collect; None when it is not to be collected, or is another's.

    The attempt is counted before the work: a file that kills its worker is not tried for ever.
    """
    now = timezone.now()
    is_free = Q(leased_until=None) | Q(leased_until__lte=now)
    ours = Take.objects.filter(is_free, pk=take_id, status=Status.COLLECTING).update(
        collect_attempts=F("collect_attempts") + 1, **_renewal()
    )
    if not ours:
        return None
    return Take.objects.select_related("workspace", "project", "api_key").get(pk=take_id)


@contextmanager
def kept_up(take: Take) -> Iterator[None]:
    """Renew the lease from a thread for as long as the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_renew, args=(take, over), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _renew(take: Take, over: threading.Event) -> None:
    # Fenced: a collector that was suspended must not renew what is another's by now.
    ours = Take.objects.filter(
        pk=take.pk, status=Status.COLLECTING, collect_attempts=take.collect_attempts
    )
    try:
        while not over.wait(_RENEWED_EVERY_S):
            try:
                ours.update(**_renewal())
                # Long work leaves its worker no time for the watcher's questions.
                heartbeats.beat(heartbeats.worker_of(queueing.LONG))
            except DatabaseError:
                log.warning("The lease on take %s could not be renewed just now.", take.pk)
                connection.close()  # a lost one never comes back; the next try makes its own
    finally:
        connection.close()


def _renewal() -> dict[str, Any]:
    until = timezone.now() + LEASE
    return {"leased_until": until, "next_poll_at": until + timedelta(seconds=1)}
