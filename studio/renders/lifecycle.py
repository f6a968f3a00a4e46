"""A take's life: what may follow what in one table, and `advance()`, the one writer of status."""

from django.db import models


class Status(models.TextChoices):
    QUEUED = "queued", "Queued"
    SUBMITTING = "submitting", "Submitting"
    SUBMITTED = "submitted", "Submitted"
    RUNNING = "running", "Running"
    COLLECTING = "collecting", "Collecting"
    UNCOLLECTED = "uncollected", "Not collected"
    UNCERTAIN = "uncertain", "Outcome unknown"
    STALLED = "stalled", "Stalled"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.SUBMITTING, Status.CANCELLED}),
    Status.SUBMITTING: frozenset(
        {Status.SUBMITTED, Status.QUEUED, Status.UNCERTAIN, Status.FAILED}
    ),
    Status.UNCERTAIN: frozenset({Status.SUBMITTED, Status.QUEUED, Status.FAILED}),
    Status.SUBMITTED: frozenset({Status.RUNNING, Status.COLLECTING, Status.STALLED, Status.FAILED}),
    Status.RUNNING: frozenset({Status.COLLECTING, Status.STALLED, Status.FAILED}),
    Status.STALLED: frozenset({Status.RUNNING, Status.COLLECTING, Status.FAILED}),
    Status.COLLECTING: frozenset({Status.READY, Status.UNCOLLECTED}),
    Status.UNCOLLECTED: frozenset({Status.COLLECTING}),
    Status.READY: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
}
TERMINAL = frozenset(status for status, following in TRANSITIONS.items() if not following)
IN_FLIGHT = frozenset(set(Status) - TERMINAL)
