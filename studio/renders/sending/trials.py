"""Trying a refused API key again by itself, so that everything recovers when the vendor does.

A paused key is asked about with a free question, never with a paid request: after 30 s, then half
as often each time, down to every ten minutes. Whoever waits for the key is told when.
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
    trial = KeyTrial.objects.filter(api_key=key, paused_at=key.paused_at).first()
    return trial.next_at if trial else key.paused_at + FIRST_AFTER


def claim(key: ApiKey) -> bool:
    """Whether it is time to try a paused key, and ours to do. The next time is set with it."""
    now = timezone.now()
    due = next_at(key)
    if key.paused_at is None or due is None or due > now:
        return False
    trial, _ = KeyTrial.objects.get_or_create(
        api_key=key, defaults={"paused_at": key.paused_at, "next_at": due}
    )
    tries = trial.tries if trial.paused_at == key.paused_at else 0
    wait = min(FIRST_AFTER * 2.0 ** min(tries + 1, _LAST_DOUBLING), LONGEST)
    # Of several watchers, the first one's update leaves the others nothing to match.
    unclaimed = KeyTrial.objects.filter(pk=trial.pk, next_at=trial.next_at, tries=trial.tries)
    return bool(unclaimed.update(paused_at=key.paused_at, tries=tries + 1, next_at=now + wait))


def conclude(key: ApiKey, outcome: Task | errors.TransendError) -> None:
    """Use the key again if the vendor has just accepted it; otherwise it is tried later."""
    keys.mark_used(key)
    if isinstance(outcome, _ACCEPTING):
        keys.resume_key(key, None)
