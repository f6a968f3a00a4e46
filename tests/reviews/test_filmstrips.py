"""The filmstrip of a watermarked preview: who gets it, and the page with and without one."""

import pytest
from django.utils import timezone

from studio.renders.models import Take, TakeAsset
from studio.vault import storing
from tests.reviews.conftest import VENDOR_GIF, body_of

STRIP = b"\xff\xd8\xff\xe0" + b"~filmstrip~" * 50
FACTS = {"width": 640, "height": 90, "frames": 4, "frame_width": 160}
TIMES_MS = [3_750, 11_250, 18_750, 26_250]


@pytest.fixture
def strip(take, tmp_path):
    source = tmp_path / "strip.jpg"
    source.write_bytes(STRIP)
    facts = FACTS | {"times_ms": TIMES_MS}
    asset = storing.keep(take.workspace, source, "image/jpeg", facts)
    return TakeAsset.objects.create(take=take, part=TakeAsset.Part.FILMSTRIP, asset=asset)


def address(take):
    return f"/takes/{take.pk}/filmstrip.jpg"


def test_members_see_it(take, strip, viewer):
    response = viewer.get(address(take))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert body_of(response) == STRIP
    assert response["Cache-Control"] == "private, no-cache"


def test_others_do_not(take, strip, stranger, client):
    assert stranger.get(address(take)).status_code == 404
    assert client.get(address(take)).status_code == 302


def test_it_is_only_read(take, strip, admin):
    assert admin.post(address(take)).status_code == 405


def test_a_take_from_before_has_none_and_its_page_copes(take, viewer):
    assert viewer.get(address(take)).status_code == 404
    page = viewer.get(f"/takes/{take.pk}/").content.decode()
    assert "preview.gif" in page
    assert "filmstrip" not in page


def test_the_page_shows_it_with_its_moments(take, strip, viewer):
    page = viewer.get(f"/takes/{take.pk}/").content.decode()
    assert f'src="{address(take)}" width="640" height="90"' in page
    assert "4 frames at even spacing, from 0:03.8 to 0:26.2" in page
    assert page.count("<li>0:") >= 4


def test_the_vendors_own_picture_is_never_served_in_its_place(take, strip, keep, admin):
    strip.asset = keep(take.workspace, VENDOR_GIF, "image/jpeg")
    strip.save()
    assert admin.get(address(take)).status_code == 404


def test_one_that_was_changed_on_disk_is_not_served(take, strip, admin):
    storing.path_of(strip.asset).write_bytes(STRIP[:-1] + b"!")
    assert admin.get(address(take)).status_code == 404


def test_one_that_retention_deleted_is_gone(take, strip, viewer):
    Take.objects.filter(pk=take.pk).update(files_deleted_at=timezone.now())
    assert viewer.get(address(take)).status_code == 410
