"""What the vendor's answers mean for the takes they are about (document, section Task Lifecycle).

Answers in, database out. Nothing of it is trusted further than a conditional update: a take that
somebody else has moved meanwhile is left alone.
"""

import logging
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from studio.accounts import keys
from studio.renders import failures, lifecycle, queueing, resolution
from studio.renders.desk import discarding
from studio.renders.lifecycle import IllegalTransition, Status, advance
from studio.renders.models import Take
from studio.renders.sending import trials
from studio.renders.sending.posting import NEWS_WITHIN
from studio.renders.watching.due import Question
from studio.renders.watching.progress import Progress, write_back
from studio.renders.wording import in_words
from studio.transend import errors
from studio.transend.retries import backoff_s, wait_after_429_s
from studio.transend.types import Task, TaskStatus

# A take is asked about every 0.7 s while a person is likely to watch, then ever more rarely.
SHORTEST_S, LONGEST_S = 0.7, 15.0
_AGE_PER_INTERVAL = 120.0
_LONGEST_AFTER_FAILURE_S = 30.0

# "Signed URLs expire after 24 hours" (document, section Task Lifecycle).
LINKS_LIVE = timedelta(hours=24)
UNKNOWN_STATUS, NO_NEWS = "unknown_status", "no_news"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """A question and what came of it: a task or an error."""

    question: Question
    outcome: Task | errors.TransendError


def record(answers: Iterable[Answered]) -> None:
    """Write down what was learnt: moves one by one, the progress of all others at once."""
    quiet = []
    for answered in answers:
        try:
            learnt = _learnt(answered)
        except IllegalTransition:
            continue  # somebody was faster; the take is asked about again when it is due
        except Exception:
            log.exception("The answer about take %s is lost.", answered.question.take.pk)
            continue
        if learnt is not None:
            quiet.append(learnt)
    write_back(quiet)


def interval_s(age_s: float) -> float:
    """How long until the next question about a take that was sent `age_s` ago, with jitter."""
    steady = min(max(SHORTEST_S, age_s / _AGE_PER_INTERVAL), LONGEST_S)
    return steady * random.uniform(0.8, 1.2)  # noqa: S311 - spreads load


def _learnt(answered: Answered) -> Progress | None:
    """Move the take if the answer moves it; otherwise return what is to be written back."""
    question, outcome = answered.question, answered.outcome
    if question.is_trial:
        trials.conclude(question.key, outcome)
        return None
    if isinstance(outcome, errors.TransendError):
        return _after_failure(question, outcome)
    if question.key.is_paused:
        keys.resume_key(question.key, None)  # the vendor has just accepted it
    if question.take.status == Status.UNCERTAIN:
        _recovered(question)
    elif outcome.status == TaskStatus.SUCCEEDED:
        _succeeded(question.take, outcome)
    elif outcome.status == TaskStatus.FAILED:
        _failed(question.take, outcome)
    elif outcome.status is None:
        return _unknown_status(question.take, outcome)
    else:
        return _under_way(question.take, outcome)
    return None


def _recovered(question: Question) -> None:
    """A webhook named a task, and the vendor knows it: that is this take's render."""
    says = "Found again: Transend's webhook named the task, and Transend knows it."
    try:
        resolution.recover(question.take, question.task_id, says=says)
    except resolution.NotResolved:
        _forget_candidate(question.take)


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


def _unknown_status(take: Take, task: Task) -> Progress | None:
    if take.status == Status.STALLED:
        return _same(take)
    says = (
        f"Transend reports the status “{task.raw_status[:60]}”, which its document does not "
        "describe."
    )
    _stall(take, UNKNOWN_STATUS, says, body=task.excerpt, trace_id=task.trace_id)
    return None


def _under_way(take: Take, task: Task) -> Progress | None:
    now = timezone.now()
    is_running = task.status == TaskStatus.RUNNING
    has_progressed = (task.progress or 0) > take.progress
    starts = is_running and take.status == Status.SUBMITTED
    recovers = take.status == Status.STALLED and (
        is_running and (has_progressed or take.error_kind == UNKNOWN_STATUS)
    )
    if starts or recovers:
        advance(
            take,
            Status.RUNNING,
            says="Transend is rendering." if starts else "Transend is rendering again.",
            progress=max(task.progress or 0, take.progress),
            trace_id=task.trace_id or take.trace_id,
            poll_failures=0,
            deadline_at=now + NEWS_WITHIN,
            next_poll_at=now + timedelta(seconds=interval_s(_age_s(take, now))),
            **failures.CLEARED,
        )
        return None
    if not has_progressed and _is_overdue(take, now):
        _stall(take, NO_NEWS, f"Transend has had no news of this render since {_last_news(take)}.")
        return None
    return _same(take, progress=task.progress or 0, has_news=has_progressed)


def _after_failure(question: Question, problem: errors.TransendError) -> Progress | None:
    """Nothing was learnt of the render, which is not affected. Say so, and ask again."""
    take, now = question.take, timezone.now()
    if isinstance(problem, errors.InvalidKey):
        keys.pause_key(question.key, f"{problem.says} {problem.resolution}")
    if take.status == Status.UNCERTAIN and isinstance(problem, errors.NotFound):
        _forget_candidate(take)
        return None
    if take.status in (Status.SUBMITTED, Status.RUNNING) and _is_overdue(take, now):
        _stall(take, NO_NEWS, f"No news of this render since {_last_news(take)}. {problem.says}")
        return None
    wait_s = min(backoff_s(take.poll_failures, random=random.random), _LONGEST_AFTER_FAILURE_S)
    if isinstance(problem, errors.RateLimited) and problem.retry_after_s is not None:
        wait_s = wait_after_429_s(problem.retry_after_s, take.poll_failures, random=random.random)
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


def _same(take: Take, progress: int = 0, has_news: bool = False) -> Progress:
    now = timezone.now()
    wait_s = LONGEST_S if take.status == Status.STALLED else interval_s(_age_s(take, now))
    return Progress(
        take_id=take.pk,
        status=take.status,
        progress=progress,
        next_poll_at=now + timedelta(seconds=wait_s),
        deadline_at=now + NEWS_WITHIN if has_news else take.deadline_at,
    )


def _forget_candidate(take: Take) -> None:
    """The hint led nowhere: wait for another, or for a person."""
    Take.objects.filter(pk=take.pk, candidate_task_id=take.candidate_task_id).update(
        candidate_task_id="", next_poll_at=None
    )
    lifecycle.remark(take, "A webhook named a task, but Transend does not confirm it.")


def _age_s(take: Take, now: datetime) -> float:
    return (now - (take.submitted_at or now)).total_seconds()


def _is_overdue(take: Take, now: datetime) -> bool:
    return take.deadline_at is not None and take.deadline_at < now


def _last_news(take: Take) -> str:
    if take.deadline_at is None:
        return "it was sent"
    return in_words(take.deadline_at - NEWS_WITHIN)
