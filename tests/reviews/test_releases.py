"""A film is open only while everything that was approved is still exactly that."""

import hashlib

import pytest
from django.db import connection

from studio.accounts import audit
from studio.accounts.models import AuditEntry
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.decisions import Verdict, decide
from studio.reviews.deciding.releases import CannotRelease, checked, examine, release, withdraw
from studio.reviews.models import Decision, Release
from studio.vault import storing
from studio.vault.models import Asset
from tests.reviews.conftest import FILM, body_of


@pytest.fixture
def released(take, producer) -> Take:
    decide(take, Verdict.APPROVED, producer.user)
    return take


def change_payload(take, keep):
    Take.objects.filter(pk=take.pk).update(payload=take.payload.replace("Neon", "Free"))


def change_payload_and_its_hash(take, keep):
    payload = take.payload.replace("Neon", "Free")
    sha256 = hashlib.sha256(payload.encode()).hexdigest()
    Take.objects.filter(pk=take.pk).update(payload=payload, payload_sha256=sha256)


def swap_the_video(take, keep):
    other = keep(take.workspace, FILM + b"another film", "video/mp4")
    TakeAsset.objects.filter(take=take, part="video").update(asset=other)


def swap_the_preview(take, keep):
    other = keep(take.workspace, b"GIF89a another", "image/gif")
    TakeAsset.objects.filter(take=take, part="preview_gif").update(asset=other)


def remove_the_video_row(take, keep):
    TakeAsset.objects.filter(take=take, part="video").delete()


def alter_the_recorded_hash(take, keep):
    Asset.objects.filter(pk=video_of(take).pk).update(sha256="0" * 64)


def truncate_the_file(take, keep):
    storing.path_of(video_of(take)).write_bytes(FILM[:-1])


