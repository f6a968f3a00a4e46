"""Two people at the same moment: one history, no lost decision, one release."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from studio.accounts import audit
from studio.inbox.models import Notice
from studio.renders.models import Take
from studio.reviews.deciding.decisions import CannotDecide, Verdict, decide, take_back
from studio.reviews.deciding.releases import CannotRelease, checked, release
from studio.reviews.deciding.standing import standing_of
from studio.reviews.models import Decision, Release
from studio.reviews.retention import sweeping
from studio.reviews.retention.policies import set_policy
from tests.at_once import at_once as all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED
ROUNDS = 4
at_once = partial(all_at_once, refusals=(CannotDecide, CannotRelease))


def stands_by_its_history(take):
    """Whether release, standing and the audit log agree with the rows as they lie there."""
    standing = standing_of(take)
    assert (checked(take).release is not None) == standing.is_approved
    assert Release.objects.filter(take=take, withdrawn_at=None).count() == int(standing.is_approved)
    assert list(audit.broken_links(take.workspace)) == []
    return standing


def test_two_approvals_at_once_release_once(make_take, rule, producer, admin):
    rule(approvals_needed=2)
    first = make_take()
    for take in [first] + [make_take(project=first.project) for _ in range(ROUNDS - 1)]:
        said = at_once(
            lambda take=take: decide(take, YES, producer.user),
            lambda take=take: decide(take, YES, admin.user),
        )
        assert set(said) == set(Decision.objects.filter(take=take)), "both are on record"
        assert stands_by_its_history(take).count == 2
        assert Release.objects.filter(take=take).count() == 1
        assert Release.objects.get(take=take).decision == Decision.objects.filter(take=take)[0]
        told = Notice.objects.filter(kind="released", url=f"/takes/{take.pk}/")
        assert told.count() == 1, "whoever released it is not told so"


def test_an_approval_beside_a_request_for_changes(take, rule, producer, admin):
    for number in range(ROUNDS):
        said = at_once(
            lambda: decide(take, YES, producer.user),
            lambda number=number: decide(take, NO, admin.user, f"Slower {number}."),
        )
        newest = Decision.objects.filter(take=take)[0]
        assert newest in said
        assert stands_by_its_history(take).is_approved == newest.is_approval
    assert Decision.objects.filter(take=take, verdict=NO).count() == ROUNDS


def test_an_approval_beside_a_withdrawal(take, rule, producer, admin):
    rule(approvals_needed=2)
    decide(take, YES, producer.user)
    decided, withdrawn = at_once(
        lambda: decide(take, YES, admin.user), lambda: take_back(take, producer.user)
    )
    assert {decided, withdrawn} <= set(Decision.objects.filter(take=take))
    standing = stands_by_its_history(take)
    assert (standing.count, standing.is_approved) == (1, False)
    assert all(opened.withdrawn_by == producer.user for opened in Release.objects.all())


def test_one_word_taken_back_twice_is_one_row(take, producer):
    decide(take, YES, producer.user)
    results = at_once(*[lambda: take_back(take, producer.user)] * 3)
    assert sum(isinstance(result, Decision) for result in results) == 1
    assert Decision.objects.filter(take=take, verdict="withdrawn").count() == 1
    stands_by_its_history(take)


def test_released_by_two_hands_it_is_one_release(take, rule, producer, admin):
    rule(releases_itself=False)
    decide(take, YES, producer.user)
    opened = at_once(lambda: release(take, producer.user), lambda: release(take, admin.user))
    assert opened[0] == opened[1] == Release.objects.get()


def test_a_policy_set_meanwhile_holds_for_all_of_a_decision_or_none(take, rule, producer, admin):
    decide(take, NO, admin.user, "Slower.")
    at_once(
        lambda: rule(approvals_needed=2),
        lambda: decide(take, YES, producer.user),
    )
    released = Release.objects.filter(take=take).first()
    assert released is None or released.approvals_needed == 1
    assert (checked(take).release is None) == (released is None)


def test_an_approval_beside_retentions_deletion(take, workspace, producer, admin):
    policy = set_policy(workspace, 30, 7, admin.user)
    old = timezone.now() - timedelta(400)
    Take.objects.filter(pk=take.pk).update(
        created_at=old, finished_at=old, deletion_due_at=timezone.now() - timedelta(1)
    )
    decided, deleted = at_once(
        lambda: decide(take, YES, producer.user), lambda: sweeping.delete_due(policy, 10)
    )
    take.refresh_from_db()
    if deleted:
        assert isinstance(decided, CannotDecide)
        assert (take.files_deleted_at is not None, Decision.objects.exists()) == (True, False)
    else:
        assert isinstance(decided, Decision)
        assert take.files_deleted_at is None
        assert checked(take).release is not None
