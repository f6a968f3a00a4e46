"""Before spending: the dialog that Render opens, and the order that it sends."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, role_on, signed_in
from studio.lib.requests import htmx_of
from studio.renders import submission
from studio.renders.spending.outlook import Outlook, outlook_on
from studio.renders.submission import AlreadyRendered, NotSendable, PriceChanged
from studio.renders.views import takes
from studio.storyboards import answers
from studio.storyboards.access import project_for
from studio.storyboards.contract import Problem
from studio.storyboards.models import Project
from studio.storyboards.typed import read_shots

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_REVISION = re.compile(r"[0-9]{1,9}")
_PRICE_CHARS = 40
_INCOMPLETE = Problem("form", "This page is out of date. Reload it, then press Render.")
_NONE_CHOSEN = Problem("storyboard", "No shot is chosen. Choose one shot at least.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def render_project(request: HttpRequest, project_pk: int) -> HttpResponse:
    """What a render would cost and show; a POST orders it.

    It costs money: the form's token makes sure that it is only one, its revision that it is the one
    on the screen, its price that it costs what was shown, and a payload that was sent before is
    asked about, unless `again` says that it is meant. With `proof`, all of it is about a 15 s proof
    of `shots`.
    """
    project = project_for(request, project_pk, can.RENDER)
    if request.method == "POST":
        return _order(request, project)
    revision = request.GET.get("revision", "")
    seen = int(revision) if _REVISION.fullmatch(revision) else project.revision
    unseen = submission.unseen_changes(project, signed_in(request), seen)
    return _weigh(request, project, request.GET, seen=seen, problems=unseen)


def proof_asked(asked: QueryDict) -> list[int] | None:
    """The pks of the shots to make a proof of; none for all of them; None: no proof is meant.

    `chosen` takes the shots as they are ticked, `selection` as they are selected on the board: one
    alone is only the shot that the inspector shows.
    """
    match asked.get("proof"):
        case None:
            return None
        case "chosen":
            return read_shots(asked)
        case "selection":
            shots = read_shots(asked)
            return shots if len(shots) > 1 else []
        case _:
            return []


def _order(request: HttpRequest, project: Project) -> HttpResponse:
    token, revision = request.POST.get("form_token", ""), request.POST.get("revision", "")
    if not (_TOKEN.fullmatch(token) and _REVISION.fullmatch(revision)):
        return _weigh(request, project, request.POST, problems=[_INCOMPLETE], status=422)
    seen = int(revision)
    if _chooses_none(request.POST):
        return _weigh(request, project, request.POST, seen=seen, status=422)
    try:
        take = submission.order_take(
            project,
            signed_in(request),
            form_token=token,
            seen=seen,
            price_seen=request.POST.get("price"),
            is_meant_again="again" in request.POST,
            proof=proof_asked(request.POST),
        )
    except NotSendable as refused:
        found = refused.problems
        return _weigh(request, project, request.POST, seen=seen, problems=found, status=422)
    except AlreadyRendered:
        return _weigh(request, project, request.POST, seen=seen, status=409)
    except PriceChanged:
        return _weigh(request, project, request.POST, seen=seen, status=409, is_repriced=True)
    if not htmx_of(request):
        return redirect("reviews:take", take.pk)
    return trigger_client_event(takes.panel(request, project), "takeChanged")


def _weigh(
    request: HttpRequest,
    project: Project,
    asked: QueryDict,
    *,
    seen: int | None = None,
    problems: Sequence[Problem] = (),
    is_repriced: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The dialog, or the page. `seen` keeps the revision of a page that was refused: it stays out
    of date. `is_repriced` says that it costs something else than the form was sent for."""
    if _chooses_none(asked):
        problems = problems or [_NONE_CHOSEN]
    proof = proof_asked(asked)
    outlook = outlook_on(project, proof, problems)
    context = {
        "section": "projects",
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "outlook": outlook,
        "xray_query": _xray_query(outlook) if proof is not None else "",
        "is_proof": proof is not None,
        "chosen": set(proof or ()),
        "price_was": asked.get("price", "")[:_PRICE_CHARS] if is_repriced else None,
        "was_refused": status != 200,
        "seen": project.revision if seen is None else seen,
        "form_token": secrets.token_urlsafe(24),
    }
    return answers.dialog(request, "renders/spending/dialog.html", context, status=status)


def _xray_query(outlook: Outlook) -> str:
    chosen = [str(shot.pk) for shot in outlook.choices if shot.lasts]
    return f"?{urlencode({'proof': 'chosen', 'shots': ','.join(chosen)}, safe=',')}"


def _chooses_none(asked: QueryDict) -> bool:
    return asked.get("proof") == "chosen" and not read_shots(asked)
