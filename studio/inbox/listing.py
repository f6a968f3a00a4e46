"""What the inbox's page shows: the notices that a filter lets through, by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.inbox.models import Kind, Notice
from studio.inbox.reading import notices_of


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody wants to see; what was asked for and there is not counts as not asked."""

    workspace: str = ""
    kind: str = ""
    unread: bool = False

    @classmethod
    def asked_for(cls, query: QueryDict, workspaces: Iterable[Workspace]) -> "Filter":
        """The filter of an address."""
        slug, kind = query.get("workspace", ""), query.get("kind", "")
        return cls(
            slug if slug in {workspace.slug for workspace in workspaces} else "",
            kind if kind in Kind.values else "",
            query.get("unread") == "1",
        )

    @property
    def is_set(self) -> bool:
        return bool(self.workspace or self.kind or self.unread)

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return self._query(self.unread)

    @property
    def query_of_all(self) -> str:
        """The same, read and unread."""
        return self._query(False)

    @property
    def query_of_unread(self) -> str:
        """The same, unread only."""
        return self._query(True)

    def of(self, user: User) -> QuerySet[Notice]:
        """The person's notices that it lets through, the newest first."""
        notices = notices_of(user).order_by("-pk")
        if self.workspace:
            notices = notices.filter(workspace__slug=self.workspace)
        if self.kind:
            notices = notices.filter(kind=self.kind)
        return notices.filter(read_at=None) if self.unread else notices

    def _query(self, unread: bool) -> str:
        asked = {"workspace": self.workspace, "kind": self.kind, "unread": "1" if unread else ""}
        return urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day, by the reader's clock."""

    title: str
    notices: Sequence[Notice]


def by_day(notices: Iterable[Notice], zone: ZoneInfo) -> list[Day]:
    """Notices, the newest first, in days."""
    today = timezone.now().astimezone(zone).date()
    days = groupby(notices, key=lambda notice: notice.created_at.astimezone(zone).date())
    return [Day(_title(day, today), list(of_day)) for day, of_day in days]


def _title(day: date, today: date) -> str:
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A}, {day.day} {day:%B %Y}"
