"""The retention page, the Keep button, and what is left of a take whose files are gone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studio.accounts.models import AuditEntry
from studio.renders.models import Take
from studio.reviews.models import RetentionPolicy
from studio.reviews.retention import sweeping
from studio.reviews.seals import parts_of
from studio.vault.integrity import is_intact, seems_intact
from studio.vault.serving import serve
from studio.vault.storing import orphans, path_of

pytestmark = pytest.mark.django_db
ADDRESS = "/w/kitchen/retention/"
MONTH = {"days": "30", "warn_days": "7"}
HTMX = {"HX-Request": "true"}


def text_of(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def erased(take, aged, days_pass) -> Take:
    """The take after its files were deleted."""
    RetentionPolicy.objects.create(workspace=take.workspace, days=30, warn_days=7)
    aged(take, 40)
    sweeping.sweep(take.workspace_id)
    days_pass(8)
    sweeping.sweep(take.workspace_id)
    take.refresh_from_db()
    assert take.files_deleted_at is not None
    return take


def test_by_default_files_are_kept_for_ever(admin):
    text = text_of(admin.get(ADDRESS))
    assert "Files are kept for ever." in text
    assert 'name="days" inputmode="numeric" autocomplete="off" maxlength="6" value=""' in text
    assert 'name="warn_days"' in text
    assert 'value="7"' in text


def test_a_policy_that_announces_nothing_is_saved_at_once(admin, workspace, take):
    answer = admin.post(ADDRESS, MONTH, follow=True)
    assert "Saved: files are kept for 30 days, announced 7 days before." in text_of(answer)
    policy = RetentionPolicy.objects.get(workspace=workspace)
    assert (policy.days, policy.warn_days, policy.updated_by) == (30, 7, admin.user)
    entry = AuditEntry.objects.get(action="retention.changed")
    assert entry.target == "files are kept for 30 days, announced 7 days before"
    assert entry.data["before"] == "files are kept for ever"


def test_what_it_would_delete_is_shown_and_nothing_saved(admin, take, aged):
    aged(take, 40)
    text = text_of(admin.post(ADDRESS, {**MONTH, "preview": "1"}))
    assert "the files of 1 take are deleted" in text
    assert f'<a href="/takes/{take.pk}/">Neon Tokyo, take 1</a>' in text
    assert "3.1 MB" in text
    assert not RetentionPolicy.objects.exists()


def test_what_it_announces_at_once_is_confirmed_first(admin, take, aged):
    aged(take, 40)
    text = text_of(admin.post(ADDRESS, MONTH))
    assert "Save and announce" in text
    assert not RetentionPolicy.objects.exists()
    confirmed = re.search(r'name="confirmed" value="([^"]+)"', text)[1]
    assert admin.post(ADDRESS, {**MONTH, "confirmed": confirmed}).status_code == 302
    assert RetentionPolicy.objects.get().days == 30


def test_a_confirmation_holds_for_what_was_shown_alone(admin, take, aged):
    aged(take, 40)
    answer = admin.post(ADDRESS, {"days": "10", "warn_days": "7", "confirmed": "30-7"})
    assert "Save and announce" in text_of(answer)
    assert not RetentionPolicy.objects.exists()


def test_for_ever_needs_no_confirmation_and_takes_announcements_back(
    admin, take, aged, workspace, policy
):
    aged(take, 40)
    sweeping.sweep(workspace.pk)
    assert "Announced now: 1 take." in text_of(admin.get(ADDRESS))
    assert admin.post(ADDRESS, {"days": "", "warn_days": "7"}).status_code == 302
    take.refresh_from_db()
    assert take.deletion_due_at is None


@pytest.mark.parametrize(
    ("days", "warn_days", "says"),
    [
        ("soon", "7", "Write a number of days, or nothing to keep files for ever."),
        ("-1", "7", "Write a number of days, or nothing to keep files for ever."),
        ("٣", "7", "Write a number of days, or nothing to keep files for ever."),
        ("0", "7", "Keep files for 1 to 3,650 days, or for ever."),
        ("99999", "7", "Keep files for 1 to 3,650 days, or for ever."),
        ("9" * 400, "7", "Write a number of days, or nothing to keep files for ever."),
        ("30", "", "Write how many days before it is announced, such as 7."),
        ("30", "0", "Announce it 1 to 90 days before."),
        ("5", "7", "Files kept for 5 days cannot be announced 7 days before."),
    ],
)
def test_a_wrong_number_is_told_and_nothing_typed_is_lost(admin, days, warn_days, says):
    text = text_of(admin.post(ADDRESS, {"days": days, "warn_days": warn_days}), 422)
    assert says in text
    assert f'value="{days}"' in text
    assert 'aria-invalid="true"' in text
    assert not RetentionPolicy.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_admins_of_the_workspace_manage_retention(
    producer, creative, viewer, stranger, method
):
    for member in (producer, creative, viewer):
        assert getattr(member, method)(ADDRESS, MONTH).status_code == 403
    assert getattr(stranger, method)(ADDRESS, MONTH).status_code == 404
    assert not RetentionPolicy.objects.exists()


def test_wrong_methods_are_refused(admin, creative, take):
    assert admin.put(ADDRESS).status_code == 405
    assert creative.get(f"/takes/{take.pk}/keep/").status_code == 405


def test_more_takes_cost_the_preview_no_more_queries(admin, make_take, aged):
    counts = []
    for _ in range(2):
        for _ in range(3):
            aged(make_take(), 40)
        with CaptureQueriesContext(connection) as queries:
            admin.post(ADDRESS, MONTH)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_keep_takes_an_announcement_back_and_is_audited(creative, take, policy, aged):
    aged(take, 40)
    sweeping.sweep(policy.pk)
    assert "To be deleted from" in text_of(creative.get(f"/takes/{take.pk}/"))
    answer = creative.post(f"/takes/{take.pk}/keep/", {"keep": "1"}, follow=True)
    assert "Kept until somebody decides otherwise" in text_of(answer)
    take.refresh_from_db()
    assert (take.is_kept, take.deletion_due_at) == (True, None)
    assert AuditEntry.objects.get().action == "take.kept"
    creative.post(f"/takes/{take.pk}/keep/", {"keep": "1"})
    assert AuditEntry.objects.count() == 1


def test_keep_no_longer_leaves_it_to_the_policy(creative, take, policy):
    Take.objects.filter(pk=take.pk).update(is_kept=True)
    answer = creative.post(f"/takes/{take.pk}/keep/", {"keep": "0"}, headers=HTMX)
    assert "deleted after 30 days" in text_of(answer)
    take.refresh_from_db()
    assert not take.is_kept


def test_who_may_keep(viewer, stranger, producer, take, policy):
    assert viewer.post(f"/takes/{take.pk}/keep/").status_code == 403
    assert stranger.post(f"/takes/{take.pk}/keep/").status_code == 404
    assert producer.post(f"/takes/{take.pk}/keep/").status_code == 302
    assert "Keep</" not in viewer.get(f"/takes/{take.pk}/").content.decode()


def test_without_a_policy_the_page_speaks_of_no_deletion(creative, take):
    assert 'id="fate-heading"' not in creative.get(f"/takes/{take.pk}/").content.decode()


@pytest.mark.parametrize("name", ["preview.gif", "poster", "video.mp4", "filmstrip.jpg"])
def test_deleted_files_are_gone_with_a_sentence(viewer, take, aged, days_pass, name):
    erased(take, aged, days_pass)
    text = text_of(viewer.get(f"/takes/{take.pk}/{name}"), 410)
    assert text.startswith("The files of this take were deleted on ")
    assert "Its hashes and decisions are kept." in text


def test_the_page_says_when_and_why_and_keeps_the_hashes(producer, take, aged, days_pass):
    erased(take, aged, days_pass)
    text = text_of(producer.get(f"/takes/{take.pk}/"))
    assert "Deleted on <time" in text
    assert "Its files were deleted, as this workspace does" in text
    assert "ready to be looked at" not in text
    for asset in parts_of(take).values():
        assert asset.sha256 in text
    assert "There is nothing left to decide on" in text
    assert f"/takes/{take.pk}/preview.gif" not in text
    assert 'name="verdict"' not in text
    assert "restore it from a backup" not in text


def test_what_is_gone_cannot_be_approved_or_kept(producer, take, aged, days_pass):
    erased(take, aged, days_pass)
    form = {"verdict": "approved", "seal": "x"}
    text = text_of(producer.post(f"/takes/{take.pk}/decide/", form), 422)
    assert "were deleted on" in text
    text = text_of(producer.post(f"/takes/{take.pk}/keep/", {"keep": "1"}), 409)
    assert "deleted already" in text


def test_the_vault_knows_it_as_deleted_not_as_damaged(rf, take, aged, days_pass, asset_of):
    erased(take, aged, days_pass)
    asset = asset_of(take, "video")
    assert not is_intact(asset)
    assert not seems_intact(asset)
    assert serve(rf.get("/"), asset).status_code == 410
    assert not path_of(asset).exists()
    assert list(orphans()) == []
