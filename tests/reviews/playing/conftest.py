"""A take whose preview is a real GIF of its two planned shots, 18 s of red and 12.5 s of blue."""

from collections.abc import Callable

import pytest
from django_q.models import OrmQ

from studio.renders.models import Take, TakeAsset
from studio.reviews import tasks
from studio.reviews.models import PreviewFilm
from studio.vault.models import Asset
from tests.pictures.test_filmstrip import coloured
from tests.reviews.sharing.conftest import share, visit  # noqa: F401  (fixtures)

RED, BLUE = (220, 20, 20), (20, 40, 230)


def preview_of(first=RED, second=BLUE) -> bytes:
    """A GIF that is cut where the take of `tests.builders` is planned to be."""
    return coloured((first, 18_000), (second, 12_500))


@pytest.fixture
def filmed(take, give_preview) -> Take:
    """The take with its real preview; nobody has ordered a film yet."""
    give_preview(take, preview_of())
    return take


@pytest.fixture
def give_preview(keep) -> Callable[[Take, bytes], Asset]:
    def give(take: Take, data: bytes) -> Asset:
        asset = keep(take.workspace, data, "image/gif")
        TakeAsset.objects.filter(take=take, part=TakeAsset.Part.PREVIEW_GIF).update(asset=asset)
        return asset

    return give


@pytest.fixture
def drawn() -> Callable[[PreviewFilm], PreviewFilm]:
    """What a worker makes of a film that waits."""

    def draw(film: PreviewFilm) -> PreviewFilm:
        tasks.draw_film(film.pk)
        film.refresh_from_db()
        return film

    return draw


def queued() -> int:
    """How many entries wait for the workers that draw."""
    return OrmQ.objects.filter(key="pictures").count()
