"""Several collectors of one take: killed, suspended, overtaken. One film, each part once."""

import shutil
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.renders.collecting import collector, leases, parts
from studio.renders.models import Heartbeat, Take, TakeAsset
from studio.vault import storing
from studio.vault.models import Asset
from tests.renders.fetching import collected, downloads, free


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
        ends_at = time.monotonic() + 60
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
        ends_at = time.monotonic() + 60
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
        ends_at = time.monotonic() + 60
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
