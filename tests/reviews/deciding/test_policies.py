"""What a workspace asks for before a film is released, in rows and in words."""

import pytest

from studio.accounts import audit
from studio.accounts.models import AuditEntry, Role, User
from studio.reviews.deciding.policies import (
    Rule,
    UnusablePolicy,
    change,
    in_words,
    policy_of,
    rule_of,
    shortage,
)
from studio.reviews.models import ReviewPolicy


def test_without_a_policy_one_approval_of_a_producer_or_admin_releases(workspace):
    assert rule_of(policy_of(workspace)) == Rule(1, ("producer", "admin"), False, False, True)
    assert not ReviewPolicy.objects.exists(), "looking writes nothing"


def test_a_change_is_audited_once_with_both_rules(workspace, admin):
    change(workspace, Rule(2, ("admin",), True, True, False), admin.user)
    change(workspace, Rule(2, ("admin",), True, True, False), admin.user)
    assert rule_of(policy_of(workspace)) == Rule(2, ("admin",), True, True, False)
    entry = AuditEntry.objects.get(action="review_policy.changed")
    assert (entry.actor, entry.data["before"]["approvals_needed"]) == (admin.user, 1)
    assert entry.data["after"] == {
        "approvals_needed": 2,
        "roles": ["admin"],
        "refuses_own": True,
        "guests_count": True,
        "releases_itself": False,
    }
    assert list(audit.broken_links(workspace)) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"approvals_needed": 0}, "approvals_needed"),
        ({"approvals_needed": 11}, "approvals_needed"),
        ({"roles": ()}, "roles"),
        ({"roles": ("viewer",)}, "roles"),
        ({"roles": ("producer", "creative")}, "roles"),
    ],
)
def test_no_policy_says_what_nobody_can_meet(workspace, admin, said, field):
    with pytest.raises(UnusablePolicy) as refused:
        change(workspace, Rule(**said), admin.user)
    assert refused.value.field == field
    assert not ReviewPolicy.objects.exists()


@pytest.mark.parametrize("needed", [1, 10])
def test_the_bounds_themselves_may_be_asked_for(workspace, admin, needed):
    assert change(workspace, Rule(needed), admin.user).approvals_needed == needed


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(), "A film is released as soon as a producer or admin has approved it."),
        (
            Rule(2, refuses_own=True),
            "A film is released as soon as 2 producers or admins, other than the person who "
            "ordered it, have approved it.",
        ),
        (Rule(1, ("admin",)), "A film is released as soon as an admin has approved it."),
        (
            Rule(3, guests_count=True, releases_itself=False),
            "Once 3 producers, admins or guests have approved a take, a producer or admin can "
            "release its film.",
        ),
    ],
)
def test_it_is_said_in_plain_words(rule, words):
    assert in_words(rule) == words


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule(2), ""),
        (Rule(3), "Only 2 people could approve, and 3 approvals are needed."),
        (Rule(3, guests_count=True), ""),
        (Rule(2, refuses_own=True), "what one of them orders could not be released"),
        (Rule(2, ("admin",)), "Only 1 person could approve, and 2 approvals are needed."),
    ],
)
def test_too_few_people_are_warned_of(workspace, admin, producer, viewer, stranger, rule, says):
    found = shortage(workspace, rule)
    assert bool(found) == bool(says)
    assert says in found


def test_nobody_at_all_is_warned_of(workspace, producer):
    User.objects.filter(pk=producer.user.pk).update(is_active=False)
    assert shortage(workspace, Rule()).startswith("Nobody could approve, and 1 approval is needed")


def test_people_who_left_approve_nothing(workspace, producer, admin, person):
    gone = person("Gone", Role.ADMIN)
    assert shortage(workspace, Rule(3)) == ""
    gone.memberships.all().delete()
    assert shortage(workspace, Rule(3))
