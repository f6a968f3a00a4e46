"""A guest's place behind a link, kept by their browser for as long as the link may last.

A session ends after two weeks, a link after as many as ninety days, and it may be extended. Who is
in by a link with a view cap could not come in again. So the place is a cookie of its own, sent to
that link's addresses alone: no session lives longer for it, a member's least of all.

What it opens is asked of the database as ever: nothing, once the link is shut.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from studio.reviews.models import ShareLink
from studio.reviews.sharing.links import MAX_DAYS

# After a link's end its place opens nothing, unless somebody extends the link.
_OUTLASTS_LINK_BY = timedelta(days=MAX_DAYS)


@dataclass(frozen=True, slots=True)
class Place:
    """The secret `key` that names the guest, the fingerprint of the `passphrase` they typed, and
    the id of the `member` who came in signed in: theirs is nobody's while they are signed out."""

    key: str
    passphrase: str
    member: str = ""


def place_in(request: HttpRequest, link: ShareLink) -> Place | None:
    """The place that this browser kept at this link, if whoever came in is before it."""
    kept = request.COOKIES.get(_name(link), "")
    try:
        place = Place(**signing.loads(kept, salt=_salt(link))) if kept else None
    except (signing.BadSignature, TypeError):
        return None
    if place is None or (place.member and not _is_before(request, place.member)):
        return None
    return place


def keep(response: HttpResponse, link: ShareLink, place: Place) -> None:
    """Let the browser keep it, until the link's end and for a while beyond."""
    response.set_cookie(
        _name(link),
        signing.dumps(asdict(place), salt=_salt(link)),
        expires=link.expires_at + _OUTLASTS_LINK_BY,
        path=reverse("shared:take", args=[link.uid]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_before(request: HttpRequest, member: str) -> bool:
    return secrets.compare_digest(str(request.user.pk), member)


def _name(link: ShareLink) -> str:
    return f"place-{link.uid.hex}"


def _salt(link: ShareLink) -> str:
    return f"place at {link.uid.hex}"
