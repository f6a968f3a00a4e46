"""Status changes are told to a real receiver, in good order or, on demand, in bad."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from studio.transend.client import TransendClient
from studio.transend.simulator import Simulator
from studio.transend.types import Camera, GenerationRequest
from studio.transend.wire import encode_body
from tests.transend.conftest import KEY, MovedClock
from tests.transend.rude import Conversation, Manners, RudeServer, answering

Simulate = Callable[..., Simulator]
Rude = Callable[[Manners], RudeServer]


def request_to(url: str) -> bytes:
    request = GenerationRequest(
        "Rain", 15_000, Camera("orbit"), webhook_url=url, webhook_metadata={"take": 7}
    )
    return encode_body(request.to_body())


class Receiver:
    """Writes down what a webhook brings."""

    def __init__(self, rude: Rude) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.server = rude(self._receive)
        self.url = f"{self.server.url}/hooks/transend/1/mac"

    def _receive(self, conversation: Conversation) -> None:
        answering(204, b"")(conversation)
        head, _, body = conversation.heard.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /hooks/transend/1/mac ")
        assert b"authorization" not in head.lower()
        self.bodies.append(json.loads(body))

    def statuses(self, count: int) -> list[str]:
        """Wait for so many notices, and a moment longer for one too many."""
        ends_at = time.monotonic() + 20
        while len(self.bodies) < count and time.monotonic() < ends_at:
            time.sleep(0.01)
        time.sleep(0.15)
        return [str(body["status"]) for body in self.bodies]


@pytest.fixture
def receiver(rude: Rude) -> Receiver:
    return Receiver(rude)


def rendered(simulator: Simulator, url: str) -> str:
    """Have a render made, with its webhooks."""
    with TransendClient(simulator.url, KEY) as client:
        task_id = client.create_generation(request_to(url)).task_id
        while client.get_task(task_id).result is None:
            time.sleep(0.01)
    return task_id


def test_each_change_is_told_in_order(
    simulate: Simulate, clock: MovedClock, receiver: Receiver
) -> None:
    simulator = simulate(clock=clock)
    with TransendClient(simulator.url, KEY) as client:
        task_id = client.create_generation(request_to(receiver.url)).task_id
        clock.now += 10
        assert receiver.statuses(1) == ["running"]
        clock.now += 100
        assert receiver.statuses(2) == ["running", "succeeded"]
    running, succeeded = receiver.bodies
    assert running["task_id"] == succeeded["task_id"] == task_id
    assert (running["result"], running["progress"]) == (None, 6)
    assert succeeded["result"]["video_url"].startswith(simulator.url)
    assert succeeded["webhook_metadata"] == {"take": 7}


def test_two_changes_at_once_are_two_notices(simulator: Simulator, receiver: Receiver) -> None:
    rendered(simulator, receiver.url)
    assert receiver.statuses(2) == ["running", "succeeded"]
    assert receiver.bodies[0]["result"] is None


@pytest.mark.parametrize(
    ("do", "told"),
    [
        ("duplicate_webhooks", ["running", "running", "succeeded", "succeeded"]),
        ("reordered_webhooks", ["succeeded", "running"]),
        ("no_webhooks", []),
    ],
)
def test_webhooks_misbehave(
    simulator: Simulator, receiver: Receiver, do: str, told: list[str]
) -> None:
    simulator.set_scenario({"rules": [{"do": do}]})
    rendered(simulator, receiver.url)
    assert receiver.statuses(len(told)) == told


def test_a_failed_render_is_told(simulator: Simulator, receiver: Receiver) -> None:
    simulator.set_scenario({"rules": [{"do": "fail_render"}]})
    with TransendClient(simulator.url, KEY) as client:
        client.create_generation(request_to(receiver.url))
    assert receiver.statuses(2) == ["running", "failed"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://nowhere.invalid/x", "http://127.0.0.1:99999/x"]
)
def test_a_receiver_that_is_away_harms_nothing(
    simulator: Simulator, receiver: Receiver, url: str
) -> None:
    for _ in range(10):
        rendered(simulator, url)
    rendered(simulator, receiver.url)
    assert receiver.statuses(2) == ["running", "succeeded"]
