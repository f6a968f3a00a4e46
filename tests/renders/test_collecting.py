"""Into the vault whatever it takes, restartable at every step, and never a new render."""

import os
import shutil
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.accounts.models import AuditEntry
from studio.pictures.probe import Unacceptable
from studio.renders.collecting import collector, leases, leftovers, parts
from studio.renders.lifecycle import IllegalTransition
from studio.renders.models import Heartbeat, Take, TakeAsset
from studio.vault import storing
from studio.vault.models import Asset
from tests.renders.conftest import posts

FILES = [{"path": "/previews/*"}, {"path": "/secure/*"}]


@pytest.fixture
def finished(take, house, vendor):
    """Finished at the vendor; the queue entry that collects it is not worked on yet."""
    house.work()
    while take.status != "collecting":
        Take.objects.update(next_poll_at=timezone.now())
        house.turn()
        take.refresh_from_db()
    return take


def downloads(vendor):
    return [
        r.path.rpartition(".")[2].partition("?")[0]
        for r in vendor.requests
        if r.path.startswith(("/previews/", "/secure/"))
    ]


def free(take):
    """The next try may begin at once."""
    Take.objects.filter(pk=take.pk).update(leased_until=None)


def collected(take):
    free(take)
    collector.collect(take.pk)
    take.refresh_from_db()
    return take


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


@pytest.mark.parametrize("when", FILES)
def asked_ranges(vendor):
    return [r.headers.get("range", "") for r in vendor.requests if r.path.startswith("/secure/")]


def test_a_broken_download_goes_on_where_it_broke(finished, vendor, settings):
    when = FILES[1] | {"nth": 1}
    vendor.set_scenario({"rules": [{"do": "half_body", "when": when}]})
    assert collected(finished).status == "collecting"
    [folder] = (settings.STUDIO_VAULT / ".incoming").iterdir()
    there = (folder / "video.mp4").stat().st_size
    vendor.set_scenario({"rules": [{"do": "expired_link", "when": when}]})
    assert collected(finished).status == "ready"
    assert there > 100
    assert asked_ranges(vendor) == ["", f"bytes={there}-", f"bytes={there}-"]
    assert list((settings.STUDIO_VAULT / ".incoming").iterdir()) == []
    video = finished.assets.select_related("asset").get(part="video").asset
    assert storing.path_of(video).stat().st_size == video.size_bytes > there


def test_pieces_that_make_no_film_together_are_fetched_whole_at_once(
    finished, vendor, settings, monkeypatch
):
    vendor.set_scenario({"rules": [{"do": "half_body", "when": FILES[1] | {"nth": 1}}]})
    collected(finished)
    really, seen = parts.probe_mp4, []

    def refused_once(path, limits):
        seen.append(path.read_bytes())
        if len(seen) == 1:
            raise Unacceptable("The video is damaged or cut short.")
        return really(path, limits)

    monkeypatch.setattr(parts, "probe_mp4", refused_once)
    assert collected(finished).status == "ready"
    assert (finished.collect_attempts, len(seen)) == (2, 2)
    assert downloads(vendor).count("mp4") == 3


def test_pieces_of_takes_that_are_over_are_removed(finished, vendor, settings):
    vendor.set_scenario({"rules": [{"do": "half_body", "when": FILES[1]}]})
    collected(finished)
    waiting = settings.STUDIO_VAULT / ".incoming"
    assert leftovers.prune() == 0
    assert len(list(waiting.iterdir())) == 1
    Take.objects.update(status="ready")  # by another collector, which died before it cleared up
    assert leftovers.prune() == 1
    assert list(waiting.iterdir()) == []


def test_what_an_overtaken_collector_still_writes_is_not_gone_on_with(finished, vendor):
    with leftovers.pieces_of(finished) as held:
        (held / "video.mp4").mkdir()  # whoever opened this would fail
        assert collected(finished).status == "ready"


def test_below_the_reserve_nothing_is_fetched(finished, settings):
    settings.STUDIO_VAULT_RESERVE_BYTES = 10**18
    assert collected(finished).status == "collecting"
    assert finished.error_says.startswith("The vault's disk is full: ")
    assert finished.waits_for == "room and health of the vault's disk"
    assert list((settings.STUDIO_VAULT / ".incoming").iterdir()) == []
    settings.STUDIO_VAULT_RESERVE_BYTES = 0
    assert collected(finished).status == "ready"


def test_a_film_without_a_filmstrip_is_ready_too(finished, monkeypatch):
    def refused(*args):
        raise Unacceptable("The file takes too much work to look at, so it was set aside.")

    monkeypatch.setattr(parts, "film_strip", refused)
    assert collected(finished).status == "ready"
    assert set(finished.assets.values_list("part", flat=True)) == {
        "vendor_gif", "preview_gif", "poster", "video",
    }  # fmt: skip


def test_an_expired_link_is_replaced_by_a_fresh_one(finished, vendor, when):
    vendor.set_scenario({"rules": [{"do": "expired_link", "when": when | {"nth": 1}}]})
    assert collected(finished).status == "ready"
    assert finished.collect_attempts == 1


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


@pytest.mark.parametrize(("cap", "kept"), [("GIF_MAX_BYTES", 0), ("VIDEO_MAX_BYTES", 4)])
def test_a_file_beyond_its_cap_is_final(finished, monkeypatch, cap, kept):
    monkeypatch.setattr(parts, cap, 50)
    collected(finished)
    assert finished.status == "uncollected"
    assert "larger than" in finished.error_says
    assert TakeAsset.objects.count() == kept


