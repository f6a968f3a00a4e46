"""What a guest's page needs beside what every review's page needs."""

from typing import Any, cast

from django.http import HttpRequest

from studio.accounts.models import Membership
from studio.reviews.context import of_review
from studio.reviews.models import ShareLink
from studio.reviews.reviewing import Reviewer
from studio.reviews.sharing.brands import brand_of


def of_guest(request: HttpRequest, reviewer: Reviewer, **more: Any) -> dict[str, Any]:
    """The context of a guest's room; `more` goes on top.

    `is_member`: the person is signed in and belongs to the workspace: they may want their own page.
    """
    link = cast("ShareLink", reviewer.link)  # whoever is a guest came by one
    return of_review(reviewer, **more) | {
        "link": link,
        "brand": brand_of(link.workspace),
        "shows_film": link.subject == ShareLink.Subject.FILM,
        "is_member": _is_member(request, link),
    }


def _is_member(request: HttpRequest, link: ShareLink) -> bool:
    if not request.user.is_authenticated:
        return False
    return Membership.objects.filter(workspace=link.workspace_id, user=request.user.pk).exists()
