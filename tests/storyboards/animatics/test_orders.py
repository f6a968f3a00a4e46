"""Asking for an animatic: once drawn, or being drawn, it serves whoever asks for the same."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django_q.models import OrmQ

from studio.storyboards.animatics import orders
from studio.storyboards.animatics.options import GIF, MP4, NotOffered, Options, read_options
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.edits import keeping
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.models import Animatic, Project
from studio.vault.storing import path_of
from tests.storyboards.animatics.conftest import SMALL, queued, work

pytestmark = pytest.mark.django_db


def edit(project, user, **values):
    shot = project.shots.first()
    edit_shot(project, project.revision, user, shot.pk, values)


def test_an_order_waits_with_all_that_was_chosen(coast, creative):
    options = Options(MP4, (854, 480), has_captions=False, watermark=("Kitchen",), has_sound=False)
    animatic = orders.order(coast, creative.user, options)
    assert animatic.status == Animatic.Status.WAITING
    assert (animatic.revision, animatic.duration_ms, animatic.requested_by) == (
        1,
        900,
        creative.user,
    )
    assert (animatic.media_type, animatic.width, animatic.height) == (MP4, 854, 480)
    assert (animatic.fps, animatic.has_captions, animatic.has_sound) == (24, False, False)
    assert animatic.watermark == ["Kitchen"]
    assert queued() == [animatic.pk]
    animatic.refresh_from_db()
    assert animatic.queue_entry == OrmQ.objects.get().pk


def test_row_and_queue_entry_are_committed_together_or_not_at_all(coast, creative):
    with suppress(RuntimeError), transaction.atomic():
        orders.order(coast, creative.user, SMALL)
        raise RuntimeError
    assert not Animatic.objects.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize("is_drawn", [False, True])
def test_the_same_is_not_drawn_twice(coast, creative, producer, is_drawn):
    first = orders.order(coast, creative.user, SMALL)
    if is_drawn:
        work()
    second = orders.order(coast, producer.user, SMALL)
    assert second.pk == first.pk
    assert queued() == ([] if is_drawn else [first.pk])


@pytest.mark.parametrize(
    "other",
    [
        replace(SMALL, size=(480, 270)),
        replace(SMALL, has_captions=False),
        replace(SMALL, watermark=("Kitchen",)),
        Options(MP4, (640, 360)),
    ],
)
def test_another_choice_is_another_drawing(coast, creative, ordered, other):
    assert orders.order(coast, creative.user, other).pk != ordered.pk


def test_an_edit_that_shows_is_another_drawing(coast, creative, ordered):
    edit(coast, creative.user, prompt="Gulls over the pier")
    assert orders.order(coast, creative.user, SMALL).pk != ordered.pk


def test_an_edit_that_does_not_show_is_the_same_drawing(coast, creative, ordered):
    edit(coast, creative.user, notes="Ask Ana about the gulls.")
    assert coast.revision == 2
    assert orders.order(coast, creative.user, SMALL).pk == ordered.pk


def test_what_was_cancelled_or_failed_does_not_serve(coast, creative, ordered):
    orders.cancel(ordered)
    assert orders.order(coast, creative.user, SMALL).pk != ordered.pk


def test_a_film_that_the_vault_has_lost_does_not_serve(coast, creative, ordered):
    work()
    ordered.refresh_from_db()
    path_of(ordered.asset).unlink()
    again = orders.order(coast, creative.user, SMALL)
    assert again.pk != ordered.pk
    ordered.refresh_from_db()
    assert ordered.status == Animatic.Status.FAILED
    assert "missing from the vault" in ordered.says
    work()
    again.refresh_from_db()
    assert again.status == Animatic.Status.READY


def test_two_who_notice_a_lost_film_have_it_drawn_once(coast, creative, ordered):
    work()
    ordered.refresh_from_db()
    path_of(ordered.asset).unlink()
    first, second = (orders.order(coast, creative.user, SMALL) for _ in range(2))
    assert first == second != ordered
    assert first.status == Animatic.Status.WAITING
    assert queued() == [first.pk]


def test_one_that_is_pruned_while_it_is_asked_for_is_drawn_anew(
    coast, creative, ordered, monkeypatch
):
    work()

    def pruned_meanwhile(_asset):
        Animatic.objects.filter(pk=ordered.pk).delete()
        return True

    monkeypatch.setattr(orders, "seems_intact", pruned_meanwhile)
    again = orders.order(coast, creative.user, SMALL)
    assert queued() == [again.pk]
    assert Animatic.objects.get().pk == again.pk


def test_a_few_may_be_in_work_in_a_workspace(coast, creative, ordered, monkeypatch):
    monkeypatch.setattr(orders, "MOST_IN_WORK", 2)
    second = orders.order(coast, creative.user, replace(SMALL, has_captions=False))
    with pytest.raises(orders.TooMany, match="2 animatics of Kitchen Films .* cancel one, then"):
        orders.order(coast, creative.user, replace(SMALL, size=(480, 270)))
    assert orders.order(coast, creative.user, SMALL).pk == ordered.pk, "the same is no more work"
    orders.cancel(second)
    orders.order(coast, creative.user, replace(SMALL, size=(480, 270)))


def test_another_workspace_does_not_count(ordered, other_workspace, stranger, coast, monkeypatch):
    monkeypatch.setattr(orders, "MOST_IN_WORK", 1)
    Project.objects.filter(pk=coast.pk).update(workspace=other_workspace)
    Animatic.objects.all().delete()
    coast.refresh_from_db()
    assert orders.order(coast, stranger.user, SMALL).status == Animatic.Status.WAITING


def test_an_archived_project_is_not_drawn(coast, creative):
    keeping.archive(coast, creative.user)
    with pytest.raises(NoAnimatic, match="archived. Restore it, then"):
        orders.order(coast, creative.user, SMALL)


def test_an_empty_project_is_not_drawn(coast, creative):
    coast.revisions.update(snapshot=coast.revisions.get().snapshot | {"shots": []})
    with pytest.raises(NoAnimatic, match="no shots yet. Add one"):
        orders.order(coast, creative.user, SMALL)


def test_a_move_without_a_model_is_refused_before_it_waits(coast, creative):
    edit_shot(coast, 1, creative.user, coast.shots.last().pk, {"motion": "whip-pan"})
    with pytest.raises(NoAnimatic, match="^Shot 2 moves by “whip-pan”.* Choose one of the twelve"):
        orders.order(coast, creative.user, SMALL)
    assert queued() == []


def test_a_board_of_hours_is_not_drawn(coast, creative):
    edit(coast, creative.user, duration_ms=301_000)
    with pytest.raises(NoAnimatic, match="lasts 301.4 s.* at most 300 s. Shorten the board"):
        orders.order(coast, creative.user, SMALL)


@pytest.mark.parametrize("is_drawing", [False, True])
def test_what_is_in_work_is_cancelled(ordered, is_drawing):
    if is_drawing:
        Animatic.objects.update(status=Animatic.Status.DRAWING)
    assert orders.cancel(ordered) is True
    assert ordered.status == Animatic.Status.CANCELLED
    assert ordered.finished_at is not None
    assert orders.cancel(ordered) is False


def test_what_is_ready_is_not_cancelled(ordered):
    work()
    assert orders.cancel(ordered) is False
    assert ordered.status == Animatic.Status.READY


@pytest.mark.parametrize("ended", orders.ENDED)
def test_what_ended_is_tried_again_as_it_was_asked_for(coast, creative, producer, ended):
    asked = replace(SMALL, has_captions=False, watermark=("Kitchen", "Ana"))
    animatic = orders.order(coast, creative.user, asked)
    Animatic.objects.update(status=ended)
    animatic.refresh_from_db()
    edit(coast, creative.user, prompt="Another prompt")
    again = orders.retry(animatic, producer.user)
    assert again.pk != animatic.pk
    assert again.requested_by == producer.user
    for name in ("revision", "drawing_sha256", "watermark", "has_captions", "width", "fps"):
        assert getattr(again, name) == getattr(animatic, name), name
    assert (again.status, again.attempts) == (Animatic.Status.WAITING, 0)


def test_tried_again_twice_is_tried_once(ordered, creative):
    orders.cancel(ordered)
    again = orders.retry(ordered, creative.user)
    assert orders.retry(ordered, creative.user).pk == again.pk
    assert queued() == [ordered.pk, again.pk]


def test_a_form_without_choices_is_a_small_silent_gif():
    assert read_options({}, ("Kitchen",)) == Options(
        GIF, (480, 270), has_captions=False, has_sound=False
    )


def test_a_form_with_all_choices():
    posted = {"format": "mp4", "size": "1920x1080", "captions": "yes", "watermark": "yes"}
    assert read_options(posted | {"sound": "yes"}, ("Kitchen", "Ana")) == Options(
        MP4, (1920, 1080), watermark=("Kitchen", "Ana")
    )


def test_a_gif_is_silent_whatever_was_ticked():
    assert read_options({"format": "gif", "sound": "yes"}, ()).has_sound is False


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({"format": "avi"}, "a GIF or an MP4"),
        ({"format": "gif", "size": "1920x1080"}, "320 × 180, 480 × 270, 640 × 360"),
        ({"format": "mp4", "size": "1280x721"}, "1280 × 720"),
        ({"format": "mp4", "size": "²"}, "not offered"),
        ({"format": "mp4", "size": "x" * 100_000}, "not offered"),
    ],
)
def test_what_is_not_offered_is_refused_with_what_is(posted, says):
    with pytest.raises(NotOffered, match=says):
        read_options(posted, ())


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_ask_at_once_get_one_drawing(coast, creative):
    """Threads with connections of their own: the database decides who was first."""
    start = threading.Barrier(8)

    def ask(_):
        try:
            project = Project.objects.select_related("workspace").get(pk=coast.pk)
            start.wait()
            return orders.order(project, creative.user, SMALL).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        given = set(pool.map(ask, range(8)))
    assert given == {Animatic.objects.get().pk}
    assert queued() == list(given)
