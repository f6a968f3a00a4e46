"""Who may say what under which policy, and what follows at once."""

import json
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.inbox.models import Notice
from studio.renders.models import Take
from studio.reviews.deciding import releases
from studio.reviews.deciding.decisions import CannotDecide, Verdict, decide, take_back
from studio.reviews.deciding.releases import CannotRelease, checked, release, withdraw
from studio.reviews.deciding.standing import standing_of
from studio.reviews.models import Decision, Release, ShareLink

YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED


def test_the_last_approval_that_was_missing_releases(take, rule, producer, admin):
    rule(approvals_needed=2)
    decide(take, YES, producer.user)
    locked = checked(take)
    assert locked.release is None
    assert locked.says == (
        "The film is locked. 1 of 2 approvals. Waiting for another producer or admin."
    )
    last = decide(take, YES, admin.user)
    opened = checked(take).release
    assert (opened.decision, opened.approvals_needed, opened.released_by) == (last, 2, admin.user)


def test_without_releasing_itself_it_waits_for_a_hand(take, rule, producer, admin):
    rule(approvals_needed=2, releases_itself=False)
    with pytest.raises(CannotRelease, match="0 of 2 approvals"):
        release(take, producer.user)
    decide(take, YES, producer.user)
    decide(take, YES, admin.user)
    finding = checked(take)
    assert (finding.release, finding.can_be_released) == (None, True)
    assert "a producer has to release it" in finding.says
    assert decide(take, YES, admin.user) == standing_of(take).history[0].decision, "said already"
    release(take, producer.user)
    assert checked(take).release.released_by == producer.user


def test_whoever_ordered_a_take_may_not_approve_it(take, rule, producer, admin, capsys):
    Take.objects.filter(pk=take.pk).update(created_by=producer.user)
    rule(refuses_own=True)
    with pytest.raises(CannotDecide, match="You ordered this take.*another producer or admin"):
        decide(take, YES, producer.user)
    with pytest.raises(CommandError, match="You ordered this take") as refused:
        call_command("decide_take", take.pk, "--as", producer.user.email, "--approve")
    assert refused.value.returncode == 1
    assert not Decision.objects.exists()
    decide(take, NO, producer.user, "I see a mistake of mine.")
    decide(take, YES, admin.user)
    assert checked(take).release is not None


def test_the_command_prints_where_the_take_stands(take, rule, producer, admin, capsys):
    rule(approvals_needed=2)
    answers = []
    for email in (producer.user.email, admin.user.email):
        call_command("decide_take", take.pk, "--as", email, "--approve")
        answers.append(json.loads(capsys.readouterr().out))
    call_command(
        "decide_take", take.pk, "--as", admin.user.email, "--request-changes", "--note", "No."
    )
    answers.append(json.loads(capsys.readouterr().out))
    assert answers == [
        {"take": take.pk, "decision": None, "released": False},
        {"take": take.pk, "decision": "approved", "released": True},
        {"take": take.pk, "decision": "changes_requested", "released": False},
    ]


@pytest.mark.parametrize(("needed", "stays"), [(2, False), (1, True)])
def test_withdrawing_an_approval_shuts_what_rested_on_it(
    take, rule, producer, admin, needed, stays
):
    rule(approvals_needed=needed)
    decide(take, YES, producer.user)
    decide(take, YES, admin.user)
    said = take_back(take, producer.user)
    assert (said.verdict, said.seal) == ("withdrawn", standing_of(take).seal)
    assert (checked(take).release is not None) is stays
    assert standing_of(take).count == 1


def test_only_ones_own_word_can_be_taken_back_and_once(take, producer, admin):
    decide(take, YES, producer.user)
    with pytest.raises(CannotDecide, match="said nothing"):
        take_back(take, admin.user)
    take_back(take, producer.user)
    with pytest.raises(CannotDecide, match="said nothing"):
        take_back(take, producer.user)
    assert [d.verdict for d in take.decisions.all()] == ["withdrawn", "approved"]
    assert Release.objects.get().withdrawn_by == producer.user


def test_a_word_can_be_taken_back_though_the_files_are_damaged(take, producer):
    decide(take, YES, producer.user)
    Take.objects.filter(pk=take.pk).update(payload="{}")
    take.refresh_from_db()
    take_back(take, producer.user)
    assert not Release.objects.filter(withdrawn_at=None).exists()


def test_a_policy_changed_later_neither_opens_nor_shuts(make_take, rule, producer, admin):
    released, half = make_take(), None
    decide(released, YES, producer.user)
    half = make_take(project=released.project)
    rule(approvals_needed=3)
    decide(half, YES, producer.user)
    assert checked(released).release is not None
    decide(released, YES, admin.user)  # one more changes nothing either
    assert Release.objects.get(take=released).approvals_needed == 1
    rule(approvals_needed=1)
    finding = checked(half)
    assert (finding.release, finding.can_be_released) == (None, True)
    assert not Release.objects.filter(take=half).exists()


