"""Finding projects: the search, its filters and orders, and what a list of them shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from studio.accounts.models import User
from studio.lib import unseen
from studio.lib.folding import fold
from studio.storyboards import standings
from studio.storyboards.cards import Verdict
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.standings import Badge
from studio.storyboards.timing import MAX_TOTAL_MS, MIN_TOTAL_MS, Budget

MAX_SEARCH = 200
MAX_WORDS = 8

LENGTHS = {
    "short": ("Too short", Q(total_ms__lt=MIN_TOTAL_MS)),
    "fits": ("Fits 15–60 s", Q(total_ms__range=(MIN_TOTAL_MS, MAX_TOTAL_MS))),
    "long": ("Too long", Q(total_ms__gt=MAX_TOTAL_MS)),
}
KINDS = {"": "Projects", "templates": "Templates", "archived": "Archived"}
SORTS = {
    "": ("Recently changed", ("-updated_at", "-pk")),
    "title": ("Title", ("title__folded", "pk")),
    "created": ("Newest first", ("-created_at", "-pk")),
    "length": ("Longest first", ("-total_ms", "-pk")),
}


@dataclass(frozen=True)
class Search:
    """What to list. Each field is a parameter of the address; empty means no matter."""

    q: str = ""
    workspace: str = ""
    status: str = ""
    mine: str = ""
    kind: str = ""
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Search":
        """The search of an address; values nobody offered are left out."""
        return cls(
            q=unseen.without_controls(query.get("q", "")).strip()[:MAX_SEARCH],
            workspace=query.get("workspace", "")[:60],
            status=_one_of(statuses(), query.get("status", "")),
            mine="yes" if query.get("mine") == "yes" else "",
            kind=_one_of(KINDS, query.get("kind", "")),
            sort=_one_of(SORTS, query.get("sort", "")),
        )

    @property
    def address(self) -> str:
        """The query string, without what is empty."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order was asked for."""
        return bool(self.q or self.workspace or self.status or self.mine or self.kind)


def _one_of(offered: Mapping[str, object], asked: str) -> str:
    return asked if asked in offered else ""


def statuses() -> dict[str, str]:
    """The labels of all status filters, by name: of the length, then of the layers above."""
    return {name: label for name, (label, _) in LENGTHS.items()} | standings.labels()


def found_by(search: Search, projects: QuerySet[Project], user: User) -> QuerySet[Project]:
    """The projects of `projects` that the search means, in its order."""
    found = measured(matching(projects, search.q))
    match search.kind:
        case "archived":
            found = found.filter(archived_at__isnull=False)
        case "templates":
            found = found.filter(archived_at=None, is_template=True)
        case _:
            found = found.filter(archived_at=None)
    if search.workspace:
        found = found.filter(workspace__slug=search.workspace)
    if search.mine:
        found = found.filter(created_by=user)
    if search.status:
        rule = LENGTHS[search.status][1] if search.status in LENGTHS else None
        found = found.filter(rule or standings.rule(search.status) or Q())
    return found.order_by(*SORTS[search.sort][1])


def matching(projects: QuerySet[Project], typed: str) -> QuerySet[Project]:
    """Those that hold every typed word: in the title, the brief, a prompt or a scene id.

    Case and accents do not count.
    """
    for word in fold(typed).split()[:MAX_WORDS]:
        in_shot = Q(prompt__folded__contains=word) | Q(scene_id__folded__contains=word)
        shots = Shot.objects.filter(in_shot, project=OuterRef("pk"))
        in_project = Q(title__folded__contains=word) | Q(brief__folded__contains=word)
        projects = projects.filter(in_project | Exists(shots.order_by()))
    return projects


def recent(projects: QuerySet[Project], user: User) -> QuerySet[Project]:
    """Those this person has opened, the last one first; nothing archived."""
    opened = projects.filter(visits__user=user, archived_at=None)
    return measured(opened).order_by("-visits__visited_at", "-pk")


def measured(projects: QuerySet[Project]) -> QuerySet[Project]:
    """With `shot_count`, `total_ms` and `first_shot`, and no row more per shot."""
    shots = Shot.objects.filter(project=OuterRef("pk")).order_by()
    of_all = shots.values("project")
    return projects.select_related("workspace").annotate(
        shot_count=Coalesce(Subquery(of_all.annotate(n=Count("pk")).values("n")), 0),
        total_ms=Coalesce(Subquery(of_all.annotate(ms=Sum("duration_ms")).values("ms")), 0),
        first_shot=Subquery(shots.order_by("position", "pk").values("pk")[:1]),
    )


def with_author(projects: QuerySet[Project]) -> QuerySet[Project]:
    """With `changed_by`: the name, or else the e-mail, of who made the latest revision."""
    latest = Revision.objects.filter(project=OuterRef("pk"), number=OuterRef("revision"))
    name = Coalesce(NullIf("author__name", Value("")), "author__email", output_field=CharField())
    return projects.annotate(changed_by=Subquery(latest.order_by().annotate(n=name).values("n")))


@dataclass(frozen=True)
class ProjectCard:
    """One project in a list."""

    project: Any  # a Project with the annotations of `measured` and `with_author`
    badges: Sequence[Badge] = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict(Budget.of([self.project.total_ms] if self.project.shot_count else []))


def cards(projects: Sequence[Project]) -> list[ProjectCard]:
    """What the list shows of these projects, in as many queries for 48 as for one."""
    badges = standings.badges_of([project.pk for project in projects])
    return [ProjectCard(project, badges[project.pk]) for project in projects]
