"""A guest's way in: the link, its door, and the room behind it."""

import uuid
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from studio.lib.throttling import Throttle
from studio.reviews.models import ShareLink
from studio.reviews.reviewing import Reviewer
from studio.reviews.sharing import brands, rooms, visits
from studio.reviews.sharing.answers import for_guests, refused
from studio.reviews.sharing.entering import CannotEnter, enter, is_full
from studio.reviews.sharing.guests import (
    UNKNOWN,
    NotIn,
    guest_for,
    link_for,
    may,
    why_closed,
)
from studio.reviews.sharing.links import sha256_of
from studio.reviews.sharing.viewing import log, seen
from studio.vault.serving import serve

# Tokens are not to be guessed, so whoever tries many is no guest.
_MISSES = Throttle("share-links", "20/m/ip,200/h/ip")
_TOO_OFTEN = "Too many links were tried from here. Wait a minute, then try again."


@for_guests
@require_safe
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address: the session keeps that it was shown, nothing else.

    Mistyped, expired and revoked links are answered alike, whosever they were.
    """
    response = _opened(request, token)
    response["Referrer-Policy"] = "no-referrer"
    return response


@for_guests
@require_safe
def show_room(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The take as this guest may see it; at first the door."""
    try:
        reviewer = guest_for(request, uid, may.LOOK)
    except NotIn as outside:
        return _door(request, outside.link)
    response = rooms.page(request, reviewer)
    if request.method == "GET":
        seen(request, reviewer)
    return visits.keep_place(request, cast("ShareLink", reviewer.link), response)


@for_guests
@require_safe
def tell_whether_open(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The pulse of an open page: 204 while the guest may have it before them, else its end."""
    reviewer = guest_for(request, uid, may.LOOK)
    rooms.require_what_it_shows(reviewer)
    return HttpResponse(status=204)


@for_guests
@require_POST
def enter_room(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Come in, as long as the link lets one more: 422 for what is to be corrected, 429, 410."""
    link = link_for(request, uid)
    name, passphrase, key = (request.POST.get(each, "") for each in ("name", "passphrase", "key"))
    try:
        enter(request, link, name, passphrase, key)
    except CannotEnter as cannot:
        return _door(request, link, name=name, cannot=cannot)
    return visits.keep_place(request, link, redirect("shared:take", uid=uid))


@for_guests
@require_safe
def serve_mark(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The workspace's own mark; it stands at the door already."""
    link = link_for(request, uid)
    return serve(request, brands.mark_of(link.workspace))


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    if not _MISSES.has_room(request):
        return refused(request, 429, _TOO_OFTEN)
    link = ShareLink.objects.select_related("take").filter(token_sha256=sha256_of(token)).first()
    if link is None or (closed := why_closed(link)):
        if link is not None:
            log(request, link, "refused", visits.guest_in(request, link), closed)
        _MISSES.take(request)
        return refused(request, 404, UNKNOWN)
    if request.method == "GET":  # whoever only asks whether there is something gets no session
        visits.remember(request, link)
    return redirect("shared:take", uid=link.uid)


def _door(
    request: HttpRequest, link: ShareLink, *, name: str = "", cannot: CannotEnter | None = None
) -> HttpResponse:
    guest = visits.guest_in(request, link)
    context = {
        "link": link,
        "workspace": link.workspace,
        "reviewer": Reviewer(link.take, link=link),
        "asks_name": link.asks_name and not (guest and guest.name),
        "asks_passphrase": not visits.typed_passphrase(request, link),
        "is_full": guest is None and is_full(link),
        "name": name,
        "key": visits.new_key(),
        "cannot": cannot,
    }
    status = cannot.status if cannot else 200
    return render(request, "reviews/sharing/door.html", context, status=status)
