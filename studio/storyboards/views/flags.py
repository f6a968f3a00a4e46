"""Ticking off what reviewers want fixed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from studio.accounts.access import can, signed_in
from studio.lib.requests import htmx_of
from studio.storyboards import answers, contexts, flags
from studio.storyboards.access import project_for
from studio.storyboards.boards import board_of
from studio.storyboards.models import Project


@require_POST
def finish_fix(request: HttpRequest, pk: int, flag: int) -> HttpResponse:
    """This shot is fixed. Ticked already, by whomever, it stays so."""
    project = project_for(request, pk, can.EDIT)
    flags.finish(project, flag, signed_in(request))
    return _changed(request, project, flag)


@require_POST
def reopen_fix(request: HttpRequest, pk: int, flag: int) -> HttpResponse:
    """It is not fixed after all."""
    project = project_for(request, pk, can.EDIT)
    flags.reopen(project, flag)
    return _changed(request, project, flag)


@require_POST
def put_away_fixes(request: HttpRequest, pk: int) -> HttpResponse:
    """What is done needs no mark on the board any more."""
    project = project_for(request, pk, can.EDIT)
    flags.put_away(project)
    return _changed(request, project)


def _changed(request: HttpRequest, project: Project, flag: int | None = None) -> HttpResponse:
    board = board_of(project)
    if not htmx_of(request):
        row = project.flags.filter(pk=flag).first() if flag else None
        return redirect(answers.board_address(project, row.shot if row else None))
    context = contexts.frame(request, board, answers.selected_on_page(request))
    return render(request, "storyboards/flags/changed.html", context)
