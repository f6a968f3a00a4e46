"""Who is told of a decision, a release, a withdrawal and a refusal; nobody of their own."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from studio.inbox.models import ChatHook, ChatMessage, Notice
from studio.renders.models import Take
from studio.reviews.deciding.decisions import Verdict, decide, take_back
from studio.reviews.deciding.releases import MOST_ALERTS_A_DAY, checked, withdraw
from studio.reviews.models import Note
from studio.vault import storing

YES, NO = Verdict.APPROVED, Verdict.CHANGES_REQUESTED


@pytest.fixture
def ordered(take, creative):
    Take.objects.filter(pk=take.pk).update(created_by=creative.user)
    take.refresh_from_db()
    return take


def told(kind):
    return {n.user.name: n.says for n in Notice.objects.filter(kind=kind).select_related("user")}


def test_who_ordered_hears_of_changes_and_why(ordered, producer, admin, viewer):
    decide(ordered, NO, producer.user, "The rain\n is too slow.")
    assert told("changes_requested") == {
        "Creative": "Producer requested changes to take 1 of “Neon Tokyo”: The rain is too slow."
    }
    notice = Notice.objects.get()
    assert (notice.url, notice.project) == (f"/takes/{ordered.pk}/", ordered.project_id)


def test_whoever_wrote_or_decided_before_hears_too(ordered, producer, admin, viewer, workspace):
    Note.objects.create(
        workspace=workspace, take=ordered, channel="internal", text="Hm.", author=viewer.user
    )
    decide(ordered, NO, admin.user, "Slower.")
    Notice.objects.all().delete()
    decide(ordered, YES, producer.user)
    assert set(told("approved")) == set(told("released")) == {"Creative", "Admin", "Viewer"}
    assert told("released")["Creative"] == (
        "The film of take 1 of “Neon Tokyo” is released and can be downloaded."
    )


def test_those_whose_approval_is_missing_hear_of_the_first(ordered, rule, producer, admin, viewer):
    rule(approvals_needed=2)
    decide(ordered, YES, producer.user)
    says = (
        "Producer approved take 1 of “Neon Tokyo”. "
        "1 of 2 approvals, waiting for another producer or admin."
    )
    assert told("approved") == {"Creative": says, "Admin": says}
    assert not told("released")


def test_a_guests_word_reaches_those_who_release(ordered, producer, admin, guest_of):
    decide(ordered, YES, guest_of(ordered))
    says = (
        "Ann Client, a guest, approved take 1 of “Neon Tokyo”. "
        "That is advice: it does not count towards the release."
    )
    assert told("approved") == {"Creative": says, "Producer": says, "Admin": says}


@pytest.mark.parametrize("by", ["hand", "word", "request"])
def test_a_withdrawn_release_is_told_however_it_came(ordered, producer, admin, by):
    decide(ordered, YES, producer.user)
    if by == "hand":
        withdraw(ordered, producer.user)
    elif by == "word":
        take_back(ordered, producer.user)
    else:
        decide(ordered, NO, producer.user, "After all not.")
    says = "Producer withdrew the release of take 1 of “Neon Tokyo”. Its film is locked again."
    assert told("release_withdrawn") == {"Creative": says, "Admin": says}


def test_a_mismatch_alerts_producers_and_admins_once(ordered, producer, admin, viewer, asset_of):
    decide(ordered, YES, producer.user)
    film = storing.path_of(asset_of(ordered, "video"))
    whole = film.read_bytes()
    film.write_bytes(whole[:-1])
    for _ in range(3):
        assert viewer.get(f"/takes/{ordered.pk}/video.mp4").status_code == 403
    alerts = told("release_refused")
    assert set(alerts) == {"Producer", "Admin"}
    assert "The video in the vault is missing or was changed" in alerts["Admin"]
    film.write_bytes(whole)
    assert checked(ordered).release is not None
    Take.objects.filter(pk=ordered.pk).update(payload="{}")
    assert viewer.get(f"/takes/{ordered.pk}/video.mp4").status_code == 403
    assert Notice.objects.filter(kind="release_refused").count() == 4, "another reason is told"


def test_what_was_whole_in_between_is_told_again_yet_nobody_is_flooded(
    ordered, producer, admin, viewer, asset_of
):
    def refuse() -> None:
        film.write_bytes(whole[:-1])
        for _ in range(2):
            assert checked(ordered).release is None
            assert viewer.get(f"/takes/{ordered.pk}/").status_code == 200

    decide(ordered, YES, producer.user)
    film = storing.path_of(asset_of(ordered, "video"))
    whole = film.read_bytes()
    refuse()
    told_in_all = [len(told("release_refused"))]
    for _ in range(MOST_ALERTS_A_DAY + 2):
        film.write_bytes(whole)
        assert viewer.get(f"/takes/{ordered.pk}/").status_code == 200
        refuse()
        told_in_all.append(Notice.objects.filter(kind="release_refused").count())
    assert told_in_all == [2, 4, 6, 8, 10, 10, 10, 10]
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        assert checked(ordered).release is None
        refuse()
        assert Notice.objects.filter(kind="release_refused").count() == 12
        refuse()
        assert Notice.objects.filter(kind="release_refused").count() == 12


def test_saying_it_twice_tells_once(ordered, producer):
    decide(ordered, YES, producer.user)
    decide(ordered, YES, producer.user)
    assert Notice.objects.filter(kind="approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_did_not_happen_is_told_to_nobody(ordered, producer):
    def half_done():
        with transaction.atomic():
            decide(ordered, YES, producer.user)
            raise RuntimeError("the machine stopped here")

    with pytest.raises(RuntimeError):
        half_done()
    assert not Notice.objects.exists()


def test_a_chat_hears_that_changes_are_asked_for_and_not_why(ordered, producer, workspace):
    ChatHook.objects.create(workspace=workspace, name="#films", kinds=["changes_requested"])
    decide(ordered, NO, producer.user, "The client must not hear of the budget.")
    posted = ChatMessage.objects.get()
    assert posted.says == "Producer requested changes to take 1 of “Neon Tokyo”."
    assert "budget" in told("changes_requested")["Creative"]
