"""How one wants to be told: everywhere, in a workspace, about a project."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from studio.accounts.access import can, role_on, signed_in, workspace_for
from studio.accounts.models import Membership, User, Workspace
from studio.inbox import digests, known_projects, matrix, preferences
from studio.inbox.forms import MailForm
from studio.inbox.known_projects import KnownProject
from studio.inbox.models import Preferences
from studio.inbox.preferences import Choice, Follows
from studio.inbox.views.bars import bar_of, workspaces_of
from studio.lib.requests import htmx_of

_SAVED = "Saved. It holds for everything from now on."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_everywhere(request: HttpRequest) -> HttpResponse:
    """The page of one's preferences: when e-mails come, the table, what is set apart."""
    user = signed_in(request)
    form = MailForm(request.POST if request.method == "POST" else _said(user))
    problem = ""
    if request.method == "POST":
        try:
            ways = matrix.read(request.POST)
        except matrix.UnknownWay as refusal:
            problem = str(refusal)
        else:
            if form.is_valid():
                _keep(user, form)
                preferences.choose(user, ways)
                messages.success(request, _SAVED)
                return redirect("inbox:preferences")
    workspaces = workspaces_of(request)
    page = {
        **bar_of(workspaces),
        "form": form,
        "problem": problem,
        "topics": matrix.topics(
            _ways(request, user), Choice(), {role_on(workspace) for workspace in workspaces}
        ),
        "inherits": "As usual",
        "projects": _projects(user),
        "workspaces": workspaces,
        "set_apart": set(_rows(user).filter(project=None).values_list("workspace", flat=True)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "inbox/preferences.html", page, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_for_workspace(request: HttpRequest, slug: str) -> HttpResponse:
    """The table for one workspace, where it is to differ from everywhere."""
    workspace = workspace_for(request, slug, can.VIEW)
    user = signed_in(request)
    problem = ""
    if request.method == "POST":
        try:
            preferences.choose(user, matrix.read(request.POST), workspace=workspace)
        except matrix.UnknownWay as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _SAVED)
            return redirect("inbox:preferences")
    page = {
        "section": "inbox",
        "workspace": workspace,
        "role": role_on(workspace),
        "problem": problem,
        "topics": matrix.topics(
            _ways(request, user, workspace), preferences.chosen(user), [role_on(workspace)]
        ),
        "inherits": "As everywhere",
    }
    template = "inbox/workspace_preferences.html"
    return render(request, template, page, status=422 if problem else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_for_project(request: HttpRequest, number: int) -> HttpResponse:
    """How to be told about one project: follow it, mute it, or set kinds apart."""
    project = _project_for(request, number)
    user = signed_in(request)
    problem = ""
    if request.method == "POST":
        problem = _keep_for_project(request, user, project)
        if not problem:
            messages.success(request, f"Saved for “{project.title}”.")
            return redirect(_page_after(request, project))
    return _project_dialog(request, user, project, problem)


def _project_dialog(
    request: HttpRequest, user: User, project: KnownProject, problem: str
) -> HttpResponse:
    workspace = project.workspace
    here = preferences.chosen(user, workspace, project.number)
    wider = preferences.choices_of([user.pk], workspace, None)[user.pk]
    posted = request.POST.get("follows") if problem else None
    mine = Membership.objects.filter(user=user, workspace=workspace)
    role = mine.values_list("role", flat=True).first() or ""
    htmx = htmx_of(request)
    page = {
        "section": "inbox",
        "workspace": workspace,
        "role": role,
        "known": project,
        "problem": problem,
        "follows": posted or here.follows,
        "choices": _FOLLOWS,
        "topics": matrix.topics(
            _ways(request, user, workspace, project.number),
            wider,
            [role],
            of_project=True,
        ),
        "has_own_ways": bool(here.ways),
        "inherits": "As usual",
        "after": _after(request),
        "back": _page_after(request, project),
        "frame": "_dialog.html" if htmx else "_sheet.html",
    }
    response = render(
        request, "inbox/project_preferences.html", page, status=422 if problem else 200
    )
    if htmx and request.method == "POST":
        return retarget(reswap(response, "innerHTML"), "#dialog")
    return response


_FOLLOWS = (
    (Follows.USUAL, "What concerns me", "Your takes, your mentions, and what your role decides."),
    (Follows.EVERYTHING, "Everything", "Also every take, decision and release of others."),
    (Follows.NOTHING, "Mute", "Nothing but mentions of you, and those in the app only."),
)


def _keep_for_project(request: HttpRequest, user: User, project: KnownProject) -> str:
    """Save the form; the sentence of what is wrong with it, if something is."""
    follows = request.POST.get("follows", "")
    if follows not in Follows.values:
        return "Choose what to hear of, then save again."
    try:
        ways = matrix.read(request.POST)
    except matrix.UnknownWay as refusal:
        return str(refusal)
    preferences.choose(
        user, ways, follows=follows, workspace=project.workspace, project=project.number
    )
    return ""


def _project_for(request: HttpRequest, number: int) -> KnownProject:
    project = known_projects.find(signed_in(request), number)
    if project is None:
        raise Http404("There is no such project, or it belongs to another workspace.")
    return project


def _after(request: HttpRequest) -> str:
    return request.POST.get("after") or request.GET.get("after", "")


def _page_after(request: HttpRequest, project: KnownProject) -> str:
    if _after(request) == "preferences":
        return reverse("inbox:preferences")
    return project.url


def _said(user: User) -> dict[str, object]:
    habits = digests.habits_of([user.pk])[user.pk]
    sends = "none" if habits.is_stopped else "no_daily" if habits.skips_digest else "all"
    return {"sends": sends, "hour": habits.hour, "time_zone": habits.time_zone}


def _keep(user: User, form: MailForm) -> None:
    said = form.cleaned_data
    digests.keep_hours(
        user,
        said["time_zone"],
        said["hour"],
        is_stopped=said["sends"] == "none",
        skips_digest=said["sends"] == "no_daily",
    )


def _ways(
    request: HttpRequest,
    user: User,
    workspace: Workspace | None = None,
    project: int | None = None,
) -> dict[str, str]:
    """What the table shows: what was sent, or what is stored."""
    if request.method == "POST":
        sent = request.POST.items()
        return {name.removeprefix("way-"): str(way) for name, way in sent if name[:4] == "way-"}
    return dict(preferences.chosen(user, workspace, project).ways)


def _rows(user: User) -> QuerySet[Preferences]:
    return Preferences.objects.filter(user=user, workspace__isnull=False).exclude(
        follows=Follows.USUAL, ways={}
    )


def _projects(user: User) -> list[tuple[KnownProject, str]]:
    """Projects with something set apart first, then the newest; each with what is."""
    rows = _rows(user).filter(project__isnull=False)
    apart = {row.project: row for row in rows if row.project is not None}
    newest = known_projects.of_member(user)
    listed = {known.number for known in newest}
    older = known_projects.of_member(user, [number for number in apart if number not in listed])
    found = [*older, *newest]
    found.sort(key=lambda known: known.number not in apart)
    return [(known, _in_words(apart.get(known.number))) for known in found]


def _in_words(row: Preferences | None) -> str:
    if row is None:
        return ""
    if row.follows == Follows.USUAL:
        return "Own e-mail choices"
    return "Muted" if row.follows == Follows.NOTHING else "Everything"
