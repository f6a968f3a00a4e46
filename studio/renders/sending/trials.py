"""Trying a refused API key again by itself, so that everything recovers when the vendor does.

A paused key is asked about with a free question, never with a paid request: after 30 s, then half
as often each time, down to every ten minutes. Whoever waits for the key is told when. A key that
may only ask passes each trial and is refused the next render: then they get rarer all the same.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from studio.accounts import keys
from studio.accounts.models import ApiKey
from studio.renders.models import KeyTrial
from studio.transend import errors
from studio.transend.types import Task

FIRST_AFTER = timedelta(seconds=30)
LONGEST = timedelta(minutes=10)
_LAST_DOUBLING = 5

# The key is looked at before the task is: any of these answers means that it was accepted.
_ACCEPTING = (Task, errors.NotFound, errors.InvalidRequest)


def next_at(key: ApiKey) -> datetime | None:
    """When a paused key is tried next; None for one that is not paused."""
    if key.paused_at is None:
        return None
    trial = KeyTrial.objects.filter(api_key=key).first()
    if trial is not None and trial.paused_at == key.paused_at:
        return trial.next_at
    return key.paused_at + _wait_after(_tries_of(trial, key.paused_at))


def claim(key: ApiKey) -> bool:
    """Whether it is time to try a paused key, and ours to do. The next time is set with it."""
    now = timezone.now()
    due = next_at(key)
    if key.paused_at is None or due is None or due > now:
        return False
    trial, _ = KeyTrial.objects.get_or_create(
        api_key=key, defaults={"paused_at": key.paused_at, "next_at": due}
    )
    tries = _tries_of(trial, key.paused_at)
    wait = _wait_after(tries + 1)
    # Of several watchers, the first one's update leaves the others nothing to match.
    unclaimed = KeyTrial.objects.filter(pk=trial.pk, next_at=trial.next_at, tries=trial.tries)
    return bool(unclaimed.update(paused_at=key.paused_at, tries=tries + 1, next_at=now + wait))


def conclude(key: ApiKey, outcome: Task | errors.TransendError) -> None:
    """Use the key again if the vendor has just accepted it; otherwise it is tried later."""
    keys.mark_used(key)
    if isinstance(outcome, _ACCEPTING):
        keys.resume_key(key, None)


def _tries_of(trial: KeyTrial | None, paused_at: datetime) -> int:
    """How often the key was tried in this pause, and in those that a trial had ended in vain."""
    if trial is None:
        return 0
    is_paused_again = trial.paused_at < paused_at < trial.next_at
    return trial.tries if trial.paused_at == paused_at or is_paused_again else 0


def _wait_after(tries: int) -> timedelta:
    return min(FIRST_AFTER * 2.0 ** min(tries, _LAST_DOUBLING), LONGEST)
