"""Who opened which project when: what “Recent” lists."""

from datetime import timedelta

from django.utils import timezone

from studio.accounts.models import User
from studio.storyboards.models import Project, ProjectVisit

# A reload or a look back is the same visit: it costs a read, and no write.
ONE_VISIT = timedelta(minutes=5)


def note_visit(project: Project, user: User) -> None:
    """Remember that the person opened the project now, at most once in five minutes."""
    now = timezone.now()
    latest = ProjectVisit.objects.filter(project=project, user=user, visited_at__gt=now - ONE_VISIT)
    if latest.exists():
        return
    ProjectVisit.objects.bulk_create(
        [ProjectVisit(project=project, user=user, visited_at=now)],
        update_conflicts=True,
        unique_fields=["user", "project"],
        update_fields=["visited_at"],
    )
