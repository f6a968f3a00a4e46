"""Shots to and from the system clipboard."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from studio.accounts.access import can
from studio.accounts.models import User
from studio.storyboards.access import project_for
from studio.storyboards.edits import adding
from studio.storyboards.edits.revising import EditRefused
from studio.storyboards.exchange import clipboard
from studio.storyboards.models import Project
from studio.storyboards.presets import motions_of
from studio.storyboards.typed import read_shots
from studio.storyboards.views.making import Made, ask, make


@never_cache
@require_safe
def copy_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """The shots of `?shots=`, or all, as the vendor's JSON."""
    project = project_for(request, pk, can.VIEW)
    shots, pks = project.shots.select_related("reference"), read_shots(request.GET)
    chosen = list(shots.filter(pk__in=pks) if pks else shots)
    return HttpResponse(clipboard.copied(project, chosen), content_type="application/json")


@require_http_methods(["GET", "HEAD", "POST"])
def paste_shots(request: HttpRequest, pk: int) -> HttpResponse:
    """New shots out of what was pasted, behind the last of the selected shots or at the end."""
    project = project_for(request, pk, can.EDIT)
    if request.method != "POST":
        return _ask(request, project)

    def edit(base: int, author: User) -> Made:
        try:
            pasted = clipboard.pasted(
                request.POST.get("pasted", ""), project.workspace, motions_of(project.workspace)
            )
        except clipboard.NoShots as none:
            raise EditRefused(str(none)) from None
        behind = next(reversed(read_shots(request.POST)), None)
        added = adding.paste(project, base, author, behind, pasted.shots)
        count = len(added.shots)
        says = f"{count} shots pasted." if count > 1 else f"Shot {added.first_number} pasted."
        return Made(added.board, says, added.shots[0].pk, remarks=pasted.remarks)

    # From the clipboard itself there is no dialog to show the refusal in.
    from_dialog = "asked" in request.POST
    return make(
        request, project, edit, (lambda says: _ask(request, project, says)) if from_dialog else None
    )


def _ask(request: HttpRequest, project: Project, error: str = "") -> HttpResponse:
    asked = request.POST if error else request.GET
    context = {
        "pasted": asked.get("pasted", ""),
        "behind": ",".join(map(str, read_shots(asked))),
    }
    return ask(request, project, "storyboards/paste_shots.html", context, error)
