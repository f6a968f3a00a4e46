"""E-mails of notices: everything that is due for a person in one message, plain and as HTML.

At least once: the try is counted before it, and a notice is due until the mail server took it.
After `MAX_TRIES` it stays in the app alone.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from studio.accounts.models import User
from studio.inbox import outbox
from studio.inbox.models import Notice

MAX_TRIES = 5
# Longer than a try may take (the socket's timeout is EMAIL_TIMEOUT), so no two send the same.
_TRY_LASTS = timedelta(minutes=10)
_MOST_IN_ONE = 50

log = logging.getLogger(__name__)


def send_due(user_id: int) -> bool:
    """Send a person the notices that are due; False where there are none, or the mail failed."""
    notices = _claim(user_id)
    if not notices:
        return False
    tried = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    try:
        _message(notices).send()
    except (OSError, SMTPException) as problem:
        log.warning("An e-mail to user %s was not sent: %s", user_id, type(problem).__name__)
        tried.filter(mail_attempts__gte=MAX_TRIES).update(mail_due_at=None)
        return False
    tried.update(mail_due_at=None, mailed_at=timezone.now())
    return True


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


def _claim(user_id: int) -> list[Notice]:
    """What to send now, kept from any other worker for as long as a try lasts."""
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        due = Notice.objects.filter(user=user_id, mail_due_at__lte=now)
        _to_no_member(due).update(mail_due_at=None)
        due = due.filter(mail_attempts__lt=MAX_TRIES).order_by("pk")
        notices = list(due.select_related("workspace", "user")[:_MOST_IN_ONE])
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(
            mail_due_at=now + _TRY_LASTS, mail_attempts=F("mail_attempts") + 1
        )
    return notices


def _to_no_member(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """Of these, the notices to who may not sign in any more, or has left the workspace."""
    still = notices.filter(user__is_active=True, user__memberships__workspace=F("workspace"))
    return notices.exclude(pk__in=still.values("pk"))


def _message(notices: list[Notice]) -> EmailMultiAlternatives:
    names = {notice.workspace.name for notice in notices}
    about = notices[0].label if len({n.kind for n in notices}) == 1 else f"{len(notices)} notices"
    heading = f"{about} · {names.pop()}" if len(names) == 1 else about
    context = {
        "notices": notices,
        "studio": settings.STUDIO_PUBLIC_URL,
        "inbox": reverse("inbox:notices"),
        "heading": heading,
    }
    message = EmailMultiAlternatives(
        subject=" ".join(heading.split()),  # a name may hold line breaks, a header may not
        body=render_to_string("inbox/mail.txt", context),
        to=[notices[0].user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("inbox/mail.html", context), "text/html")
    return message
