"""Telling of a take's end: that it may be reviewed now, or that nothing came of it."""

from django.urls import reverse

from studio.accounts.access import POLICY, can
from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.lifecycle import Status
from studio.renders.models import Take

_DECIDERS = tuple(role for role, allowed in POLICY.items() if can.DECIDE in allowed)
_MAX_REASON = 240


def tell_of_end(take: Take) -> None:
    """Tell who ordered a take that it is ready, and whoever may decide about it; or, who ordered
    it, that it failed. In the transaction of its end; each once."""
    if take.status == Status.READY:
        _tell(take, Kind.TAKE_READY, "is ready to review.", roles=_DECIDERS)
    elif take.status == Status.FAILED:
        _tell(take, Kind.TAKE_FAILED, f"failed. {take.error_says[:_MAX_REASON]}")


def _tell(take: Take, kind: Kind, what: str, roles: tuple[str, ...] = ()) -> None:
    announce(
        take.workspace,
        kind,
        f"Take {take.number} of “{take.project.title}” {what}".strip(),
        key=f"{kind}:{take.pk}",
        url=reverse("reviews:take", args=[take.pk]),
        roles=roles,
        users=[take.created_by] if take.created_by else [],
        project=take.project_id,
    )
