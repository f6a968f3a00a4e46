"""What the vendor's answers mean for the takes they are about (document, section Task Lifecycle).

Answers in, database out. Nothing of it is trusted further than a conditional update: a take that
somebody else has moved meanwhile is left alone. What the answers mean is decided first, then all of
it is written in one transaction, so that a busy second has few of them.
"""

import logging
import math
import random
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from studio.accounts import keys
from studio.accounts.models import ApiKey
from studio.renders import failures, lifecycle, queueing, resolution
from studio.renders.desk import discarding
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Exchange, Take
from studio.renders.sending import trials
from studio.renders.sending.posting import NEWS_WITHIN
from studio.renders.support import exchanges
from studio.renders.watching.due import Question
from studio.renders.watching.pace import LONGEST_S, interval_s
from studio.renders.watching.progress import Progress, write_back
from studio.renders.wording import in_words
from studio.transend import errors
from studio.transend.retries import backoff_s, wait_after_429_s
from studio.transend.types import Task, TaskStatus

_LONGEST_AFTER_FAILURE_S = 30.0
_REFUSED = 401

# "Signed URLs expire after 24 hours" (document, section Task Lifecycle).
LINKS_LIVE = timedelta(hours=24)
UNKNOWN_STATUS, NO_NEWS = "unknown_status", "no_news"

Move = Callable[[Take], object]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and what came of it: a task or an error, and how long that took.

    `stretch` is by how much every interval is longer now, for the load (`pace.stretch_for`).
    """

    question: Question
    outcome: Task | errors.TransendError
    elapsed_ms: int | None = None
    at: datetime = field(default_factory=timezone.now)
    stretch: float = 1.0


def record(answers: Sequence[Answered]) -> None:
    """Write down what was learnt: the moves and all progress in one transaction, one statement for
    the progress. What concerns keys and takes of unknown outcome, once in a while, has its own.

    A move that comes too late, or makes trouble, undoes no other. Raises DatabaseError when the
    database is away: nothing is written then, and the same answers may be recorded again.
    """
    _heed_keys(answers)
    for answered in answers:
        if _names_the_task(answered):
            _carry_out(answered, partial(_recovered, task_id=answered.question.task_id))
    decided = [(answered, _decision(answered)) for answered in answers]
    moves = [(answered, move) for answered, move in decided if callable(move)]
    progress = [learnt for _, learnt in decided if isinstance(learnt, Progress)]
    if not moves and not progress:
        return
    with transaction.atomic():
        for answered, move in moves:
            _carry_out(answered, move)
        write_back(progress)
        exchanges.keep(
            [_evidence(answered) for answered, what in decided if _tells(answered, what)]
        )


def _heed_keys(answers: Sequence[Answered]) -> None:
    """What the answers say of the keys, of each the last one: thousands of takes share a key."""
    said = {answered.question.key.pk: answered for answered in answers if _is_about_key(answered)}
    for answered in said.values():
        key, outcome = answered.question.key, answered.outcome
        if answered.question.is_trial:
            trials.conclude(key, outcome)
        elif isinstance(outcome, errors.InvalidKey):
            keys.pause_key(key, f"{outcome.says} {outcome.resolution}")
        elif key.is_paused and not _was_refused_a_render(key):
            keys.resume_key(key, None)  # the vendor has just accepted it


def _was_refused_a_render(key: ApiKey) -> bool:
    """Whether a waiting take was refused with it: that it may ask proves nothing then, and every
    question would have the same render sent, and the admins told, anew."""
    waiting = Take.objects.filter(api_key=key, status=Status.QUEUED)
    return waiting.filter(error_status=_REFUSED).exists()


def _is_about_key(answered: Answered) -> bool:
    return answered.question.is_trial or isinstance(answered.outcome, Task | errors.InvalidKey)


def _names_the_task(answered: Answered) -> bool:
    """Whether the vendor knows the task that a webhook named for a take of unknown outcome."""
    question = answered.question
    is_asked = question.take.status == Status.UNCERTAIN and not question.is_trial
    return is_asked and isinstance(answered.outcome, Task)


def _carry_out(answered: Answered, move: Move) -> None:
    # Should all of it be undone, the next try begins with the take as it was found.
    take = copy(answered.question.take)
    try:
        move(take)
    except IllegalTransition:
        pass  # somebody was faster; the take is asked about again when it is due
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("The answer about take %s is lost.", take.pk)


def _decision(answered: Answered) -> Progress | Move | None:
    """The move that the answer asks for; otherwise what is to be written back. Writes nothing."""
    if answered.question.is_trial or _names_the_task(answered):
        return None
    try:
        return _meaning(answered)
    except Exception:
        log.exception("The answer about take %s is lost.", answered.question.take.pk)
        return None


def _meaning(answered: Answered) -> Progress | Move | None:
    take, outcome = answered.question.take, answered.outcome
    if isinstance(outcome, errors.TransendError):
        return _after_failure(take, outcome, answered.stretch)
    match outcome.status:
        case TaskStatus.SUCCEEDED:
            return partial(_succeeded, task=outcome)
        case TaskStatus.FAILED:
            return partial(_failed, task=outcome)
        case None:
            return _unknown_status(take, outcome, answered.stretch)
    return _under_way(take, outcome, answered.stretch)


def _tells(answered: Answered, what: Progress | Move | None) -> bool:
    """Whether the answer is worth keeping as evidence: it moved the take, or it is a failure."""
    is_failure = isinstance(answered.outcome, errors.TransendError)
    return not answered.question.is_trial and (is_failure or callable(what))


def _evidence(answered: Answered) -> Exchange:
    question = answered.question
    return exchanges.exchange_of(
        question.take,
        Exchange.What.TASK,
        answered.outcome,
        at=answered.at,
        elapsed_ms=answered.elapsed_ms,
        secret=question.secret,
    )


def _recovered(take: Take, task_id: str) -> None:
    """A webhook named a task, and the vendor knows it: that is this take's render."""
    says = "Found again: Transend's webhook named the task, and Transend knows it."
    try:
        resolution.recover(take, task_id, says=says)
    except resolution.NotResolved:
        _forget_candidate(take)


