"""The cost page and its CSV."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from studio.accounts.access import can, role_on, workspace_for
from studio.renders.costs import overview, spreadsheet, tables
from studio.renders.costs.overview import Question


@never_cache
@require_safe
def show_costs(request: HttpRequest, slug: str) -> HttpResponse:
    """What renders cost, by what is asked for; as CSV with `format=csv`."""
    workspace = workspace_for(request, slug, can.SEE_COSTS)
    question = Question.read(workspace, request.GET)
    if request.GET.get("format") == "csv":
        return _csv(question)
    costs = overview.overview_of(question)
    page = {
        "workspace": workspace,
        "role": role_on(workspace),
        "section": "costs",
        "costs": costs,
        "rate": costs.rate,
        "kinds": [
            {"name": kind, "title": title, "query": question.query(by=kind)}
            for kind, title in tables.KINDS.items()
        ],
        "kind": tables.KINDS[question.by],
        "csv_query": question.query(format="csv"),
        **overview.choices(workspace),
    }
    return render(request, "renders/costs/costs.html", page)


def _csv(question: Question) -> HttpResponse:
    make = spreadsheet.shots_csv if question.by == "shot" else spreadsheet.takes_csv
    name = f"costs-{question.workspace.slug}-{question.month}.csv"
    return HttpResponse(
        make(question.takes),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
