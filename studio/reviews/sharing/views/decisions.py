"""A guest's word on a take, for links that ask for it; what it counts, the policy says."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from studio.reviews.deciding import answers
from studio.reviews.sharing.answers import for_guests
from studio.reviews.sharing.guests import Closed, guest_for, may
from studio.reviews.sharing.rooms import is_member, page

OWN_PAGE = (
    "You are signed in as a member, and here you would be a second person. "
    "Decide on your own page of this take."
)


@for_guests
@require_safe
def show_decision(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.DECIDE)
    return answers.show(request, reviewer)


@for_guests
@require_POST
def decide_take(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.DECIDE)
    if reviewer.link and is_member(request, reviewer.link):
        raise Closed(403, OWN_PAGE)
    return answers.answer(request, reviewer, page)


@for_guests
@require_POST
def withdraw_word(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    reviewer = guest_for(request, uid, may.DECIDE)
    return answers.withdraw_word(request, reviewer, page)
