"""What is announced, what is deleted, and that it is off the disk: read there, not in a column."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts.models import AuditEntry
from studio.inbox import mail
from studio.inbox.models import Kind, Notice
from studio.renders.collecting import collector, leftovers
from studio.renders.desk.keeping import set_kept
from studio.renders.lifecycle import IllegalTransition, Status
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.decisions import CannotDecide, Verdict, decide
from studio.reviews.deciding.releases import CannotRelease, release, withdraw
from studio.reviews.models import Decision, RetentionPolicy
from studio.reviews.retention import sweeping
from studio.reviews.retention.policies import set_policy
from studio.reviews.seals import parts_of
from studio.storyboards.models import Project
from studio.vault import erasing, storing
from studio.vault.models import Asset

pytestmark = pytest.mark.django_db


def hashes_of(take) -> set[str]:
    return {asset.sha256 for asset in parts_of(take).values()}


@pytest.fixture
def announced(take, policy, aged, producer) -> Take:
    """A take whose deletion was announced just now."""
    aged(take, 40)
    sweeping.sweep(policy.pk)
    take.refresh_from_db()
    return take


def test_without_a_policy_nothing_ever_happens(workspace, take, aged, on_disk):
    aged(take, 5000)
    RetentionPolicy.objects.create(workspace=workspace)
    assert sweeping.wake_due() == 0
    sweeping.sweep(workspace.pk)
    take.refresh_from_db()
    assert take.deletion_due_at is None
    assert hashes_of(take) <= on_disk()


def test_a_take_is_announced_seven_days_before_its_thirtieth(take, policy, aged):
    aged(take, 22.9)
    sweeping.sweep(policy.pk)
    assert not Notice.objects.exists()
    aged(take, 23.1)
    sweeping.sweep(policy.pk)
    take.refresh_from_db()
    assert take.deletion_due_at >= take.finished_at + timedelta(30)


def test_however_old_a_take_is_its_people_have_the_whole_warning(announced):
    assert announced.deletion_due_at >= timezone.now() + timedelta(6.99)


def test_who_can_save_it_and_who_ordered_it_is_told(
    take, policy, aged, admin, producer, creative, viewer
):
    Take.objects.filter(pk=take.pk).update(created_by=creative.user)
    aged(take, 40)
    sweeping.sweep(policy.pk)
    notices = Notice.objects.filter(kind=Kind.FILES_DUE)
    told = set(notices.values_list("user", flat=True))
    assert told == {admin.user.pk, producer.user.pk, creative.user.pk}
    notice = notices.filter(user=creative.user).get()
    assert notice.url == f"/takes/{take.pk}/"
    assert "Take 1 of “Neon Tokyo” was not approved" in notice.says
    assert notice.mail_due_at is not None


def test_one_notice_for_each_project_and_one_email_for_each_person(
    make_take, workspace, policy, aged, producer, mailoutbox
):
    tokyo = Project.objects.create(workspace=workspace, title="Tokyo")
    ferry = Project.objects.create(workspace=workspace, title="Ferry")
    for project in (tokyo, tokyo, ferry):
        aged(make_take(project=project), 40)
    sweeping.sweep(policy.pk)
    says = set(Notice.objects.filter(user=producer.user).values_list("says", flat=True))
    assert {sentence.split(" deleted")[0] for sentence in says} == {
        "2 takes of “Tokyo” were not approved: their files are",
        "Take 1 of “Ferry” was not approved: its files are",
    }
    for _ in OrmQ.objects.all():
        mail.send_due(producer.user.pk)
    assert len(mailoutbox) == 1
    assert "Tokyo" in mailoutbox[0].body
    assert "Ferry" in mailoutbox[0].body


def test_it_is_announced_once(announced, policy):
    sweeping.sweep(policy.pk)
    assert Notice.objects.count() == 1


def test_nothing_is_deleted_before_its_day(announced, policy, days_pass, on_disk):
    days_pass(6.9)
    sweeping.sweep(policy.pk)
    assert hashes_of(announced) <= on_disk()


def test_then_no_file_with_these_bytes_is_on_the_disk(
    announced, policy, days_pass, on_disk, settings
):
    hashes = hashes_of(announced)
    assert len(hashes) == 4
    assert hashes <= on_disk()
    days_pass(7.1)
    sweeping.sweep(policy.pk)
    assert not hashes & on_disk()
    assert not list((settings.STUDIO_VAULT / ".incoming").iterdir())


def test_rows_hashes_events_and_decisions_stay(announced, policy, days_pass, producer):
    decide(announced, Verdict.CHANGES_REQUESTED, producer.user, "Too dark.")
    before = {part: asset.sha256 for part, asset in parts_of(announced).items()}
    days_pass(7.1)
    sweeping.sweep(policy.pk)
    announced.refresh_from_db()
    assert announced.status == Status.READY
    assert announced.files_deleted_at is not None
    assert {part: asset.sha256 for part, asset in parts_of(announced).items()} == before
    assert all(asset.deleted_at and asset.erased_at for asset in parts_of(announced).values())
    assert Decision.objects.get(take=announced).note == "Too dark."
    assert "files were deleted" in announced.events.last().says
    entry = AuditEntry.objects.get(action="take.files_deleted")
    assert entry.actor is None
    assert entry.data["video_sha256"] == before["video"]
    assert entry.data["payload_sha256"] == announced.payload_sha256


@pytest.mark.parametrize("rescue", ["approved", "kept"])
def test_an_approval_or_the_keep_button_takes_it_back(
    announced, policy, days_pass, producer, on_disk, rescue
):
    if rescue == "approved":
        decide(announced, Verdict.APPROVED, producer.user)
    else:
        set_kept(announced, True, producer.user)
    announced.refresh_from_db()
    assert announced.deletion_due_at is None
    days_pass(100)
    sweeping.sweep(policy.pk)
    assert hashes_of(announced) <= on_disk()


def test_an_approved_film_that_is_withdrawn_stays(take, policy, aged, producer, on_disk, days_pass):
    decide(take, Verdict.APPROVED, producer.user)
    withdraw(take, producer.user)
    aged(take, 400)
    sweeping.sweep(policy.pk)
    days_pass(400)
    sweeping.sweep(policy.pk)
    assert hashes_of(take) <= on_disk()


def test_changes_requested_after_an_approval_begin_a_new_warning(take, policy, aged, producer):
    decide(take, Verdict.APPROVED, producer.user)
    aged(take, 400)
    decide(take, Verdict.CHANGES_REQUESTED, producer.user, "After all not.")
    sweeping.sweep(policy.pk)
    take.refresh_from_db()
    assert take.deletion_due_at >= timezone.now() + timedelta(6.99)


@pytest.mark.parametrize(
    "status", sorted(set(Status) - {"ready", "failed", "cancelled", "uncollected"})
)
def test_what_is_under_way_is_left_alone(take, policy, aged, status):
    Take.objects.filter(pk=take.pk).update(status=status)
    aged(take, 400)
    sweeping.sweep(policy.pk)
    take.refresh_from_db()
    assert take.deletion_due_at is None


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCOLLECTED])
def test_what_a_take_without_a_film_has_left_goes_too(
    take, policy, aged, days_pass, status, on_disk
):
    TakeAsset.objects.filter(take=take).exclude(part="vendor_gif").delete()
    Take.objects.filter(pk=take.pk).update(status=status, finished_at=None)
    aged(take, 40)
    sweeping.sweep(policy.pk)
    days_pass(8)
    sweeping.sweep(policy.pk)
    assert not hashes_of(take) & on_disk()


def test_what_was_downloaded_in_part_goes_with_it_and_is_not_fetched_again(
    announced, policy, days_pass, on_disk, producer
):
    Take.objects.filter(pk=announced.pk).update(status=Status.UNCOLLECTED)
    with leftovers.pieces_of(announced) as folder:
        (folder / "video.mp4").write_bytes(b"half a film")
    half = hashlib.sha256(b"half a film").hexdigest()
    assert half in on_disk()
    days_pass(8)
    sweeping.sweep(policy.pk)
    assert not on_disk() & {half, *hashes_of(announced)}
    with pytest.raises(IllegalTransition):
        collector.collect_again(announced, producer.user)


def test_takes_of_other_workspaces_are_left_alone(
    announced, policy, other_workspace, days_pass, on_disk, keep
):
    theirs = keep(other_workspace, b"GIF89a theirs", "image/gif")
    days_pass(8)
    sweeping.sweep(policy.pk)
    assert theirs.sha256 in on_disk()


def test_a_file_that_something_else_uses_stays(announced, policy, days_pass, on_disk, asset_of):
    poster = asset_of(announced, "poster")
    Project.objects.filter(pk=announced.project_id).update(soundtrack=poster)
    days_pass(8)
    sweeping.sweep(policy.pk)
    assert on_disk() & hashes_of(announced) == {poster.sha256}
    poster.refresh_from_db()
    assert poster.deleted_at is None


def test_killed_between_row_and_bytes_the_next_hour_finishes_it(
    announced, policy, days_pass, on_disk, monkeypatch
):
    days_pass(8)
    with monkeypatch.context() as dying:
        dying.setattr(erasing, "finish", lambda: (_ for _ in ()).throw(SystemExit(9)))
        with pytest.raises(SystemExit):
            sweeping.sweep(policy.pk)
    announced.refresh_from_db()
    assert announced.files_deleted_at is not None
    assert hashes_of(announced) <= on_disk()
    sweeping.wake_due()
    assert not hashes_of(announced) & on_disk()
    assert erasing.finish() == 0


def test_a_disk_that_refuses_is_tried_again(announced, policy, days_pass, on_disk, asset_of):
    folder = storing.path_of(asset_of(announced, "video")).parent
    days_pass(8)
    folder.chmod(0o500)
    try:
        sweeping.sweep(policy.pk)
        refused = Asset.objects.filter(erased_at=None).count()
    finally:
        folder.chmod(0o700)
    sweeping.wake_due()
    assert not hashes_of(announced) & on_disk()
    assert not Asset.objects.filter(erased_at=None).exists()
    assert refused <= 4  # root may delete anything


def test_two_hosts_wake_a_workspace_once(policy):
    assert [sweeping.wake_due(), sweeping.wake_due()] == [1, 0]
    assert OrmQ.objects.count() == 1


def test_a_sweep_that_died_is_woken_again_and_one_that_ended_tomorrow(policy):
    sweeping.wake_due()
    policy.refresh_from_db()
    assert policy.sweep_due_at <= timezone.now() + timedelta(hours=1)
    sweeping.sweep(policy.pk)
    policy.refresh_from_db()
    assert policy.sweep_due_at >= timezone.now() + timedelta(hours=23)


def test_what_one_batch_leaves_the_next_one_takes(make_take, policy, aged, monkeypatch):
    monkeypatch.setattr(sweeping, "ANNOUNCED_AT_ONCE", 2)
    for _ in range(3):
        aged(make_take(), 40)
    sweeping.sweep(policy.pk)
    assert Take.objects.filter(deletion_due_at=None).count() == 1
    assert OrmQ.objects.filter(key="long").count() == 1
    sweeping.sweep(policy.pk)
    assert not Take.objects.filter(deletion_due_at=None).exists()


@pytest.mark.parametrize(("days", "warn_days"), [(None, 7), (60, 7), (30, 8)])
def test_a_milder_policy_takes_back_what_was_announced(
    announced, policy, workspace, admin, days, warn_days
):
    set_policy(workspace, days, warn_days, admin.user)
    announced.refresh_from_db()
    assert announced.deletion_due_at is None
    assert AuditEntry.objects.get().data["withdrawn_announcements"] == 1


def test_announced_again_after_that_it_is_told_again(announced, workspace, admin, policy):
    set_policy(workspace, None, 7, admin.user)
    set_policy(workspace, 20, 7, admin.user)
    sweeping.sweep(policy.pk)
    announced.refresh_from_db()
    assert announced.deletion_due_at >= timezone.now() + timedelta(6.99)
    assert Notice.objects.filter(user__email__startswith="producer").count() == 2


def test_a_shorter_policy_never_brings_an_announced_day_forward(announced, workspace, admin):
    due = announced.deletion_due_at
    set_policy(workspace, 10, 1, admin.user)
    sweeping.sweep(workspace.pk)
    announced.refresh_from_db()
    assert announced.deletion_due_at == due


def test_then_nothing_can_be_decided_or_released(announced, policy, days_pass, producer):
    days_pass(8)
    sweeping.sweep(policy.pk)
    announced.refresh_from_db()
    with pytest.raises(CannotDecide, match="files of this take were deleted on"):
        decide(announced, Verdict.APPROVED, producer.user)
    with pytest.raises(CannotRelease, match="files of this take were deleted on"):
        release(announced, producer.user)
    assert not Decision.objects.exists()


def test_whoever_read_the_take_before_it_was_deleted_decides_nothing(
    announced, policy, days_pass, producer
):
    stale = Take.objects.get(pk=announced.pk)
    days_pass(8)
    sweeping.sweep(policy.pk)
    with pytest.raises(CannotDecide):
        decide(stale, Verdict.APPROVED, producer.user)
