"""Into the vault whatever it takes, restartable at every step, and never a new render."""

import os

import pytest

from studio.accounts.models import AuditEntry
from studio.pictures.probe import Unacceptable
from studio.renders.collecting import collector, parts
from studio.renders.lifecycle import IllegalTransition
from studio.renders.models import TakeAsset
from studio.vault.models import Asset
from tests.renders.conftest import posts
from tests.renders.fetching import FILES, collected, downloads


def test_each_part_is_fetched_once(finished, vendor):
    assert collected(finished).status == "ready"
    assert downloads(vendor) == ["gif", "mp4"]
    collector.collect(finished.pk)
    assert downloads(vendor) == ["gif", "mp4"]


def test_the_preview_is_ours_and_the_vendors_is_only_kept(finished):
    collected(finished)
    files = {row.part: row.asset for row in finished.assets.select_related("asset")}
    assert files["preview_gif"].sha256 != files["vendor_gif"].sha256
    assert files["preview_gif"].facts == files["vendor_gif"].facts
    assert files["poster"].media_type == "image/jpeg"
    assert files["filmstrip"].facts["times_ms"] == [125, 375, 625, 875]
    assert files["video"].facts["codec"] == "h264"
    assert parts.mark_of(finished).lines[:2] == ("Kitchen Films", "Neon Tokyo · take 1")


@pytest.mark.parametrize("when", FILES)
@pytest.mark.parametrize("fault", ["error_500", "half_body", "accept_then_drop", "drop_before"])
def test_a_broken_download_is_tried_again_by_itself(finished, vendor, when, fault):
    vendor.set_scenario({"rules": [{"do": fault, "when": when | {"nth": 1}}]})
    collected(finished)
    assert (finished.status, finished.collect_attempts) == ("collecting", 1)
    assert "fetching them failed" in finished.waits_for
    assert finished.next_poll_at == finished.leased_until
    assert collected(finished).status == "ready"
    assert (finished.waits_for, finished.error_kind) == ("", "")
    assert len(posts(vendor)) == 1


def test_a_film_without_a_filmstrip_is_ready_too(finished, monkeypatch):
    def refused(*args):
        raise Unacceptable("The file takes too much work to look at, so it was set aside.")

    monkeypatch.setattr(parts, "film_strip", refused)
    assert collected(finished).status == "ready"
    assert set(finished.assets.values_list("part", flat=True)) == {
        "vendor_gif", "preview_gif", "poster", "video",
    }  # fmt: skip


@pytest.mark.parametrize("when", FILES)
def test_an_expired_link_is_replaced_by_a_fresh_one(finished, vendor, when):
    vendor.set_scenario({"rules": [{"do": "expired_link", "when": when | {"nth": 1}}]})
    assert collected(finished).status == "ready"
    assert finished.collect_attempts == 1


@pytest.mark.parametrize(
    ("fault", "missing", "kept"),
    [("no_preview_link", "preview", ["mp4"]), ("no_video_link", "film", ["gif"])],
)
def test_one_readable_link_is_fetched_though_the_other_is_none(
    take, house, vendor, fault, missing, kept
):
    vendor.set_scenario({"rules": [{"do": fault}]})
    house.until(take, "collecting")
    house.step(take)
    assert (take.status, take.error_kind) == ("collecting", "link_missing")
    assert take.waits_for == f"a readable link to the {missing}: Transend is asked for it again"
    assert downloads(vendor) == kept
    vendor.set_scenario({})
    house.until(take, "ready")
    assert sorted(downloads(vendor)) == ["gif", "mp4"]
    assert len(posts(vendor)) == 1


def test_a_link_that_stays_unreadable_is_said_plainly_and_the_film_is_kept(
    finished, vendor, house, creative
):
    vendor.set_scenario({"rules": [{"do": "no_preview_link"}]})
    for _ in range(collector.MAX_ATTEMPTS):
        collected(finished)
    assert finished.status == "uncollected"
    assert "no readable link to the preview" in finished.error_says
    assert "Have it collected again" in finished.error_resolution
    assert list(finished.assets.values_list("part", flat=True)) == ["video"]
    vendor.set_scenario({})
    collector.collect_again(finished, creative.user)
    house.until(finished, "ready")
    assert downloads(vendor) == ["mp4", "gif"]
    assert len(posts(vendor)) == 1


def test_links_that_stay_refused_are_tried_later(finished, vendor):
    vendor.set_scenario({"rules": [{"do": "expired_link"}]})
    collected(finished)
    assert (finished.status, finished.error_kind) == ("collecting", "link_expired")


def test_with_the_vendor_down_it_waits_and_recovers(finished, vendor, footage, tmp_path):
    from studio.transend.simulator import Simulator
    from tests.renders.conftest import KEY

    vendor.close()
    collected(finished)
    assert finished.waits_for == "Transend: it cannot be reached just now"
    with Simulator(keys={KEY}, storage=tmp_path / "transend", footage=footage, port=vendor.port):
        assert collected(finished).status == "ready"


