"""The daily e-mail: at a fixed hour by each person's own clock, at most one on each of their days.

The moment is written on the notices themselves (`mail_due_at`), so that nothing but the notices has
to be looked through, and whoever is told of nothing gets no e-mail.
"""

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.db import transaction
from django.utils import timezone

from studio.accounts.models import User
from studio.inbox.models import MailHabits, Notice


@cache
def time_zones() -> tuple[str, ...]:
    """The places that people may choose, such as Europe/Berlin; UTC first."""
    regions = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia",
               "Europe", "Indian", "Pacific")  # fmt: skip
    places = (name for name in available_timezones() if name.partition("/")[0] in regions)
    return ("UTC", *sorted(places))


def habits_of(user_ids: Collection[int]) -> dict[int, MailHabits]:
    """Each person's habits; for whoever chose none they are made, and not yet stored."""
    found = {row.user_id: row for row in MailHabits.objects.filter(user__in=list(user_ids))}
    return {user_id: found.get(user_id) or MailHabits(user_id=user_id) for user_id in user_ids}


def next_at(habits: MailHabits, now: datetime) -> datetime:
    """When the next daily e-mail of this person is due, later than `now`; in UTC.

    An hour that the clocks leave out in spring is taken an hour later, one that they repeat in
    autumn for the first time.
    """
    zone = zone_of(habits)
    day = now.astimezone(zone).date()
    if habits.last_digest_on is not None:
        day = max(day, habits.last_digest_on + timedelta(days=1))
    at = datetime.combine(day, time(habits.hour), zone).astimezone(UTC)
    if at <= now:
        next_day = day + timedelta(days=1)
        at = datetime.combine(next_day, time(habits.hour), zone).astimezone(UTC)
    return at


def zone_of(habits: MailHabits) -> ZoneInfo:
    """The person's time zone; UTC where this machine does not know theirs."""
    try:
        return ZoneInfo(habits.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def note_sent(user_id: int, now: datetime) -> None:
    """Remember that today's daily e-mail of this person went out."""
    habits = habits_of([user_id])[user_id]
    today = now.astimezone(zone_of(habits)).date()
    MailHabits.objects.update_or_create(user_id=user_id, defaults={"last_digest_on": today})


def keep_hours(
    user: User, time_zone: str, hour: int, *, is_stopped: bool, skips_digest: bool
) -> None:
    """Store when and whether a person gets e-mails; what waits for the daily one is moved with it.

    `hour` is 0 to 23, `time_zone` one of `time_zones()`.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        habits, _ = MailHabits.objects.update_or_create(
            user=user,
            defaults={
                "time_zone": time_zone,
                "hour": hour,
                "is_stopped": is_stopped,
                "skips_digest": skips_digest,
            },
        )
        waiting = Notice.objects.filter(user=user, mail_due_at__isnull=False)
        # What was tried already belongs to today's: a new hour is for the next one.
        untried = waiting.filter(in_digest=True, mail_attempts=0)
        untried.update(mail_due_at=next_at(habits, timezone.now()))
        drop_unwanted(habits)


def drop_unwanted(habits: MailHabits) -> None:
    """Send none of what waits and is not wanted any more."""
    waiting = Notice.objects.filter(user=habits.user_id, mail_due_at__isnull=False)
    if habits.is_stopped:
        waiting.update(mail_due_at=None)
    elif habits.skips_digest:
        waiting.filter(in_digest=True).update(mail_due_at=None)
