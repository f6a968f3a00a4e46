"""Find and replace in prompts."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.access import can
from studio.accounts.models import User
from studio.storyboards import replacing
from studio.storyboards.access import project_for
from studio.storyboards.edits.revising import EditRefused
from studio.storyboards.edits.wording import replace_words
from studio.storyboards.models import Project
from studio.storyboards.typed import read_shots
from studio.storyboards.views.making import Made, ask, make

MOST_SHOWN = 40


@require_http_methods(["GET", "HEAD", "POST"])
def replace_in_prompts(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog with its preview; posted, the replacement: one revision or a refusal."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _ask(request, project)

    def edit(base: int, author: User) -> Made:
        search, among = _search_in(request.POST), _scope(request.POST)
        if search.problem:
            raise EditRefused(search.problem)
        board, changes = replace_words(project, base, author, search, among)
        count = sum(change.count for change in changes)
        says = f"{count} replaced in {len(changes)} prompt{'s' if len(changes) > 1 else ''}."
        return Made(board, says, remarks=(says,))

    return make(request, project, edit, lambda says: _ask(request, project, says))


@require_safe
def preview_replacing(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be replaced by what, while it is typed."""
    project = project_for(request, pk, can.EDIT)
    return render(request, "storyboards/replace_preview.html", _preview(project, request.GET))


def _ask(request: HttpRequest, project: Project, error: str = "") -> HttpResponse:
    asked = request.POST if error else request.GET
    context = _preview(project, asked) | {
        "chosen": read_shots(asked),
        "selection": ",".join(map(str, read_shots(asked))),
        "scope": asked.get("scope", "all"),
    }
    return ask(request, project, "storyboards/replace_in_prompts.html", context, error)


def _preview(project: Project, asked: QueryDict) -> dict[str, Any]:
    search = _search_in(asked)
    shots = [] if search.problem else list(project.shots.all())
    changes = replacing.changes_in(shots, search, _scope(asked))
    return {
        "search": search,
        "changes": changes[:MOST_SHOWN],
        "more": len(changes) - MOST_SHOWN,
        "prompts": len(changes),
        "found": sum(change.count for change in changes),
        "refusals": sum(bool(change.refusal) for change in changes),
    }


def _search_in(asked: QueryDict) -> replacing.Search:
    return replacing.Search(
        asked.get("find", "").replace("\r\n", "\n"),
        asked.get("replacement", "").replace("\r\n", "\n"),
        matches_case="matches_case" in asked,
        whole_words="whole_words" in asked,
    )


def _scope(asked: QueryDict) -> list[int] | None:
    """The pks to look through; None for the whole board."""
    return read_shots(asked) if asked.get("scope") == "selected" else None
