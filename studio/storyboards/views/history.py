"""The history of a board: every revision, what each changed, and the way back to it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from studio.accounts.access import can, is_allowed, role_on, signed_in
from studio.accounts.models import User
from studio.storyboards import answers, past
from studio.storyboards.access import project_for
from studio.storyboards.cards import Timeline, Verdict, cards_of
from studio.storyboards.conflicts import conflict_of
from studio.storyboards.edits import history
from studio.storyboards.edits.revising import StaleEdit
from studio.storyboards.models import Project
from studio.storyboards.typed import read_number

REVISIONS_ON_A_PAGE = 30


@never_cache
@require_safe
def list_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """All revisions, the newest first; `?by=` those of one author."""
    project = project_for(request, pk, can.VIEW)
    author = read_number(request.GET, "by")
    revisions = project.revisions.select_related("author")
    shown = revisions.filter(author=author) if author else revisions
    page = Paginator(shown, REVISIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = _context(project) | {
        "page": page,
        "entries": [past.Entry(revision) for revision in page],
        "authors": User.objects.filter(
            pk__in=project.revisions.order_by().values("author").distinct()
        ),
        "author": author,
    }
    return render(request, "storyboards/history.html", context)


@never_cache
@require_safe
def show_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One revision: what it changed, field by field, and the board as it was then."""
    project = project_for(request, pk, can.VIEW)
    revision, former = past.revision_and_former(project, number)
    if revision is None:
        raise Http404(f"This project has no revision {number}.")
    board = past.board_at(project, revision)
    context = _context(project) | {
        "revision": revision,
        "former": former,
        "changed": past.changed_by(revision, former),
        "board": board,
        "cards": cards_of(board),
        "timeline": Timeline(board.budget),
        "verdict": Verdict(board.budget),
        "is_latest": number == project.revision,
    }
    return render(request, "storyboards/revision.html", context)


@require_POST
def restore_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make the board what it was then: one new revision, which Undo takes back."""
    project = project_for(request, pk, can.EDIT)
    try:
        history.restore(project, read_number(request.POST, "base"), signed_in(request), number)
    except StaleEdit as stale:
        conflict = conflict_of(stale, request.path, request.POST, can_keep_mine=False)
        return answers.stale(request, conflict)
    except history.NothingThere as nothing:
        raise Http404(str(nothing)) from nothing
    messages.success(request, f"Rev {number} is restored. Undo brings back what was there before.")
    return redirect(answers.board_address(project))


def _context(project: Project) -> dict[str, object]:
    role = role_on(project)
    return {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role,
        "may_edit": is_allowed(role, can.EDIT),
    }
