"""The retention page of a workspace, and the Keep button of a take."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import can, role_on, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.renders.desk.keeping import FilesAreGone, set_kept
from studio.reviews.retention.policies import (
    UnusablePolicy,
    announced_count,
    outlook,
    policy_of,
    set_policy,
)
from studio.reviews.reviewing import take_for
from studio.reviews.views.takes import answer_about

_NUMBER = re.compile(r"[0-9]{1,6}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_retention(request: HttpRequest, slug: str) -> HttpResponse:
    """The policy. Posting sets it, once what it announces at once was confirmed; with `preview`
    it only shows that."""
    workspace = workspace_for(request, slug, can.MANAGE_RETENTION)
    typed = request.POST
    if request.method != "POST":
        return _page(request, workspace)
    try:
        days, warn_days = _read(typed)
        ahead = outlook(workspace, days, warn_days)
    except UnusablePolicy as refused:
        return _page(request, workspace, typed=typed, refused=refused, status=422)
    asked_about = f"{days}-{warn_days}"
    is_confirmed = not ahead.count or typed.get("confirmed") == asked_about
    if "preview" in typed or not is_confirmed:
        return _page(
            request, workspace, typed=typed, ahead=ahead, asked_about=asked_about, days=days
        )
    policy = set_policy(workspace, days, warn_days, signed_in(request))
    messages.success(request, f"Saved: {policy.in_words}.")
    return redirect("reviews:retention", slug)


@require_POST
def keep_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a take's files whatever the policy says (`keep` is 1), or no longer."""
    take = take_for(request, pk, can.RENDER)
    is_kept = request.POST.get("keep") != "0"
    try:
        set_kept(take, is_kept, signed_in(request))
    except FilesAreGone as gone:
        return answer_about(request, pk, problem=str(gone))
    says = "Kept." if is_kept else "Left to the retention policy."
    return answer_about(request, pk, says=says)


def _read(typed: QueryDict) -> tuple[int | None, int]:
    """Days (None: for ever) and days of warning. Raises `UnusablePolicy`."""
    days, warn_days = typed.get("days", "").strip(), typed.get("warn_days", "").strip()
    if days and not _NUMBER.fullmatch(days):
        raise UnusablePolicy("Write a number of days, or nothing to keep files for ever.", "days")
    if not _NUMBER.fullmatch(warn_days):
        raise UnusablePolicy("Write how many days before it is announced, such as 7.", "warn_days")
    return int(days) if days else None, int(warn_days)


def _page(
    request: HttpRequest,
    workspace: Workspace,
    *,
    typed: QueryDict | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    policy = policy_of(workspace)
    page = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "retention",
        "policy": policy,
        "announced": announced_count(workspace),
        "typed_days": typed.get("days", "") if typed else policy.days,
        "typed_warn_days": typed.get("warn_days", "") if typed else policy.warn_days,
        **more,
    }
    return render(request, "reviews/retention/policy.html", page, status=status)
