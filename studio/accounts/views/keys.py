"""The API keys page: add, test, revoke. A key's plaintext comes in and never goes out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import keys
from studio.accounts.access import can, fetch, role_on, signed_in, workspace_for
from studio.accounts.forms import NewKeyForm
from studio.accounts.keyring import KeyringError
from studio.accounts.models import ApiKey, Workspace
from studio.lib.htmx import say
from studio.lib.requests import htmx_of


@never_cache
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def manage_keys(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; posting to it adds a key."""
    workspace = workspace_for(request, slug, can.MANAGE_KEYS)
    form = NewKeyForm(request.POST) if request.method == "POST" else NewKeyForm()
    if form.is_bound and _add(request, workspace, form):
        return redirect("accounts:keys", slug)
    api_keys = _newest_first(workspace)
    page = {
        **_context(workspace, role_on(workspace)),
        "form": form,
        "api_keys": api_keys,
        "has_keys": bool(api_keys),
    }
    return render(request, "accounts/keys.html", page, status=422 if form.is_bound else 200)


def _add(request: HttpRequest, workspace: Workspace, form: NewKeyForm) -> bool:
    is_valid = form.is_valid()
    label, secret = form.take()
    if not is_valid:
        return False
    try:
        key = keys.add_key(workspace, label, secret, signed_in(request))
    except keys.UnusableKey as refusal:
        form.add_error(refusal.field, str(refusal))
    except KeyringError as problem:
        form.add_error(None, str(problem))
    else:
        messages.success(request, f"{key} is the active key now. Test it before the next render.")
        return True
    return False


@never_cache
@require_POST
def test_key(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Ask the vendor about a key; the answer stands in the key's row."""
    key = _key_for(request, slug, uid)
    try:
        keys.test_key(key, signed_in(request))
    except KeyringError as problem:
        if htmx_of(request):
            return say(HttpResponse(status=409), str(problem))
        messages.error(request, str(problem))
    if not htmx_of(request):
        return redirect("accounts:keys", slug)
    key.refresh_from_db()
    row = _context(key.workspace, role_on(key)) | {"key": key, "has_keys": True}
    row["is_row_alone"] = True
    return render(request, "accounts/keys.html#key-row", row)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke_key(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Say what revoking means; posting to it revokes."""
    key = _key_for(request, slug, uid)
    if request.method == "POST":
        if keys.revoke_key(key, signed_in(request)):
            messages.success(request, f"{key} is revoked. Nothing uses it any more.")
        return redirect("accounts:keys", slug)
    return render(
        request, "accounts/revoke_key.html", {**_context(key.workspace, role_on(key)), "key": key}
    )


def _key_for(request: HttpRequest, slug: str, uid: str) -> ApiKey:
    rows = ApiKey.objects.select_related("workspace", "created_by")
    return fetch(request, rows, can.MANAGE_KEYS, uid=uid, workspace__slug=slug)


def _newest_first(workspace: Workspace) -> list[ApiKey]:
    return list(workspace.api_keys.select_related("created_by").order_by("-created_at", "-pk"))


def _context(workspace: Workspace, role: str) -> dict[str, object]:
    return {
        "workspace": workspace,
        "role": role,
        "section": "keys",
        "active": keys.active_key(workspace),
        "vendor": keys.vendor_name(),
    }
