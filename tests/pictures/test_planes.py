"""A video's frames are drawn as planes at once: they are what its RGB pictures would become."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.planes import PlanarFootage, Planes
from studio.pictures.films.imprint import Imprint
from studio.pictures.films.order import MP4, Style
from studio.pictures.films.video import from_planes, to_yuv
from studio.pictures.plan import Camera, Light, ShotPlan
from tests.pictures.flow import shot, staged

SIZE = (320, 180)
ODD_CAPTION = (318, 178)


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return staged(tmp_path_factory.mktemp("stills") / "still.jpg")


def assert_alike(picture: Image.Image, planes: Planes) -> None:
    """Luma above 45 dB; chroma, which is halved in another order, above 38 dB."""
    expected, found = (
        frame.to_ndarray().astype(float) for frame in (to_yuv(picture), from_planes(planes))
    )
    height = picture.height
    for rows, least_db in ((slice(height), 45), (slice(height, None), 38)):
        error = np.square(expected[rows] - found[rows]).mean()
        assert 10 * np.log10(255**2 / max(error, 1e-9)) > least_db


@pytest.mark.parametrize("motion", ["orbit", "dolly-in", "crane-up", "handheld", "pan-left"])
@pytest.mark.parametrize("t", [0.0, 0.4, 1.0])
def test_planes_of_a_still_are_its_picture(still, motion, t):
    footage = Footage(shot(motion, 0.6, still), SIZE)
    assert_alike(footage.frame(t), PlanarFootage(footage).frame(t))


@pytest.mark.parametrize("motion", ["orbit", "static"])
def test_rain_and_the_lens_are_in_the_planes(motion):
    plan = ShotPlan("s", 1, "Rain on a city street at night", 4000, Camera(motion, 0.5))
    footage = Footage(plan, SIZE)
    assert footage.stage.falling
    assert footage.stage.shade is not None
    assert_alike(footage.frame(0.3), PlanarFootage(footage).frame(0.3))


def test_a_look_is_in_the_planes(still):
    plan = ShotPlan(**{**vars(shot("follow", 0.4, still)), "light": Light(3200, 0.8, "film noir")})
    footage = Footage(plan, SIZE)
    assert_alike(footage.frame(0.7), PlanarFootage(footage).frame(0.7))


@pytest.mark.parametrize("size", [SIZE, ODD_CAPTION, (640, 358)])
@pytest.mark.parametrize("mark", [(), ("Aurora Pictures", "Take 3")])
def test_caption_time_and_mark_are_printed_on_planes(still, size, mark):
    plan = shot("static", 0.5, still)
    imprint = Imprint(plan, Style(MP4, size, 24, True, mark))
    footage = Footage(plan, size)
    picture, planes = footage.frame(0), PlanarFootage(footage).frame(0)
    bare = planes[0].tobytes()
    imprint.lay(picture)
    imprint.tell(picture, 12_300)
    imprint.lay_on_planes(planes)
    imprint.tell_on_planes(planes, 12_300)
    assert planes[0].tobytes() != bare
    assert_alike(picture, planes)


def test_planes_that_stand_still_are_the_callers_own(still):
    footage = PlanarFootage(Footage(shot("static", 0.5, still), SIZE))
    for plane in footage.frame(0.0):
        plane.paste(0, (0, 0, *plane.size))
    assert all(plane.getextrema() != (0, 0) for plane in footage.frame(0.5))
