"""How many renders the vendor takes on at once with a key, learned from its answers.

The document names no limit, only the 429 when it is reached (section Error Codes). So the first 429
shows it: as many as were under way then. Up to there takes are sent, the others wait without being
tried in vain; now and then one more is tried, for the limit may have been raised.
"""

from datetime import timedelta

from django.utils import timezone

from studio.accounts.models import ApiKey
from studio.renders.lifecycle import Status
from studio.renders.models import KeyCapacity, Take

# These hold a slot at the vendor, as far as anybody knows.
HOLDING = (Status.SUBMITTING, Status.SUBMITTED, Status.RUNNING)
# One more is tried this long after a 429, and soon again while that works.
RAISED_AFTER = timedelta(minutes=5)
RAISED_AGAIN_AFTER = timedelta(seconds=20)


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


def learn_limit(key: ApiKey, retry_after_s: float | None) -> None:
    """The vendor has just refused a render for want of a slot, and perhaps asked for a pause.

    Call it once the refused take holds no slot any more.
    """
    now = timezone.now()
    quiet = now + timedelta(seconds=retry_after_s) if retry_after_s else None
    KeyCapacity.objects.update_or_create(
        api_key=key,
        defaults={
            "slots": max(in_use(key), 1),
            "learned_at": now,
            "raise_at": now + RAISED_AFTER,
            "quiet_until": quiet,
        },
    )


def learn_room(key: ApiKey) -> None:
    """The vendor has just taken a render on: there are at least as many slots as are in use."""
    now, used = timezone.now(), in_use(key)
    KeyCapacity.objects.filter(api_key=key, slots__lt=used).update(
        slots=used, learned_at=now, raise_at=now + RAISED_AGAIN_AFTER
    )
