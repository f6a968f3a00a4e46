"""Which words of a take's history still stand: one rule, in the database, for pages and for lists.

A word stands until the same person says another one. An approval that counts moreover falls with
the next counting request for changes, which starts anew, and with the next counting approval of
something else: a payload, a preview or a video with another hash.
"""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from studio.renders.models import Take
from studio.reviews.models import Decision, Release

Verdict = Decision.Verdict


def with_standing(decisions: QuerySet[Decision]) -> QuerySet[Any]:
    """Each decision with `stands`: whether it is still its maker's word, and not overtaken."""
    return decisions.annotate(stands=ExpressionWrapper(_stands(), BooleanField()))


def judged(takes: QuerySet[Take]) -> QuerySet[Any]:
    """Each take with `verdict`: approved as its policy asks, changes_requested, or None.

    And with `approvals`, how many count, and `needed`: for a released film the number of its
    release, else the workspace's. `Standing` tells the same of one take.
    """
    counted = _standing_words(Verdict.APPROVED).values("take").annotate(count=_people())
    live = Release.objects.filter(take=OuterRef("pk"), withdrawn_at=None).order_by()
    return takes.annotate(
        approvals=Coalesce(Subquery(counted.values("count"), output_field=IntegerField()), 0),
        needed=Coalesce(
            Subquery(live.values("approvals_needed")[:1]),
            "workspace__review_policy__approvals_needed",
            1,
        ),
        verdict=Case(
            When(approvals__gte=F("needed"), then=Value(Verdict.APPROVED.value)),
            When(
                Exists(_standing_words(Verdict.CHANGES_REQUESTED)),
                then=Value(Verdict.CHANGES_REQUESTED.value),
            ),
            default=None,
            output_field=CharField(null=True),
        ),
    )


def approved_by_somebody() -> Exists:
    """For takes: whether an approval that counts stands, though the policy may ask for more."""
    return Exists(_standing_words(Verdict.APPROVED))


def _standing_words(verdict: Verdict) -> QuerySet[Decision]:
    """Of the take around it, the words that count and stand."""
    words = Decision.objects.filter(take=OuterRef("pk"), verdict=verdict, counts=True)
    return words.filter(_stands()).order_by()


def _people() -> Any:
    """How many people that is. The guests of one link are one: a browser is made in a moment."""
    return Count("decided_by", distinct=True) + Count("guest__link", distinct=True)


def _stands() -> Q:
    """Whether a decision still has its effect."""
    return ~Exists(_said_anew()) & (~Q(verdict=Verdict.APPROVED) | ~Exists(_begun_anew()))


def _said_anew() -> QuerySet[Decision]:
    """Later words of the same person."""
    return _later().filter(Q(decided_by=OuterRef("decided_by")) | Q(guest=OuterRef("guest")))


def _begun_anew() -> QuerySet[Decision]:
    """Later words after which earlier approvals count no more."""
    same_seal = Q(
        payload_sha256=OuterRef("payload_sha256"),
        preview_sha256=OuterRef("preview_sha256"),
        video_sha256=OuterRef("video_sha256"),
    )
    asked = Q(verdict=Verdict.CHANGES_REQUESTED)
    return _later().filter(asked | Q(verdict=Verdict.APPROVED) & ~same_seal, counts=True)


def _later() -> QuerySet[Decision]:
    return Decision.objects.filter(take=OuterRef("take"), pk__gt=OuterRef("pk")).order_by()
