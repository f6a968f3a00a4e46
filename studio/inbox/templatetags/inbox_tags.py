"""The bell in the top bar, and how a notice looks."""

from django import template

from studio.accounts.models import User
from studio.inbox.models import Kind, Notice
from studio.inbox.reading import Bell, bell_of

register = template.Library()

_LOOKS: dict[str, tuple[str, str]] = {
    Kind.TAKE_READY: ("film", "good"),
    Kind.TAKE_FAILED: ("circle-alert", "bad"),
    Kind.CHANGES_REQUESTED: ("pencil", "warn"),
    Kind.APPROVED: ("circle-check", "good"),
    Kind.RELEASED: ("lock-open", "good"),
    Kind.RELEASE_WITHDRAWN: ("lock", "warn"),
    Kind.RELEASE_REFUSED: ("shield-check", "bad"),
    Kind.MENTIONED: ("sticky-note", "warn"),
    Kind.NOTED: ("sticky-note", ""),
    Kind.LINK_VIEWED: ("eye", ""),
    Kind.HOOK_PAUSED: ("send", "bad"),
    Kind.HOOK_FAILED: ("send", "warn"),
    Kind.KEY_PAUSED: ("key-round", "bad"),
    Kind.KEY_RESUMED: ("key-round", "good"),
    Kind.TAKE_UNCERTAIN: ("triangle-alert", "warn"),
    Kind.BUDGET_WARNED: ("triangle-alert", "warn"),
    Kind.BUDGET_REACHED: ("ban", "bad"),
    Kind.FILES_DUE: ("trash-2", "warn"),
}


@register.inclusion_tag("inbox/_bell.html")
def bell(user: User) -> dict[str, Bell]:
    """The person's bell; one query."""
    return {"bell": bell_of(user)}


@register.filter
def notice_icon(notice: Notice) -> str:
    """The icon beside it."""
    return _LOOKS.get(notice.kind, ("bell", ""))[0]


@register.filter
def notice_mood(notice: Notice) -> str:
    """good, warn, bad or nothing: the colour of its icon."""
    return _LOOKS.get(notice.kind, ("bell", ""))[1]
