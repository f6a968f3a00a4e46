"""The table in which a person chooses: kinds of events by ways, for one scope."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from studio.accounts.access import can, is_allowed
from studio.inbox.models import HABITS, Kind, Way
from studio.inbox.preferences import Choice

_TOPICS: Sequence[tuple[str, Sequence[Kind]]] = (
    (
        "Takes and releases",
        (
            Kind.TAKE_READY,
            Kind.TAKE_FAILED,
            Kind.TAKE_UNCERTAIN,
            Kind.CHANGES_REQUESTED,
            Kind.APPROVED,
            Kind.RELEASED,
            Kind.RELEASE_WITHDRAWN,
            Kind.RELEASE_REFUSED,
        ),
    ),
    ("Notes and guests", (Kind.MENTIONED, Kind.NOTED, Kind.LINK_VIEWED)),
    (
        "Keys, money and files",
        (
            Kind.KEY_PAUSED,
            Kind.KEY_RESUMED,
            Kind.BUDGET_WARNED,
            Kind.BUDGET_REACHED,
            Kind.FILES_DUE,
            Kind.HOOK_PAUSED,
            Kind.HOOK_FAILED,
        ),
    ),
)
_OF_PROJECTS = 2  # the topics that projects have
_SHORT = {Way.AT_ONCE: "At once", Way.DAILY: "Daily", Way.APP: "App only"}


class UnknownWay(ValueError):
    """The form holds a way that there is not; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind: the way chosen here (empty: left open), and what holds while it is left open."""

    kind: Kind
    chosen: str
    otherwise: str

    @property
    def field(self) -> str:
        """The name of its form field."""
        return f"way-{self.kind.value}"


@dataclass(frozen=True, slots=True)
class Topic:
    """Kinds that belong together."""

    title: str
    rows: Sequence[Row]


def topics(
    chosen: Mapping[str, str], wider: Choice, roles: Collection[str], *, of_project: bool = False
) -> list[Topic]:
    """The table for a scope: what is `chosen` in it, what the `wider` scopes say, and only what
    somebody with one of `roles` can hear of."""
    shown = _TOPICS[:_OF_PROJECTS] if of_project else _TOPICS
    found = [
        Topic(title, [_row(kind, chosen, wider) for kind in kinds if _concerns(kind, roles)])
        for title, kinds in shown
    ]
    return [topic for topic in found if topic.rows]


def read(data: QueryDict) -> dict[str, str]:
    """The ways that a form chose, by kind; those left open are missing. Raises `UnknownWay`."""
    ways = {}
    for kind in Kind:
        way = data.get(f"way-{kind.value}", "")
        if not way:
            continue
        if way not in Way.values:
            raise UnknownWay("Choose one of the ways in the table, then save again.")
        ways[str(kind)] = way
    return ways


def _row(kind: Kind, chosen: Mapping[str, str], wider: Choice) -> Row:
    own, others = (wider.way(kind, is_own=is_own) for is_own in (True, False))
    otherwise = _SHORT[others]
    if own != others:
        otherwise = f"{_SHORT[own]} if it is yours, else {otherwise.lower()}"
    return Row(kind, chosen.get(kind, ""), otherwise)


def _concerns(kind: Kind, roles: Collection[str]) -> bool:
    needs: can = HABITS[kind].needs
    return any(is_allowed(role, needs) for role in roles)
