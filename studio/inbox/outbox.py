"""Telling people: the notices are written, and their e-mails queued, in the caller's transaction.

So what did not happen is told to nobody, and what happened is told even if the process dies then.
"""

import re
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts.models import User, Workspace
from studio.inbox.models import HABITS, Kind, Notice, Way
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
) -> int:
    """Tell the members with one of `roles`, and `users`, of an event; return how many hear of it.

    `says` is a sentence or two, `url` the path of the page to go to (`reverse`). `key` names the
    event within the workspace: whoever was told of it already is not told again. `project` is the
    number of the project it is about. Only active members are told. Call it in the transaction of
    the event.
    """
    if url and not _PATH.fullmatch(url):
        raise ValueError(f"A notice links to a page of this studio, not to {url!r}.")
    told = Notice.objects.filter(workspace=workspace, key=key).values("user")
    people = list(_addressed(workspace, roles, users).exclude(pk__in=told).order_by("pk"))
    now = timezone.now()
    is_mailed = HABITS[kind].way is Way.AT_ONCE
    with transaction.atomic():
        Notice.objects.bulk_create(
            [
                Notice(
                    workspace=workspace,
                    user=person,
                    kind=kind,
                    says=says[:_MAX_SAYS],
                    url=url,
                    project=project,
                    key=key,
                    created_at=now,
                    mail_due_at=now if is_mailed else None,
                )
                for person in people
            ],
            ignore_conflicts=True,  # somebody tells of the same event at this moment
        )
        if is_mailed:
            for person in people:
                wake_mail(person.pk)
    return len(people)


def wake_mail(user_id: int) -> None:
    """Have a worker send this person what is due to be mailed."""
    enqueue(_TASK, user_id, QUEUE)


def _addressed(
    workspace: Workspace, roles: Collection[str], users: Collection[User]
) -> QuerySet[User]:
    wanted = Q(memberships__role__in=list(roles)) | Q(pk__in=[user.pk for user in users])
    # In one filter(): role and workspace are then those of one membership.
    return User.objects.filter(wanted, is_active=True, memberships__workspace=workspace)
