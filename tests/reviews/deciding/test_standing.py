"""Where a take stands: approvals add up, requests begin anew, and lists agree with pages."""

import random
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.renders.models import Take
from studio.reviews.deciding.decisions import Verdict, decide, take_back
from studio.reviews.deciding.history import judged
from studio.reviews.deciding.policies import policy_of
from studio.reviews.deciding.standing import standing_of
from studio.reviews.models import Decision, ReviewPolicy

YES, NO, BACK = Verdict.APPROVED, Verdict.CHANGES_REQUESTED, Verdict.WITHDRAWN


def test_approvals_of_different_people_add_up(take, rule, producer, admin, person):
    rule(approvals_needed=3)
    decide(take, YES, producer.user)
    decide(take, YES, producer.user, "Said again, in other words.")
    standing = standing_of(take)
    assert (standing.count, standing.missing, standing.verdict) == (1, 2, None)
    assert standing.progress == "1 of 3 approvals"
    assert standing.waits_for == "2 more producers or admins"
    decide(take, YES, admin.user)
    assert standing_of(take).waits_for == "another producer or admin"
    decide(take, YES, person("Mia"))
    assert (standing_of(take).verdict, standing_of(take).waits_for) == ("approved", "")


def test_who_cannot_approve_is_said_without_a_name(take, rule, creative, producer):
    Take.objects.filter(pk=take.pk).update(created_by=creative.user)
    take.refresh_from_db()
    rule(approvals_needed=1, refuses_own=True)
    assert standing_of(take).waits_for == "a producer or admin, other than whoever ordered it"


def test_a_counting_request_starts_anew(take, rule, producer, admin, person):
    rule(approvals_needed=2)
    decide(take, YES, producer.user)
    decide(take, NO, admin.user, "Slower.")
    assert (standing_of(take).count, standing_of(take).verdict) == (0, "changes_requested")
    decide(take, YES, person("Mia"))
    assert standing_of(take).verdict == "changes_requested", "one of two: they still wait"
    decide(take, YES, producer.user)
    assert (standing_of(take).count, standing_of(take).verdict) == (2, "approved")


def test_a_request_that_is_withdrawn_brings_no_former_approval_back(take, rule, producer, admin):
    decide(take, YES, producer.user)
    decide(take, NO, admin.user, "Slower.")
    take_back(take, admin.user)
    assert (standing_of(take).count, standing_of(take).verdict) == (0, None)
    decide(take, YES, producer.user)
    assert standing_of(take).release is not None


def test_advice_neither_releases_nor_locks(take, rule, producer, admin):
    rule(roles=("admin",))
    assert decide(take, YES, producer.user).counts is False
    assert standing_of(take).verdict is None
    decide(take, YES, admin.user)
    decide(take, NO, producer.user, "I would not.")
    standing = standing_of(take)
    assert (standing.verdict, standing.release is not None) == ("approved", True)


def test_what_counted_once_counts_though_the_person_moved_on(take, rule, producer, admin):
    rule(approvals_needed=2)
    decide(take, YES, producer.user)
    rule(approvals_needed=2, roles=("admin",))
    producer.user.memberships.update(role="viewer")
    decide(take, YES, admin.user)
    assert standing_of(take).verdict == "approved"
    assert [w.decision.role for w in standing_of(take).history] == ["admin", "producer"]


def test_all_guests_of_one_link_are_one(take, rule, guest_of):
    rule(approvals_needed=2, guests_count=True)
    ann = guest_of(take, "Ann")
    decide(take, YES, ann)
    decide(take, YES, guest_of(take, "Ann again", ann.link))
    assert standing_of(take).count == 1
    decide(take, YES, guest_of(take, "Bob"))
    assert (standing_of(take).count, standing_of(take).verdict) == (2, "approved")
    assert standing_of(take).release.released_by is None


@dataclass
class Told:
    """The rules, told once more and differently: by walking the history from its beginning."""

    needed: int
    words: dict[int, str] = field(default_factory=dict)
    approvals: set[int] = field(default_factory=set)
    judged: str = ""

    def say(self, who: int, verdict: str, counts: bool, video: str) -> None:
        self.words.pop(who, None)
        self.approvals.discard(who)
        if verdict == NO and counts:
            self.words[who] = NO
            self.approvals.clear()
        if verdict == YES and counts:
            if self.judged != video:
                self.approvals.clear()
            self.judged = video
            self.approvals.add(who)

    @property
    def verdict(self) -> str | None:
        if len(self.approvals) >= self.needed:
            return "approved"
        return "changes_requested" if NO in self.words.values() else None


def test_pages_and_lists_agree_with_the_rules_on_any_history(
    make_take, rule, workspace, person, django_assert_num_queries
):
    dice = random.Random(21)
    people = [person(name) for name in ("Ann", "Bob", "Cem", "Dot")]
    needed = 2
    rule(approvals_needed=needed)
    first = make_take()
    expected, takes = {}, [first] + [make_take("queued", first.project) for _ in range(79)]
    for take in takes:
        told = Told(needed)
        for _ in range(dice.randrange(9)):
            who, verdict = dice.choice(people), dice.choice([YES, YES, YES, NO, BACK])
            counts, video = dice.random() < 0.8, dice.choice("aaaab") * 64
            Decision.objects.create(
                take=take,
                verdict=verdict,
                decided_by=who,
                counts=counts,
                payload_sha256="p" * 64,
                preview_sha256="g" * 64,
                video_sha256=video,
            )
            told.say(who.pk, verdict, counts, video)
        expected[take.pk] = (told.verdict, len(told.approvals))
    assert {verdict for verdict, _ in expected.values()} == {None, "approved", "changes_requested"}
    with django_assert_num_queries(1):
        listed = {t.pk: (t.verdict, t.approvals) for t in judged(Take.objects.all())}
    assert listed == expected
    for take in takes:
        standing = standing_of(take)
        assert (standing.verdict, standing.count) == expected[take.pk], take.pk


def test_a_long_history_takes_as_many_queries(take, rule, producer, guest_of):
    rule(approvals_needed=2)

    def said(times):
        for number in range(times):
            decide(take, NO, producer.user, f"Slower {number}.")
            decide(take, YES, guest_of(take, f"Guest {number}"))
        with CaptureQueriesContext(connection) as counted:
            standing = standing_of(take)
            assert [str(w.decision.guest or w.decision.decided_by) for w in standing.history]
        return len(counted)

    assert said(3) == said(6) <= 3


def test_lists_go_by_the_number_of_the_release(make_take, rule, producer, workspace):
    released, approved = make_take(), None
    decide(released, YES, producer.user)
    approved = make_take(project=released.project)
    rule(releases_itself=False)
    decide(approved, YES, producer.user)
    rule(approvals_needed=2)
    found = {t.pk: (t.needed, t.verdict) for t in judged(Take.objects.all())}
    assert found == {released.pk: (1, "approved"), approved.pk: (2, None)}
    assert policy_of(workspace) == ReviewPolicy.objects.get()


@pytest.mark.parametrize("gone", ["policy", "nothing"])
def test_a_workspace_without_a_policy_is_listed_by_the_defaults(take, rule, producer, gone):
    if gone == "policy":
        rule(approvals_needed=2)
        ReviewPolicy.objects.all().delete()
    decide(take, YES, producer.user)
    assert judged(Take.objects.all()).get().verdict == "approved"
