"""Imports: choose a file or paste text, look at what it would become, import it in one edit."""

from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studio.accounts.access import can, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.storyboards import answers, rules
from studio.storyboards.access import project_for
from studio.storyboards.boards import board_of
from studio.storyboards.edits.revising import BoardFull
from studio.storyboards.exchange import formats, keeping, uploads
from studio.storyboards.exchange.choices import Choices, read_choices
from studio.storyboards.exchange.encodings import refuse_size
from studio.storyboards.exchange.imported import Malformed
from studio.storyboards.exchange.preview import Preview
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.strict_json import Mendable, Unreadable
from studio.storyboards.models import Project
from studio.storyboards.presets import motions_of
from studio.storyboards.views.projects import makers_of, memberships_of

GONE = "This file was imported already, or a day has passed. Choose it again."


@require_http_methods(["GET", "POST"])
def import_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a file or paste text, to be added to a board."""
    project = project_for(request, pk, can.EDIT)
    if request.method == "GET":
        return _form(request, project)
    return _take_in(request, project.workspace, project)


@require_http_methods(["GET", "POST"])
def import_project(request: HttpRequest) -> HttpResponse:
    """Choose a file or paste text, to become a project."""
    if request.method == "GET":
        if not makers_of(memberships_of(request)):
            raise PermissionDenied("You may not start projects here. Ask a creative or an admin.")
        return _form(request, None)
    workspace = workspace_for(request, request.POST.get("workspace", ""), can.EDIT)
    return _take_in(request, workspace, None)


@never_cache
@require_http_methods(["GET", "POST"])
def preview_shots(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """What would be added to a board; posted, it is."""
    project = project_for(request, pk, can.EDIT)
    return _preview_or_import(request, token, project.workspace, project)


@never_cache
@require_http_methods(["GET", "POST"])
def preview_project(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """What a new project would hold; posted, it is made."""
    workspace = workspace_for(request, slug, can.EDIT)
    return _preview_or_import(request, token, workspace, None)


def _take_in(request: HttpRequest, workspace: Workspace, project: Project | None) -> HttpResponse:
    """Keep what was sent for the preview, or say why nothing can be made of it."""
    pasted = request.POST.get("pasted", "")
    try:
        name, raw = _sent(request)
        reading = _first_reading(name, raw, workspace)
    except (Unreadable, Malformed) as refused:
        problems = getattr(refused, "problems", ()) or [{"where": "", "says": str(refused)}]
        return _form(request, project, pasted=pasted, problems=problems, status=422)
    if reading and not reading.lacks and not reading.board.shots:
        problems = reading.problems or [{"where": "", "says": "There are no shots in it."}]
        return _form(request, project, pasted=pasted, problems=problems[:50], status=422)
    upload = uploads.keep(signed_in(request), name, raw)
    return redirect(_address(workspace, project, upload.token))


def _sent(request: HttpRequest) -> tuple[str, bytes]:
    """The name and the bytes of what was sent. Raises `Unreadable` for more than 10 MB."""
    upload = request.FILES.get("file")
    if upload is None:
        # Lone surrogates cannot be written down; as question marks they are seen and mended.
        return "", request.POST.get("pasted", "").encode("utf-8", "replace")
    refuse_size(upload.size or 0)
    return upload.name or "file", upload.read()


def _first_reading(name: str, raw: bytes, workspace: Workspace) -> Reading | None:
    """None where choices in the preview may still mend what is wrong."""
    try:
        return formats.read_file(name, raw, Choices(), motions_of(workspace))
    except Mendable:
        return None


def _preview_or_import(
    request: HttpRequest, token: str, workspace: Workspace, project: Project | None
) -> HttpResponse:
    try:
        upload = uploads.fetch(signed_in(request), token)
        if request.method == "GET":
            preview = _preview(upload, read_choices(request.GET), workspace, project)
            return _show(request, preview, workspace, project)
        preview = _preview(upload, read_choices(request.POST), workspace, project)
        return _import(request, preview, workspace, project)
    except uploads.Gone:
        problems = [{"where": "", "says": GONE}]
        return _form(request, project, problems=problems, status=404)


def _preview(
    upload: uploads.Upload, choices: Choices, workspace: Workspace, project: Project | None
) -> Preview:
    reading, failure = None, ""
    try:
        reading = formats.read_file(upload.name, upload.raw, choices, motions_of(workspace))
    except (Unreadable, Malformed) as refused:
        failure = str(refused)
    return Preview(
        upload,
        choices,
        reading,
        failure,
        present=board_of(project).shots if project else (),
        is_new=project is None,
        title=_title(upload, reading),
    )


def _title(upload: uploads.Upload, reading: Reading | None) -> str:
    """The file's own title, else its name without the suffix, else its first words."""
    board = reading.board if reading else None
    own = (board.own_title if board else "") or PurePath(upload.name).stem
    found = rules.title_from(own) or rules.title_from(board.title if board else "")
    return found or "Imported storyboard"


def _import(
    request: HttpRequest, preview: Preview, workspace: Workspace, project: Project | None
) -> HttpResponse:
    if preview.blocked or preview.reading is None:
        return _show(request, preview, workspace, project, says=preview.blocked, status=422)
    if preview.problems and not preview.choices.leaves_out:
        says = "Nothing was imported. Mend the file, or tick that what is wrong is left out."
        return _show(request, preview, workspace, project, says=says, status=422)
    user, source = signed_in(request), preview.upload.shown_name
    board = preview.reading.board
    try:
        with uploads.used_once(user, preview.upload):
            if project:
                keeping.append_shots(project, user, board.shots, source)
            else:
                title = rules.checked_title(request.POST.get("title", ""))
                project = keeping.import_board(workspace, user, title, board, source=source)
    except BoardFull as full:
        return _show(request, preview, workspace, project, says=str(full), status=422)
    except rules.BadField as bad:
        typed = {"title": request.POST.get("title", ""), "title_error": str(bad)}
        return _show(request, preview, workspace, project, says=str(bad), status=422, **typed)
    messages.success(request, f"{keeping.summary_of(preview.count, source)}.")
    return redirect("storyboards:board", project.pk)


def _show(
    request: HttpRequest,
    preview: Preview,
    workspace: Workspace,
    project: Project | None,
    *,
    says: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "section": "projects",
        "preview": preview,
        "workspace": workspace,
        "project": project,
        "says": says,
        "title": preview.title,
    }
    return render(request, "storyboards/importing_preview.html", context | more, status=status)


def _form(
    request: HttpRequest, project: Project | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The form, with what was typed into it."""
    makers = [] if project else makers_of(memberships_of(request))
    heading = f"Import shots into {project.title}" if project else "Import a storyboard"
    chosen = request.POST.get("workspace", "")
    context = {
        "sheet_title": heading,
        "section": "projects",
        "project": project,
        "makers": makers,
        "new": {"workspace": chosen},
    }
    return answers.dialog(request, "storyboards/importing.html", context | more, status=status)


def _address(workspace: Workspace, project: Project | None, token: str) -> str:
    if project:
        return reverse("storyboards:preview-import", args=[project.pk, token])
    return reverse("storyboards:preview-project", args=[workspace.slug, token])
