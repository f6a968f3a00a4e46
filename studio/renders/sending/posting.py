"""Sending a take: the one paid POST, and what its answer means (ARCHITECTURE.md, invariant 1).

The claim is committed before the POST, the task's id right after it. Whatever happens in between,
the take is then `submitting`, and past its deadline the watcher makes that `uncertain`: it is
never sent again without a person's word. Each outcome is written only while the attempt that it
belongs to is still the last one.
"""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from studio.accounts import audit, keys
from studio.renders import failures, lifecycle, webhooks
from studio.renders.evidence import rejected
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Exchange
from studio.renders.sending import capacity
from studio.renders.sending.claiming import Claim, claim_next
from studio.renders.sending.durability import durable
from studio.renders.support import exchanges
from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.retries import backoff_s, wait_after_429_s
from studio.transend.types import Created

# Inside the queue's timeout (60 s), so that the answer still finds its worker.
CONNECT_S, READ_S, TOTAL_S = 8.0, 35.0, 40.0
FIRST_POLL_AFTER = timedelta(seconds=0.7)
# With no news for this long, a take is called stalled.
NEWS_WITHIN = timedelta(minutes=20)
_LONGEST_WAIT_FOR_NETWORK_S = 30.0
# A database that restarts is back within seconds; the queue's timeout leaves about these.
_WRITE_WAITS_S = (0.2, 0.5, 1.0, 2.0, 4.0, 4.0)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """A take that was ours to send, and the evidence of what came of it."""

    claim: Claim
    evidence: Exchange


def send_next() -> None:
    """Send the take whose turn it is; leave quietly if there is none."""
    claim = claim_next()
    if claim is None:
        return
    began = time.monotonic()
    outcome = _outcome_of(claim)
    answer = Answer(claim, _evidence(claim, outcome, time.monotonic() - began))
    match outcome:
        case Created():
            _record_created(answer, outcome)
        case errors.InvalidRequest():
            failure = _failure(claim, outcome)
            _conclude(answer, Status.FAILED, outcome.says, **_not_billed(), **failure)
        case errors.NothingCreated():
            _put_back(answer, outcome)
        case errors.OutcomeUnknown():
            _leave_open(answer, outcome)
    keys.mark_used(claim.key)


def _outcome_of(claim: Claim) -> Created | errors.NothingCreated | errors.OutcomeUnknown:
    try:
        return _post(claim)
    except (errors.NothingCreated, errors.OutcomeUnknown) as problem:
        return problem


def _evidence(claim: Claim, outcome: exchanges.Outcome, elapsed_s: float) -> Exchange:
    elapsed_ms = round(elapsed_s * 1000)
    return exchanges.exchange_of(
        claim.take, Exchange.What.CREATE, outcome, elapsed_ms=elapsed_ms, secret=claim.secret
    )


def _post(claim: Claim) -> Created:
    if not claim.is_fresh:
        raise errors.Unreachable("This machine was too busy to send the render in time.")
    with TransendClient(
        settings.TRANSEND_BASE_URL,
        claim.secret,
        connect_s=CONNECT_S,
        read_s=READ_S,
        total_s=TOTAL_S,
    ) as vendor:
        return vendor.create_generation(claim.body)


def _record_created(answer: Answer, created: Created) -> None:
    """Keep the task's id: from here on the render can always be found again."""
    now = timezone.now()
    try:
        _conclude(
            answer,
            Status.SUBMITTED,
            "Transend took the render on.",
            vendor_task_id=created.task_id,
            candidate_task_id="",
            trace_id=created.trace_id or "",
            submitted_at=now,
            deadline_at=now + NEWS_WITHIN,
            next_poll_at=now + FIRST_POLL_AFTER,
            **failures.CLEARED,
        )
    except IntegrityError:
        says = f"Transend answered with the task {created.task_id}, which another take already has."
        _leave_open(answer, errors.OutcomeUnknown(says, trace_id=created.trace_id))
    else:
        _insist(partial(capacity.learn_room, answer.claim.key))


