"""The page on which a workspace sets what it takes until a film is released."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studio.accounts.access import can, role_on, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.lib.requests import htmx_of
from studio.reviews.deciding.policies import (
    DECIDING_ROLES,
    MOST_APPROVALS,
    Rule,
    UnusablePolicy,
    change,
    in_words,
    policy_of,
    rule_of,
    shortage,
)

_NUMBER = re.compile(r"[0-9]{1,4}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The policy. Posting sets it; with `preview` it only says what it would mean."""
    workspace = workspace_for(request, slug, can.MANAGE_REVIEWS)
    if request.method != "POST":
        return _page(request, workspace, rule_of(policy_of(workspace)))
    rule, is_preview = _read(request.POST), "preview" in request.POST
    try:
        rule.checked()
    except UnusablePolicy as refused:
        return _page(request, workspace, rule, is_preview, typed=request.POST, refused=refused)
    if is_preview:
        return _page(request, workspace, rule, is_preview)
    policy = change(workspace, rule, signed_in(request))
    messages.success(request, f"Saved. {in_words(rule_of(policy))}")
    return redirect("reviews:policy", slug)


def _read(typed: QueryDict) -> Rule:
    """What was typed, for `Rule.checked` to judge: no number counts as none."""
    number = typed.get("approvals_needed", "").strip()
    ticked = set(typed.getlist("roles"))
    return Rule(
        approvals_needed=int(number) if _NUMBER.fullmatch(number) else 0,
        roles=tuple(role.value for role in DECIDING_ROLES if role.value in ticked),
        refuses_own="refuses_own" in typed,
        guests_count="guests_count" in typed,
        releases_itself=typed.get("releases_itself") != "0",
    )


def _page(
    request: HttpRequest,
    workspace: Workspace,
    rule: Rule,
    is_preview: bool = False,
    *,
    typed: QueryDict | None = None,
    refused: UnusablePolicy | None = None,
) -> HttpResponse:
    context = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "review-policy",
        "policy": policy_of(workspace),
        "rule": rule,
        "typed_number": typed.get("approvals_needed", "") if typed else rule.approvals_needed,
        "roles": [(one.value, f"{one.label}s", one.value in rule.roles) for one in DECIDING_ROLES],
        "most": MOST_APPROVALS,
        "refused": refused,
        "means": "" if refused else in_words(rule),
        "shortage": "" if refused else shortage(workspace, rule),
        "is_preview": is_preview,
    }
    is_part = is_preview and htmx_of(request)
    part = "reviews/deciding/policy.html" + ("#policy-meaning" if is_part else "")
    return render(request, part, context, status=422 if refused else 200)
