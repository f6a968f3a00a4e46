"""Projects as the inbox may know them: it stands below and imports nothing of here."""

from collections.abc import Collection, Mapping

from django.db.models import F
from django.urls import reverse

from studio.accounts.models import User
from studio.inbox.known_projects import MOST_LISTED, KnownProject, Source
from studio.storyboards.models import Project


def _of_member(user: User, numbers: Collection[int] | None) -> list[KnownProject]:
    mine = Project.objects.filter(workspace__memberships__user=user)
    if numbers is None:
        mine = mine.filter(archived_at=None, is_template=False)
    else:
        mine = mine.filter(pk__in=list(numbers))
    newest = mine.select_related("workspace").order_by(F("updated_at").desc(), "-pk")
    rows = newest.only("title", "updated_at", "workspace__name", "workspace__slug")
    return [
        KnownProject(row.pk, row.title, row.workspace, reverse("storyboards:board", args=[row.pk]))
        for row in (rows[:MOST_LISTED] if numbers is None else rows)
    ]


def _titles(numbers: Collection[int]) -> Mapping[int, str]:
    return dict(Project.objects.filter(pk__in=list(numbers)).values_list("pk", "title"))


SOURCE = Source(_of_member, _titles)
