"""The render desk for one person: rows in sections, the queue's standing, and the filters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from studio.accounts.access import can, is_allowed
from studio.accounts.models import Workspace
from studio.renders.costs import spending
from studio.renders.costs.money import money
from studio.renders.desk import listing
from studio.renders.desk.listing import Group, Search
from studio.renders.lifecycle import AT_VENDOR, IN_FLIGHT, MOVING, Status
from studio.renders.models import Desk, KeyCapacity, Take
from studio.renders.outcomes import standings_of
from studio.renders.sending import capacity, lines
from studio.renders.wording import Standing


@dataclass(frozen=True)
class Row:
    """One take on the desk. `turn` is its number in the line; 0 for one that does not wait."""

    take: Take
    standing: Standing
    turn: int
    cost: str
    is_estimate: bool

    @property
    def may_be_discarded(self) -> bool:
        return self.take.status in AT_VENDOR and self.take.discarded_at is None

    @property
    def may_be_kept(self) -> bool:
        return self.take.status in AT_VENDOR and self.take.discarded_at is not None

    @property
    def has_files_to_keep(self) -> bool:
        """Whether there are files that retention may, or may not, delete one day."""
        is_theirs = self.take.is_kept or self.take.status in (Status.READY, Status.UNCOLLECTED)
        return is_theirs and self.take.files_deleted_at is None

    @property
    def deletion_due_at(self) -> datetime | None:
        """From when on its files are deleted, as it was announced, unless somebody saves them."""
        return self.take.deletion_due_at if self.has_files_to_keep else None

    @property
    def shows_progress(self) -> bool:
        return self.take.status in AT_VENDOR


@dataclass(frozen=True)
class Section:
    """Rows under one heading."""

    name: str
    label: str
    rows: list[Row]


@dataclass(frozen=True)
class Slots:
    """How much of the vendor is ours just now; `known` is None before its first 429."""

    used: int
    known: KeyCapacity | None


@dataclass(frozen=True)
class DeskPage:
    """Everything that the page shows. `vacancy` is why there are no rows."""

    desk: Desk | None
    line: lines.Line
    slots: Slots | None
    search: Search
    groups: list[tuple[Group, int]]
    total: int
    sections: list[Section]
    page: "Page[Take]"
    pulse_s: int
    waiting: int

    @property
    def is_paused(self) -> bool:
        return self.desk is not None and self.desk.is_paused

    @property
    def is_narrow(self) -> bool:
        return bool(self.search.address)


def page_of(workspace: Workspace, role: str, search: Search, number: str | None) -> DeskPage:
    """Read the desk: a fixed number of queries, however many takes there are."""
    found = listing.takes_found(workspace, search)
    page = Paginator(found, listing.TAKES_ON_PAGE).get_page(number)
    turns = listing.line_of(workspace)
    counted = listing.counts(workspace, search)
    line = lines.line_of(workspace)
    takes = list(page.object_list)
    return DeskPage(
        desk=line.desk,
        line=line,
        slots=_slots(line),
        search=search,
        groups=[(group, counted[group.name]) for group in listing.GROUPS],
        total=counted[""],
        sections=_sections(takes, turns, is_allowed(role, can.SEE_COSTS)),
        page=page,
        pulse_s=_pulse_s(takes),
        waiting=len(turns),
    )


def _slots(line: lines.Line) -> Slots | None:
    if line.key is None:
        return None
    return Slots(capacity.in_use(line.key), capacity.capacity_of(line.key))


def _sections(takes: Sequence[Take], turns: dict[int, int], sees_costs: bool) -> list[Section]:
    sections: list[Section] = []
    for take, standing in zip(takes, standings_of(takes), strict=True):
        name = str(take.rank)  # type: ignore[attr-defined]  # annotated in `takes_found`
        if not sections or sections[-1].name != name:
            sections.append(Section(name, listing.label_of_rank(int(name)), []))
        sections[-1].rows.append(_row(take, standing, turns.get(take.pk, 0), sees_costs))
    return sections


def _row(take: Take, standing: Standing, turn: int, sees_costs: bool) -> Row:
    parts: int | None = take.cost_parts  # type: ignore[attr-defined]  # annotated in `priced`
    cost = ""
    if sees_costs:
        cost = "no rate" if parts is None else money(spending.amount(parts), take.currency)
    is_estimate = bool(parts) and take.actual is None
    is_waiting = take.status == Status.QUEUED
    return Row(take, standing, turn if is_waiting else 0, cost, is_estimate)


def _pulse_s(takes: Iterable[Take]) -> int:
    statuses = {take.status for take in takes}
    return 1 if statuses & MOVING else 5 if statuses & IN_FLIGHT else 15


def context_of(workspace: Workspace, role: str, shown: DeskPage) -> dict[str, Any]:
    """What the desk's templates read."""
    return {
        "workspace": workspace,
        "role": role,
        "section": "desk",
        "shown": shown,
        "search": shown.search,
        "page": shown.page,
        "pulse": listing.pulse_of(workspace),
        "projects": listing.projects_of(workspace),
        "people": listing.people_of(workspace),
    }