def exchange_bytes_in_the_file(take, keep):
    with storing.path_of(video_of(take)).open("r+b") as file:
        file.seek(len(FILM) // 2)
        file.write(b"!")


def remove_the_file(take, keep):
    storing.path_of(video_of(take)).unlink()


def give_the_asset_to_another_workspace(take, keep):
    other = type(take.workspace).objects.create(name="Other", slug="other")
    Asset.objects.filter(pk=video_of(take).pk).update(workspace=other)


def damage_the_preview_file(take, keep):
    preview = take.assets.get(part="preview_gif").asset
    storing.path_of(preview).write_bytes(b"x" * preview.size_bytes)


def forge_another_release(take, keep):
    real = Release.objects.get(take=take)
    withdraw(take, real.released_by)
    Release.objects.create(
        take=take,
        decision=real.decision,
        released_by=real.released_by,
        payload_sha256=real.payload_sha256,
        preview_sha256=real.preview_sha256,
        video_sha256="0" * 64,
    )


def forge_a_no_that_left_the_release_standing(take, keep):
    yes = Decision.objects.get(take=take)
    Decision.objects.create(
        take=take,
        verdict="changes_requested",
        note="No.",
        decided_by=yes.decided_by,
        payload_sha256=yes.payload_sha256,
        preview_sha256=yes.preview_sha256,
        video_sha256=yes.video_sha256,
    )


def video_of(take):
    return TakeAsset.objects.select_related("asset").get(take=take, part="video").asset


TAMPERINGS = (
    change_payload,
    change_payload_and_its_hash,
    swap_the_video,
    swap_the_preview,
    remove_the_video_row,
    alter_the_recorded_hash,
    truncate_the_file,
    exchange_bytes_in_the_file,
    remove_the_file,
    give_the_asset_to_another_workspace,
    damage_the_preview_file,
    forge_another_release,
    forge_a_no_that_left_the_release_standing,
)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_a_mismatch_refuses_says_so_and_is_audited_once(released, producer, keep, tamper):
    film = f"/takes/{released.pk}/video.mp4"
    assert producer.get(film, headers={"Range": "bytes=0-99"}).status_code == 206
    tamper(released, keep)
    for headers in ({}, {"Range": "bytes=0-99"}, {"If-None-Match": "*"}):
        response = producer.get(film, headers=headers)
        assert (response.status_code, b"FULL-FILM" in body_of(response)) == (403, False)
    assert b"The film is locked" in body_of(response)

    refusals = AuditEntry.objects.filter(action="release.refused", target=f"take {released.pk}")
    assert refusals.count() == 1
    assert refusals[0].data["says"].startswith("The film is locked")
    assert refusals[0].actor is None
    assert list(audit.broken_links(released.workspace)) == []


def test_what_is_put_back_is_open_again(released, producer):
    path = storing.path_of(video_of(released))
    path.write_bytes(FILM[:-1])
    assert checked(released).release is None
    path.write_bytes(FILM)
    assert checked(released).release is not None


def test_a_preview_row_that_points_at_the_film_shows_nothing(take, viewer):
    for part in ("preview_gif", "poster"):
        row = take.assets.get(part=part)
        for other in ("video", "vendor_gif"):
            row.asset = take.assets.get(part=other).asset
            row.save()
            address = "preview.gif" if part == "preview_gif" else "poster"
            response = viewer.get(f"/takes/{take.pk}/{address}")
            assert response.status_code == 404, (part, other)


def test_a_renamed_film_is_still_no_preview(take, viewer, keep, workspace):
    disguised = keep(workspace, FILM, "image/gif")
    take.assets.filter(part="preview_gif").update(asset=disguised)
    assert viewer.get(f"/takes/{take.pk}/preview.gif").status_code == 404


def test_a_withdrawn_release_refuses_the_next_range(released, producer, viewer):
    film = f"/takes/{released.pk}/video.mp4"
    first = viewer.get(film, headers={"Range": "bytes=0-99"})
    assert first.status_code == 206
    withdraw(released, producer.user)
    following = {"Range": "bytes=100-199", "If-Range": first.headers["ETag"]}
    assert viewer.get(film, headers=following).status_code == 403
    known = {"If-None-Match": first.headers["ETag"]}
    assert viewer.get(film, headers=known).status_code == 403


def test_a_producer_can_release_again(released, producer, workspace):
    withdraw(released, producer.user)
    assert examine(released).can_be_released
    opened = release(released, producer.user)
    assert checked(released).release == opened
    assert release(released, producer.user) == opened, "releasing twice changes nothing"
    assert Release.objects.filter(take=released).count() == 2
    told = AuditEntry.objects.filter(workspace=workspace, action__startswith="release.")
    assert [entry.action for entry in told.order_by("number")] == [
        "release.opened",
        "release.withdrawn",
        "release.opened",
    ]


def test_what_is_not_released_cannot_be_withdrawn(take, producer):
    with pytest.raises(CannotRelease, match="not released"):
        withdraw(take, producer.user)


def test_only_an_approved_take_can_be_released(take, producer):
    with pytest.raises(CannotRelease, match="until a producer approves"):
        release(take, producer.user)
    decide(take, Verdict.CHANGES_REQUESTED, producer.user, "Slower.")
    with pytest.raises(CannotRelease, match="changes were requested"):
        release(take, producer.user)
    assert not Release.objects.exists()


def test_what_changed_since_its_approval_cannot_be_released_again(released, producer, keep):
    withdraw(released, producer.user)
    swap_the_video(released, keep)
    with pytest.raises(CannotRelease, match="not the one that was approved"):
        release(released, producer.user)


def test_deciding_anew_on_exchanged_files_replaces_the_release(released, producer, keep):
    swap_the_video(released, keep)
    assert checked(released).release is None
    decide(released, Verdict.APPROVED, producer.user)
    assert checked(released).release.video_sha256 == video_of(released).sha256
    assert Release.objects.filter(withdrawn_at=None).count() == 1


def test_asking_often_writes_nothing(released, viewer):
    viewer.get(f"/takes/{released.pk}/video.mp4", headers={"Range": "bytes=0-9"})
    with connection.execute_wrapper(_no_writes):
        viewer.get(f"/takes/{released.pk}/video.mp4", headers={"Range": "bytes=10-19"})
    truncate_the_file(released, None)
    viewer.get(f"/takes/{released.pk}/video.mp4")
    with connection.execute_wrapper(_no_writes):
        assert viewer.get(f"/takes/{released.pk}/video.mp4").status_code == 403


def _no_writes(execute, sql, params, many, context):
    assert sql.startswith(("SELECT", "SAVEPOINT", "RELEASE")), sql
    return execute(sql, params, many, context)
