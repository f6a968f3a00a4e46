"""What events are about, and by which ways a person can hear of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from studio.accounts.access import can


class Kind(models.TextChoices):
    """What an event is about; the label heads its e-mail."""

    TAKE_READY = "take_ready", "Take ready to review"
    TAKE_FAILED = "take_failed", "Render failed"
    TAKE_UNCERTAIN = "take_uncertain", "Outcome of a render unknown"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Take approved"
    RELEASED = "released", "Film released"
    RELEASE_WITHDRAWN = "release_withdrawn", "Release withdrawn"
    RELEASE_REFUSED = "release_refused", "Release refused"
    MENTIONED = "mentioned", "You were mentioned"
    NOTED = "noted", "A guest wrote a note"
    LINK_VIEWED = "link_viewed", "Share link opened for the first time"
    KEY_PAUSED = "key_paused", "API key paused"
    KEY_RESUMED = "key_resumed", "API key in use again"
    BUDGET_WARNED = "budget_warned", "Budget nearly used up"
    BUDGET_REACHED = "budget_reached", "Budget reached"
    FILES_DUE = "files_due", "Files about to be deleted"
    HOOK_PAUSED = "hook_paused", "Chat webhook paused"
    HOOK_FAILED = "hook_failed", "Chat message not delivered"


class Way(models.TextChoices):
    """How a person hears of a kind of event. The inbox has all of them; this is about e-mail."""

    AT_ONCE = "at_once", "E-mail at once"
    DAILY = "daily", "In the daily e-mail"
    APP = "app", "In the app only"


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind is told unless somebody chose otherwise, and who can hear of it at all.

    `for_own` is the way for people whom the event names (who ordered the take), where it differs.
    """

    way: Way
    needs: can = can.VIEW
    for_own: Way | None = None


HABITS: Mapping[str, Habit] = {
    Kind.TAKE_READY: Habit(Way.DAILY, for_own=Way.AT_ONCE),
    Kind.TAKE_FAILED: Habit(Way.APP, for_own=Way.AT_ONCE),
    Kind.TAKE_UNCERTAIN: Habit(Way.APP, can.RESOLVE),
    Kind.CHANGES_REQUESTED: Habit(Way.AT_ONCE),
    Kind.APPROVED: Habit(Way.AT_ONCE),
    Kind.RELEASED: Habit(Way.DAILY),
    Kind.RELEASE_WITHDRAWN: Habit(Way.DAILY),
    Kind.RELEASE_REFUSED: Habit(Way.AT_ONCE),
    Kind.MENTIONED: Habit(Way.AT_ONCE),
    Kind.NOTED: Habit(Way.DAILY),
    Kind.LINK_VIEWED: Habit(Way.APP, can.SHARE),
    Kind.KEY_PAUSED: Habit(Way.AT_ONCE, can.MANAGE_KEYS),
    Kind.KEY_RESUMED: Habit(Way.APP, can.MANAGE_KEYS),
    Kind.BUDGET_WARNED: Habit(Way.APP, can.RELEASE),
    Kind.BUDGET_REACHED: Habit(Way.AT_ONCE, can.RELEASE),
    Kind.FILES_DUE: Habit(Way.AT_ONCE, can.RENDER),
    Kind.HOOK_PAUSED: Habit(Way.AT_ONCE, can.MANAGE_HOOKS),
    Kind.HOOK_FAILED: Habit(Way.DAILY, can.MANAGE_HOOKS),
}

# Whoever follows a project hears of these, whoever they concern.
FOLLOWED = frozenset(
    {
        Kind.TAKE_READY,
        Kind.TAKE_FAILED,
        Kind.CHANGES_REQUESTED,
        Kind.APPROVED,
        Kind.RELEASED,
        Kind.RELEASE_WITHDRAWN,
    }
)

# A chat that cannot be reached is no place to tell of that.
IN_CHAT = tuple(kind for kind in Kind if kind not in (Kind.HOOK_PAUSED, Kind.HOOK_FAILED))


def label_in_chat(kind: str) -> str:
    """What heads an event of this kind where many read it."""
    return "Somebody was mentioned" if kind == Kind.MENTIONED else Kind(kind).label
