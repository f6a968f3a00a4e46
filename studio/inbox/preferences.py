"""What people chose to hear of, and how: the narrowest scope that says something counts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet

from studio.accounts.models import User, Workspace
from studio.inbox.models import HABITS, Kind, Notice, Preferences, Way

Follows = Preferences.Follows


@dataclass(frozen=True, slots=True)
class Choice:
    """One person's wishes about one project, or about what is of no project."""

    follows: str = Follows.USUAL
    ways: Mapping[str, str] = field(default_factory=dict)

    def hears_of(self, kind: str) -> bool:
        """Whether such an event reaches this person at all; a mention always does."""
        return self.follows != Follows.NOTHING or kind == Kind.MENTIONED

    def way(self, kind: str, *, is_own: bool) -> Way:
        """How; `is_own`: the event names this person, and not just their role."""
        if self.follows == Follows.NOTHING:
            return Way.APP
        if kind in self.ways:
            return Way(self.ways[kind])
        habit = HABITS[kind]
        return habit.for_own if is_own and habit.for_own else habit.way

    def ends_mail_of(self, kind: str) -> bool:
        """Whether no e-mail about such an event is wanted, whomever it names."""
        return self.follows == Follows.NOTHING or self.ways.get(kind) == Way.APP


_UNSAID = Choice()


def choices_of(
    user_ids: Collection[int], workspace: Workspace, project: int | None
) -> dict[int, Choice]:
    """What each of these people chose that holds for this project; one query."""
    here = Q(workspace=None) | Q(workspace=workspace, project=None)
    if project is not None:
        here |= Q(workspace=workspace, project=project)
    found: dict[int, Choice] = dict.fromkeys(user_ids, _UNSAID)
    rows = Preferences.objects.filter(here, user__in=list(user_ids))
    for row in sorted(rows, key=_width):
        found[row.user_id] = _narrowed(found[row.user_id], row)
    return found


def followers_of(workspace: Workspace, project: int) -> QuerySet[Preferences, int]:
    """Who wants to hear of everything that happens to a project, members or not."""
    rows = Preferences.objects.filter(
        workspace=workspace, project=project, follows=Follows.EVERYTHING
    )
    return rows.values_list("user", flat=True)


def chosen(user: User, workspace: Workspace | None = None, project: int | None = None) -> Choice:
    """What a person chose for exactly this scope."""
    row = _scope(user, workspace, project).first()
    return Choice(row.follows, row.ways) if row else _UNSAID


def choose(
    user: User,
    ways: Mapping[str, str],
    *,
    follows: str = Follows.USUAL,
    workspace: Workspace | None = None,
    project: int | None = None,
) -> None:
    """Remember it for one scope; kinds that are not in `ways` are left to the wider scope."""
    with transaction.atomic():
        # Saved twice at a time, the second one waits, and then finds the row of the first.
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        said = {"follows": follows, "ways": dict(ways)}
        is_said = bool(ways) or follows != Follows.USUAL
        if not _scope(user, workspace, project).update(**said) and is_said:
            Preferences.objects.create(user=user, workspace=workspace, project=project, **said)


def drop_unwanted(user_id: int) -> None:
    """Mail nothing of what waits that the person does not want mailed by now: a project may have
    been muted since it was told. Two queries, and one more where there is something."""
    waiting = Notice.objects.filter(user=user_id, mail_due_at__isnull=False)
    rows = sorted(Preferences.objects.filter(user=user_id), key=_width)
    unwanted = [
        notice.pk
        for notice in waiting.only("kind", "workspace", "project")
        if _choice_about(notice, rows).ends_mail_of(notice.kind)
    ]
    if unwanted:
        waiting.filter(pk__in=unwanted).update(mail_due_at=None)


def stop_mails_about(user: User, kind: str) -> None:
    """No e-mail of this kind any more, in no scope; the app goes on telling."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        everywhere = chosen(user)
        choose(user, {**everywhere.ways, kind: Way.APP})
        for row in Preferences.objects.filter(user=user, workspace__isnull=False):
            if row.ways.pop(kind, None) is not None:
                row.save(update_fields=["ways"])


def _choice_about(notice: Notice, rows: Iterable[Preferences]) -> Choice:
    """What `rows`, the widest first, say of this notice."""
    choice = _UNSAID
    for row in rows:
        is_here = row.workspace_id in (None, notice.workspace_id)
        if is_here and row.project in (None, notice.project):
            choice = _narrowed(choice, row)
    return choice


def _narrowed(wider: Choice, row: Preferences) -> Choice:
    follows = row.follows if row.project is not None else wider.follows
    return Choice(follows, {**wider.ways, **row.ways})


def _scope(user: User, workspace: Workspace | None, project: int | None) -> QuerySet[Preferences]:
    return Preferences.objects.filter(user=user, workspace=workspace, project=project)


def _width(row: Preferences) -> int:
    return (row.workspace_id is not None) + (row.project is not None)
