"""A take that is ready to be judged, its files in a vault of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.accounts.models import Workspace
from studio.renders.lifecycle import Status
from studio.renders.models import Take, TakeAsset
from studio.storyboards.models import Project
from studio.vault import storing
from studio.vault.models import Asset
from tests.builders import take_without_files

# Every 16 bytes of the film say what it is, so that no part of it can leave unnoticed.
FILM_MARK = b"~FULL-FILM-ONLY~"
FILM = b"\x00\x00\x00\x18ftypisom" + FILM_MARK * 200_000
VENDOR_GIF = b"GIF89a" + b"~VENDORS-OWN-GIF~" * 500
PREVIEW = b"GIF89a" + b"~watermarked~" * 500
POSTER = b"\x89PNG\r\n\x1a\n" + b"~poster~" * 50
FILES = {
    TakeAsset.Part.VENDOR_GIF: (VENDOR_GIF, "image/gif"),
    TakeAsset.Part.PREVIEW_GIF: (PREVIEW, "image/gif"),
    TakeAsset.Part.POSTER: (POSTER, "image/png"),
    TakeAsset.Part.VIDEO: (FILM, "video/mp4"),
}


@pytest.fixture(autouse=True)
def vault(settings, tmp_path) -> Path:
    settings.STUDIO_VAULT = tmp_path / "vault"
    return settings.STUDIO_VAULT


@pytest.fixture
def keep(tmp_path) -> Callable[[Workspace, bytes, str], Asset]:
    def kept(workspace: Workspace, data: bytes, media_type: str) -> Asset:
        source = tmp_path / "arrived"
        source.write_bytes(data)
        return storing.keep(workspace, source, media_type, {"width": 320, "height": 180})

    return kept


@pytest.fixture
def make_take(workspace, keep) -> Callable[..., Take]:
    """`make_take()` is ready; `make_take(status)` has files only if that status is `ready`."""

    def make(status: str = Status.READY, project: Project | None = None) -> Take:
        take = take_without_files(workspace, status, project)
        if status == Status.READY:
            for part, (data, media_type) in FILES.items():
                asset = keep(workspace, data, media_type)
                TakeAsset.objects.create(take=take, part=part, asset=asset)
        return take

    return make


@pytest.fixture
def take(make_take) -> Take:
    return make_take()


@pytest.fixture
def asset_of() -> Callable[[Take, str], Asset]:
    def find(take: Take, part: str) -> Asset:
        return TakeAsset.objects.select_related("asset").get(take=take, part=part).asset

    return find


def body_of(response) -> bytes:
    """All bytes that a response to a test client sends; reading a stream to its end closes it."""
    return b"".join(response.streaming_content) if response.streaming else response.content
