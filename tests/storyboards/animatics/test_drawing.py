"""What a worker does with a delivery that comes once, twice, late, or while minds change."""

import errno
import shutil
from datetime import timedelta

import pytest
from django.utils import timezone

from studio.pictures.errors import DrawingFailed
from studio.pictures.probe import probe_gif, probe_mp4
from studio.storyboards import tasks
from studio.storyboards.animatics import drawing, due, orders, rendering, signs
from studio.storyboards.animatics.options import MP4, Options
from studio.storyboards.animatics.rendering import segments
from studio.storyboards.edits import keeping as projects
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.models import Animatic, Project
from studio.vault.models import Asset
from studio.vault.storing import orphans, path_of
from tests.storyboards.animatics.conftest import SMALL, incoming, queued, work

pytestmark = pytest.mark.django_db

READY, FAILED = Animatic.Status.READY, Animatic.Status.FAILED


@pytest.fixture
def meanwhile(monkeypatch):
    """Has something happen once, between two frames, when so much is drawn."""
    monkeypatch.setattr("studio.lib.signs.TOLD_EVERY_S", 0)
    really = signs.SignsOfLife.tell

    def make(at, happens):
        waiting = [happens]

        def tell(self, done):
            if done >= at and waiting:
                waiting.pop()()
            really(self, done)

        monkeypatch.setattr(signs.SignsOfLife, "tell", tell)

    return make


def drawn(animatic):
    tasks.draw_animatic(animatic.pk)
    animatic.refresh_from_db()
    return animatic


def test_a_gif_is_drawn_and_lies_in_the_vault(ordered):
    work()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.progress, ordered.attempts) == (READY, 1000, 1)
    assert ordered.finished_at is not None
    facts = probe_gif(path_of(ordered.asset))
    assert (facts.width, facts.height, facts.duration_ms) == (320, 180, 900)
    assert ordered.asset.facts["duration_ms"] == 900
    assert ordered.asset.workspace_id == ordered.project.workspace_id
    assert path_of(ordered.poster).read_bytes()[:3] == b"\xff\xd8\xff"
    assert ordered.poster.media_type == "image/jpeg"
    assert incoming() == []


def test_an_mp4_is_drawn_by_two_and_lies_in_the_vault(coast, creative, monkeypatch):
    monkeypatch.setattr(rendering, "MOST_PROCESSES", 2)
    animatic = drawn(orders.order(coast, creative.user, Options(MP4, (640, 360))))
    assert animatic.status == READY, animatic.says
    facts = probe_mp4(path_of(animatic.asset))
    assert (facts.codec, facts.width, facts.fps) == ("h264", 640, 24)
    assert abs(facts.duration_ms - 900) <= 42


def test_it_shows_the_revision_that_was_asked_for(coast, creative, ordered):
    edit_shot(coast, 1, creative.user, coast.shots.first().pk, {"duration_ms": 3000})
    assert drawn(ordered).asset.facts["duration_ms"] == 900


def test_a_delivery_that_comes_twice_draws_once(ordered):
    drawn(ordered)
    first = ordered.asset_id
    assert drawn(ordered).asset_id == first
    assert ordered.attempts == 1
    assert Asset.objects.count() == 2


@pytest.mark.parametrize("status", [s for s in Animatic.Status if s != Animatic.Status.WAITING])
def test_a_delivery_that_comes_late_draws_nothing(ordered, status):
    Animatic.objects.update(status=status)
    assert drawn(ordered).status == status
    assert ordered.attempts == 0
    assert not Asset.objects.exists()


def test_a_delivery_for_what_is_gone_draws_nothing(ordered):
    pk = ordered.pk
    ordered.delete()
    tasks.draw_animatic(pk)
    assert not Asset.objects.exists()


def test_progress_is_told_as_it_goes_on(ordered, monkeypatch, meanwhile):
    seen = []
    meanwhile(0.5, lambda: seen.append(Animatic.objects.get().progress))
    drawn(ordered)
    assert 300 <= seen[0] <= 600


