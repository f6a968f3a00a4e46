"""Claiming the take whose turn it is: committed before anything is sent (invariant 1)."""

import hashlib
import logging
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from studio.accounts.models import ApiKey, Workspace
from studio.renders import webhooks
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Take
from studio.renders.payloads import Damaged, body_of
from studio.renders.sending import credentials, desks, lines
from studio.renders.sending.durability import durable
from studio.transend import wire

# Longer than a worker may live with it: past this, nobody is going to write an outcome any more.
OVERDUE_AFTER = timedelta(seconds=75)
# A worker that was suspended between claim and POST must not send: the take may be another's now.
_FRESH_S = 20.0
# How soon a take whose payload is damaged looks whether it was repaired.
_LOOKED_AT_AGAIN = timedelta(minutes=5)
DAMAGED = "an operator: its stored payload is damaged. Cancel it and render again, or restore it"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A take that is ours to send, once. The repr shows no key."""

    take: Take
    key: ApiKey
    secret: str = field(repr=False)
    body: bytes = field(repr=False)
    began: float

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.began < _FRESH_S


def claim_next() -> Claim | None:
    """Make the take ours whose turn it is; None when none can be sent just now."""
    began = time.monotonic()
    for line in lines.survey():
        if line.moves and (claim := _claim_in(line.workspace, began)):
            return claim
        if not line.moves:
            lines.note(line)
    return None


def body_for(take: Take) -> bytes:
    """The very bytes to send: the frozen payload, our webhook, and our take's id.

    Raises `Damaged`.
    """
    try:
        body = body_of(take.payload)
        metadata = dict(body.pop("webhook_metadata", {}))
    except (ValueError, TypeError) as problem:
        raise Damaged(f"The payload of {take} is damaged: {problem}") from None
    if url := webhooks.url_for(take.pk):
        body["webhook_url"] = url
    body["webhook_metadata"] = {**metadata, "shotboard_take": take.pk}
    return wire.encode_body(body)


def _claim_in(workspace: Workspace, began: float) -> Claim | None:
    """Claim the first in line, or have the line say what it waits for."""
    with durable():
        desk = desks.locked(workspace)
        line = lines.line_of(workspace)  # again, for others may have claimed the last slot
        take = lines.sendable(workspace).first() if line.moves else None
        if line.key is None or take is None:
            lines.note(line)
            return None
        take.workspace = workspace
        try:
            secret = credentials.secret_of(line.key)
            claim = Claim(take, line.key, secret, _body_ordered(take), began)
        except credentials.NoUsableKey as missing:
            lines.note(replace(line, waits_for=missing.waits_for))
            return None
        except Damaged as problem:
            _set_aside(take, problem)
            return None
        now = timezone.now()
        try:
            advance(
                take,
                Status.SUBMITTING,
                expect=Status.QUEUED,
                says="Sent to Transend.",
                attempts=F("attempts") + 1,
                billable=F("billable") + 1,
                api_key=line.key,
                send_after=None,
                next_poll_at=now + OVERDUE_AFTER,
            )
        except IllegalTransition:  # it was cancelled just now
            return None
        desk.reached, desk.sent_at = max(desk.reached, take.place), now
        desk.save(update_fields=["reached", "sent_at"])
    return claim


def _body_ordered(take: Take) -> bytes:
    """The body, if its payload is still the one that was ordered. Raises `Damaged`.

    Another one would be paid for, and never released: no seal would hold.
    """
    now = hashlib.sha256(take.payload.encode(errors="replace")).hexdigest()
    if now != take.payload_sha256:
        raise Damaged(f"The payload of {take} is not the one that was ordered.")
    return body_for(take)


def _set_aside(take: Take, problem: Damaged) -> None:
    """Let the takes behind it go first: nobody else waits for what only it is to blame for."""
    log.error("%s It waits, the others go on.", problem)
    held = Take.objects.filter(pk=take.pk, status=Status.QUEUED)
    held.update(
        waits_for=DAMAGED,
        send_after=timezone.now() + _LOOKED_AT_AGAIN,
        changes=F("changes") + int(take.waits_for != DAMAGED),
    )
