"""Who has a board before them, and at which shot: told by each window's pulse, forgotten soon."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from studio.accounts.models import User
from studio.storyboards.models import Presence, Project

GONE_AFTER = timedelta(seconds=30)
# Written this seldom, or a pulse that finds nothing new would write each time.
NOTED_EVERY = timedelta(seconds=10)
KEPT = timedelta(hours=1)
MOST_WINDOWS = 12
# As many as static/css/trust.css has.
COLOURS = 6
_WINDOW = re.compile(r"[0-9a-zA-Z-]{8,36}")


@dataclass(frozen=True)
class Person:
    """Somebody else who is here, or the reader in another window; `number` is their shot's."""

    user: User
    shot: int | None
    number: int | None
    is_reader: bool

    @property
    def initials(self) -> str:
        return self.user.initials

    @property
    def colour(self) -> int:
        """Which of the colours for people is theirs; always the same."""
        return self.user.pk % COLOURS

    @property
    def says(self) -> str:
        """Such as `Mira is here, at shot 3`."""
        who = "You are here in another window" if self.is_reader else f"{self.user} is here"
        return f"{who}, at shot {self.number}" if self.number else who


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


def people(others: Iterable[Presence], reader: User, order: Sequence[int]) -> list[Person]:
    """The others for their board's head; `order` has the pks of its shots."""
    return [
        Person(
            row.user,
            row.shot if row.shot in order else None,
            order.index(row.shot) + 1 if row.shot in order else None,
            is_reader=row.user_id == reader.pk,
        )
        for row in others
    ]


def prune() -> int:
    """Delete what windows said that have been closed for long; returns how many."""
    return Presence.objects.filter(seen_at__lt=timezone.now() - KEPT).delete()[0]
