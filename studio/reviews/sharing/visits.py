"""What a browser's session knows of links: whose tokens it has shown, and what it typed at them.

In the session stand, for each link's `uid`, a secret that will name this browser's guest, and the
fingerprint of the passphrase that was typed. What the link allows is asked of the database.
"""

import secrets
from typing import Any

from django.http import HttpRequest

from studio.reviews.models import Guest, ShareLink
from studio.reviews.sharing.links import sha256_of

_SESSION_KEY = "shared"
# A browser that collected more of them forgets the oldest.
_MOST_LINKS = 40


def remember(request: HttpRequest, link: ShareLink) -> None:
    """This browser has shown the link's token.

    A session that somebody else may have planted gets a new key first. That of a signed-in member
    got one when they signed in, and their other tabs would be signed out by another.
    """
    if knows(request, link):
        return
    if not request.user.is_authenticated:
        request.session.cycle_key()
    _write(request, link, {"key": secrets.token_urlsafe(32), "passphrase": ""})


def knows(request: HttpRequest, link: ShareLink) -> bool:
    """Whether this browser came by the link's token."""
    return bool(_of(request, link))


def key_sha256(request: HttpRequest, link: ShareLink) -> str:
    """What names this browser's guest in the database (hex); empty where it does not know the
    link."""
    key = _of(request, link).get("key", "")
    return sha256_of(key) if key else ""


def guest_in(request: HttpRequest, link: ShareLink) -> Guest | None:
    """The guest of this link that this browser is, whatever the passphrase is by now."""
    key = key_sha256(request, link)
    return Guest.objects.filter(link=link, key_sha256=key).first() if key else None


def typed_passphrase(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the passphrase as it is now was typed in this browser; True where there is none."""
    if not link.passphrase:
        return True
    typed = _of(request, link).get("passphrase", "")
    return secrets.compare_digest(typed, sha256_of(link.passphrase))


def note_passphrase(request: HttpRequest, link: ShareLink) -> None:
    """The passphrase as it is now was typed in this browser."""
    if not typed_passphrase(request, link):
        _write(request, link, {**_of(request, link), "passphrase": sha256_of(link.passphrase)})


def _all(request: HttpRequest) -> dict[str, Any]:
    found = request.session.get(_SESSION_KEY, {})
    return found if isinstance(found, dict) else {}


def _of(request: HttpRequest, link: ShareLink) -> dict[str, str]:
    found: dict[str, str] = _all(request).get(link.uid.hex, {})
    return found


def _write(request: HttpRequest, link: ShareLink, what: dict[str, str]) -> None:
    others = {uid: known for uid, known in _all(request).items() if uid != link.uid.hex}
    newest = list(others.items())[1 - _MOST_LINKS :]
    request.session[_SESSION_KEY] = {**dict(newest), link.uid.hex: what}
