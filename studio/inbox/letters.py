"""What an e-mail says: its subject, its parts, and how to get no more like it with one press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from studio.inbox import known_projects, unsubscribing
from studio.inbox.models import Kind, Notice


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs together: the notices of one project, or of a workspace's other matters."""

    workspace: str
    project: str
    notices: Sequence[Notice]


def letter(notices: Sequence[Notice], *, more: int = 0, in_digest: bool) -> EmailMultiAlternatives:
    """One message to one person about all of `notices`, which are not empty; `more` are not quoted.

    Where the studio has an address it carries List-Unsubscribe (RFC 2369), and where that is https
    List-Unsubscribe-Post as well (RFC 8058, 3.1: one click goes by https alone).
    """
    scope = _scope_of(notices, in_digest=in_digest)
    titles = known_projects.titles({n.project for n in notices if n.project is not None})
    heading = _heading(notices, titles, len(notices) + more, in_digest=in_digest)
    user = notices[0].user
    stop, stop_all = unsubscribing.link(user, scope), unsubscribing.link(user, unsubscribing.ALL)
    context = {
        "parts": _parts(notices, titles),
        "workspaces": len({notice.workspace_id for notice in notices}),
        "more": more,
        "studio": settings.STUDIO_PUBLIC_URL,
        "inbox": reverse("inbox:notices"),
        "preferences": reverse("inbox:preferences"),
        "heading": heading,
        "stop": stop if scope != unsubscribing.ALL else "",
        "stop_what": unsubscribing.in_words(scope),
        "stop_all": stop_all,
    }
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
    if stop.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=" ".join(heading.split()),  # a name may hold line breaks, a header may not
        body=render_to_string("inbox/mail.txt", context),
        to=[user.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string("inbox/mail.html", context), "text/html")
    return message


def _heading(
    notices: Sequence[Notice], titles: Mapping[int, str], count: int, *, in_digest: bool
) -> str:
    """What it is about, and of what: the one project if there is one, else the workspace."""
    is_one_kind = len({notice.kind for notice in notices}) == 1
    if in_digest:
        about = f"Your day: {count} unread notice{'s' if count > 1 else ''}"
    else:
        about = notices[0].label if is_one_kind else f"{count} notices"
    projects = {notice.project for notice in notices}
    names = {notice.workspace.name for notice in notices}
    is_one = len(projects) == 1 and count == len(notices)  # of what is not quoted nothing is known
    title = titles.get(projects.pop() or 0, "").strip() if is_one else ""
    whose = title or (names.pop() if len(names) == 1 else "")
    return f"{about} · {whose}" if whose else about


def _scope_of(notices: Sequence[Notice], *, in_digest: bool) -> str:
    """What its unsubscribe button stops: as little as answers to what the person is looking at."""
    if in_digest:
        return unsubscribing.DAILY
    kinds = {notice.kind for notice in notices}
    return str(Kind(kinds.pop())) if len(kinds) == 1 else unsubscribing.ALL


def _parts(notices: Sequence[Notice], titles: Mapping[int, str]) -> list[Part]:
    """The notices by workspace and project, each group in the order of its first notice."""
    groups: dict[tuple[int, int | None], list[Notice]] = {}
    for notice in notices:
        groups.setdefault((notice.workspace_id, notice.project), []).append(notice)
    by_workspace = sorted(groups.values(), key=lambda group: _first(groups, group[0]))
    return [
        Part(group[0].workspace.name, titles.get(group[0].project or 0, ""), group)
        for group in by_workspace
    ]


def _first(groups: dict[tuple[int, int | None], list[Notice]], notice: Notice) -> tuple[int, int]:
    of_workspace = [
        group[0].pk for (workspace, _), group in groups.items() if workspace == notice.workspace_id
    ]
    return min(of_workspace), groups[notice.workspace_id, notice.project][0].pk
