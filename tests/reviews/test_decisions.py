"""A decision holds for exactly what was judged, and is never rewritten."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from studio.accounts import audit
from studio.accounts.models import AuditEntry
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.decisions import (
    CannotDecide,
    SealChanged,
    Verdict,
    decide,
)
from studio.reviews.deciding.releases import checked
from studio.reviews.models import Decision, Release
from studio.reviews.seals import parts_of, seal_of


def latest_decision(take):
    return Decision.objects.filter(take=take).first()


def test_an_approval_binds_the_hashes_and_releases(take, producer, asset_of):
    decision = decide(take, Verdict.APPROVED, producer.user)
    assert decision.payload_sha256 == take.payload_sha256
    assert decision.preview_sha256 == asset_of(take, "preview_gif").sha256
    assert decision.video_sha256 == asset_of(take, "video").sha256
    released = checked(take).release
    assert released is not None
    assert (released.decision, released.seal, released.released_by) == (
        decision,
        decision.seal,
        producer.user,
    )


def test_a_request_for_changes_releases_nothing(take, producer):
    decision = decide(take, Verdict.CHANGES_REQUESTED, producer.user, "  Slower, please. ")
    assert (decision.note, checked(take).release) == ("Slower, please.", None)


def test_changes_requested_on_a_released_take_withdraw_the_release(take, producer, admin):
    decide(take, Verdict.APPROVED, producer.user)
    decide(take, Verdict.CHANGES_REQUESTED, admin.user, "The logo is wrong.")
    assert checked(take).release is None
    withdrawn = Release.objects.get(take=take)
    assert (withdrawn.withdrawn_by, withdrawn.withdrawn_at is None) == (admin.user, False)


def test_approving_after_all_releases_anew(take, producer):
    decide(take, Verdict.CHANGES_REQUESTED, producer.user, "Slower.")
    decide(take, Verdict.APPROVED, producer.user)
    assert checked(take).release.decision == latest_decision(take)
    assert [d.verdict for d in take.decisions.all()] == ["approved", "changes_requested"]


@pytest.mark.parametrize("note", ["", "   \n "])
def test_changes_need_a_note(take, producer, note):
    with pytest.raises(CannotDecide, match="Write what should change"):
        decide(take, Verdict.CHANGES_REQUESTED, producer.user, note)
    assert not Decision.objects.exists()


def test_a_note_may_be_long_but_not_endless(take, producer):
    decide(take, Verdict.CHANGES_REQUESTED, producer.user, "x" * 4_000)
    with pytest.raises(CannotDecide, match="4,001 characters"):
        decide(take, Verdict.CHANGES_REQUESTED, producer.user, "x" * 4_001)


@pytest.mark.parametrize("status", [s for s in Status if s != Status.READY])
def test_only_a_ready_take_can_be_judged(make_take, producer, status, take):
    other = make_take(status)
    TakeAsset.objects.filter(take=take).update(take=other)  # even if its files lie there
    with pytest.raises(CannotDecide, match="Wait until it is ready"):
        decide(other, Verdict.APPROVED, producer.user)
    assert not Release.objects.exists()


@pytest.mark.parametrize("part", ["preview_gif", "video"])
def test_a_take_without_preview_or_video_cannot_be_judged(take, producer, part):
    TakeAsset.objects.filter(take=take, part=part).delete()
    with pytest.raises(CannotDecide, match="cannot be judged yet"):
        decide(take, Verdict.APPROVED, producer.user)


def test_what_is_damaged_cannot_be_judged(take, producer):
    Take.objects.filter(pk=take.pk).update(payload="{}")
    take.refresh_from_db()
    with pytest.raises(CannotDecide, match="payload of this take was changed"):
        decide(take, Verdict.APPROVED, producer.user)


def test_the_decision_is_on_what_was_seen(take, producer, keep, workspace):
    seen = seal_of(take, parts_of(take)).digest
    other = keep(workspace, b"GIF89a another preview", "image/gif")
    TakeAsset.objects.filter(take=take, part="preview_gif").update(asset=other)
    with pytest.raises(SealChanged, match="Watch it again"):
        decide(take, Verdict.APPROVED, producer.user, seen=seen)
    assert not Decision.objects.exists()
    decide(take, Verdict.APPROVED, producer.user, seen=seal_of(take, parts_of(take)).digest)


def test_a_new_take_inherits_nothing(take, make_take, producer):
    decide(take, Verdict.APPROVED, producer.user)
    again = make_take(project=take.project)
    assert (latest_decision(again), checked(again).release) == (None, None)
    assert checked(take).release is not None


def test_saying_the_same_twice_counts_once(take, producer, admin):
    first = decide(take, Verdict.APPROVED, producer.user)
    assert decide(take, Verdict.APPROVED, producer.user) == first
    assert decide(take, Verdict.APPROVED, admin.user) != first
    assert Decision.objects.count() == 2
    assert Release.objects.count() == 1


def test_who_decided_what_is_audited(take, producer, workspace):
    decide(take, Verdict.APPROVED, producer.user)
    decide(take, Verdict.CHANGES_REQUESTED, producer.user, "Slower.")
    told = AuditEntry.objects.filter(workspace=workspace).order_by("number")
    assert [entry.action for entry in told] == [
        "take.approved",
        "release.opened",
        "take.changes_requested",
        "release.withdrawn",
    ]
    assert {(entry.actor, entry.target) for entry in told} == {(producer.user, f"take {take.pk}")}
    assert told[0].data["seal"] == take.decisions.last().seal.digest
    assert told[2].data["note"] == "Slower."
    assert list(audit.broken_links(workspace)) == []


def test_nothing_is_kept_of_a_decision_whose_release_fails(take, producer, monkeypatch):
    def fails(*args):
        raise RuntimeError("the machine stopped here")

    monkeypatch.setattr("studio.reviews.deciding.releases.open_for", fails)
    with pytest.raises(RuntimeError):
        decide(take, Verdict.APPROVED, producer.user)
    assert not Decision.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_producers_deciding_at_once_leave_one_history(take, producer, admin, workspace):
    said = [
        (Verdict.APPROVED, producer.user, ""),
        (Verdict.CHANGES_REQUESTED, admin.user, "Slower."),
    ] * 4

    def say(verdict, person, note):
        try:
            return decide(take, verdict, person, note).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda words: say(*words), said))

    assert set(made) == set(Decision.objects.values_list("pk", flat=True))
    latest = latest_decision(take)
    assert (checked(take).release is not None) == latest.is_approval
    assert Release.objects.filter(withdrawn_at=None).count() == int(latest.is_approval)
    assert list(audit.broken_links(workspace)) == []
