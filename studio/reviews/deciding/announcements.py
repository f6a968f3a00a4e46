"""Who hears of decisions and releases, in the transaction in which they happen."""

from django.db.models import Q
from django.urls import reverse

from studio.accounts.access import POLICY, can
from studio.accounts.models import AuditEntry, User
from studio.inbox.models import Kind
from studio.inbox.outbox import announce
from studio.renders.models import Take
from studio.reviews.deciding.history import Verdict
from studio.reviews.deciding.standing import Standing
from studio.reviews.models import Decision, Guest, Note, Release

# Whoever may approve or release acts on what these tell.
_DECIDERS = tuple(role for role, allowed in POLICY.items() if can.DECIDE in allowed)
_LONGEST_NOTE = 200


def tell_of(take: Take, decision: Decision, standing: Standing) -> None:
    """Tell of a new word; `standing` is what it made of the take.

    Whoever ordered the take, decided or wrote notes on it hears; producers and admins too, where it
    is a guest's word, or an approval that waits for theirs.
    """
    by = decision.decided_by or decision.guest
    who = f"{by}, a guest," if isinstance(by, Guest) else str(by)
    of = _of(take)
    in_chat = ""
    if decision.verdict == Verdict.CHANGES_REQUESTED:
        kind, says = Kind.CHANGES_REQUESTED, f"{who} requested changes to {of}: {_short(decision)}"
        in_chat = f"{who} requested changes to {of}."
    elif decision.is_approval:
        kind, says = Kind.APPROVED, f"{who} approved {of}. {_what_is_missing(decision, standing)}"
    else:
        return
    waits = decision.is_approval and decision.counts and standing.missing > 0
    key = f"decision:{decision.pk}"
    _tell(take, kind, says.strip(), key, by, deciders=waits, in_chat=in_chat)


def tell_of_release(take: Take, release: Release, by: User | Guest) -> None:
    """Tell that the film is open."""
    says = f"The film of {_of(take)} is released and can be downloaded."
    _tell(take, Kind.RELEASED, says, f"released:{release.pk}", by, deciders=False)


def tell_of_withdrawal(take: Take, release: Release, by: User | Guest) -> None:
    """Tell that the film is locked again."""
    says = f"{by} withdrew the release of {_of(take)}. Its film is locked again."
    _tell(take, Kind.RELEASE_WITHDRAWN, says, f"withdrawn:{release.pk}", by, deciders=True)


def tell_of_refusal(take: Take, why: str, entry: AuditEntry) -> None:
    """Alert those who can set it right that a released film was refused; `entry` records it."""
    says = f"The released film of {_of(take)} was refused to whoever asked for it. {why}"
    announce(
        take.workspace,
        Kind.RELEASE_REFUSED,
        says,
        key=f"release-refused:{entry.pk}",
        url=reverse("reviews:take", args=[take.pk]),
        roles=_DECIDERS,
        project=take.project_id,
    )


def _tell(
    take: Take,
    kind: Kind,
    says: str,
    key: str,
    by: User | Guest | None,
    *,
    deciders: bool,
    in_chat: str = "",
) -> None:
    involved = Q(pk=take.created_by_id) | Q(
        pk__in=Decision.objects.filter(take=take, guest=None).values("decided_by")
    )
    involved |= Q(pk__in=Note.objects.filter(take=take, guest=None).values("author"))
    if deciders or isinstance(by, Guest):
        involved |= Q(memberships__workspace=take.workspace_id, memberships__role__in=_DECIDERS)
    people = User.objects.filter(involved).distinct()
    # Nobody is told of what they did themselves.
    others = people.exclude(pk=by.pk) if isinstance(by, User) else people
    announce(
        take.workspace,
        kind,
        says,
        key=key,
        url=reverse("reviews:take", args=[take.pk]),
        users=list(others),
        project=take.project_id,
        in_chat=in_chat,
    )


def _of(take: Take) -> str:
    return f"take {take.number} of “{take.project.title[:120]}”"


def _short(decision: Decision) -> str:
    note = " ".join(decision.note.split())
    return note if len(note) <= _LONGEST_NOTE else f"{note[: _LONGEST_NOTE - 1]}…"


def _what_is_missing(decision: Decision, standing: Standing) -> str:
    if not decision.counts:
        return "That is advice: it does not count towards the release."
    if standing.missing:
        return f"{standing.progress}, waiting for {standing.waits_for}."
    return "" if standing.policy.releases_itself else "A producer can release its film."
