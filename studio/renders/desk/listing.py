"""What the render desk shows: every take of a workspace, what moves foremost, and by filters."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from studio.accounts.models import User, Workspace
from studio.lib import unseen
from studio.lib.folding import fold
from studio.renders.costs import spending
from studio.renders.lifecycle import IN_FLIGHT, Status
from studio.renders.models import Take
from studio.storyboards.models import Project

MAX_SEARCH = 200
TAKES_ON_PAGE = 50
_UNLISTED = ("payload", "error_body")


@dataclass(frozen=True)
class Group:
    """Statuses that mean the same to whoever looks after the queue."""

    name: str
    label: str
    statuses: tuple[Status, ...]


# In the order in which the desk shows them: what waits for somebody comes first.
GROUPS = (
    Group("person", "Needs a person", (Status.UNCERTAIN, Status.UNCOLLECTED, Status.STALLED)),
    Group(
        "under-way",
        "Under way",
        (Status.SUBMITTING, Status.SUBMITTED, Status.RUNNING, Status.COLLECTING),
    ),
    Group("waiting", "Waiting to be sent", (Status.QUEUED,)),
    Group("ready", "Ready", (Status.READY,)),
    Group("ended", "Ended", (Status.FAILED, Status.CANCELLED)),
)
_BY_NAME = {group.name: group for group in GROUPS}
# What is over is one list, the newest first.
_OVER = len(GROUPS) - 2


@dataclass(frozen=True)
class Search:
    """What to list. Each field is a parameter of the address; empty means no matter."""

    group: str = ""
    project: str = ""
    person: str = ""
    q: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Search":
        """The search of an address; what nobody offered is left out."""
        group = query.get("group", "")
        return cls(
            group=group if group in _BY_NAME else "",
            project=_number(query.get("project", "")),
            person=_number(query.get("person", "")),
            q=unseen.without_controls(query.get("q", "")).strip()[:MAX_SEARCH],
        )

    @property
    def address(self) -> str:
        """The query string, without what is empty."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def without_group(self) -> str:
        """The query string of everything but the group."""
        rest = {"project": self.project, "person": self.person, "q": self.q}
        return urlencode({name: value for name, value in rest.items() if value})

    def filters(self) -> Q:
        """Everything but the group."""
        found = Q()
        if self.project:
            found &= Q(project=int(self.project))
        if self.person:
            found &= Q(created_by=int(self.person))
        if self.q:
            found &= _says(self.q)
        return found


def takes_found(workspace: Workspace, search: Search) -> QuerySet[Take]:
    """The takes of a search in the desk's order, each with its cost and its section's `rank`."""
    takes = Take.objects.filter(search.filters(), workspace=workspace)
    if search.group:
        takes = takes.filter(status__in=_BY_NAME[search.group].statuses)
    waits = Q(status=Status.QUEUED)
    takes = takes.annotate(
        rank=_rank(),
        # Within its section: by turns, and those that nobody can tell anything about foremost.
        in_line=Case(
            When(waits, then=F("place")),
            When(status=Status.UNCERTAIN, then=0),
            default=1,
            output_field=BigIntegerField(),
        ),
        among_equals=Case(When(waits, then=F("pk")), default=-F("pk")),
    )
    takes = spending.priced(takes).order_by("rank", "in_line", "among_equals")
    return takes.select_related("project", "created_by").defer(*_UNLISTED)


def label_of_rank(rank: int) -> str:
    """The heading of a section of the desk."""
    return "Finished" if rank >= _OVER else GROUPS[rank].label


def counts(workspace: Workspace, search: Search) -> dict[str, int]:
    """How many takes each group of a search has, by its name; all of them under ""."""
    rows = (
        Take.objects.filter(search.filters(), workspace=workspace)
        .order_by()
        .values_list("status")
        .annotate(Count("pk"))
    )
    by_status = dict(rows)
    found = {
        group.name: sum(by_status.get(status, 0) for status in group.statuses) for group in GROUPS
    }
    return {"": sum(found.values()), **found}


def line_of(workspace: Workspace) -> dict[int, int]:
    """The turn of each waiting take, from 1."""
    waiting = Take.objects.filter(workspace=workspace, status=Status.QUEUED)
    pks = waiting.order_by("place", "pk").values_list("pk", flat=True)
    return {pk: turn for turn, pk in enumerate(pks, start=1)}


def projects_of(workspace: Workspace) -> QuerySet[Project]:
    """The projects that have takes."""
    return workspace.projects.filter(takes__isnull=False).distinct().order_by("title", "pk")


def people_of(workspace: Workspace) -> QuerySet[User]:
    """Those who ordered takes."""
    pks = Take.objects.filter(workspace=workspace).order_by().values("created_by").distinct()
    return User.objects.filter(pk__in=pks).order_by("name", "email")


def with_pulse(workspaces: QuerySet[Workspace]) -> QuerySet[Workspace]:
    """Workspaces with what `pulse_of` reads, in the query that fetches them.

    Takes that are over count no more, so that a pulse costs the same after years. Of those that
    are left, numbers only grow; one that leaves or joins shows in their count or in the newest.
    """
    live = FilteredRelation("takes", condition=Q(takes__status__in=IN_FLIGHT))
    newest = Take.objects.order_by("-pk").values("pk")
    return workspaces.annotate(
        live=live,
        live_takes=Count("live"),
        live_changes=Sum("live__changes"),
        live_events=Sum("live__last_event"),
        newest_take=Subquery(newest.filter(workspace=OuterRef("pk"))[:1]),
        desk_changes=Max("desk__changes"),
    )


def pulse_of(workspace: Workspace) -> str:
    """What a page has seen of the desk; from `with_pulse`."""
    names = ("newest_take", "live_takes", "live_events", "live_changes", "desk_changes")
    return "-".join(str(getattr(workspace, name) or 0) for name in names)


def _rank() -> Case:
    whens = [
        When(status__in=group.statuses, then=Value(min(rank, _OVER)))
        for rank, group in enumerate(GROUPS)
    ]
    return Case(*whens, output_field=IntegerField())


def _says(text: str) -> Q:
    """Text of the project's title, of Transend's ids or of the trouble; "take 3" by its number."""
    folded = fold(text)
    found = (
        Q(project__title__folded__contains=folded)
        | Q(error_says__folded__contains=folded)
        | Q(vendor_task_id=text)
        | Q(trace_id=text)
    )
    number = _number(folded.removeprefix("take").strip())
    return found | Q(number=int(number)) if number else found


def _number(text: str) -> str:
    """The text if it is a number that a row could have; otherwise nothing."""
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else ""
