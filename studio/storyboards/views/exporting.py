"""Exports: the board as a file to keep, or for another tool."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from studio.accounts.access import can
from studio.storyboards.access import project_for
from studio.storyboards.exchange.csv_writing import export_csv
from studio.storyboards.exchange.downloads import download, file_name
from studio.storyboards.exchange.transend_json import export_board
from studio.storyboards.models import Project


@require_safe
def export_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The vendor's body, with what only we know of the board under `webhook_metadata`."""
    project = project_for(request, pk, can.VIEW)
    body = export_board(project, project.shots.all())
    text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
    return download(text.encode(), "application/json", _dated(project, "json"))


@require_safe
def export_table(request: HttpRequest, pk: int) -> HttpResponse:
    """One row a shot, for a spreadsheet."""
    project = project_for(request, pk, can.VIEW)
    table = export_csv(project.shots.all())
    return download(table, "text/csv; charset=utf-8", _dated(project, "csv"))


def _dated(project: Project, suffix: str) -> str:
    return file_name(project, f"-{timezone.localdate():%Y-%m-%d}.{suffix}")
