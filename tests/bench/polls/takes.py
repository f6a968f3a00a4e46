"""So many renders under way in the database that Django has now."""

import random
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from studio.accounts import keys
from studio.accounts.models import User, Workspace
from studio.renders.models import Take
from studio.storyboards.edits.revising import create_project
from studio.storyboards.models import Revision, Shot

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "demo-bench-0123456789abcdef"
_PROMPT = "The baker slides loaves into a wood-fired oven, sparks rising, face lit by embers"


def under_way(count: int) -> list[int]:
    """Have exactly `count` young takes run at the vendor, due at once; their ids."""
    Take.objects.all().delete()
    workspace, is_new = Workspace.objects.get_or_create(slug="polls", defaults={"name": "Polls"})
    user, _ = User.objects.get_or_create(email="polls@example.com")
    key = keys.add_key(workspace, "Main", KEY, None) if is_new else keys.active_key(workspace)
    shots = [Shot(scene_id=f"scene-{n + 1}", prompt=_PROMPT, duration_ms=5_000) for n in range(12)]
    project = create_project(workspace, user, "Polls", shots=shots)
    now = timezone.now()
    rows = [
        Take(
            workspace=workspace,
            project=project,
            revision=Revision.objects.get(project=project),
            number=number + 1,
            payload=_PROMPT * 12,
            payload_sha256="0" * 64,
            duration_ms=60_000,
            status="running",
            api_key=key,
            vendor_task_id=f"task_{project.pk}_{number}",
            attempts=1,
            next_poll_at=now,
            submitted_at=now,
            deadline_at=now + timedelta(hours=1),
        )
        for number in range(count)
    ]
    return [take.pk for take in Take.objects.bulk_create(rows, batch_size=500)]


def spread(pks: list[int], within_s: float) -> None:
    """Make them due at any moment within so many seconds from now, as they are after a while."""
    now = timezone.now()
    takes = [
        Take(pk=pk, next_poll_at=now + timedelta(seconds=random.uniform(0, within_s))) for pk in pks
    ]
    Take.objects.bulk_update(takes, ["next_poll_at"], batch_size=500)
