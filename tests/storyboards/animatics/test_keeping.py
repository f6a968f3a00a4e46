"""How long films are kept, and that nothing goes which somebody may still look at."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studio.storyboards.animatics import keeping, orders
from studio.storyboards.animatics.options import GIF, MP4
from studio.storyboards.edits.keeping import duplicate
from studio.storyboards.edits.shots import edit_shot
from studio.storyboards.models import Animatic
from studio.vault.models import Asset
from studio.vault.storing import path_of
from tests.storyboards.animatics.conftest import SMALL

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def ready(tmp_path):
    """Puts files of so few bytes into the vault as the film and poster of an animatic."""

    def make(animatic, film=b"film"):
        assets = []
        for media_type, content in ((GIF, film), ("image/jpeg", b"poster of " + film)):
            (tmp_path / "made").write_bytes(content)
            workspace = animatic.project.workspace
            assets.append(keeping.kept(workspace, tmp_path / "made", media_type, {}))
        Animatic.objects.filter(pk=animatic.pk).update(
            status=Animatic.Status.READY, asset=assets[0], poster=assets[1]
        )
        return Animatic.objects.get(pk=animatic.pk)

    return make


@pytest.fixture
def films(coast, creative, ready):
    """Makes so many ready films of the project, each of another revision; the newest last."""

    def make(count):
        return [ready(order_anew(), b"film %d" % coast.revision) for _ in range(count)]

    def order_anew():
        shot, prompt = coast.shots.first(), f"Gulls at {coast.revision}"
        edit_shot(coast, coast.revision, creative.user, shot.pk, {"prompt": prompt})
        return orders.order(coast, creative.user, SMALL)

    return make


def age(animatic, ago):
    Animatic.objects.filter(pk=animatic.pk).update(asked_at=timezone.now() - ago)


def kept():
    return set(Animatic.objects.values_list("pk", flat=True))


def files():
    return {path_of(asset) for asset in Asset.objects.all()}


def test_a_film_superseded_for_30_days_goes_with_its_files(films):
    old, new = films(2)
    gone = {path_of(old.asset), path_of(old.poster)}
    age(old, 31 * DAY)
    assert keeping.prune() == 1
    assert kept() == {new.pk}
    assert not any(path.exists() for path in gone)
    assert all(path.is_file() for path in files())
    assert Asset.objects.count() == 2


def test_a_film_that_nothing_superseded_stays_for_ever(films):
    (only,) = films(1)
    age(only, 400 * DAY)
    assert keeping.prune() == 0
    assert kept() == {only.pk}


def test_an_mp4_is_not_superseded_by_a_gif(films):
    video, _ = films(2)
    Animatic.objects.filter(pk=video.pk).update(media_type=MP4)
    age(video, 400 * DAY)
    assert keeping.prune() == 0


def test_a_film_superseded_lately_stays(films):
    old, new = films(2)
    age(old, 29 * DAY)
    keeping.prune()
    assert kept() == {old.pk, new.pk}


def test_beyond_so_many_a_project_the_oldest_go(films, monkeypatch):
    monkeypatch.setattr(keeping, "KEPT_PER_PROJECT", 2)
    _, second, third = films(3)
    keeping.prune()
    assert kept() == {second.pk, third.pk}


def test_a_film_asked_for_again_is_a_new_one(coast, creative, films):
    first, second = films(2)
    age(first, 31 * DAY)
    age(second, DAY)
    coast.revisions.filter(number=coast.revision).update(
        snapshot=coast.revisions.get(number=first.revision).snapshot
    )
    assert orders.order(coast, creative.user, SMALL).pk == first.pk
    keeping.prune()
    assert kept() == {first.pk, second.pk}


def test_one_asked_for_again_while_it_is_pruned_stays(films):
    old, _ = films(2)
    age(old, 31 * DAY)
    (found,) = keeping._superseded()
    age(old, timedelta(0))
    assert keeping._discarded(found) is False
    assert path_of(old.asset).is_file()


def test_a_file_that_two_projects_show_stays_for_the_other(coast, creative, films, ready):
    film, _ = films(2)
    other = duplicate(coast, creative.user)
    same = ready(orders.order(other, creative.user, SMALL), path_of(film.asset).read_bytes())
    assert same.asset == film.asset
    age(film, 31 * DAY)
    assert keeping.prune() == 1
    assert path_of(same.asset).is_file()


@pytest.mark.parametrize("status", orders.ENDED)
def test_what_failed_or_was_cancelled_goes_after_a_week(films, status):
    first, second, _ = films(3)
    Animatic.objects.filter(pk__in=[first.pk, second.pk]).update(status=status)
    age(first, 8 * DAY)
    age(second, 8 * DAY)
    keeping.prune()
    assert first.pk not in kept()
    assert second.pk in kept(), "the last of them is still to be read"


def test_what_is_in_work_stays(films, ordered):
    films(1)
    age(ordered, 400 * DAY)
    Animatic.objects.filter(pk=ordered.pk).update(status=Animatic.Status.DRAWING)
    keeping.prune()
    assert ordered.pk in kept()


def test_files_of_a_deleted_project_go_after_a_day(films, coast):
    films(1)
    coast.delete()
    paths = files()
    keeping.prune()
    assert all(path.is_file() for path in paths), "a drawing may be about to refer to them"
    Asset.objects.update(created_at=timezone.now() - 2 * DAY)
    keeping.prune()
    assert not Asset.objects.exists()
    assert not any(path.exists() for path in paths)


def test_files_of_others_are_never_touched(workspace):
    Asset.objects.create(
        workspace=workspace,
        sha256="a" * 64,
        size_bytes=1,
        media_type="video/mp4",
        path="1/aa/take.mp4",
        facts={"kind": "reference"},
        created_at=timezone.now() - 900 * DAY,
    )
    keeping.prune()
    assert Asset.objects.get().path == "1/aa/take.mp4"