def test_after_many_tries_it_gives_up_and_a_person_has_it_tried_again(
    finished, vendor, house, creative
):
    vendor.set_scenario({"rules": [{"do": "error_500", "when": FILES[1]}]})
    for _ in range(collector.MAX_ATTEMPTS):
        collected(finished)
    assert finished.status == "uncollected"
    assert finished.exchanges.get(what="download").times == collector.MAX_ATTEMPTS
    assert "status 500" in finished.error_says
    vendor.set_scenario({})
    collector.collect_again(finished, creative.user)
    house.until(finished, "ready")
    assert AuditEntry.objects.filter(action="take.collected_again").exists()
    assert len(posts(vendor)) == 1
    assert downloads(vendor).count("gif") == 1


def test_a_host_that_is_not_allowed_is_final_and_says_what_to_do(finished, settings):
    settings.TRANSEND_ASSET_HOSTS = ["edge.transendai.net"]
    collected(finished)
    assert (finished.status, finished.error_kind) == ("uncollected", "forbidden_address")
    assert "TRANSEND_ASSET_HOSTS" in finished.error_resolution


def test_a_file_on_this_machine_is_not_fetched_for_a_real_vendor(finished, settings):
    settings.TRANSEND_ALLOW_LOOPBACK = False
    assert collected(finished).status == "uncollected"
    assert not Asset.objects.exists()


@pytest.mark.parametrize(("cap", "kept"), [("GIF_MAX_BYTES", 1), ("VIDEO_MAX_BYTES", 4)])
def test_a_file_beyond_its_cap_is_final(finished, monkeypatch, cap, kept):
    monkeypatch.setattr(parts, cap, 50)
    collected(finished)
    assert finished.status == "uncollected"
    assert "larger than" in finished.error_says
    assert TakeAsset.objects.count() == kept


@pytest.mark.parametrize(("name", "kept"), [("gif", 1), ("mp4", 4)])
def test_a_file_that_is_no_picture_is_refused(finished, tmp_path, name, kept):
    for file in (tmp_path / "transend" / "footage").glob(f"*.{name}"):
        file.write_bytes(b"<html>It works!</html>" * 100)
    assert "a second look" in collected(finished).waits_for
    collected(finished)
    assert (finished.status, finished.error_kind) == ("uncollected", "unacceptable_file")
    assert finished.error_says.startswith("Transend's file was refused.")
    assert TakeAsset.objects.count() == kept


def test_a_film_is_kept_though_its_preview_is_refused(finished, vendor, house, creative, tmp_path):
    """Its link dies too: whoever has the preview mended a day later has what was paid for."""
    (gif,) = (tmp_path / "transend" / "footage").glob("*.gif")
    really = gif.read_bytes()
    gif.write_bytes(b"<html>It works!</html>" * 100)
    for _ in range(2):
        collected(finished)
    assert (finished.status, finished.error_kind) == ("uncollected", "unacceptable_file")
    assert finished.assets.get().part == "video"
    gif.write_bytes(really)
    collector.collect_again(finished, creative.user)
    house.until(finished, "ready")
    assert downloads(vendor).count("mp4") == 1


def test_a_full_disk_is_waited_for(finished, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        collected(finished)
    assert finished.waits_for == "room and health of the vault's disk"
    assert collected(finished).status == "ready"


def test_a_disk_that_is_full_while_downloading_is_no_fault_of_the_vendors(finished, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        collected(finished)
    assert (finished.status, finished.error_kind) == ("collecting", "not_kept")
    assert finished.error_says.startswith("The vault's disk is full.")
    assert finished.waits_for == "room and health of the vault's disk"


def test_what_nobody_foresaw_is_a_sentence_too(finished, monkeypatch):
    def odd(*args):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(parts, "_preview", odd)
        collected(finished)
    assert (finished.error_kind, finished.status) == ("unforeseen", "collecting")
    assert collected(finished).status == "ready"


def test_a_render_that_the_vendor_takes_back_is_waited_for(finished, vendor):
    vendor.set_scenario({"rules": [{"do": "unknown_status", "when": {"path": "/v1/tasks/*"}}]})
    collected(finished)
    assert finished.status == "collecting"
    assert "“moderating”" in finished.error_says


def test_nothing_is_left_on_the_way_in(finished, settings, monkeypatch):
    def refused(*args):
        raise Unacceptable("The film is too long.")

    monkeypatch.setattr(parts, "probe_mp4", refused)
    collected(finished)
    assert finished.error_kind == "unacceptable_file"
    assert list((settings.STUDIO_VAULT / ".incoming").iterdir()) == []


def test_only_an_uncollected_take_is_collected_again(take, creative):
    with pytest.raises(IllegalTransition):
        collector.collect_again(take, creative.user)
