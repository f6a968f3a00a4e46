"""The film of a take: ordered once, drawn by a worker that may die, good only for its preview."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_q.models import OrmQ

from studio.pictures.probe import probe_mp4
from studio.renders import news
from studio.renders.lifecycle import Status as TakeStatus
from studio.renders.models import Take, TakeAsset
from studio.reviews import media, tasks, work
from studio.reviews.models import Guest, PreviewFilm, RetentionPolicy, ShareLink
from studio.reviews.playing import films
from studio.reviews.retention import sweeping
from studio.reviews.reviewing import Reviewer
from studio.vault import storing
from studio.vault.models import Asset
from studio.vault.storing import path_of
from tests.reviews.conftest import PREVIEW
from tests.reviews.playing.conftest import preview_of, queued

pytestmark = pytest.mark.django_db

Status = PreviewFilm.Status


@pytest.fixture
def member(filmed, producer) -> Reviewer:
    return Reviewer(filmed, user=producer.user, role="producer")


@pytest.fixture
def guest_of(filmed):
    def make(name: str, **terms) -> Reviewer:
        link = ShareLink.objects.create(
            workspace=filmed.workspace,
            take=filmed,
            token_sha256=name,
            expires_at=timezone.now() + timedelta(1),
            **terms,
        )
        guest = Guest.objects.create(link=link, name=name, key_sha256=name)
        return Reviewer(filmed, guest=guest, link=link)

    return make


def test_a_take_that_gets_ready_has_its_film_ordered_once(filmed):
    for _ in range(3):
        with transaction.atomic():
            news.tell_of_end(filmed)
    film = PreviewFilm.objects.get(take=filmed, guest=None)
    assert film.status == Status.WAITING
    assert queued() == 1


def test_an_order_stands_or_falls_with_its_transaction(filmed):
    with transaction.atomic():
        news.tell_of_end(filmed)
        assert queued() == 1
        transaction.set_rollback(True)
    assert not PreviewFilm.objects.exists()
    assert queued() == 0


def test_a_take_without_a_film_has_none_ordered(make_take):
    with transaction.atomic():
        news.tell_of_end(make_take(TakeStatus.FAILED))
    assert not PreviewFilm.objects.exists()


def test_the_film_is_drawn_with_its_shots(member, drawn):
    film = drawn(films.film_for(member))
    assert (film.status, film.progress, film.attempts) == (Status.READY, 1000, 1)
    facts = probe_mp4(path_of(film.film))
    assert (facts.duration_ms, facts.frames) == (30_500, 2)
    assert film.film.facts["runs"] == [[18_000, 1], [12_500, 1]]
    assert {tile["shot"] for tile in film.strip.facts["tiles"]} == {1, 2}
    assert film.poster.media_type == "image/jpeg"


def test_who_opens_an_older_take_orders_its_film_and_whoever_comes_next_finds_it(member, drawn):
    film = films.film_for(member)
    assert films.film_for(member) == film
    drawn(film)
    assert films.film_for(member).status == Status.READY
    assert queued() == 1


def test_a_take_without_preview_has_no_film(make_take, producer):
    take = make_take(TakeStatus.RUNNING)
    assert films.film_for(Reviewer(take, user=producer.user, role="producer")) is None
    assert not PreviewFilm.objects.exists()


def test_a_delivery_that_comes_twice_draws_once(member, drawn):
    film = drawn(films.film_for(member))
    before = film.film_id
    tasks.draw_film(film.pk)
    film.refresh_from_db()
    assert (film.film_id, film.attempts) == (before, 1)
    assert Asset.objects.filter(facts__kind=films.KIND).count() == 3


def test_work_whose_worker_was_killed_is_begun_again_until_it_is_hopeless(member, drawn):
    film = films.film_for(member)
    for attempt in range(1, work.MOST_ATTEMPTS + 1):
        long_ago = timezone.now() - work.WORKING_LOST_AFTER - timedelta(seconds=1)
        PreviewFilm.objects.update(status=Status.WORKING, attempts=attempt, seen_at=long_ago)
        work.wake_lost()
        film.refresh_from_db()
        if attempt < work.MOST_ATTEMPTS:
            assert film.status == Status.WAITING
            assert film.queue_entry is not None
    assert film.status == Status.FAILED
    assert "ended 3 times without a word" in film.says
    assert films.retry(film)
    assert drawn(film).status == Status.READY


def test_work_that_waits_is_left_alone_while_it_lies_in_the_queue(member):
    film = films.film_for(member)
    PreviewFilm.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    work.wake_lost()
    assert queued() == 1
    OrmQ.objects.all().delete()  # the entry was lost
    PreviewFilm.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    work.wake_lost()
    work.wake_lost()
    assert queued() == 1
    film.refresh_from_db()
    assert film.status == Status.WAITING


def test_an_attempt_that_was_given_up_for_dead_leaves_no_trace(member):
    film = films.film_for(member)
    PreviewFilm.objects.update(status=Status.WORKING, attempts=1, seen_at=timezone.now())
    film.refresh_from_db()
    slow = work.Attempt(film)
    PreviewFilm.objects.update(attempts=2)  # another is at it
    with pytest.raises(work.Stopped):
        films.draw(film, slow)
    assert not Asset.objects.filter(facts__kind=films.KIND).exists()
    film.refresh_from_db()
    assert film.status == Status.WORKING


def test_a_preview_that_is_no_gif_fails_with_a_sentence(take, producer, drawn):
    film = drawn(films.film_for(Reviewer(take, user=producer.user, role="producer")))
    assert PREVIEW.startswith(b"GIF89a")
    assert film.status == Status.FAILED
    assert film.says == "The GIF is 30590 × 29793 pixels; we accept up to 4096 × 4096."
    assert not Asset.objects.filter(facts__kind=films.KIND).exists()


def test_a_preview_that_was_changed_on_disk_is_not_made_a_film(member, drawn, asset_of):
    path_of(asset_of(member.take, TakeAsset.Part.PREVIEW_GIF)).write_bytes(preview_of()[:-1])
    film = drawn(films.film_for(member))
    assert film.status == Status.FAILED
    assert "not what was stored" in film.says


def test_what_nobody_foresaw_ends_in_a_sentence_and_can_be_tried_again(member, drawn, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("boom")

    with monkeypatch.context() as patched:
        patched.setattr(films, "film_of_gif", broken)
        film = drawn(films.film_for(member))
    assert film.status == Status.FAILED
    assert "boom" not in film.says
    assert not films.retry(PreviewFilm(status=Status.READY))
    assert films.retry(film)
    assert drawn(film).status == Status.READY


def test_a_film_of_another_preview_is_not_played_and_is_drawn_anew(member, drawn, give_preview):
    film = drawn(films.film_for(member))
    former = [film.film, film.poster, film.strip]
    give_preview(member.take, preview_of(second=(20, 200, 20)))
    with pytest.raises(media.Http404):
        media.of_film(film, "film")
    film = films.film_for(member)
    assert film.status == Status.WAITING
    drawn(film)
    media.of_film(film, "film")
    assert not any(path_of(asset).exists() for asset in former)
    assert Asset.objects.filter(facts__kind=films.KIND).count() == 3


def test_a_film_that_is_missing_or_changed_on_disk_is_drawn_anew(member, drawn):
    film = drawn(films.film_for(member))
    path_of(film.film).write_bytes(b"something else")
    with pytest.raises(media.Http404):
        media.of_film(film, "film")
    assert drawn(films.film_for(member)).status == Status.READY


@pytest.mark.parametrize("part", ["video", "vendor_gif"])
def test_what_has_the_bytes_of_an_unmarked_file_is_never_a_film(member, drawn, asset_of, part):
    film = drawn(films.film_for(member))
    unmarked = asset_of(member.take, part)
    Asset.objects.filter(pk=unmarked.pk).update(media_type="video/mp4")
    PreviewFilm.objects.update(film=unmarked)
    film = PreviewFilm.objects.get(pk=film.pk)
    with pytest.raises(media.Http404):
        media.of_film(film, "film")
    copy = storing.keep(member.take.workspace, path_of(unmarked), "video/mp4", {})
    PreviewFilm.objects.update(film=copy)
    with pytest.raises(media.Http404):
        media.of_film(PreviewFilm.objects.get(pk=film.pk), "film")


def test_each_guest_with_a_mark_has_a_film_of_their_own(member, guest_of, drawn):
    jane, john = guest_of("Jane Doe"), guest_of("John Roe", label="Cut for ACME")
    house, hers, his = (drawn(films.film_for(one)) for one in (member, jane, john))
    assert len({house.pk, hers.pk, his.pk}) == 3
    assert house.lines == []
    assert hers.lines[0] == "Jane Doe"
    assert hers.lines[1].endswith(" UTC")
    assert len(hers.lines) == 2
    assert his.lines[2] == "Cut for ACME"
    assert len({film.film.sha256 for film in (house, hers, his)}) == 3
    assert len({film.strip.sha256 for film in (house, hers, his)}) == 3


def test_a_guest_without_a_mark_plays_the_houses(member, guest_of):
    assert films.film_for(guest_of("Jane", marks_viewer=False)) == films.film_for(member)


def test_a_link_to_the_released_film_has_no_preview_made(guest_of):
    assert films.film_for(guest_of("Jane", subject=ShareLink.Subject.FILM)) is None
    assert not PreviewFilm.objects.exists()


def deleted_by_retention(take: Take) -> None:
    long_ago = timezone.now() - timedelta(99)
    Take.objects.filter(pk=take.pk).update(finished_at=long_ago, deletion_due_at=long_ago)
    policy = RetentionPolicy.objects.create(workspace=take.workspace, days=30, warn_days=7)
    sweeping.sweep(policy.pk)
    take.refresh_from_db()
    assert take.files_deleted_at is not None


def test_retention_takes_the_films_of_the_house_and_of_guests_off_the_disk(member, guest_of, drawn):
    made = [drawn(films.film_for(one)) for one in (member, guest_of("Jane"))]
    paths = [path_of(asset) for film in made for asset in (film.film, film.poster, film.strip)]
    assert all(path.exists() for path in paths)
    deleted_by_retention(member.take)
    assert not any(path.exists() for path in paths)
    assert not PreviewFilm.objects.exists()
    assert films.film_for(member) is None


def test_a_film_that_is_being_drawn_while_retention_comes_leaves_nothing(member, monkeypatch):
    film = films.film_for(member)
    really = films.film_of_gif

    def meanwhile(*args, **more):
        facts = really(*args, **more)
        deleted_by_retention(member.take)
        return facts

    monkeypatch.setattr(films, "film_of_gif", meanwhile)
    tasks.draw_film(film.pk)
    assert not PreviewFilm.objects.exists()
    assert not Asset.objects.filter(facts__kind=films.KIND).exists()


def test_what_a_killed_worker_left_in_the_vault_is_pruned_a_day_later(member, drawn):
    film = drawn(films.film_for(member))
    stray = storing.keep(
        member.take.workspace, path_of(film.film), "video/mp4", {"kind": films.KIND}
    )
    assert films.prune() == 0
    Asset.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert films.prune() == 1
    assert not path_of(stray).exists()
    assert path_of(film.film).exists()