def _succeeded(take: Take, task: Task) -> None:
    now = timezone.now()
    arrived: dict[str, Any] = {
        "progress": 100,
        "trace_id": task.trace_id or take.trace_id,
        "links_until": now + LINKS_LIVE,
        "settle_at": now,
    }
    with transaction.atomic():
        if discarding.arrived(take, **arrived):
            return
        advance(
            take,
            Status.COLLECTING,
            says="Transend has finished the render.",
            **arrived,
            leased_until=None,
            collect_attempts=0,
            next_poll_at=now + queueing.COLLECTING_LOST_AFTER,
            **failures.CLEARED,
        )
        queueing.wake_collecting(take.pk)


def _failed(take: Take, task: Task) -> None:
    says = "Transend reports that the render failed."
    advance(
        take,
        Status.FAILED,
        says=says,
        trace_id=task.trace_id or take.trace_id,
        settle_at=timezone.now(),
        error_kind="render_failed",
        error_says=says,
        error_resolution="Contact Transend support with the trace id and the scene parameters. "
        "Pressing Render orders, and pays for, another take.",
        error_status=None,
        error_body=task.excerpt,
    )


def _unknown_status(take: Take, task: Task, stretch: float) -> Progress | Move:
    if take.status == Status.STALLED:
        return _same(take, stretch)
    says = (
        f"Transend reports the status “{task.raw_status[:60]}”, which its document does not "
        "describe."
    )
    return partial(
        _stall, kind=UNKNOWN_STATUS, says=says, body=task.excerpt, trace_id=task.trace_id
    )