def _put_back(answer: Answer, refused: errors.NothingCreated) -> None:
    """Surely nothing was created: the take waits and is sent again by itself."""
    claim = answer.claim
    wait_s = _wait_s(refused, claim.take.attempts)
    due = timezone.now() + timedelta(seconds=wait_s)
    _conclude(
        answer,
        Status.QUEUED,
        refused.says,
        waits_for=failures.waits_for(refused),
        send_after=due,
        next_poll_at=None,
        **_not_billed(),
        **_failure(claim, refused),
    )
    # Only now: were this to fail first, a take that was surely not created would be uncertain.
    if isinstance(refused, errors.RateLimited):
        _insist(partial(capacity.learn_limit, claim.key, refused.retry_after_s, wait_s))
    if isinstance(refused, errors.InvalidKey):
        _insist(partial(keys.pause_key, claim.key, f"{refused.says} {refused.resolution}"))


def _wait_s(refused: errors.NothingCreated, attempts: int) -> float:
    if isinstance(refused, errors.RateLimited):
        return wait_after_429_s(refused.retry_after_s, attempts - 1, random=random.random)
    wait_s = backoff_s(attempts - 1, random=random.random)
    if isinstance(refused, errors.Unreachable):
        return min(wait_s, _LONGEST_WAIT_FOR_NETWORK_S)
    return wait_s


def _leave_open(answer: Answer, unknown: errors.OutcomeUnknown) -> None:
    """It may be running and may be billed: only a webhook's hint or a person moves it on."""
    _conclude(
        answer,
        Status.UNCERTAIN,
        unknown.says,
        next_poll_at=timezone.now(),
        **_failure(answer.claim, unknown),
    )


def _not_billed() -> dict[str, Any]:
    # A worker of the former release, in the midst of an update, has claimed it without counting.
    return {"billable": Greatest(F("billable") - 1, 0)}


def _failure(claim: Claim, problem: errors.TransendError) -> dict[str, Any]:
    # A vendor that quotes our request would quote the webhook's address too.
    return failures.fields_of(problem, secret=webhooks.mac_of(claim.take.pk))


def _conclude(answer: Answer, to: Status, says: str, **fields: Any) -> None:
    """Write the outcome of this attempt, on disk when it returns.

    The watcher may have called a slow attempt uncertain by now: an outcome that is known after
    all still counts, unless a person has decided and a later attempt has begun.
    """
    take, attempt = answer.claim.take, answer.claim.take.attempts
    told = says
    if task_id := fields.get("vendor_task_id"):
        told += f" It is the task {task_id}; look for it in the Transend console."
    for came_from in (Status.SUBMITTING, Status.UNCERTAIN):
        try:
            _insist(partial(_write_outcome, answer, came_from, to, says, fields))
        except IllegalTransition:
            continue
        except (OperationalError, InterfaceError):
            # Nobody else will ever know it: it may be all that is left of what was paid for.
            log.error("Take %s: attempt %s could not be written down. %s", take.pk, attempt, told)
            raise
        return
    late = f"The answer to attempt {attempt} came too late to count. {told}"
    lifecycle.remark(take, late)
    _keep(answer.evidence)
    log.warning("Take %s: %s", take.pk, late)


def _write_outcome(
    answer: Answer, came_from: Status, to: Status, says: str, fields: dict[str, Any]
) -> None:
    """The status and all that tells of it; belongs in one transaction."""
    take, attempt = answer.claim.take, answer.claim.take.attempts
    advance(take, to, expect=came_from, attempt=attempt, says=says, **fields)
    _keep(answer.evidence)
    if to == Status.SUBMITTED:
        audit.record(take.workspace, None, "take.submitted", str(take), attempt=attempt)
    elif to == Status.QUEUED:
        lifecycle.count_repeat(take)
    elif to == Status.FAILED:
        rejected(take, str(fields["error_body"]))


def _keep(evidence: Exchange) -> None:
    """Evidence is not worth a task's id: trouble with it undoes nothing else."""
    try:
        with transaction.atomic():
            exchanges.keep([evidence])
    except DatabaseError:
        log.exception("The evidence of a POST for take %s is lost.", evidence.take_id)


def _insist(write: Callable[[], object]) -> None:
    """Write durably; a busy or lost database gets a few more chances, for money hangs on it."""
    for wait_s in (*_WRITE_WAITS_S, None):
        try:
            with durable():
                write()
        except (OperationalError, InterfaceError):
            if wait_s is None:
                raise
            time.sleep(wait_s)
            if not connection.in_atomic_block:
                connection.close()
        else:
            return
