"""What a window asks every second or two: whether anything is new, and who else is here."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from studio.accounts.access import can, signed_in
from studio.storyboards import answers, news, presence
from studio.storyboards.access import project_for
from studio.storyboards.boards import board_of
from studio.storyboards.typed import read_number


@never_cache
@require_GET
def pulse(request: HttpRequest, pk: int) -> HttpResponse:
    """204 while the window shows all there is: `rev`, the version of its `flags`, and `here`, the
    people as it lists them. Else the pieces that are other ones now. Two queries in the quiet case,
    besides signing in."""
    project = project_for(request, pk, can.VIEW)
    user, shot = signed_in(request), read_number(request.GET, "shot") or None
    others = presence.note(project, user, request.GET.get("window", ""), shot)
    seen = read_number(request.GET, "rev")
    are_same = read_number(request.GET, "flags") == project.flags_version
    is_same = are_same and seen == project.revision
    if is_same and request.GET.get("here") == presence.fingerprint(others):
        return HttpResponse(status=204)
    board = board_of(project)
    return answers.told(request, news.since(board, seen, user), others, are_flags_new=not are_same)
