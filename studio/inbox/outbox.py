"""Telling people: notices, e-mails and chat messages are written in the caller's transaction.

So what did not happen is told to nobody, and what happened is told even if the process dies then.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.inbox import digests, preferences
from studio.inbox.chat import ordering
from studio.inbox.models import FOLLOWED, Kind, MailHabits, Notice, Way
from studio.lib.waking import enqueue

# Not the queue of paid work: a mail server may be slow.
QUEUE = "long"
_TASK = "studio.inbox.tasks.send_mail"
_MAX_SAYS = 500
# A browser reads `//` and `/\` as the beginning of another host's address.
_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", re.ASCII)


def announce(
    workspace: Workspace,
    kind: Kind,
    says: str,
    *,
    key: str,
    url: str = "",
    roles: Collection[str] = (),
    users: Collection[User] = (),
    project: int | None = None,
    in_chat: str = "",
) -> int:
    """Tell the members with one of `roles`, and `users`, of an event; return how many hear of it.

    `says` is a sentence or two, `url` the path of the page to go to (`reverse`). `key` names the
    event within the workspace: whoever was told of it already is not told again. `project` is the
    number of the project it is about: who follows that hears of it too, who muted it does not.
    Only active members are told, each in the way they chose. A chat may have readers from outside:
    `in_chat` is posted there instead of a sentence that quotes what people wrote. Call it in the
    transaction of the event.
    """
    if url and not _PATH.fullmatch(url):
        raise ValueError(f"A notice links to a page of this studio, not to {url!r}.")
    now = timezone.now()
    with transaction.atomic():
        told = Notice.objects.filter(workspace=workspace, key=key).values("user")
        followed = project if kind in FOLLOWED else None
        people = list(
            _addressed(workspace, roles, users, followed).exclude(pk__in=told).order_by("pk")
        )
        named = {user.pk for user in users}
        notices = _notices(workspace, kind, project, people, named, now)
        for notice in notices:
            notice.says, notice.url, notice.key = says[:_MAX_SAYS], url, key
        # Somebody may tell of the same event at this moment.
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        for notice in notices:
            if notice.mail_due_at is not None and not notice.in_digest:
                wake_mail(notice.user_id)
        ordering.order(workspace, kind, (in_chat or says)[:_MAX_SAYS], url, key)
    return len(notices)


def wake_mail(user_id: int) -> int:
    """Have a worker send this person what is due to be mailed; the number of the queue's entry."""
    return enqueue(_TASK, user_id, QUEUE)


def _notices(
    workspace: Workspace,
    kind: Kind,
    project: int | None,
    people: Sequence[User],
    named: Collection[int],
    now: datetime,
) -> list[Notice]:
    """A notice for each of these who wants to hear of it, with when and how it is mailed."""
    choices = preferences.choices_of([person.pk for person in people], workspace, project)
    habits = digests.habits_of([person.pk for person in people])
    notices = []
    for person in people:
        choice = choices[person.pk]
        if not choice.hears_of(kind):
            continue
        way = choice.way(kind, is_own=person.pk in named)
        notice = Notice(workspace=workspace, user=person, kind=kind, project=project)
        notice.created_at = now
        notice.mail_due_at = _mailed_at(way, habits[person.pk], now)
        notice.in_digest = way is Way.DAILY
        notices.append(notice)
    return notices


def _mailed_at(way: Way, habits: MailHabits, now: datetime) -> datetime | None:
    if habits.is_stopped or way is Way.APP or (way is Way.DAILY and habits.skips_digest):
        return None
    return now if way is Way.AT_ONCE else digests.next_at(habits, now)


def _addressed(
    workspace: Workspace,
    roles: Collection[str],
    users: Collection[User],
    followed: int | None,
) -> QuerySet[User]:
    wanted = Q(memberships__role__in=list(roles)) | Q(pk__in=[user.pk for user in users])
    if followed is not None:
        wanted |= Q(pk__in=preferences.followers_of(workspace, followed))
    # In one filter(): role and workspace are then those of one membership.
    return User.objects.filter(wanted, is_active=True, memberships__workspace=workspace)
