"""Animatics: ordered, watched while they are drawn, played, cancelled, downloaded."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from studio.accounts.access import can, fetch, is_allowed, role_on, signed_in
from studio.lib.requests import htmx_of
from studio.storyboards import answers
from studio.storyboards.access import project_for
from studio.storyboards.animatics import orders
from studio.storyboards.animatics.options import (
    MEDIA_TYPES,
    MP4,
    SIZES,
    NotOffered,
    name_of,
    read_options,
)
from studio.storyboards.animatics.outdated import outdated
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.animatics.standing import (
    cuts_of,
    is_current,
    listed,
    place_of,
    standing_of,
    state_of,
)
from studio.storyboards.boards import shots_of
from studio.storyboards.exchange.downloads import file_name
from studio.storyboards.models import Animatic, Project
from studio.vault.serving import serve

PAGE, PANEL = "storyboards/animatic/page.html", "storyboards/animatic/panel.html"
OPTIONS, LIST = "storyboards/animatic/options.html", "storyboards/animatic/list.html"


@never_cache
@require_safe
def show_panel(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel, see `panel_context`; 204 while `known` is still its `state`, in two queries."""
    project = project_for(request, pk, can.VIEW)
    standing = standing_of(project)
    if request.GET.get("known") == standing.state:
        return HttpResponse(status=204)
    return render(request, PANEL, panel_context(project))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_animatic(request: HttpRequest, pk: int) -> HttpResponse:
    """The panel as a page of its own; posted to with `format`, `size`, `captions`, `watermark` and
    `sound`, the animatic of the board as it stands now is drawn, unless it is there already."""
    is_asked = request.method != "POST"
    project = project_for(request, pk, can.VIEW if is_asked else can.EDIT)
    if is_asked:
        return _page(request, project)
    try:
        options = read_options(request.POST.dict(), _mark(request, project))
        orders.order(project, signed_in(request), options)
    except (NotOffered, NoAnimatic) as refused:
        return _refused(request, project, str(refused))
    return _done(request, project)


@require_safe
def choose_animatic(request: HttpRequest, pk: int) -> HttpResponse:
    """The dialog in which an animatic is chosen and ordered, and those there are downloaded."""
    project = project_for(request, pk, can.VIEW)
    return answers.dialog(request, OPTIONS, _options_context(request, project))


@never_cache
@require_safe
def list_animatics(request: HttpRequest, pk: int) -> HttpResponse:
    """The list in that dialog; 204 while `known` is still its `list_state`."""
    project = project_for(request, pk, can.VIEW)
    context = _list_context(project)
    if request.GET.get("known") == context["list_state"]:
        return HttpResponse(status=204)
    return render(request, LIST, context)


@require_POST
def cancel_animatic(request: HttpRequest, pk: int, animatic: int) -> HttpResponse:
    """Stop drawing it. Where it came to its end just now, nothing happens."""
    orders.cancel(_animatic_for(request, pk, animatic, can.EDIT))
    return _done(request, project_for(request, pk, can.EDIT))


@require_POST
def retry_animatic(request: HttpRequest, pk: int, animatic: int) -> HttpResponse:
    """Draw once more what failed or was cancelled, as it was asked for."""
    asked = _animatic_for(request, pk, animatic, can.EDIT)
    project = project_for(request, pk, can.EDIT)
    try:
        orders.retry(asked, signed_in(request))
    except NoAnimatic as refused:
        return _refused(request, project, str(refused))
    return _done(request, project)


@require_safe
def show_film(request: HttpRequest, pk: int, animatic: int) -> HttpResponseBase:
    """The film, in ranges; with `download`, as an attachment with a name."""
    shown = _animatic_for(request, pk, animatic, can.VIEW)
    if shown.asset is None:
        raise Http404("This animatic has not been drawn yet.")
    suffix = "mp4" if shown.media_type == MP4 else "gif"
    name = f"{file_name(shown.project, '')} animatic rev {shown.revision}.{suffix}"
    return serve(request, shown.asset, filename=name, as_attachment="download" in request.GET)


@require_safe
def show_poster(request: HttpRequest, pk: int, animatic: int) -> HttpResponseBase:
    """The still that stands for the film."""
    shown = _animatic_for(request, pk, animatic, can.VIEW)
    if shown.poster is None:
        raise Http404("This animatic has not been drawn yet.")
    return serve(request, shown.poster)