def test_progress_is_told_at_most_twice_a_second(ordered, django_assert_max_num_queries):
    Animatic.objects.update(status=Animatic.Status.DRAWING, attempts=1)
    ordered.refresh_from_db()
    shown = signs.SignsOfLife(ordered)
    with django_assert_max_num_queries(2):
        for frame in range(600):
            shown.tell(frame / 600)


def test_cancelled_while_it_is_drawn_it_stops_and_leaves_nothing(ordered, meanwhile):
    meanwhile(0.4, lambda: orders.cancel(Animatic.objects.get()))
    drawn(ordered)
    assert ordered.status == Animatic.Status.CANCELLED
    assert ordered.progress < 600
    assert not Asset.objects.exists()
    assert incoming() == []


def test_cancelled_at_the_last_moment_it_leaves_nothing(ordered, monkeypatch):
    really = drawing.keeping.kept

    def cancelled_meanwhile(*args):
        orders.cancel(Animatic.objects.get())
        return really(*args)

    monkeypatch.setattr(drawing.keeping, "kept", cancelled_meanwhile)
    drawn(ordered)
    assert ordered.status == Animatic.Status.CANCELLED
    assert not Asset.objects.exists()
    assert not list(path_of(Asset(path="")).rglob("*.gif"))


def test_a_project_deleted_while_it_is_drawn_leaves_nothing(coast, ordered, meanwhile):
    meanwhile(0.4, lambda: Project.objects.get(pk=coast.pk).delete())
    tasks.draw_animatic(ordered.pk)
    assert not Animatic.objects.exists()
    assert not Asset.objects.exists()
    assert incoming() == []


def test_a_project_archived_while_it_is_drawn_has_its_film(coast, creative, ordered, meanwhile):
    meanwhile(0.4, lambda: projects.archive(coast, creative.user))
    assert drawn(ordered).status == READY


def test_a_worker_given_up_for_dead_does_not_disturb_the_next(ordered, meanwhile):
    """It was only suspended: another attempt has begun meanwhile."""
    meanwhile(0.4, lambda: Animatic.objects.update(attempts=2))
    drawn(ordered)
    assert (ordered.status, ordered.attempts) == (Animatic.Status.DRAWING, 2)
    assert not Asset.objects.exists()


def test_a_lost_still_ends_in_a_sentence(workspace, coast, creative, house):
    still = Asset.objects.create(
        workspace=workspace,
        sha256="a" * 64,
        size_bytes=9,
        media_type="image/png",
        path="1/aa/a.png",
    )
    edit_shot(coast, 1, creative.user, coast.shots.last().pk, {"reference_id": still.pk})
    there = house / "vault/1/aa/a.png"
    there.parent.mkdir(parents=True)
    there.write_bytes(b"whatever")
    ordered = orders.order(coast, creative.user, SMALL)
    there.unlink()
    drawn(ordered)
    assert ordered.status == FAILED
    assert "picture of shot 2 is missing from the vault. Ask your admin" in ordered.says


