"""A keyring of each test's own, and the vendor on a real socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.transend.simulator import Simulator

KEY = "tsk-live-N0bodyMayReadThis-7Q4d"


@pytest.fixture(autouse=True)
def keyring_file(settings, tmp_path) -> Path:
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    return settings.STUDIO_KEYRING


@pytest.fixture
def vendor(settings, tmp_path) -> Iterator[Simulator]:
    """Transend, which accepts `KEY` alone."""
    with Simulator(keys={KEY}, storage=tmp_path / "vendor") as simulator:
        settings.TRANSEND_BASE_URL = simulator.url
        yield simulator