@pytest.mark.parametrize(("name", "kept"), [("gif", 0), ("mp4", 4)])
def test_a_file_that_is_no_picture_is_refused(finished, tmp_path, name, kept):
    for file in (tmp_path / "transend" / "footage").glob(f"*.{name}"):
        file.write_bytes(b"<html>It works!</html>" * 100)
    assert "a second look" in collected(finished).waits_for
    collected(finished)
    assert (finished.status, finished.error_kind) == ("uncollected", "unacceptable_file")
    assert finished.error_says.startswith("Transend's file was refused.")
    assert TakeAsset.objects.count() == kept


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


def suspended_while_another_begins(finished, monkeypatch, step):
    """The collector stands still at `step` until its lease is over and another has the take."""
    really = getattr(parts, step)

    def slow(*args):
        made = really(*args)
        free(finished)
        assert leases.claimed(finished.pk).collect_attempts == 2
        return made

    monkeypatch.setattr(parts, step, slow)


def test_a_collector_that_was_overtaken_settles_nothing(finished, monkeypatch):
    suspended_while_another_begins(finished, monkeypatch, "_video")
    collector.collect(finished.pk)
    finished.refresh_from_db()
    assert (finished.status, finished.collect_attempts) == ("collecting", 2)


def test_an_overtaken_collectors_trouble_does_not_take_the_others_lease(finished, monkeypatch):
    def failing(*args):
        free(finished)
        leases.claimed(finished.pk)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(parts, "_video", failing)
    collector.collect(finished.pk)
    finished.refresh_from_db()
    assert (finished.error_kind, finished.waits_for) == ("", "")
    assert finished.leased_until > timezone.now() + timedelta(seconds=20)


@pytest.mark.parametrize("step", ["_vendor_gif", "_preview", "_poster", "_filmstrip", "_video"])
def test_what_a_killed_collector_left_is_taken_up(finished, vendor, monkeypatch, step):
    def killed(*args):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(parts, step, killed)
        with pytest.raises(SystemExit):
            collector.collect(finished.pk)
    finished.refresh_from_db()
    assert finished.status == "collecting"
    assert collected(finished).status == "ready"
    assert downloads(vendor) == ["gif", "mp4"]
    assert Asset.objects.count() == TakeAsset.objects.count() == 5


def test_the_watcher_finds_a_dead_collectors_take(finished, house, vendor):
    from django_q.models import OrmQ

    OrmQ.objects.all().delete()
    leases.claimed(finished.pk)
    Take.objects.update(next_poll_at=timezone.now())
    house.turn()
    assert house.work() == []  # the lease still runs
    assert house.step(finished).status == "ready"


def test_a_collector_that_dies_each_time_is_given_up(finished):
    Take.objects.update(collect_attempts=collector.MAX_ATTEMPTS)
    collected(finished)
    assert (finished.status, finished.error_kind) == ("uncollected", "collector_lost")


def test_only_one_collects_at_a_time(finished, vendor):
    assert leases.claimed(finished.pk) is not None
    assert leases.claimed(finished.pk) is None
    collector.collect(finished.pk)
    assert downloads(vendor) == []


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_work_lasts(finished, monkeypatch):
    monkeypatch.setattr(leases, "_RENEWED_EVERY_S", 0.02)
    take = leases.claimed(finished.pk)
    Take.objects.update(leased_until=timezone.now())
    Heartbeat.objects.all().delete()
    with leases.kept_up(take):
        ends_at = time.monotonic() + 10
        while not Heartbeat.objects.filter(process="worker:long").exists():
            assert time.monotonic() < ends_at
            time.sleep(0.01)
    take.refresh_from_db()
    assert take.leased_until > timezone.now() + timedelta(seconds=20)


@pytest.mark.django_db(transaction=True)
def test_a_lease_outlives_a_lost_connection_to_the_database(finished, monkeypatch):
    monkeypatch.setattr(leases, "_RENEWED_EVERY_S", 0.02)
    really, broken = leases.heartbeats.beat, []

    def cut_off(*args):
        if not broken:
            # As after a restart of the database: this connection answers nothing any more.
            broken.append(True)
            leases.connection.connection.close()
            leases.connection.cursor().execute("SELECT 1")
        really(*args)

    monkeypatch.setattr(leases.heartbeats, "beat", cut_off)
    take = leases.claimed(finished.pk)
    Heartbeat.objects.all().delete()
    with leases.kept_up(take):
        ends_at = time.monotonic() + 10
        while not Heartbeat.objects.filter(process="worker:long").exists():
            assert time.monotonic() < ends_at
            time.sleep(0.01)
    assert broken


@pytest.mark.django_db(transaction=True)
def test_an_overtaken_collector_does_not_renew_the_others_lease(finished, monkeypatch):
    monkeypatch.setattr(leases, "_RENEWED_EVERY_S", 0.02)
    take = leases.claimed(finished.pk)
    until = timezone.now() + timedelta(seconds=1)
    Take.objects.update(collect_attempts=2, leased_until=until)
    Heartbeat.objects.all().delete()
    with leases.kept_up(take):
        ends_at = time.monotonic() + 10
        while not Heartbeat.objects.filter(process="worker:long").exists():
            assert time.monotonic() < ends_at
            time.sleep(0.01)
    take.refresh_from_db()
    assert take.leased_until == until


def test_two_collectors_at_once_leave_one_asset_a_part(finished, monkeypatch):
    really = parts._poster

    def overtaken(at, preview):
        made = really(at, preview)
        copy = made.path.with_name("other.jpg")
        shutil.copy(made.path, copy)
        asset = storing.keep(at.take.workspace, copy, "image/jpeg", {})
        TakeAsset.objects.create(take=at.take, part="poster", asset=asset)
        return made

    monkeypatch.setattr(parts, "_poster", overtaken)
    assert collected(finished).status == "ready"
    assert Asset.objects.count() == TakeAsset.objects.count() == 5


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
