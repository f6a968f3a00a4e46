"""The members page: who belongs to the workspace, and as what."""

from django.contrib import messages
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from studio.accounts import members
from studio.accounts.access import can, fetch, role_on, signed_in, workspace_for
from studio.accounts.forms import NewMemberForm, RoleForm
from studio.accounts.models import Membership, Role, Workspace


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage_members(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; posting to it adds a member."""
    workspace = workspace_for(request, slug, can.MANAGE_MEMBERS)
    form = NewMemberForm(request.POST) if request.method == "POST" else NewMemberForm()
    added = _add(request, workspace, form) if form.is_bound else None
    if added and added.password is None:
        messages.success(request, f"{added.membership.user} is a member now.")
        return redirect("accounts:members", slug)
    # A new password is shown in this one answer; a redirect would have to store it somewhere.
    page = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "members",
        "form": NewMemberForm() if added else form,
        "added": added,
        "memberships": _by_role(workspace),
        "roles": Role.choices,
    }
    is_refused = form.is_bound and not added
    return render(request, "accounts/members.html", page, status=422 if is_refused else 200)


def _add(request: HttpRequest, workspace: Workspace, form: NewMemberForm) -> members.Added | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        return members.add_member(
            workspace, said["email"], Role(said["role"]), signed_in(request), said["name"]
        )
    except members.MembershipRefused as refusal:
        form.add_error("email", str(refusal))
        return None


@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give a member another role."""
    membership = _membership_for(request, slug, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the four roles.")
        return redirect("accounts:members", slug)
    role = Role(form.cleaned_data["role"])
    try:
        members.change_role(membership, role, signed_in(request))
    except members.MembershipRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:members", slug)
    messages.success(request, f"{membership.user} is {role.label.lower()} now.")
    return _back(request, membership)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what removing means; posting to it removes."""
    membership = _membership_for(request, slug, pk)
    if request.method != "POST":
        page = {
            "workspace": membership.workspace,
            "role": role_on(membership),
            "section": "members",
            "membership": membership,
        }
        return render(request, "accounts/remove_member.html", page)
    try:
        members.remove_member(membership, signed_in(request))
    except members.MembershipRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:members", slug)
    messages.success(request, f"{membership.user} is not a member any more.")
    return _back(request, membership)


def _back(request: HttpRequest, changed: Membership) -> HttpResponse:
    # Who just gave up being an admin may not see the members page any more.
    if changed.user_id == signed_in(request).pk:
        return redirect("storyboards:projects")
    return redirect("accounts:members", changed.workspace.slug)


def _membership_for(request: HttpRequest, slug: str, pk: int) -> Membership:
    rows = Membership.objects.select_related("workspace", "user")
    return fetch(request, rows, can.MANAGE_MEMBERS, pk=pk, workspace__slug=slug)


def _by_role(workspace: Workspace) -> list[Membership]:
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(Role)),
        output_field=IntegerField(),
    )
    return list(workspace.memberships.select_related("user").order_by(rank, "user__email"))
