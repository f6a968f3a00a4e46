"""What people are told of a take without looking at it, and who else wants to know of its end.

The layers above register here when they load (`apps.ready`). They are told inside the transaction
in which the take ended, so what they write stands or falls with it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse

from studio.accounts.access import POLICY, can
from studio.inbox.models import Kind
from studio.inbox.outbox import announce

if TYPE_CHECKING:
    from studio.renders.models import Take

_listeners: "dict[str, Callable[[Take], None]]" = {}
_SETTLERS = tuple(role for role, allowed in POLICY.items() if can.RESOLVE in allowed)


def register(app: str, ended: "Callable[[Take], None]") -> None:
    """Have `ended` called with each take that reached its end; again under the same name, it takes
    the former's place."""
    _listeners[app] = ended


def tell_of_end(take: "Take") -> None:
    """Call it in the transaction in which the take became ready, failed or cancelled."""
    for ended in _listeners.values():
        ended(take)


def tell_of_unknown_outcome(take: "Take") -> None:
    """Tell whoever may settle it, once each time it happens; in the transaction that notes it."""
    announce(
        take.workspace,
        Kind.TAKE_UNCERTAIN,
        f"Nobody knows whether take {take.number} of “{take.project.title[:120]}” was created at "
        "Transend. Look it up there and settle it on its page: until then nothing is sent again.",
        key=f"take-uncertain:{take.pk}:{take.last_event}",
        url=reverse("reviews:take", args=[take.pk]),
        roles=_SETTLERS,
    )


def tell_of_uncollected(take: "Take") -> None:
    """Tell who ordered it, and whoever may settle it, that a take's files are still at the vendor,
    once; in the transaction that notes it. A film whose links die unseen is paid for and lost."""
    announce(
        take.workspace,
        Kind.FILES_DUE,
        f"Take {take.number} of “{take.project.title[:120]}” is finished at Transend, but its "
        "files could not be fetched. Collect it again on its page, which is free, before "
        "Transend's links die: they live for 24 hours.",
        key=f"take-uncollected:{take.pk}",
        url=reverse("reviews:take", args=[take.pk]),
        roles=_SETTLERS,
        users=[take.created_by] if take.created_by else [],
    )


def tell_of_task_after_all(take: "Take", task_id: str) -> None:
    """A webhook contradicts that nothing was created; in the transaction that notes it."""
    announce(
        take.workspace,
        Kind.TAKE_UNCERTAIN,
        f"Transend's webhook names the task {task_id[:80]} for take {take.number} of "
        f"“{take.project.title[:80]}”, which was settled without one. It may be billed: look for "
        "it in the Transend console.",
        key=f"take-named:{take.pk}:{take.last_event}",
        url=reverse("reviews:take", args=[take.pk]),
        roles=_SETTLERS,
    )
