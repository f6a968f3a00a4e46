"""Share links: made, changed and revoked, each on record; the token is told once and never kept.

What lies in the database opens nothing: of the token its SHA-256, of the passphrase its argon2.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.reviews.models import ShareLink

TOKEN_BYTES = 32
DEFAULT_DAYS = 14
MAX_DAYS = 90


class CannotShare(Exception):
    """No link can be made or changed as things stand; the message says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a link lets its guests do. `days`: 1 to 90, until it expires. `view_cap`: how many
    people may come in. An empty `passphrase` asks for none."""

    subject: str = ShareLink.Subject.PREVIEW
    rights: str = ShareLink.Rights.VIEW
    days: int = DEFAULT_DAYS
    label: str = ""
    passphrase: str = ""
    view_cap: int | None = None
    asks_name: bool = True
    marks_viewer: bool = True


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link with its address, which is not known to anybody after this."""

    link: ShareLink
    address: str


def links_of(take: Take) -> QuerySet[ShareLink]:
    """The take's links, newest first."""
    return ShareLink.objects.filter(take=take, workspace=take.workspace_id).select_related(
        "created_by", "revoked_by"
    )


def create(take: Take, by: User, terms: Terms) -> NewLink:
    """Make a link. Raises `CannotShare` while the take has nothing to show, ValueError for terms
    that no form lets through."""
    if take.status != Status.READY or take.files_deleted_at is not None:
        raise CannotShare("This take has no files to show. Share it once it is ready.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    # A name can only be burned in where it is known, and the film itself is never drawn anew.
    marks_viewer = terms.marks_viewer and terms.subject == ShareLink.Subject.PREVIEW
    with transaction.atomic():
        link = ShareLink.objects.create(
            workspace=take.workspace,
            take=take,
            token_sha256=sha256_of(token),
            label=terms.label,
            subject=ShareLink.Subject(terms.subject),
            rights=ShareLink.Rights(terms.rights),
            expires_at=expiry_in(terms.days),
            passphrase=hashed(terms.passphrase),
            view_cap=terms.view_cap,
            asks_name=terms.asks_name or marks_viewer,
            marks_viewer=marks_viewer,
            created_by=by,
        )
        _record(link, by, "created", **_facts(link))
    return NewLink(link, f"{settings.STUDIO_PUBLIC_URL}{reverse('shared:open', args=[token])}")


def change(
    link: ShareLink,
    by: User,
    *,
    label: str,
    days: int | None,
    view_cap: int | None,
    passphrase: str | None,
) -> None:
    """Rename the link, extend it (`days` from now; None leaves its expiry), set its cap, give it
    another `passphrase` (None leaves it, empty takes it off). Another one shuts out everybody who
    came in by the former. Raises `CannotShare` once it is revoked."""
    fields: dict[str, Any] = {"label": label, "view_cap": view_cap}
    if days is not None:
        fields["expires_at"] = expiry_in(days)
    if passphrase is not None:
        fields["passphrase"] = hashed(passphrase)
    with transaction.atomic():
        audit.lock(link.workspace)
        if not ShareLink.objects.filter(pk=link.pk, revoked_at=None).update(**fields):
            raise CannotShare("This link was revoked, so nothing was changed. Make a new one.")
        link.refresh_from_db(fields=list(fields))
        _record(link, by, "changed", **_facts(link), changed_passphrase=passphrase is not None)


def revoke(link: ShareLink, by: User) -> bool:
    """Shut the link for good, from the next request of any guest on; False if it was already."""
    with transaction.atomic():
        audit.lock(link.workspace)
        live = ShareLink.objects.filter(pk=link.pk, revoked_at=None)
        if not live.update(revoked_at=timezone.now(), revoked_by=by):
            return False
        _record(link, by, "revoked", views=link.views)
    link.refresh_from_db(fields=["revoked_at", "revoked_by"])
    return True


def sha256_of(secret: str) -> str:
    """SHA-256 (hex): enough for what is random already."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hashed(passphrase: str) -> str:
    """As Django hashes passwords; empty for none."""
    return make_password(passphrase) if passphrase else ""


def expiry_in(days: int) -> datetime:
    """The moment, that many days from now. Raises ValueError beyond 1 to 90."""
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"A link lives for 1 to {MAX_DAYS} days, not {days}.")
    return timezone.now() + timedelta(days=days)


def _facts(link: ShareLink) -> dict[str, Any]:
    return {
        "label": link.label,
        "subject": link.subject,
        "rights": link.rights,
        "expires_at": link.expires_at.isoformat(timespec="seconds"),
        "has_passphrase": bool(link.passphrase),
        "view_cap": link.view_cap,
        "marks_viewer": link.marks_viewer,
    }


def _record(link: ShareLink, by: User, verb: str, **data: Any) -> None:
    audit.record(
        link.workspace, by, f"link.{verb}", f"link {link.pk} to take {link.take_id}", **data
    )
