"""Deciding on a take and releasing its film, for members."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can
from studio.reviews.deciding import answers, releases
from studio.reviews.reviewing import member_for
from studio.reviews.views.takes import page


@require_safe
def show_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision panel, when something happened since `since`."""
    reviewer = member_for(request, pk, can.VIEW)
    return answers.show(request, reviewer)


@require_POST
def decide_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or ask for changes."""
    reviewer = member_for(request, pk, can.DECIDE)
    return answers.answer(request, reviewer, page)


@require_POST
def withdraw_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own approval or request for changes."""
    reviewer = member_for(request, pk, can.DECIDE)
    return answers.withdraw_word(request, reviewer, page)


@require_POST
def release_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an approved film: where the policy leaves that to a hand, or after a withdrawal."""
    reviewer = member_for(request, pk, can.RELEASE)
    says = "Released. The film can be watched and downloaded."
    return answers.change_release(request, reviewer, page, releases.release, says)


@require_POST
def withdraw_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the film again, from the next request on."""
    reviewer = member_for(request, pk, can.RELEASE)
    says = "Release withdrawn. The film is locked again."
    return answers.change_release(request, reviewer, page, releases.withdraw, says)
