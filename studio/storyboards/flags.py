"""Shots that reviewers of a take want fixed: flagged on the board, and ticked off there.

A flag is no edit: it makes no revision, and Undo leaves it alone. Each change counts up the
project's `flags_version`, by which open boards learn of it. That is the first statement of each
transaction here, so that two people change the flags of one project one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from studio.accounts.models import User
from studio.storyboards.edits.revising import Archived
from studio.storyboards.models import Project, ShotFlag


class Note(TypedDict):
    """An open note at a flagged shot: `at` such as `0:03.2`, empty for one at no moment."""

    at: str
    who: str
    says: str
    is_client: bool


@dataclass(frozen=True, slots=True)
class Fix:
    """What is to be fixed at the shot with this pk; `url` leads to the take at that shot."""

    shot: int
    says: str
    source: str
    url: str
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """The fixes of one take, known by its key and its number."""

    take: int
    take_number: int
    fixes: Sequence[Fix]


def start(project: Project, fixes: Round, by: User, *, keep_others: bool = False) -> None:
    """Make these fixes the board's to-do list: flags of other takes are set aside, unless
    `keep_others` leaves those that are still open.

    A shot that is not on the board is flagged too, for Undo may bring it back. Started again, it
    makes no second flag; what was done stays done unless its words changed. Raises `Archived`.
    """
    with transaction.atomic():
        _claim(project)
        former = {row.shot: row for row in project.flags.filter(take=fixes.take)}
        others = project.flags.exclude(take=fixes.take)
        (others.exclude(done_at=None) if keep_others else others).update(is_set_aside=True)
        meant = [_flag(project, fixes, fix, former.pop(fix.shot, None), by) for fix in fixes.fixes]
        project.flags.filter(pk__in=[row.pk for row in former.values()]).update(is_set_aside=True)
        ShotFlag.objects.bulk_create([row for row in meant if row.pk is None])
        ShotFlag.objects.bulk_update([row for row in meant if row.pk is not None], _CHANGING)


def finish(project: Project, pk: int, by: User) -> bool:
    """Tick a flag off; False if it was already, or is not there. Raises `Archived`."""
    with transaction.atomic():
        _claim(project)
        open_one = project.flags.filter(pk=pk, done_at=None)
        return bool(open_one.update(done_at=timezone.now(), done_by=by))


def reopen(project: Project, pk: int) -> bool:
    """Take a tick back; False if there was none. Raises `Archived`."""
    with transaction.atomic():
        _claim(project)
        done_one = project.flags.filter(pk=pk).exclude(done_at=None)
        return bool(done_one.update(done_at=None, done_by=None))


def put_away(project: Project) -> None:
    """Take the flags that are done off the board. Raises `Archived`."""
    with transaction.atomic():
        _claim(project)
        project.flags.exclude(done_at=None).update(is_set_aside=True)


_CHANGING = ["says", "notes", "source", "url", "is_set_aside", "done_at", "done_by"]


def _claim(project: Project) -> None:
    here = Project.objects.filter(pk=project.pk, archived_at=None)
    if not here.update(flags_version=F("flags_version") + 1):
        raise Archived
    project.refresh_from_db(fields=["flags_version"])


def _flag(project: Project, fixes: Round, fix: Fix, former: ShotFlag | None, by: User) -> ShotFlag:
    row = former or ShotFlag(
        project=project,
        shot=fix.shot,
        take=fixes.take,
        take_number=fixes.take_number,
        made_by=by,
    )
    if row.says != fix.says:
        row.done_at = row.done_by = None
    row.says, row.notes, row.source, row.url = fix.says, list(fix.notes), fix.source, fix.url
    row.is_set_aside = False
    return row
