"""Which bytes of a take leave: asked for by a member or a guest who was authorised before."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from studio.reviews import media
from studio.reviews.deciding.releases import checked
from studio.reviews.playing import films
from studio.reviews.reviewing import Reviewer
from studio.reviews.seals import Part, says_deleted
from studio.vault.serving import gone, serve


def preview(request: HttpRequest, reviewer: Reviewer) -> HttpResponseBase:
    """The watermarked GIF; the vendor's own is at no address."""
    take = reviewer.take
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    asset = media.watermarked(take, Part.PREVIEW_GIF)
    return serve(request, asset, filename=media.filename_of(take, "gif"))


def still(request: HttpRequest, reviewer: Reviewer, part: Part) -> HttpResponseBase:
    """The poster or the filmstrip of the watermarked GIF; 404 where a take has none."""
    take = reviewer.take
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    return serve(request, media.watermarked(take, part))


def film(request: HttpRequest, reviewer: Reviewer, part: media.FilmPart) -> HttpResponseBase:
    """The preview as a film that can be wound, its poster, or its strip of shots: the house's, or
    the guest's own. 404 until it is made."""
    take = reviewer.take
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    asset = media.of_film(films.found_for(reviewer), part)
    name = media.filename_of(take, "preview.mp4") if part == "film" else None
    return serve(request, asset, filename=name)


def video(request: HttpRequest, reviewer: Reviewer) -> HttpResponseBase:
    """The full film, while a release whose hashes match is live; 403 and a sentence else."""
    take = reviewer.take
    if take.files_deleted_at is not None:
        return gone(says_deleted(take))
    finding = checked(take)
    if finding.video is None:
        return _locked(request, reviewer, finding.says)
    return serve(
        request,
        finding.video,
        filename=media.filename_of(take, "mp4"),
        as_attachment="download" in request.GET,
    )


def _locked(request: HttpRequest, reviewer: Reviewer, says: str) -> HttpResponse:
    context = {
        "reviewer": reviewer,
        "take": reviewer.take,
        "project": reviewer.take.project,
        "workspace": reviewer.take.workspace,
        "role": reviewer.role,
        "says": says,
    }
    response = render(request, "reviews/playing/locked.html", context, status=403)
    response["Cache-Control"] = "private, no-store"
    return response
