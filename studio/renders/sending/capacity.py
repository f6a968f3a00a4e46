"""How many renders the vendor takes on at once with a key, learned from its answers.

The document names no limit, only the 429 when it is reached (section Error Codes). So the first 429
shows it: as many as were under way then. Up to there takes are sent, the others wait without being
tried in vain; now and then one more is tried, for the limit may have been raised.

A 429 while none of ours is under way shows no limit of ours: somebody else uses the account up, or
it was asked too often. Then the key rests, and what was known of its slots stands.
"""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from studio.accounts.models import ApiKey
from studio.renders.lifecycle import Status
from studio.renders.models import KeyCapacity, Take

# These hold a slot at the vendor, as far as anybody knows.
HOLDING = (Status.SUBMITTING, Status.SUBMITTED, Status.RUNNING)
_TAKEN_ON = (Status.SUBMITTED, Status.RUNNING)
# One more is tried this long after a 429, twice as long after each that shows the same limit, and
# soon again while it works: a 429 that was no limit of ours is forgotten within a minute.
FIRST_RAISE_AFTER = timedelta(seconds=30)
LAST_RAISE_AFTER = timedelta(minutes=5)
RAISED_AGAIN_AFTER = timedelta(seconds=20)
# A key rests as long as the refused take backs off, but the others do not wait for its minutes.
LONGEST_REST_S = 30.0


def in_use(key: ApiKey) -> int:
    """How many takes hold a slot of this key just now."""
    return Take.objects.filter(api_key=key, status__in=HOLDING).count()


def capacity_of(key: ApiKey) -> KeyCapacity | None:
    """What is known of a key's slots; None before the first 429."""
    return KeyCapacity.objects.filter(api_key=key).first()


def free_slots(known: KeyCapacity | None, used: int) -> int | None:
    """How many more takes may be sent with the key; None: no limit is known."""
    if known is None or known.slots is None:
        return None
    tries_one_more = known.raise_at is not None and known.raise_at <= timezone.now()
    return max(known.slots + int(tries_one_more) - used, 0)


def learn_limit(key: ApiKey, retry_after_s: float | None, wait_s: float) -> None:
    """The vendor has just refused a render with a 429, and perhaps asked for a pause; the take
    itself backs off for `wait_s`.

    Call it once the refused take holds no slot any more.
    """
    now, known = timezone.now(), capacity_of(key)
    shown: dict[str, Any] = {}
    if Take.objects.filter(api_key=key, status__in=_TAKEN_ON).exists():
        slots = in_use(key)
        shown = {"slots": slots, "learned_at": now, "raise_at": now + _patience(known, slots)}
    pause_s = retry_after_s or (0.0 if shown else min(wait_s, LONGEST_REST_S))
    quiet_until = now + timedelta(seconds=pause_s)
    if known is not None and known.quiet_until is not None:
        # A pause that was asked for stands, though another refusal names none.
        quiet_until = max(quiet_until, known.quiet_until)
    KeyCapacity.objects.update_or_create(
        api_key=key, defaults={**shown, "quiet_until": quiet_until}
    )


def _patience(known: KeyCapacity | None, slots: int) -> timedelta:
    """How long to believe in this limit before one more is tried."""
    if known is None or known.slots != slots or not (known.raise_at and known.learned_at):
        return FIRST_RAISE_AFTER
    doubled = 2 * (known.raise_at - known.learned_at)
    return min(max(doubled, FIRST_RAISE_AFTER), LAST_RAISE_AFTER)


def learn_room(key: ApiKey) -> None:
    """The vendor has just taken a render on: there are at least as many slots as are in use."""
    now, used = timezone.now(), in_use(key)
    KeyCapacity.objects.filter(api_key=key, slots__lt=used).update(
        slots=used, learned_at=now, raise_at=now + RAISED_AGAIN_AFTER
    )