def test_locked_again_under_a_stricter_policy_it_needs_more(take, rule, producer, admin):
    decide(take, YES, producer.user)
    withdraw(take, producer.user)
    rule(approvals_needed=2)
    with pytest.raises(CannotRelease, match="1 of 2 approvals"):
        release(take, producer.user)
    decide(take, YES, admin.user)
    assert checked(take).release.approvals_needed == 2


def test_approvals_of_different_files_do_not_add_up(take, rule, producer, admin, keep):
    rule(approvals_needed=2)
    decide(take, YES, producer.user)
    other = keep(take.workspace, b"GIF89a another preview", "image/gif")
    take.assets.filter(part="preview_gif").update(asset=other)
    decide(take, YES, admin.user)
    assert standing_of(take).count == 1
    assert checked(take).release is None
    decide(take, YES, producer.user)
    assert checked(take).release.preview_sha256 == other.sha256


def test_who_lost_the_right_meanwhile_decides_nothing(take, producer):
    producer.user.memberships.update(role="creative")
    with pytest.raises(CannotDecide, match="may not decide on this take any more"):
        decide(take, YES, producer.user)
    producer.user.memberships.all().delete()
    with pytest.raises(CannotDecide, match="any more"):
        decide(take, YES, producer.user)


def test_a_guest_advises_unless_the_policy_lets_them_count(take, rule, guest_of):
    ann = guest_of(take)
    advice = decide(take, YES, ann)
    assert (advice.counts, advice.guest, advice.decided_by, advice.role) == (False, ann, None, "")
    assert checked(take).release is None
    rule(guests_count=True)
    assert decide(take, YES, ann).counts, "the same words, but now they count"
    opened = checked(take).release
    assert opened.released_by is None
    told = AuditEntry.objects.get(action="release.opened")
    assert (told.actor, told.data["guest_name"]) == (None, "Ann Client")


def test_a_guest_who_counts_can_lock_it_again(take, rule, producer, guest_of):
    rule(guests_count=True)
    decide(take, YES, producer.user)
    ann = guest_of(take)
    decide(take, NO, ann, "The logo is an old one.")
    shut = Release.objects.get()
    assert (checked(take).release, shut.withdrawn_by, shut.withdrawn_at is None) == (
        None,
        None,
        False,
    )
    take_back(take, ann)
    assert checked(take).release is None, "that alone opens nothing"


@pytest.mark.parametrize("rights", ["view", "comment"])
def test_a_link_that_lets_nobody_approve_lets_nobody_decide(take, guest_of, link_of, rights):
    guest = guest_of(take, link=link_of(take, rights))
    for act in (lambda: decide(take, YES, guest), lambda: take_back(take, guest)):
        with pytest.raises(CannotDecide, match="link does not let you"):
            act()


def test_a_link_to_another_take_decides_nothing_here(take, make_take, guest_of):
    guest = guest_of(make_take(project=take.project))
    assert guest.link.rights == ShareLink.Rights.APPROVE
    with pytest.raises(CannotDecide, match="link does not let you"):
        decide(take, YES, guest)
    assert not Decision.objects.exists()


def test_guests_are_named_in_the_audit_log(take, guest_of):
    decide(take, NO, guest_of(take), "Slower.")
    entry = AuditEntry.objects.get(action="take.changes_requested")
    assert (entry.actor, entry.data["guest_name"], entry.data["counts"]) == (
        None,
        "Ann Client",
        False,
    )


@pytest.mark.parametrize("end", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_a_link_that_was_shut_while_films_were_hashed_decides_nothing(take, rule, guest_of, end):
    rule(guests_count=True)
    guest = guest_of(take)
    assert guest.link.may_decide  # as it was when the guest was let in
    ShareLink.objects.filter(pk=guest.link_id).update(**end)
    with pytest.raises(CannotDecide, match="Your link"):
        decide(take, YES, guest)
    assert not Decision.objects.exists()
    assert checked(take).release is None


@pytest.mark.parametrize("unseen", ["\u200b\u200b", "\x00", "\u3164 \n"])
def test_a_reason_that_nobody_can_see_is_none(take, producer, unseen):
    with pytest.raises(CannotDecide, match="Write what should change"):
        decide(take, NO, producer.user, unseen)


def test_a_note_is_kept_without_what_no_database_stores(take, producer):
    lines = "\r\n".join(["a" * 99] * 40)  # 4,038 characters over the wire, 3,999 as typed
    decide(take, NO, producer.user, f" {lines}\x00")
    assert Decision.objects.get().note == lines.replace("\r\n", "\n")


def test_who_reads_while_somebody_approves_raises_no_alarm(take, producer, monkeypatch):
    before = standing_of(take)
    decide(take, YES, producer.user)
    torn = replace(before, release=Release.objects.get())  # the history, then the release
    reads = iter([torn])
    monkeypatch.setattr(releases, "standing_of", lambda of: next(reads, None) or standing_of(of))
    assert checked(take).release == torn.release
    assert not AuditEntry.objects.filter(action="release.refused").exists()
    assert not Notice.objects.filter(kind="release_refused").exists()
