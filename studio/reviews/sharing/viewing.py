"""The view log: who opened, watched, downloaded or was refused, from where; bounded.

What the same person does again within ten minutes is one line, so that a player which asks for a
film in a hundred parts, or a robot at a shut door, does not fill it.
"""

import hashlib
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from studio.lib.throttling import address_of
from studio.lib.unseen import without_controls
from studio.reviews.models import Guest, LinkView, ShareLink
from studio.reviews.reviewing import Reviewer

ONCE_IN_S = 600
MOST_REFUSALS_A_DAY = 50
PLACES_KEPT_FOR = timedelta(days=90)
_MAX_AGENT = 200
_MAX_SAYS = 200


def log(
    request: HttpRequest, link: ShareLink, what: str, guest: Guest | None = None, says: str = ""
) -> bool:
    """Write a line into the link's view log, unless the same stands there already: then False."""
    address = address_of(request)
    if not _is_first(link, what, str(guest.pk) if guest else address, says):
        return False
    if what == LinkView.What.REFUSED and _are_enough(link):
        return False
    LinkView.objects.create(
        link=link,
        guest=guest,
        what=what,
        says=says[:_MAX_SAYS],
        address=address,
        agent=without_controls(request.headers.get("User-Agent", ""))[:_MAX_AGENT],
    )
    return True


def seen(request: HttpRequest, reviewer: Reviewer) -> None:
    """The guest opened the page."""
    link, guest = reviewer.link, reviewer.guest
    if link is None or guest is None or not log(request, link, LinkView.What.OPENED, guest):
        return
    now = timezone.now()
    ShareLink.objects.filter(pk=link.pk).update(last_viewed_at=now)
    Guest.objects.filter(pk=guest.pk).update(last_seen_at=now)


def served(
    request: HttpRequest, reviewer: Reviewer, what: str, response: HttpResponseBase
) -> HttpResponseBase:
    """The guest was given bytes of a file, if they were: not for a HEAD, nor where they have it."""
    if reviewer.link and request.method == "GET" and response.status_code in (200, 206):
        log(request, reviewer.link, what, reviewer.guest)
    return response


def prune() -> int:
    """Forget from where and with what people looked `PLACES_KEPT_FOR` ago; who and when stays."""
    old = LinkView.objects.filter(at__lt=timezone.now() - PLACES_KEPT_FOR)
    return old.exclude(address=None, agent="").update(address=None, agent="")


def _is_first(link: ShareLink, what: str, who: str, says: str) -> bool:
    """Adding to the cache is atomic: a player asks on several connections at once."""
    sentence = hashlib.sha256(says.encode()).hexdigest()[:16]
    return cache.add(f"link-view:{link.pk}:{what}:{who}:{sentence}", 1, ONCE_IN_S)


def _are_enough(link: ShareLink) -> bool:
    since = timezone.now() - timedelta(days=1)
    refusals = link.log.filter(what=LinkView.What.REFUSED, at__gte=since)
    return refusals.count() >= MOST_REFUSALS_A_DAY
