"""What the command palette asks for."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from studio.accounts.access import signed_in, visible
from studio.storyboards import finding
from studio.storyboards.finding import ProjectCard, Search
from studio.storyboards.models import Project

IN_THE_PALETTE = 8


@never_cache
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Projects by any of their words, as JSON; without words, those last opened."""
    projects, user = visible(request, Project.objects.all()), signed_in(request)
    search = Search(q=Search.of(request.GET).q)
    found = finding.found_by(search, projects, user) if search.q else finding.recent(projects, user)
    rows = [_row(ProjectCard(project)) for project in found[:IN_THE_PALETTE]]
    return JsonResponse({"found": rows})


def _row(card: ProjectCard) -> dict[str, str]:
    project, first = card.project, card.project.first_shot
    shots = f"{project.shot_count} shot{'' if project.shot_count == 1 else 's'}"
    return {
        "words": project.title,
        "says": f"{card.verdict.total} · {shots}",
        "url": reverse("storyboards:board", args=[project.pk]),
        "poster": reverse("storyboards:frame", args=[first]) if first else "",
    }
