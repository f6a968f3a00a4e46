"""E-mails of notices: what is due for a person in one message, the daily one apart from the others.

At least once: the try is counted and the notices leased before it, and a notice is due until the
mail server took it. After `MAX_TRIES` it stays in the app alone.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.inbox import digests, letters, outbox, preferences
from studio.inbox.models import MailHabits, Notice
from studio.lib.waking import lying_in_queue

MAX_TRIES = 5
# Longer than a try may take (the socket's timeout is EMAIL_TIMEOUT), so no two send the same.
_TRY_LASTS = timedelta(minutes=10)
_MOST_IN_ONE = 50
_WOKEN_AT_ONCE = 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one message is about: all of these notices, of which it quotes the first ones."""

    pks: Sequence[int]
    quoted: Sequence[Notice]


def send_due(user_id: int) -> bool:
    """Send a person what is due at once, and the daily e-mail if it is time for that.

    Returns whether anything was sent.
    """
    sent = [_send(user_id, in_digest=in_digest) for in_digest in (False, True)]
    return any(sent)


def wake_late() -> int:
    """Try again what a mail server refused or a worker died over; returns for how many people.

    Called once an hour.
    """
    Notice.objects.filter(mail_due_at__lte=timezone.now(), mail_attempts__gte=MAX_TRIES).update(
        mail_due_at=None
    )
    late = Notice.objects.filter(mail_due_at__lte=timezone.now()).order_by("user")
    people = list(late.values_list("user", flat=True).distinct()[:500])
    for user_id in people:
        outbox.wake_mail(user_id)
    return len(people)


def wake_digests() -> int:
    """Wake the daily e-mails whose hour has come; returns how many. Any number of watchers may
    call it, at every beat: what lies in the queue already is not put there again."""
    due = Notice.objects.filter(
        in_digest=True, mail_due_at__lte=timezone.now(), mail_attempts=0
    ).order_by("user")
    people = list(due.values_list("user", flat=True).distinct()[:_WOKEN_AT_ONCE])
    if not people:
        return 0
    entries = {row.user_id: row.entry for row in digests.habits_of(people).values()}
    lying = lying_in_queue([entry for entry in entries.values() if entry is not None])
    lost = [user_id for user_id in people if entries[user_id] not in lying]
    for user_id in lost:
        with transaction.atomic():
            entry = outbox.wake_mail(user_id)
            MailHabits.objects.update_or_create(user_id=user_id, defaults={"entry": entry})
    return len(lost)


def _send(user_id: int, *, in_digest: bool) -> bool:
    claimed = _claim(user_id, in_digest=in_digest)
    if not claimed.pks:
        return False
    tried = Notice.objects.filter(pk__in=claimed.pks)
    more = len(claimed.pks) - len(claimed.quoted)
    try:
        letters.letter(claimed.quoted, more=more, in_digest=in_digest).send()
    except (OSError, SMTPException) as problem:
        log.warning("An e-mail to user %s was not sent: %s", user_id, type(problem).__name__)
        tried.filter(mail_attempts__gte=MAX_TRIES).update(mail_due_at=None)
        return False
    now = timezone.now()
    with transaction.atomic():
        tried.update(mail_due_at=None, mailed_at=now)
        if in_digest:
            digests.note_sent(user_id, now)
    return True


def _claim(user_id: int, *, in_digest: bool) -> Claimed:
    """What to send now, kept from any other worker for as long as a try lasts."""
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        digests.drop_unwanted(digests.habits_of([user_id])[user_id])
        preferences.drop_unwanted(user_id)
        due = Notice.objects.filter(user=user_id, mail_due_at__lte=now, in_digest=in_digest)
        _to_no_member(due).update(mail_due_at=None)
        if in_digest:  # what was read meanwhile is no news
            due.filter(read_at__isnull=False).update(mail_due_at=None)
        due = due.filter(mail_attempts__lt=MAX_TRIES).order_by("pk")
        pks = list(due.values_list("pk", flat=True))
        notices = Notice.objects.filter(pk__in=pks[:_MOST_IN_ONE]).order_by("pk")
        quoted = list(notices.select_related("workspace", "user"))
        Notice.objects.filter(pk__in=pks).update(
            mail_due_at=now + _TRY_LASTS, mail_attempts=F("mail_attempts") + 1
        )
    return Claimed(pks, quoted)


def _to_no_member(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Of these, the notices to who may not sign in any more, or has left the workspace."""
    still = notices.filter(user__is_active=True, user__memberships__workspace=F("workspace"))
    return notices.exclude(pk__in=still.values("pk"))
