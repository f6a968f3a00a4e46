"""Ending e-mails by a link in them, without signing in (RFC 8058).

The link carries who and what, signed with the studio's secret: it needs no row, holds as long as
that secret does, and survives a new password. It can only ever stop e-mails.
"""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from studio.accounts.models import User
from studio.inbox import preferences
from studio.inbox.models import Kind, MailHabits, Notice

ALL, DAILY = "all", "daily"
_SALT = "studio.inbox.unsubscribing"


class BadToken(ValueError):
    """The token was not made by this studio, or names nobody who is here."""


def link(user: User, scope: str) -> str:
    """The address that ends this person's e-mails of a kind, the daily one, or all; empty for a
    studio that has no address."""
    if not settings.STUDIO_PUBLIC_URL:
        return ""
    return f"{settings.STUDIO_PUBLIC_URL}{reverse('inbox:unsubscribe', args=[token(user, scope)])}"


def token(user: User, scope: str) -> str:
    """Who and what, signed."""
    return signing.Signer(salt=_SALT).sign_object([user.pk, scope])


def read(token: str) -> tuple[User, str]:
    """Whose e-mails a token ends, and which. Raises `BadToken`."""
    try:
        user_id, scope = signing.Signer(salt=_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise BadToken from None
    user = User.objects.filter(pk=user_id).first()
    if user is None or scope not in (ALL, DAILY, *Kind.values):
        raise BadToken
    return user, scope


def stop(user: User, scope: str) -> None:
    """End these e-mails, those that wait to be sent included. Doing it again changes nothing."""
    waiting = Notice.objects.filter(user=user, mail_due_at__isnull=False)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if scope == ALL:
            MailHabits.objects.update_or_create(user=user, defaults={"is_stopped": True})
        elif scope == DAILY:
            MailHabits.objects.update_or_create(user=user, defaults={"skips_digest": True})
            waiting = waiting.filter(in_digest=True)
        else:
            preferences.stop_mails_about(user, scope)
            waiting = waiting.filter(kind=scope)
        waiting.update(mail_due_at=None)


def in_words(scope: str) -> str:
    """What a token ends, as in “Shotboard sends you no …”."""
    if scope == ALL:
        return "e-mails at all"
    if scope == DAILY:
        return "daily e-mails"
    return f"e-mails about “{Kind(scope).label}”"
