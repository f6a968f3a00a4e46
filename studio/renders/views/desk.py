"""The render desk of a workspace: all its takes, the order of those that wait, and the pause."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, fetch, role_on, signed_in, workspace_for
from studio.accounts.models import Workspace
from studio.lib.htmx import say
from studio.lib.requests import htmx_of, page_query
from studio.renders import submission
from studio.renders.desk import keeping, listing, ordering, page, pausing
from studio.renders.desk.keeping import FilesAreGone
from studio.renders.desk.listing import Search
from studio.renders.desk.ordering import StaleOrder, Step
from studio.renders.lifecycle import IllegalTransition, Status
from studio.renders.models import Take
from studio.storyboards.answers import dialog

MAX_AT_ONCE = 500


@never_cache
@require_safe
def show_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The desk; with `since`, 204 while it is what the page has seen."""
    workspace = _workspace_with_pulse(request, slug)
    if request.GET.get("since") == listing.pulse_of(workspace):
        return HttpResponse(status=204)
    search = Search.of(_flat(request.GET))
    response = _desk(request, workspace, search, request.GET.get("page"))
    if htmx_of(request) and "since" not in request.GET:
        at = reverse("renders:desk", args=[slug])
        response["HX-Replace-Url"] = f"{at}?{search.address}" if search.address else at
    return response


@require_POST
def rearrange_line(request: HttpRequest, slug: str) -> HttpResponse:
    """Put waiting takes into an `order`, or move one `take` up, down or to the head (`move`)."""
    workspace = workspace_for(request, slug, can.RUN_QUEUE)
    actor = signed_in(request)
    try:
        if "order" in request.POST:
            order = _numbers(_posted(request, "order").split(","))
            ordering.rearrange(workspace, order, actor)
        else:
            take = _waiting(workspace, _posted(request, "take"))
            ordering.move(take, Step(_posted(request, "move")), actor)
    except StaleOrder as stale:
        return _answered(request, workspace, stale.says, status=409)
    except ValueError:
        says = "The studio could not read this order. Reload the page and move the take again."
        return _answered(request, workspace, says, status=422)
    return _answered(request, workspace)


@require_POST
def pause_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Hold everything that was not sent yet."""
    workspace = workspace_for(request, slug, can.RUN_QUEUE)
    pausing.pause(workspace, signed_in(request))
    return _answered(request, workspace)


@require_POST
def resume_queue(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on sending."""
    workspace = workspace_for(request, slug, can.RUN_QUEUE)
    pausing.resume(workspace, signed_in(request))
    return _answered(request, workspace)


@require_POST
def keep_files(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a take's files whatever the retention policy says (`keep` is 1), or no longer (0)."""
    workspace = workspace_for(request, slug, can.RENDER)
    wanted = _posted(request, "keep")
    take = _take_of(workspace, _posted(request, "take"))
    if take is None or wanted not in ("0", "1"):
        says = "The studio could not read which take is meant. Reload the page and press it again."
        return _answered(request, workspace, says, status=422)
    try:
        keeping.set_kept(take, wanted == "1", signed_in(request))
    except FilesAreGone as gone:
        return _answered(request, workspace, str(gone), status=409)
    what = "are kept" if wanted == "1" else "are left to the retention policy"
    return _answered(request, workspace, f"The files of take {take.number} {what}.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_takes(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask whether these takes are to be cancelled before they are sent; posting does it."""
    workspace = workspace_for(request, slug, can.RENDER)
    sent = (request.POST or request.GET).getlist("take")
    asked = set(_numbers([text for text in sent if _is_number(text)][:MAX_AT_ONCE]))
    takes = Take.objects.filter(workspace=workspace, pk__in=asked).select_related(
        "project", "workspace"
    )
    if request.method != "POST":
        waiting = takes.filter(status=Status.QUEUED).order_by("place", "pk")
        context = {"workspace": workspace, "role": role_on(workspace), "section": "desk"}
        return dialog(request, "renders/desk/cancel.html", {**context, "takes": waiting})
    actor, cancelled = signed_in(request), 0
    for take in takes:
        try:
            submission.cancel(take, actor)
        except IllegalTransition:
            continue  # it was sent, or cancelled by somebody else, while the dialog was open
        cancelled += 1
    says = _cancelled_in_words(cancelled, len(asked))
    return _answered(request, workspace, says, status=200 if cancelled else 409)


def _cancelled_in_words(cancelled: int, asked: int) -> str:
    if not cancelled:
        return "Nothing was cancelled: none of these takes waits to be sent any more."
    takes = "1 take is" if cancelled == 1 else f"{cancelled} takes are"
    late = asked - cancelled
    rest = f" {late} had left the line already." if late else ""
    return f"{takes} cancelled. Nothing is billed for that.{rest}"


def _flat(query: QueryDict) -> dict[str, str]:
    return {name: str(value) for name, value in query.items()}


def _workspace_with_pulse(request: HttpRequest, slug: str) -> Workspace:
    rows = listing.with_pulse(Workspace.objects.all())
    return fetch(request, rows, can.VIEW, workspace="", slug=slug)


def _posted(request: HttpRequest, name: str) -> str:
    """Empty for what was not posted, which is then no number and no step."""
    return request.POST.get(name, "")


def _waiting(workspace: Workspace, number: str) -> Take:
    """Raises ValueError for what is no row's number, and `StaleOrder` for a take of nobody here."""
    _numbers([number])
    take = _take_of(workspace, number)
    if take is None:
        raise StaleOrder
    return take


def _take_of(workspace: Workspace, number: str) -> Take | None:
    if not _is_number(number):
        return None
    takes = Take.objects.select_related("workspace").filter(workspace=workspace)
    return takes.filter(pk=int(number)).first()


def _numbers(texts: Sequence[str]) -> list[int]:
    """Raises ValueError for what is no row's number."""
    if not all(map(_is_number, texts)):
        raise ValueError("This is no number of a take.")
    return [int(text) for text in texts]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _answered(
    request: HttpRequest, workspace: Workspace, says: str = "", *, status: int = 200
) -> HttpResponse:
    """What was done, or why not, and the desk as it is now."""
    if not htmx_of(request):
        if says:
            (messages.success if status < 400 else messages.error)(request, says)
        return redirect("renders:desk", workspace.slug)
    query = page_query(request)
    fresh = _workspace_with_pulse(request, workspace.slug)
    response = _desk(request, fresh, Search.of(_flat(query)), query.get("page"), status=status)
    if says:
        mood = "done" if status < 400 else "failed"
        response = trigger_client_event(response, "deskAnswered", {"says": says, "mood": mood})
    return say(response, says) if status >= 400 else response


def _desk(
    request: HttpRequest,
    workspace: Workspace,
    search: Search,
    number: str | None,
    *,
    status: int = 200,
) -> HttpResponse:
    role = role_on(workspace)
    shown = page.page_of(workspace, role, search, number)
    template = "renders/desk/desk.html#desk-live" if htmx_of(request) else "renders/desk/desk.html"
    return render(request, template, page.context_of(workspace, role, shown), status=status)
