"""Each misbehaviour as the client sees it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from studio.transend import errors
from studio.transend.client import KeyVerdict, TransendClient
from studio.transend.simulator import BadScenario, Simulator
from studio.transend.types import TaskStatus
from tests.transend.answers import BODY
from tests.transend.conftest import KEY, MovedClock
from tests.transend.rude import seconds_of

TASKS = {"path": "/v1/tasks/*"}
POSTS = {"method": "POST"}


def rules(do: str, when: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    return {"rules": [{"do": do, "when": when or {}, **options}]}


def created_at(simulator: Simulator) -> int:
    """How many renders the vendor really has."""
    simulator.set_scenario({})
    ids = [
        request.response["task_id"]
        for request in simulator.requests
        if request.method == "POST" and request.response and "task_id" in request.response
    ]
    with TransendClient(simulator.url, KEY) as client:
        return sum(client.get_task(task_id).task_id == task_id for task_id in ids)


@pytest.mark.parametrize(
    ("do", "options", "kind", "renders"),
    [
        ("rate_limited", {}, errors.RateLimited, 0),
        ("unauthorized", {}, errors.InvalidKey, 0),
        ("error_500", {}, errors.OutcomeUnknown, 0),
        ("drop_before", {}, errors.OutcomeUnknown, 0),
        ("accept_then_drop", {}, errors.OutcomeUnknown, 1),
        ("half_body", {}, errors.OutcomeUnknown, None),
        ("wrong_types", {}, errors.OutcomeUnknown, None),
        ("not_json", {}, errors.OutcomeUnknown, None),
        ("deep_json", {}, errors.OutcomeUnknown, None),
    ],
)
def test_a_generation_that_goes_wrong(
    simulator: Simulator,
    client: TransendClient,
    do: str,
    options: dict[str, Any],
    kind: type[errors.TransendError],
    renders: int | None,
) -> None:
    simulator.set_scenario(rules(do, POSTS, **options))
    with pytest.raises(kind):
        client.create_generation(BODY)
    assert len(simulator.requests) == 1
    if renders is not None:
        assert created_at(simulator) == renders


@pytest.mark.parametrize(
    "do", ["accept_then_drop", "half_body", "wrong_types", "not_json", "deep_json", "error_500"]
)
def test_what_was_accepted_is_rendered_all_the_same(
    simulator: Simulator, client: TransendClient, tmp_path: Path, do: str
) -> None:
    options = {"created": True} if do == "error_500" else {}
    simulator.set_scenario(rules(do, POSTS, **options))
    with pytest.raises(errors.OutcomeUnknown):
        client.create_generation(BODY)
    assert len(list((tmp_path / "vendor" / "tasks").glob("*.json"))) == 1


@pytest.mark.parametrize(
    ("options", "low", "high"),
    [({"retry_after": 7}, 7, 7), ({"retry_after_date": 60}, 55, 60), ({}, None, None)],
)
def test_retry_after_comes_in_three_ways(
    simulator: Simulator,
    client: TransendClient,
    options: dict[str, Any],
    low: float | None,
    high: float | None,
) -> None:
    simulator.set_scenario(rules("rate_limited", POSTS, **options))
    with pytest.raises(errors.RateLimited) as caught:
        client.create_generation(BODY)
    wait_s = caught.value.retry_after_s
    assert wait_s is None if low is None or high is None else low <= (wait_s or 0) <= high


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        ("rate_limited", errors.RateLimited),
        ("unauthorized", errors.InvalidKey),
        ("error_500", errors.RenderingFailure),
        ("drop_before", errors.NoAnswer),
        ("accept_then_drop", errors.NoAnswer),
        ("half_body", errors.NoAnswer),
        ("wrong_types", errors.MalformedAnswer),
        ("not_json", errors.MalformedAnswer),
        ("deep_json", errors.MalformedAnswer),
    ],
)
def test_a_question_that_goes_wrong_once(
    simulator: Simulator, client: TransendClient, do: str, kind: type[errors.TransendError]
) -> None:
    task_id = client.create_generation(BODY).task_id
    simulator.set_scenario(rules(do, TASKS | {"nth": 1}))
    with pytest.raises(kind):
        client.get_task(task_id)
    assert client.get_task(task_id).task_id == task_id


def test_slow_is_late_but_true(simulator: Simulator, client: TransendClient) -> None:
    simulator.set_scenario(rules("slow", delay_s=0.4))
    assert seconds_of(lambda: client.create_generation(BODY)) > 0.35


def test_slower_than_the_client_waits_is_unknown(simulator: Simulator) -> None:
    simulator.set_scenario(rules("slow", POSTS, delay_s=20))
    with pytest.raises(errors.OutcomeUnknown, match="in time"):
        TransendClient(simulator.url, KEY, total_s=0.5).create_generation(BODY)
    assert created_at(simulator) == 1


def test_an_unknown_status(simulator: Simulator, client: TransendClient) -> None:
    task_id = client.create_generation(BODY).task_id
    simulator.set_scenario(rules("unknown_status", TASKS))
    task = client.get_task(task_id)
    assert (task.status, task.raw_status) == (None, "moderating")


def test_progress_goes_backwards(simulate: Callable[..., Simulator], clock: MovedClock) -> None:
    simulator = simulate(clock=clock)
    with TransendClient(simulator.url, KEY) as client:
        task_id = client.create_generation(BODY).task_id
        clock.now += 60
        before = client.get_task(task_id).progress
        simulator.set_scenario(rules("progress_backwards", TASKS | {"nth": 1}))
        assert (before, client.get_task(task_id).progress) == (65, 35)
        assert client.get_task(task_id).progress == 65


def test_a_render_that_fails(simulate: Callable[..., Simulator], clock: MovedClock) -> None:
    simulator = simulate(clock=clock, scenario=rules("fail_render", {"prompt": "Rain"}))
    with TransendClient(simulator.url, KEY) as client:
        task_id = client.create_generation(BODY).task_id
        clock.now += 49
        assert client.get_task(task_id).status is TaskStatus.RUNNING
        clock.now += 2
        task = client.get_task(task_id)
    assert (task.status, task.result) == (TaskStatus.FAILED, None)
    assert task.trace_id
    assert task.trace_id in task.excerpt


def test_a_rule_can_look_at_the_prompt_of_a_task(
    simulator: Simulator, client: TransendClient
) -> None:
    rain = client.create_generation(BODY).task_id
    sea = client.create_generation(BODY.replace(b"Rain", b"Sea")).task_id
    simulator.set_scenario(rules("error_500", TASKS | {"prompt": "Rain"}))
    assert client.get_task(sea).task_id == sea
    with pytest.raises(errors.RenderingFailure):
        client.get_task(rain)


def test_other_keys_can_be_accepted(simulator: Simulator, client: TransendClient) -> None:
    simulator.set_scenario({"accept_keys": ["demo-rotated"]})
    assert client.test_key().verdict is KeyVerdict.REFUSED
    rotated = TransendClient(simulator.url, "demo-rotated")
    assert rotated.test_key().verdict is KeyVerdict.ACCEPTED


def test_a_dropped_answer_is_logged_as_none(simulator: Simulator, client: TransendClient) -> None:
    simulator.set_scenario(rules("accept_then_drop"))
    with pytest.raises(errors.OutcomeUnknown):
        client.create_generation(BODY)
    [received] = simulator.requests
    assert received.status is None
    assert received.body["prompt"] == "Rain"


def test_a_bad_scenario_does_not_replace_a_good_one(
    simulator: Simulator, client: TransendClient
) -> None:
    simulator.set_scenario(rules("unauthorized"))
    with pytest.raises(BadScenario):
        simulator.set_scenario(rules("explode"))
    assert client.test_key().verdict is KeyVerdict.REFUSED


def test_half_a_file_is_half_a_file(simulator: Simulator, client: TransendClient) -> None:
    task_id = client.create_generation(BODY).task_id
    while (result := client.get_task(task_id).result) is None:
        pass
    simulator.set_scenario(rules("half_body", {"path": "/previews/*"}))
    with httpx.Client(trust_env=False) as http, pytest.raises(httpx.RemoteProtocolError):
        http.get(result.preview_gif)
