"""What becomes of a project as a whole: archived, restored, a template, the start of another.

None of this is an edit of the board: no revision is made and Undo does not take it back. An
archived board refuses every edit, in `revising.revise`.
"""

from django.db import transaction
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User, Workspace
from studio.storyboards.edits.revising import create_project
from studio.storyboards.models import Project, Shot
from studio.storyboards.rules import MAX_TITLE
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS
from studio.storyboards.starters import Starter


def archive(project: Project, actor: User) -> bool:
    """Take the project off the list and make its board read only; False if it already was."""
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk, archived_at=None)
        changed = bool(rows.update(archived_at=timezone.now()))
        if changed:
            audit.record(project.workspace, actor, "project.archived", project.title)
    project.refresh_from_db(fields=["archived_at"])
    return changed


def restore(project: Project, actor: User) -> bool:
    """Put an archived project back on the list, as it was; False if it was not archived."""
    with transaction.atomic():
        rows = Project.objects.filter(pk=project.pk, archived_at__isnull=False)
        changed = bool(rows.update(archived_at=None))
        if changed:
            audit.record(project.workspace, actor, "project.restored", project.title)
    project.refresh_from_db(fields=["archived_at"])
    return changed


def mark_template(project: Project, is_template: bool) -> None:
    """Offer the project, or no longer, where new ones are started."""
    Project.objects.filter(pk=project.pk).update(is_template=is_template)
    project.is_template = is_template


def start_from(source: Project, author: User, title: str, brief: str = "") -> Project:
    """A new project in the same workspace with the shots, camera and light of `source`.

    The shots keep their scene ids, notes, locks and reference pictures. Takes stay where they are.
    An empty `brief` takes over that of `source`.
    """
    fields = {name: getattr(source, name) for name in PROJECT_FIELDS if name != "title"}
    fields["brief"] = brief or source.brief
    shots = [_fresh(shot) for shot in source.shots.all()]
    summary = f"Started from “{source.title}”"
    return create_project(source.workspace, author, title, shots=shots, summary=summary, **fields)


def start_with(
    workspace: Workspace, starter: Starter, author: User, title: str, brief: str = ""
) -> Project:
    """A new project with the shots of a built-in starter."""
    fields = {**starter.fields, "brief": brief or starter.brief}
    summary = f"Started from “{starter.title}”"
    return create_project(
        workspace, author, title, shots=starter.shots(), summary=summary, **fields
    )


def duplicate(project: Project, author: User) -> Project:
    """A copy beside the original; its title says so."""
    title = f"{project.title[: MAX_TITLE - len(' copy')].rstrip()} copy"
    return start_from(project, author, title)


def _fresh(shot: Shot) -> Shot:
    return Shot(**{name: getattr(shot, name) for name in SHOT_FIELDS})
