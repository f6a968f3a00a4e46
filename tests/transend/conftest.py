"""The vendor in process, over real sockets, and a server that knows no manners."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from studio.transend.client import TransendClient
from studio.transend.simulator import Simulator
from studio.transend.types import GenerationRequest
from tests.transend.rude import Manners, RudeServer

KEY = "demo-1234567890abcdef"


def sketch(request: GenerationRequest, gif: Path, mp4: Path) -> None:
    """Stands in for the drawing where a test is not about the picture."""
    gif.write_bytes(b"GIF89a" + request.prompt.encode())
    mp4.write_bytes(b"\x00\x00\x00\x18ftypmp42" + request.prompt.encode() * 100)


class MovedClock:
    """A clock that moves when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def simulate(tmp_path: Path) -> Iterator[Callable[..., Simulator]]:
    """Starts simulators, and ends them with the test."""
    with ExitStack() as running:

        def start(**options: Any) -> Simulator:
            given = {"keys": [KEY], "storage": tmp_path / "vendor", "footage": sketch} | options
            return running.enter_context(Simulator(**given))

        yield start


@pytest.fixture
def simulator(simulate: Callable[..., Simulator]) -> Simulator:
    """A vendor that renders in a moment."""
    return simulate(speed=1e6)


@pytest.fixture
def client(simulator: Simulator) -> Iterator[TransendClient]:
    with TransendClient(simulator.url, KEY) as client:
        yield client


@pytest.fixture
def rude() -> Iterator[Callable[[Manners], RudeServer]]:
    """Starts servers that answer exactly as told, down to the bytes."""
    with ExitStack() as running:
        yield lambda manners: running.enter_context(RudeServer(manners))
