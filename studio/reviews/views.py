"""The page of a take: watch it, decide on it, and fetch the film once it is released."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from studio.accounts.access import can, fetch, role_on, signed_in
from studio.accounts.models import User
from studio.lib.requests import htmx_of
from studio.renders.models import Take
from studio.renders.wording import standing_of
from studio.reviews import media
from studio.reviews.decisions import CannotDecide, SealChanged, Verdict, decide
from studio.reviews.releases import CannotRelease, checked, release, withdraw
from studio.reviews.room import room_of
from studio.reviews.seals import Part, says_deleted
from studio.vault.serving import gone, serve


@require_safe
def show_take(request: HttpRequest, pk: int) -> HttpResponse:
    """The take's page; for htmx the part of it that changes."""
    take = take_for(request, pk, can.VIEW)
    return _show(request, take)


@require_POST
def decide_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, or ask for changes. 422 with the sentence to correct, 409 if the take changed."""
    take = take_for(request, pk, can.DECIDE)
    verdict, note = request.POST.get("verdict", ""), request.POST.get("note", "")
    if verdict not in Verdict.values:
        return _show(request, take, status=422, note=note, problem="Choose one of the two buttons.")
    try:
        decide(take, verdict, signed_in(request), note, seen=request.POST.get("seal", ""))
    except SealChanged as changed:
        return _show(request, take, status=409, note=note, problem=str(changed))
    except CannotDecide as cannot:
        return _show(request, take, status=422, note=note, problem=str(cannot))
    approved = verdict == Verdict.APPROVED
    return _done(request, take, "Approved and released." if approved else "Changes requested.")


@require_POST
def release_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an approved film again after its release was withdrawn."""
    return _with_release(request, pk, release, "Released. The film can be watched and downloaded.")


@require_POST
def withdraw_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the film again, from the next request on."""
    return _with_release(request, pk, withdraw, "Release withdrawn. The film is locked again.")


@require_safe
def serve_preview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The watermarked GIF; the vendor's own is at no address."""
    take = take_for(request, pk, can.VIEW)
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    preview = media.watermarked(take, Part.PREVIEW_GIF)
    return serve(request, preview, filename=media.filename_of(take, "gif"))


@require_safe
def serve_poster(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A still of the watermarked GIF, shown while that loads."""
    take = take_for(request, pk, can.VIEW)
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    return serve(request, media.watermarked(take, Part.POSTER))


@require_safe
def serve_filmstrip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Frames of the watermarked GIF in one row; takes of former versions have none (404)."""
    take = take_for(request, pk, can.VIEW)
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    return serve(request, media.watermarked(take, Part.FILMSTRIP))


@require_safe
def serve_video(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The full film, while a release whose hashes match is live; 403 and a sentence else."""
    take = take_for(request, pk, can.VIEW)
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    finding = checked(take)
    if finding.video is None:
        locked = render(request, "reviews/locked.html", _of(take, finding=finding), status=403)
        locked["Cache-Control"] = "private, no-store"
        return locked
    return serve(
        request,
        finding.video,
        filename=media.filename_of(take, "mp4"),
        as_attachment="download" in request.GET,
    )


def take_for(request: HttpRequest, pk: int, action: can) -> Take:
    """The take, if the person may do `action` in its workspace."""
    takes = Take.objects.select_related("workspace", "project", "revision", "created_by")
    return fetch(request, takes, action, pk=pk)


def answer_about(
    request: HttpRequest, pk: int, *, says: str = "", problem: str = ""
) -> HttpResponse:
    """The take's page as it is after something was done to it, or why it was not (409).

    The caller has authorised the request.
    """
    take = take_for(request, pk, can.VIEW)
    if problem:
        return _show(request, take, status=409, problem=problem)
    return _done(request, take, says)


def _with_release(
    request: HttpRequest, pk: int, act: Callable[[Take, User], object], says: str
) -> HttpResponse:
    take = take_for(request, pk, can.RELEASE)
    try:
        act(take, signed_in(request))
    except CannotRelease as cannot:
        return _show(request, take, status=409, problem=str(cannot))
    return _done(request, take, says)


def _show(
    request: HttpRequest, take: Take, *, status: int = 200, note: str = "", problem: str = ""
) -> HttpResponse:
    htmx = htmx_of(request)
    is_fragment = htmx and not htmx.history_restore_request
    template = "reviews/take.html#take-room" if is_fragment else "reviews/take.html"
    context = _of(take, room=room_of(take), standing=standing_of(take), note=note, problem=problem)
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _done(request: HttpRequest, take: Take, says: str) -> HttpResponse:
    if not htmx_of(request):
        messages.success(request, says)
        return redirect("reviews:take", pk=take.pk)
    response = _show(request, take)
    return trigger_client_event(response, "decisionChanged", {"says": says})


def _of(take: Take, **more: Any) -> dict[str, Any]:
    """What each of these templates needs, beside its own."""
    return {
        "take": take,
        "project": take.project,
        "workspace": take.workspace,
        "role": role_on(take),
        **more,
    }