def _under_way(take: Take, task: Task, stretch: float) -> Progress | Move:
    now = timezone.now()
    is_running = task.status == TaskStatus.RUNNING
    has_progressed = (task.progress or 0) > take.progress
    starts = is_running and take.status == Status.SUBMITTED
    recovers = take.status == Status.STALLED and (
        is_running and (has_progressed or take.error_kind == UNKNOWN_STATUS)
    )
    if starts or recovers:
        wait = timedelta(seconds=interval_s(_age_s(take, now), stretch))
        return partial(
            advance,
            to=Status.RUNNING,
            says="Transend is rendering." if starts else "Transend is rendering again.",
            progress=max(task.progress or 0, take.progress),
            trace_id=task.trace_id or take.trace_id,
            poll_failures=0,
            deadline_at=now + NEWS_WITHIN,
            next_poll_at=now + wait,
            **failures.CLEARED,
        )
    if not has_progressed and _is_overdue(take, now) and take.status != Status.STALLED:
        says = f"Transend has had no news of this render since {_last_news(take)}."
        return partial(_stall, kind=NO_NEWS, says=says)
    return _same(take, stretch, progress=task.progress or 0, has_news=has_progressed)


def _after_failure(take: Take, problem: errors.TransendError, stretch: float) -> Progress | Move:
    """Nothing was learnt of the render, which is not affected. Say so, and ask again."""
    now = timezone.now()
    if take.status == Status.UNCERTAIN and isinstance(problem, errors.NotFound):
        return _forget_candidate
    if take.status in (Status.SUBMITTED, Status.RUNNING) and _is_overdue(take, now):
        says = f"No news of this render since {_last_news(take)}. {problem.says}"
        return partial(_stall, kind=NO_NEWS, says=says)
    wait_s = min(backoff_s(take.poll_failures, random=random.random), _LONGEST_AFTER_FAILURE_S)
    if isinstance(problem, errors.RateLimited) and problem.retry_after_s is not None:
        wait_s = wait_after_429_s(problem.retry_after_s, take.poll_failures, random=random.random)
    if stretch > 1:  # thousands in trouble are still thousands
        wait_s = max(wait_s, interval_s(_age_s(take, now), stretch))
    return Progress(
        take_id=take.pk,
        status=take.status,
        progress=take.progress,
        next_poll_at=now + timedelta(seconds=wait_s),
        deadline_at=take.deadline_at,
        waits_for=failures.waits_for(problem),
        poll_failures=take.poll_failures + 1,
    )


def _stall(
    take: Take, kind: str, says: str, *, body: str = "", trace_id: str | None = None
) -> None:
    """Call it stalled, and go on asking: it recovers by itself if the vendor does."""
    advance(
        take,
        Status.STALLED,
        says=says,
        error_kind=kind,
        error_says=says,
        error_resolution="Shotboard goes on asking by itself, and nothing is sent again. If it "
        "stays like this, contact Transend support with the trace id.",
        error_status=None,
        error_body=body,
        trace_id=trace_id or take.trace_id,
        next_poll_at=timezone.now() + timedelta(seconds=LONGEST_S),
    )


def _same(take: Take, stretch: float, progress: int = 0, has_news: bool = False) -> Progress:
    now = timezone.now()
    age_s = math.inf if take.status == Status.STALLED else _age_s(take, now)
    wait_s = interval_s(age_s, stretch)
    return Progress(
        take_id=take.pk,
        status=take.status,
        progress=progress,
        next_poll_at=now + timedelta(seconds=wait_s),
        deadline_at=now + NEWS_WITHIN if has_news else take.deadline_at,
    )


def _forget_candidate(take: Take) -> None:
    """The hint led nowhere: wait for another, or for a person."""
    hinted = Take.objects.filter(pk=take.pk, candidate_task_id=take.candidate_task_id)
    with transaction.atomic():
        if hinted.update(candidate_task_id="", next_poll_at=None):
            says = "A webhook named a task, but Transend does not confirm it."
            lifecycle.remark(take, says)


def _age_s(take: Take, now: datetime) -> float:
    return (now - (take.submitted_at or now)).total_seconds()


def _is_overdue(take: Take, now: datetime) -> bool:
    return take.deadline_at is not None and take.deadline_at < now


def _last_news(take: Take) -> str:
    if take.deadline_at is None:
        return "it was sent"
    return in_words(take.deadline_at - NEWS_WITHIN)
