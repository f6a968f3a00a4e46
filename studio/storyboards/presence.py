"""Who has a board before them, and at which shot: told by each window's pulse, forgotten soon."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from studio.accounts.models import User
from studio.storyboards.models import Presence, Project

GONE_AFTER = timedelta(seconds=30)
# Written this seldom, or a pulse that finds nothing new would write each time.
NOTED_EVERY = timedelta(seconds=10)
KEPT = timedelta(hours=1)
MOST_WINDOWS = 12
_WINDOW = re.compile(r"[0-9a-zA-Z-]{8,36}")


def note(project: Project, user: User, window: str, shot: int | None) -> list[Presence]:
    """Say that this window is here, and learn which others are: the latest of each other person,
    and of `user` in another window. One query, and one write where something is new."""
    now = timezone.now()
    present = list(
        Presence.objects.filter(project=project, seen_at__gt=now - GONE_AFTER)
        .select_related("user")
        .order_by("-seen_at")
    )
    mine = [row for row in present if row.user_id == user.pk]
    here = next((row for row in mine if row.window == window), None)
    is_known = here and here.shot == shot and here.seen_at > now - NOTED_EVERY
    if _WINDOW.fullmatch(window) and not is_known and (here or len(mine) < MOST_WINDOWS):
        Presence.objects.bulk_create(
            [Presence(project=project, user=user, window=window, shot=shot, seen_at=now)],
            update_conflicts=True,
            unique_fields=["project", "user", "window"],
            update_fields=["shot", "seen_at"],
        )
    latest: dict[int, Presence] = {}
    for row in present:
        if row is not here:
            latest.setdefault(row.user_id, row)
    return sorted(latest.values(), key=lambda row: row.user_id)


def fingerprint(others: Iterable[Presence]) -> str:
    """The same as long as the same people are at the same shots."""
    said = ",".join(f"{row.user_id}@{row.shot}" for row in others)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def place_of(row: Presence, order: Sequence[int]) -> int | None:
    """The number, from 1, of the shot that this window is at, in the order of these pks."""
    return order.index(row.shot) + 1 if row.shot in order else None


def prune() -> int:
    """Delete what windows said that have been closed for long; returns how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()[0]