def test_a_full_disk_ends_in_a_sentence_and_leaves_nothing(ordered, monkeypatch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(drawing.Drawing, "draw_poster", full)
    drawn(ordered)
    assert ordered.status == FAILED
    assert "disk is full. Ask an operator" in ordered.says
    assert incoming() == []
    monkeypatch.undo()
    assert drawn(orders.retry(ordered, ordered.requested_by)).status == READY


def test_what_nobody_foresaw_ends_in_a_sentence(ordered, monkeypatch, caplog):
    def broken(*args, **more):
        raise ZeroDivisionError

    monkeypatch.setattr(drawing.Drawing, "draw", broken)
    drawn(ordered)
    assert ordered.status == FAILED
    assert "Draw it again" in ordered.says
    assert "ZeroDivisionError" in caplog.text


def test_a_damaged_film_is_not_kept(ordered, monkeypatch):
    def halved(self, out, **more):
        really(self, out, **more)
        out.write_bytes(out.read_bytes()[: out.stat().st_size // 2])

    really = drawing.Drawing.draw
    monkeypatch.setattr(drawing.Drawing, "draw", halved)
    for attempt in range(1, due.MOST_ATTEMPTS):
        assert drawn(ordered).status == Animatic.Status.WAITING
        assert ordered.attempts == attempt
    assert drawn(ordered).status == FAILED
    assert "Draw it again" in ordered.says
    assert not Asset.objects.exists()
    assert incoming() == []


def test_a_child_that_died_is_replaced_a_few_times(ordered, monkeypatch):
    def died(self, out, **more):
        raise DrawingFailed("A drawing process ended. Draw it again.")

    monkeypatch.setattr(drawing.Drawing, "draw", died)
    for attempt in range(1, due.MOST_ATTEMPTS):
        assert drawn(ordered).status == Animatic.Status.WAITING
        assert queued() == [ordered.pk] * (attempt + 1)
    monkeypatch.undo()
    work()
    ordered.refresh_from_db()
    assert (ordered.status, ordered.attempts) == (READY, due.MOST_ATTEMPTS)


def test_cancelled_while_its_child_died_it_stays_cancelled(ordered, monkeypatch):
    def died(self, out, **more):
        orders.cancel(Animatic.objects.get())
        raise DrawingFailed("A drawing process ended. Draw it again.")

    monkeypatch.setattr(drawing.Drawing, "draw", died)
    assert drawn(ordered).status == Animatic.Status.CANCELLED
    assert queued() == [ordered.pk]


def test_the_same_film_of_another_project_is_the_same_file(workspace, coast, creative, ordered):
    drawn(ordered)
    other = projects.duplicate(coast, creative.user)
    Project.objects.filter(pk=other.pk).update(title=coast.title)
    again = drawn(orders.order(other, creative.user, SMALL))
    assert again.pk != ordered.pk
    assert again.asset == ordered.asset
    assert Asset.objects.count() == 2


def test_unchanged_shots_are_not_drawn_twice(coast, creative, ordered):
    drawn(ordered)
    kept = {path: path.stat().st_ino for path in segments().rglob("*") if path.is_file()}
    assert len(kept) >= 2
    edit_shot(coast, 1, creative.user, coast.shots.last().pk, {"prompt": "A pier"})
    assert drawn(orders.order(coast, creative.user, SMALL)).status == READY
    after = {path: path.stat().st_ino for path in segments().rglob("*") if path.is_file()}
    assert kept.items() <= after.items(), "what was drawn once is used as it is"
    assert len(after) == len(kept) + 1


def test_leftovers_of_a_killed_worker_are_cleared(house, ordered):
    work()
    left = house / "vault/.incoming/animatic-4711-1"
    left.mkdir()
    (left / "film.gif").write_bytes(b"half")
    foreign = house / "vault/.incoming/0123456789abcdef"
    foreign.mkdir()
    Animatic.objects.update(status=Animatic.Status.WAITING)
    drawn(ordered)
    assert not left.exists()
    assert foreign.exists()
    shutil.rmtree(foreign)


def test_nothing_of_a_drawing_looks_like_an_orphan_to_doctor(ordered, house, monkeypatch):
    drawn(ordered)
    monkeypatch.setattr("studio.vault.storing._ROW_WITHIN_S", -3600)
    assert list(orphans()) == []
    path_of(ordered.asset).with_name("stray.gif").write_bytes(b"stray")
    assert [path.name for path in orphans()] == ["stray.gif"]


def test_a_sign_of_life_is_given_without_any_progress(ordered, monkeypatch):
    Animatic.objects.update(status=Animatic.Status.DRAWING, attempts=1)
    ordered.refresh_from_db()
    long_ago = timezone.now() - timedelta(minutes=5)
    Animatic.objects.update(seen_at=long_ago)
    signs.SignsOfLife(ordered).tell(0.0)
    ordered.refresh_from_db()
    assert ordered.seen_at > long_ago
