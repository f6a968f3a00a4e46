"""What a browser knows of links: whose tokens it has shown, and what was typed at them.

In the session stand, for each link's `uid`, the secret that names this browser's guest once it is
in, and the fingerprint of the passphrase that was typed. Both are kept for longer as the guest's
place (`places`). What the link allows is asked of the database.
"""

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse

from studio.reviews.models import Guest, ShareLink
from studio.reviews.sharing import places
from studio.reviews.sharing.links import sha256_of
from studio.reviews.sharing.places import Place

_SESSION_KEY = "shared"
# A browser that collected more of them forgets the oldest.
_MOST_LINKS = 40
_KEY_BYTES = 32
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


def remember(request: HttpRequest, link: ShareLink) -> None:
    """This browser has shown the link's token.

    That stands in a session with a key of its own, so that one which somebody planted gains
    nothing by it. A signed-in member's goes on as it is: it got a new key when they signed in, and
    to end it would sign their other tabs out.
    """
    if knows(request, link):
        return
    if not request.user.is_authenticated:
        _go_on_elsewhere(request)
    _write(request, link, {"key": "", "passphrase": ""})


def knows(request: HttpRequest, link: ShareLink) -> bool:
    """Whether this browser came by the link's token."""
    return bool(_of(request, link))


def new_key() -> str:
    """A secret to name a guest by. The door's form has one in it: whoever presses its button twice
    sends it twice, and is one person."""
    return secrets.token_urlsafe(_KEY_BYTES)


def is_key(text: str) -> bool:
    """Whether it reads as `new_key` writes them."""
    return _KEY.fullmatch(text) is not None


def key_in(request: HttpRequest, link: ShareLink) -> str:
    """The secret that names this browser's guest; empty while it is not in."""
    return _of(request, link).get("key", "")


def guest_in(request: HttpRequest, link: ShareLink) -> Guest | None:
    """The guest of this link that this browser is, whatever the passphrase is by now."""
    return guest_named(link, key_in(request, link))


def guest_named(link: ShareLink, key: str) -> Guest | None:
    """The guest of this link whom the secret names."""
    return Guest.objects.filter(link=link, key_sha256=sha256_of(key)).first() if key else None


def typed_passphrase(request: HttpRequest, link: ShareLink) -> bool:
    """Whether the passphrase as it is now was typed in this browser; True where there is none."""
    if not link.passphrase:
        return True
    typed = _of(request, link).get("passphrase", "")
    return secrets.compare_digest(typed, _fingerprint(link))


def let_in(request: HttpRequest, link: ShareLink, key: str) -> None:
    """This browser is the guest whom `key` names, and typed the passphrase as it is now. Again in
    a session with a key of its own, for what was planted may have shown the token itself."""
    if not request.user.is_authenticated:
        _go_on_elsewhere(request)
    _write(request, link, {"key": key, "passphrase": _fingerprint(link)})


def keep_place(request: HttpRequest, link: ShareLink, response: HttpResponse) -> HttpResponse:
    """Let the browser of who is in keep their place for as long as the link lasts by now.

    Whose it was stays as it was when they came in, whoever signed in since.
    """
    known = _of(request, link)
    former = places.place_in(request, link)
    if former is not None and former.key == known["key"]:
        member = former.member
    else:
        member = str(request.user.pk) if request.user.is_authenticated else ""
    places.keep(response, link, Place(known["key"], known["passphrase"], member))
    return response


def _go_on_elsewhere(request: HttpRequest) -> None:
    """Take what the session knows into one with a new key.

    Unlike `cycle_key` it leaves the former as it was, without what is gained now. The second
    request of a double click still comes with it; and what another tab asks at this very moment
    would be answered by taking the browser's cookie away, the new one.
    """
    known = dict(request.session.items())
    request.session.create()
    request.session.update(known)


def _fingerprint(link: ShareLink) -> str:
    return sha256_of(link.passphrase) if link.passphrase else ""


def _all(request: HttpRequest) -> dict[str, Any]:
    found = request.session.get(_SESSION_KEY, {})
    return found if isinstance(found, dict) else {}


def _of(request: HttpRequest, link: ShareLink) -> dict[str, str]:
    found: dict[str, str] = _all(request).get(link.uid.hex, {})
    if not found.get("key") and (place := places.place_in(request, link)):
        return {"key": place.key, "passphrase": place.passphrase}
    return found


def _write(request: HttpRequest, link: ShareLink, what: dict[str, str]) -> None:
    others = {uid: known for uid, known in _all(request).items() if uid != link.uid.hex}
    newest = list(others.items())[1 - _MOST_LINKS :]
    request.session[_SESSION_KEY] = {**dict(newest), link.uid.hex: what}
