"""Through a link's door: name and passphrase are asked, and who comes in is counted.

Counted is the person who presses the button, never who only fetches the address: previews of
links in chats and mail scanners do that too.
"""

from django.contrib.auth.hashers import check_password
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.lib.throttling import Throttle, network_of
from studio.lib.unseen import is_blank, without_controls
from studio.reviews.models import Guest, LinkView, ShareLink
from studio.reviews.sharing import visits
from studio.reviews.sharing.guests import FULL
from studio.reviews.sharing.links import sha256_of
from studio.reviews.sharing.viewing import log

MAX_NAME = 60
MAX_PASSPHRASE = 200
WRONG = "This is not the passphrase. Check it and type it again."
TOO_OFTEN = "Too many tries. Wait five minutes, then try again."
STALE = "This page is out of date. Type what it asks again, then press the button."

# Argon2 takes its time, and a passphrase is no random key: few guesses from one place, and few
# more from all places together.
_GUESSES_FROM_HERE = Throttle("guest-passphrase", "8/5m/key")
_GUESSES = Throttle("guest-passphrases", "100/h/key")
_ENTRIES = Throttle("guest-entries", "60/h/key")


class CannotEnter(Exception):
    """The door stays shut; `field` is what to correct, if it is something that was typed."""

    def __init__(self, says: str, *, field: str = "", status: int = 422) -> None:
        super().__init__(says)
        self.says = says
        self.field = field
        self.status = status


def enter(
    request: HttpRequest, link: ShareLink, name: str, passphrase: str, key: str = ""
) -> Guest:
    """Come in by a link that is open and that this browser knows. Raises `CannotEnter`.

    Who was in before comes in again as the same guest, and is not counted again. `key` is the one
    that the door's form was given; without it a double click counts as two people.
    """
    guest = visits.guest_in(request, link)
    name = _checked_name(link, name, guest)
    _check_passphrase(request, link, passphrase)
    if guest is None:
        key = key if visits.is_key(key) else visits.new_key()
        guest = _come_in(request, link, name, key)
    else:
        key = visits.key_in(request, link)
        if link.asks_name and not guest.name:
            guest.name = name
            guest.save(update_fields=["name"])
    visits.let_in(request, link, key)
    return guest


def is_full(link: ShareLink) -> bool:
    """Whether nobody new may come in."""
    return link.view_cap is not None and link.views >= link.view_cap


def _checked_name(link: ShareLink, name: str, guest: Guest | None) -> str:
    """The name on one line. It is burned into pictures and stands beside notes."""
    if not link.asks_name or (guest and guest.name):
        return ""
    name = without_controls(name)
    if is_blank(name):
        raise CannotEnter("Type your name, so that your team knows who looks.", field="name")
    if len(name) > MAX_NAME:
        raise CannotEnter(
            f"This name has {len(name)} characters. Shorten it to {MAX_NAME} at most.", field="name"
        )
    return name


def _check_passphrase(request: HttpRequest, link: ShareLink, passphrase: str) -> None:
    if visits.typed_passphrase(request, link):
        return
    from_here = _GUESSES_FROM_HERE.take(request, f"{link.uid}:{network_of(request)}")
    everywhere = from_here and _GUESSES.take(request, str(link.uid))
    if not from_here or not everywhere:
        log(request, link, LinkView.What.REFUSED, says="Too many passphrases.")
        raise CannotEnter(TOO_OFTEN, status=429)
    if len(passphrase) > MAX_PASSPHRASE or not check_password(passphrase, link.passphrase):
        log(request, link, LinkView.What.REFUSED, says="Wrong passphrase.")
        raise CannotEnter(WRONG, field="passphrase")
    from_here.rollback()
    everywhere.rollback()


def _come_in(request: HttpRequest, link: ShareLink, name: str, key: str) -> Guest:
    if not _ENTRIES.take(request, f"{link.uid}:{network_of(request)}"):
        raise CannotEnter("Too many people came in from here. Try again later.", status=429)
    now = timezone.now()
    try:
        with transaction.atomic():
            # First of all: the second of a double click fails here, before it is counted.
            guest = Guest.objects.create(link=link, name=name, key_sha256=sha256_of(key))
            open_to_one_more = ShareLink.objects.filter(
                Q(view_cap=None) | Q(views__lt=F("view_cap")),
                pk=link.pk,
                revoked_at=None,
                expires_at__gt=now,
            )
            if not open_to_one_more.update(views=F("views") + 1, last_viewed_at=now):
                raise CannotEnter(FULL, status=410)
            # The link itself knows: what was told of it is deleted some day, and a link prolonged.
            if ShareLink.objects.filter(pk=link.pk, views=1).exists():
                _tell_of_first(link, guest)
    except IntegrityError:
        twin = visits.guest_named(link, key)
        if twin is None:  # the key of a form of another link
            raise CannotEnter(STALE) from None
        return twin
    except CannotEnter:
        log(request, link, LinkView.What.REFUSED, says=FULL)
        raise
    return guest


def _tell_of_first(link: ShareLink, guest: Guest) -> None:
    """Tell who made the link that somebody came by it."""
    if link.created_by is None:
        return
    take = link.take
    named = f" “{link.label}”" if link.label else ""
    announce(
        link.workspace,
        Kind.LINK_VIEWED,
        f"{guest} opened your link{named} to {take.project.title}, take {take.number}.",
        key=f"link {link.pk} viewed",
        url=reverse("reviews:link-log", args=[take.pk, link.pk]),
        users=[link.created_by],
        project=take.project_id,
    )
