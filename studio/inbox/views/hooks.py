"""The page of a workspace's chat webhooks. An address comes in and never goes out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts.access import can, fetch, role_on, signed_in, workspace_for
from studio.accounts.keyring import KeyringError
from studio.accounts.models import Workspace
from studio.inbox.chat import hooks, sending
from studio.inbox.chat.checking import UnusableHook
from studio.inbox.forms import HookForm, NewHookForm
from studio.inbox.models import IN_CHAT, ChatHook, ChatMessage, Kind, label_in_chat

_LOGGED = 30
# What a new webhook posts unless somebody chooses otherwise.
_USUAL = (
    Kind.TAKE_READY,
    Kind.CHANGES_REQUESTED,
    Kind.APPROVED,
    Kind.RELEASED,
    Kind.KEY_PAUSED,
    Kind.BUDGET_REACHED,
)


@never_cache
@sensitive_post_parameters("address")
@require_http_methods(["GET", "HEAD", "POST"])
def manage_hooks(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; posting to it adds a webhook."""
    workspace = workspace_for(request, slug, can.MANAGE_HOOKS)
    is_typed = request.method == "POST"
    form = NewHookForm(request.POST) if is_typed else NewHookForm(initial={"kinds": _USUAL})
    if is_typed and _add(request, workspace, form):
        return redirect("inbox:hooks", slug)
    return _page(request, workspace, form, status=422 if is_typed else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_hook(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Its name and what is posted to it."""
    hook = _hook_for(request, slug, uid)
    form = HookForm(request.POST) if request.method == "POST" else HookForm(_said(hook))
    if request.method == "POST" and form.is_valid():
        try:
            hooks.change_hook(
                hook, form.cleaned_data["name"], form.cleaned_data["kinds"], signed_in(request)
            )
        except UnusableHook as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"{hook.name} is saved.")
            return redirect("inbox:hooks", slug)
    page = {**_context(hook.workspace, role_on(hook)), "hook": hook, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "inbox/change_hook.html", page, status=status)


@never_cache
@require_POST
def test_hook(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Post a greeting now, and say what the chat answered."""
    hook = _hook_for(request, slug, uid)
    was_paused = hook.is_paused
    try:
        message = sending.test_hook(hook, signed_in(request))
    except sending.TooManyTests as refusal:
        messages.error(request, str(refusal))
    else:
        is_sent = message.status == ChatMessage.Status.SENT
        say = messages.success if is_sent else messages.error
        resumed = " It is told of everything from now on." if is_sent and was_paused else ""
        say(request, f"{hook.name}: {message.answer}{resumed}")
    return redirect("inbox:hooks", slug)


@never_cache
@require_POST
def pause_hook(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Post nothing for now, or go on."""
    hook = _hook_for(request, slug, uid)
    user = signed_in(request)
    if request.POST.get("pause") == "no":
        if hooks.resume_hook(hook, user):
            messages.success(request, f"{hook.name} is told of everything from now on.")
    elif hooks.pause_hook(hook, f"{user} paused it.", user):
        messages.success(request, f"{hook.name} is paused. Nothing is posted to it.")
    return redirect("inbox:hooks", slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_hook(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Say what removing means; posting to it removes."""
    hook = _hook_for(request, slug, uid)
    if request.method == "POST":
        hooks.remove_hook(hook, signed_in(request))
        messages.success(request, f"{hook.name} is removed.")
        return redirect("inbox:hooks", slug)
    page = {**_context(hook.workspace, role_on(hook)), "hook": hook}
    return render(request, "inbox/remove_hook.html", page)


def _add(request: HttpRequest, workspace: Workspace, form: NewHookForm) -> bool:
    is_valid = form.is_valid()
    name, address, kinds = form.take()
    if not is_valid:
        return False
    try:
        hook = hooks.add_hook(workspace, name, address, kinds, signed_in(request))
    except UnusableHook as refusal:
        form.add_error(refusal.field, str(refusal))
    except KeyringError as problem:
        form.add_error(None, str(problem))
    else:
        messages.success(request, f"{hook.name} is added. Test it now.")
        return True
    return False


def _page(
    request: HttpRequest, workspace: Workspace, form: NewHookForm, *, status: int
) -> HttpResponse:
    log = ChatMessage.objects.filter(workspace=workspace).select_related("hook")
    page = {
        **_context(workspace, role_on(workspace)),
        "form": form,
        "hooks": [_card(hook) for hook in workspace.chat_hooks.select_related("created_by")],
        "log": log[:_LOGGED],
    }
    return render(request, "inbox/hooks.html", page, status=status)


def _card(hook: ChatHook) -> dict[str, object]:
    return {"hook": hook, "posts": [label_in_chat(kind) for kind in IN_CHAT if kind in hook.kinds]}


def _hook_for(request: HttpRequest, slug: str, uid: str) -> ChatHook:
    rows = ChatHook.objects.select_related("workspace", "created_by")
    return fetch(request, rows, can.MANAGE_HOOKS, uid=uid, workspace__slug=slug)


def _said(hook: ChatHook) -> dict[str, object]:
    return {"name": hook.name, "kinds": hook.kinds}


def _context(workspace: Workspace, role: str) -> dict[str, object]:
    return {"workspace": workspace, "role": role, "section": "hooks"}
