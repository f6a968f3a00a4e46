"""The policy table, and the one way to fetch an object: authorised, on a view's first line.

An outsider gets 404, as if the object did not exist; a member with too small a role gets 403.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import F, Model, QuerySet
from django.http import Http404, HttpRequest

from studio.accounts.models import Membership, Role, User, Workspace

M = TypeVar("M", bound=Model)


class can(Enum):  # noqa: N801  (reads as a sentence: `project_for(request, pk, can.EDIT)`)
    """Everything a role may be allowed to do."""

    VIEW = "see this workspace's boards and takes"
    COMMENT = "comment"
    EDIT = "edit boards"
    RENDER = "render, which costs money"
    DECIDE = "approve takes or ask for changes"
    RELEASE = "release films"
    RESOLVE = "settle what became of a take"
    SEE_COSTS = "see what renders cost"
    RUN_QUEUE = "pause and rearrange the render queue"
    MANAGE_BUDGETS = "set rates and budgets"
    MANAGE_RETENTION = "decide how long files are kept"
    MARK_SHOTS = "mark shots as fine or to be fixed"
    SHARE = "share takes with guests"
    MANAGE_REVIEWS = "set how takes are approved and how guests see the studio"
    MANAGE_HOOKS = "send notifications to chat"
    MANAGE_KEYS = "manage API keys"
    MANAGE_MEMBERS = "manage members"
    READ_AUDIT = "read the audit log"


_VIEWER = frozenset({can.VIEW, can.COMMENT})
_CREATIVE = _VIEWER | {can.EDIT, can.RENDER, can.SEE_COSTS, can.MARK_SHOTS}
_PRODUCER = _CREATIVE | {can.DECIDE, can.RELEASE, can.RESOLVE, can.RUN_QUEUE, can.SHARE}

POLICY: Mapping[str, frozenset[can]] = {
    Role.VIEWER: _VIEWER,
    Role.CREATIVE: _CREATIVE,
    Role.PRODUCER: _PRODUCER,
    Role.ADMIN: frozenset(can),
}


def is_allowed(role: str, action: can) -> bool:
    """Whether the policy table lets a role do it."""
    return action in POLICY.get(role, frozenset())


def require(role: str, action: can) -> None:
    """Raise `PermissionDenied`, in words for the person, unless the role may."""
    if not is_allowed(role, action):
        able = [str(Role(name).label).lower() for name in POLICY if action in POLICY[name]]
        raise PermissionDenied(
            f"As {_article(Role(role).label.lower())} you may not {action.value}. "
            f"Ask {_article(' or '.join(able))}."
        )


def _article(who: str) -> str:
    return f"{'an' if who[0] in 'aeiou' else 'a'} {who}"


def signed_in(request: HttpRequest) -> User:
    """The person who signed in; Http404 where a view forgot to require it."""
    if not isinstance(request.user, User):
        raise Http404("Sign in first.")
    return request.user


def fetch(
    request: HttpRequest,
    rows: QuerySet[M],
    action: can,
    workspace: str = "workspace",
    **lookup: Any,
) -> M:
    """The one row of `rows` that `lookup` names, in a workspace where the person may do `action`.

    `workspace` is the path from the row to its workspace. The row comes back with `member_role`.
    Raises Http404 for outsiders and PermissionDenied for members whose role is too small.
    """
    try:
        row = _member_rows(rows, signed_in(request), workspace, **lookup).get()
    except ObjectDoesNotExist as nothing:
        raise Http404("There is nothing here, or it belongs to another workspace.") from nothing
    require(role_on(row), action)
    return row


def role_on(row: Model) -> str:
    """The person's role in the workspace of a row that `fetch` or `visible` gave."""
    return cast("str", row.member_role)  # type: ignore[attr-defined]  # annotated below


def visible(request: HttpRequest, rows: QuerySet[M], workspace: str = "workspace") -> QuerySet[M]:
    """The rows of all workspaces the person belongs to, each with `member_role`."""
    return _member_rows(rows, signed_in(request), workspace)


def _member_rows(rows: QuerySet[M], user: User, workspace: str, **lookup: Any) -> QuerySet[M]:
    path = f"{workspace}__" if workspace else ""
    mine = rows.filter(**{f"{path}memberships__user": user}, **lookup)
    return cast("QuerySet[M]", mine.annotate(member_role=F(f"{path}memberships__role")))


def workspace_for(request: HttpRequest, slug: str, action: can) -> Workspace:
    """The workspace with this slug, if the person may do `action` there."""
    return fetch(request, Workspace.objects.all(), action, workspace="", slug=slug)


def member_named(email: str, workspace: Workspace, action: can) -> User:
    """For commands that act `--as` somebody: the member, if the policy lets them.

    Raises `PermissionDenied` with a sentence otherwise.
    """
    membership = (
        Membership.objects.select_related("user")
        .filter(workspace=workspace, user__email__iexact=email, user__is_active=True)
        .first()
    )
    if membership is None:
        raise PermissionDenied(f"{email} is not a member of the workspace {workspace.slug}.")
    require(membership.role, action)
    return membership.user