def panel_context(project: Project) -> dict[str, Any]:
    """What the panel is made of. `project` comes from `project_for`.

    `animatic`: the one asked for last, or None; its `status` is waiting, drawing, ready, failed or
    cancelled, `percent` how much of it is drawn, `says` why it failed.
    `place`: which it is of those that wait, from 1.
    `film`: the ready MP4 asked for last, else the ready GIF, or None. `film_url`, `download_url`
    and `poster_url` are its, `is_video` tells MP4 from GIF, and `cuts` are its shots in order, each
    with `start_ms`, `duration_ms`, `pk` and `number`. `gif`: for who cannot play the MP4.
    `is_current`: the film (without one, the animatic) shows what would be drawn now; where it does
    not, `outdated` says which shots changed.
    `may_order`, `may_cancel` and `may_retry`: by role and state. `refused`: why an order was not
    taken. `state` goes back as `?known=` every `pulse_s` seconds.
    """
    standing = standing_of(project)
    animatic, film = standing.newest, standing.film
    may_stop = is_allowed(role_on(project), can.EDIT)  # on an archived board, too
    may_edit = may_stop and project.archived_at is None
    shown, shots = film or animatic, shots_of(project)
    is_up_to_date = shown is not None and is_current(shown, project, shots)
    return {
        "project": project,
        "workspace": project.workspace,
        "role": role_on(project),
        "section": "projects",
        "animatic": animatic,
        "percent": animatic.progress // 10 if animatic else 0,
        "says": animatic.says if animatic else "",
        "film": film,
        "is_video": film is not None and film.media_type == MP4,
        "cuts": cuts_of(film) if film else [],
        "gif": standing.gif,
        "is_current": is_up_to_date,
        "outdated": outdated(film, project, shots) if film and not is_up_to_date else None,
        "place": place_of(animatic) if animatic and standing.is_waiting else 0,
        "may_order": may_edit,
        "may_cancel": may_stop and standing.is_in_work,
        "may_retry": may_edit and animatic is not None and animatic.status in orders.ENDED,
        "state": standing.state,
        "pulse_s": 1 if standing.is_in_work else 20,
        **(_addresses(film) if film else {}),
    }


def _addresses(film: Animatic) -> dict[str, str]:
    at = [film.project_id, film.pk]
    film_url = reverse("storyboards:animatic-film", args=at)
    return {
        "film_url": film_url,
        "download_url": f"{film_url}?download=1",
        "poster_url": reverse("storyboards:animatic-poster", args=at),
    }


def _options_context(request: HttpRequest, project: Project) -> dict[str, Any]:
    formats = [
        {
            "name": name,
            "sizes": [(name_of((w, h)), f"{w} × {h}") for w, h in sorted(SIZES[media_type])],
            "default": name_of(SIZES[media_type][0]),
        }
        for name, media_type in MEDIA_TYPES.items()
    ]
    return _list_context(project) | {
        "workspace": project.workspace,
        "role": role_on(project),
        "section": "projects",
        "formats": formats,
        "mark": _mark(request, project),
        "has_soundtrack": project.soundtrack_id is not None,
    }


def _list_context(project: Project) -> dict[str, Any]:
    """`drawn`: what is there and what is in work; `pictured`: the last of it that has a poster;
    `list_state` goes back as `?known=`."""
    drawn = listed(project)
    may_stop = is_allowed(role_on(project), can.EDIT)
    return {
        "project": project,
        "drawn": drawn,
        "pictured": next((one for one in drawn if one.poster_id), None),
        "list_state": state_of(drawn),
        "is_in_work": any(one.status in orders.IN_WORK for one in drawn),
        "may_order": may_stop and project.archived_at is None,
        "may_stop": may_stop,
    }


def _animatic_for(request: HttpRequest, pk: int, animatic: int, action: can) -> Animatic:
    rows = Animatic.objects.select_related("project__workspace", "asset", "poster")
    return fetch(request, rows, action, workspace="project__workspace", pk=animatic, project_id=pk)


def _mark(request: HttpRequest, project: Project) -> tuple[str, ...]:
    """Whose it is, who sees it, and since when."""
    user = signed_in(request)
    return (project.workspace.name, user.name or user.email, f"{timezone.localdate():%Y-%m-%d}")


def _page(request: HttpRequest, project: Project, refused: str = "") -> HttpResponse:
    context = panel_context(project) | _list_context(project) | {"refused": refused}
    return render(request, PAGE, context, status=422 if refused else 200)


def _done(request: HttpRequest, project: Project) -> HttpResponse:
    htmx = htmx_of(request)
    if not htmx:
        return redirect("storyboards:order-animatic", project.pk)
    if htmx.target == "dialog":
        return answers.dialog(request, OPTIONS, _options_context(request, project))
    return _panel(request, project)


def _refused(request: HttpRequest, project: Project, says: str) -> HttpResponse:
    """The sentence where the person looks: in the dialog, or else in the panel."""
    htmx = htmx_of(request)
    if not htmx:
        return _page(request, project, says)
    if htmx.target == "dialog":
        context = _options_context(request, project) | {"refused": says}
        return answers.dialog(request, OPTIONS, context, status=422)
    return _panel(request, project, says)


def _panel(request: HttpRequest, project: Project, refused: str = "") -> HttpResponse:
    context = panel_context(project) | {"refused": refused}
    response = render(request, PANEL, context, status=422 if refused else 200)
    return retarget(reswap(response, "outerHTML"), "#animatic-panel")
