"""The simulated vendor over its socket: lifecycle, links, ranges, errors, memory."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from studio.transend.simulator import Simulator
from studio.transend.types import GenerationRequest
from tests.builders import CURL_BODY
from tests.transend.conftest import KEY, MovedClock

Simulate = Callable[..., Simulator]
BODY = CURL_BODY | {"webhook_url": None}
CREATE = "/v1/videos/sora2/generation"


def vendor(simulator: Simulator, key: str = KEY) -> httpx.Client:
    return httpx.Client(
        base_url=simulator.url, headers={"Authorization": f"Bearer {key}"}, trust_env=False
    )


def create(http: httpx.Client, **change: Any) -> str:
    answer = http.post(CREATE, json=BODY | change)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["task_id"])


def finish(http: httpx.Client, task_id: str) -> dict[str, Any]:
    """Ask until a task is over."""
    while True:
        task: dict[str, Any] = http.get(f"/v1/tasks/{task_id}").json()
        if task["status"] in ("succeeded", "failed"):
            return task


def test_a_render_takes_ninety_seconds_of_its_clock(simulate: Simulate, clock: MovedClock) -> None:
    with vendor(simulate(clock=clock)) as http:
        task_id, seen = create(http), []
        for _ in range(10):
            task = http.get(f"/v1/tasks/{task_id}").json()
            seen.append((task["status"], task["progress"]))
            clock.now += 10
        done = finish(http, task_id)
    assert seen[0] == ("queued", 0)
    assert [status for status, _ in seen[1:9]] == ["running"] * 8
    progress = [share for _, share in seen[:9]]
    assert progress == sorted(progress)
    assert progress[8] < 100
    assert (done["status"], done["progress"]) == ("succeeded", 100)


def test_speed_shortens_it(simulate: Simulate, clock: MovedClock) -> None:
    with vendor(simulate(clock=clock, speed=10)) as http:
        task_id = create(http)
        clock.now += 8.9
        assert http.get(f"/v1/tasks/{task_id}").json()["status"] == "running"
        clock.now += 0.2
        assert finish(http, task_id)["status"] == "succeeded"


def test_a_task_has_the_documents_five_fields(simulator: Simulator) -> None:
    with vendor(simulator) as http:
        created = http.post(CREATE, json=BODY).json()
        task = finish(http, created["task_id"])
    assert created.keys() == {"task_id", "status", "trace_id"}
    assert created["status"] == "queued"
    assert list(task) == ["task_id", "status", "progress", "result", "trace_id"]
    assert list(task["result"]) == ["preview_gif", "video_url", "duration_seconds"]
    assert task["result"]["duration_seconds"] == 45
    assert task["trace_id"] == created["trace_id"]


def test_success_waits_for_the_picture(simulate: Simulate, clock: MovedClock) -> None:
    is_allowed: list[bool] = []

    def slow(request: GenerationRequest, gif: Path, mp4: Path) -> None:
        while not is_allowed:
            pass
        gif.write_bytes(b"gif")
        mp4.write_bytes(b"mp4")

    with vendor(simulate(clock=clock, footage=slow)) as http:
        task_id = create(http)
        clock.now += 1000
        task = http.get(f"/v1/tasks/{task_id}").json()
        is_allowed.append(True)
        assert (task["status"], task["progress"], task["result"]) == ("running", 99, None)
        assert finish(http, task_id)["status"] == "succeeded"


def test_the_same_film_is_drawn_once(simulate: Simulate) -> None:
    drawn: list[str] = []

    def count(request: GenerationRequest, gif: Path, mp4: Path) -> None:
        drawn.append(request.prompt)
        gif.write_bytes(b"gif")
        mp4.write_bytes(b"mp4")

    with vendor(simulate(footage=count, speed=1e6)) as http:
        for take in range(3):
            finish(http, create(http, webhook_metadata={"take": take}))
        finish(http, create(http, prompt="Desert"))
    assert drawn == [BODY["prompt"], "Desert"]


def test_a_drawing_that_fails_fails_the_render(
    simulate: Simulate, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(request: GenerationRequest, gif: Path, mp4: Path) -> None:
        raise ValueError("no ink")

    with vendor(simulate(footage=broken, speed=1e6)) as http:
        task = finish(http, create(http))
    assert (task["status"], task["result"]) == ("failed", None)
    assert task["trace_id"]
    assert "no ink" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("method", "path", "key", "status"),
    [
        ("POST", CREATE, "demo-wrong", 401),
        ("POST", CREATE, "", 401),
        ("GET", "/v1/tasks/task_1", "demo-wrong", 401),
        ("GET", "/v1/tasks/task_1", KEY, 404),
        ("GET", CREATE, KEY, 404),
        ("DELETE", "/v1/tasks/task_1", KEY, 404),
        ("GET", "/", KEY, 404),
        ("GET", "/previews/task_1.gif", "", 404),
        ("GET", "/secure/task_1.mp4", "", 403),
        ("GET", "/secure/../tasks/x", KEY, 404),
        ("POST", CREATE, KEY, 400),
    ],
)
def test_an_error_has_a_code_a_sentence_and_a_trace(
    simulator: Simulator, method: str, path: str, key: str, status: int
) -> None:
    with httpx.Client(base_url=simulator.url, trust_env=False) as http:
        answer = http.request(method, path, headers={"Authorization": f"Bearer {key or None}"})
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == status
    assert answer.json()["error"]["message"].endswith(".")
    assert answer.json()["trace_id"].startswith("vid_sora_")


def test_a_key_has_as_many_renders_as_the_limit(simulate: Simulate, clock: MovedClock) -> None:
    simulator = simulate(
        clock=clock, keys=[], scenario={"concurrency": 2, "accept_keys": [KEY, "demo-2"]}
    )
    with vendor(simulator) as http, vendor(simulator, "demo-2") as other:
        first = create(http)
        create(http)
        assert http.post(CREATE, json=BODY).status_code == 429
        create(other)
        clock.now += 100
        finish(http, first)
        create(http)


def test_a_video_link_is_signed_and_expires(simulate: Simulate, clock: MovedClock) -> None:
    simulator = simulate(clock=clock)
    with vendor(simulator) as http:
        task_id = create(http)
        clock.now += 100
        links = finish(http, task_id)["result"]
        link = links["video_url"]
        anonymous = httpx.Client(trust_env=False)
        with anonymous:
            assert anonymous.get(link).status_code == 200
            assert anonymous.get(link.partition("?")[0]).status_code == 403
            assert anonymous.get(re.sub(r"expires=\d+", "expires=9999999999", link)).is_error
            assert anonymous.get(re.sub("signature=.", "signature=", link)).status_code == 403
            assert anonymous.get(link.replace("expires=", "expires=x")).status_code == 403
            clock.now += 24 * 3600 - 1
            assert anonymous.get(link).status_code == 200
            assert anonymous.get(links["preview_gif"]).status_code == 200
            clock.now += 2
            assert anonymous.get(link).status_code == 403
            assert anonymous.get(links["preview_gif"]).status_code == 403
            fresh = finish(http, task_id)["result"]
            assert anonymous.get(fresh["video_url"]).status_code == 200
            assert anonymous.get(fresh["preview_gif"]).status_code == 200


def test_a_signature_is_good_for_its_own_video_alone(simulator: Simulator) -> None:
    with vendor(simulator) as http:
        mine, other = (finish(http, create(http))["task_id"] for _ in range(2))
        link = finish(http, mine)["result"]["video_url"]
        assert http.get(link.replace(mine, other)).status_code == 403


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, slice(0, 4)),
        ("bytes=4-", 206, slice(4, None)),
        ("bytes=-5", 206, slice(-5, None)),
        ("bytes=2-999999", 206, slice(2, None)),
        ("bytes=0-0", 206, slice(0, 1)),
        ("bytes=-999999", 206, slice(0, None)),
        ("bytes=999999-", 416, slice(0, 0)),
        ("bytes=5-2", 416, slice(0, 0)),
        ("bytes=-0", 416, slice(0, 0)),
        ("bytes=0-1,3-4", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("lines=1-2", 200, slice(0, None)),
    ],
)
def test_both_files_come_in_ranges(
    simulator: Simulator, asked: str, status: int, part: slice
) -> None:
    with vendor(simulator) as http:
        result = finish(http, create(http))["result"]
        for link in (result["preview_gif"], result["video_url"]):
            whole = http.get(link).content
            answer = http.get(link, headers={"Range": asked})
            assert (answer.status_code, answer.content) == (status, whole[part])
            if status == 206:
                first, last, size = re.findall(r"\d+", answer.headers["content-range"])
                assert (int(last) - int(first) + 1, int(size)) == (len(answer.content), len(whole))


def test_a_head_request_tells_the_size(simulator: Simulator) -> None:
    with vendor(simulator) as http:
        link = finish(http, create(http))["result"]["preview_gif"]
        answer, whole = http.head(link), http.get(link).content
    assert (answer.content, int(answer.headers["content-length"])) == (b"", len(whole))


def test_tasks_and_links_survive_a_restart(simulate: Simulate, clock: MovedClock) -> None:
    first = simulate(clock=clock)
    with vendor(first) as http:
        done, open_task = create(http), create(http, prompt="Desert")
        clock.now += 100
        link = finish(http, done)["result"]["video_url"]
        finish(http, open_task)
        waiting = create(http, prompt="Sea")
    first.close()
    second = simulate(clock=clock, port=first.port)
    with vendor(second) as http:
        assert finish(http, done)["status"] == "succeeded"
        assert http.get(link).status_code == 200
        assert http.get(f"/v1/tasks/{waiting}").json()["status"] == "queued"
        clock.now += 100
        assert finish(http, waiting)["status"] == "succeeded"


def test_a_render_cut_short_by_a_restart_is_drawn_again(
    simulate: Simulate, clock: MovedClock, tmp_path: Path
) -> None:
    def interrupted(request: GenerationRequest, gif: Path, mp4: Path) -> None:
        raise KeyError("killed")

    first = simulate(clock=clock, footage=interrupted)
    with vendor(first) as http:
        task_id = create(http)
    first.close()
    assert list((tmp_path / "vendor" / "footage").iterdir()) == []
    second = simulate(clock=clock, port=first.port)
    clock.now += 100
    with vendor(second) as http:
        assert finish(http, task_id)["status"] == "succeeded"


def test_a_strange_file_in_the_storage_is_left_alone(
    simulate: Simulate, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    strange = tmp_path / "vendor" / "tasks" / "task_0.json"
    strange.parent.mkdir(parents=True)
    strange.write_text('{"of": "another version"}')
    with vendor(simulate(speed=1e6)) as http:
        assert finish(http, create(http))["status"] == "succeeded"
    assert strange.exists()
    assert "left alone" in capfd.readouterr().err


def test_an_abandoned_drawing_is_cleared_away(simulate: Simulate, tmp_path: Path) -> None:
    desk = tmp_path / "vendor" / "footage" / "drawing-of-a-killed-process"
    desk.mkdir(parents=True)
    (desk / "half.mp4").write_bytes(b"half")
    simulator = simulate(speed=1e6)
    with vendor(simulator) as http:
        finish(http, create(http))
    simulator.close()
    kept = sorted(path.suffix for path in desk.parent.iterdir())
    assert kept == [".gif", ".mp4"]


def test_the_log_has_a_line_for_each_request(simulate: Simulate, tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    simulator = simulate(speed=1e6, log_path=log)
    with vendor(simulator) as http:
        task = finish(http, create(http))
        http.get(task["result"]["video_url"])
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == len(simulator.requests)
    assert lines[0].keys() == {"at", "method", "path", "headers", "body", "status", "response"}
    assert (lines[0]["method"], lines[0]["path"], lines[0]["status"]) == ("POST", CREATE, 200)
    assert lines[0]["body"] == BODY
    assert lines[0]["response"]["task_id"] == task["task_id"]
    assert lines[0]["headers"]["authorization"] == f"Bearer …{KEY[-4:]}"
    assert (lines[-1]["body"], lines[-1]["response"]) == (None, None)
    signature = task["result"]["video_url"].partition("signature=")[2][:64]
    assert KEY not in log.read_text()
    assert signature not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_retention_keeps_the_links(simulate: Simulate, clock: MovedClock) -> None:
    with vendor(simulate(clock=clock)) as http:
        task_id = create(http)
        retention = f"/v1/assets/{task_id}/retention"
        assert http.post(retention, json={"hours": 48}).status_code == 404
        clock.now += 100
        link = finish(http, task_id)["result"]["preview_gif"]
        assert http.post(retention, json={"hours": 48}).json() == {
            "task_id": task_id,
            "expires_at": int(clock.now) + 48 * 3600,
        }
        clock.now += 47 * 3600
        assert http.get(link).status_code == 200
        for wrong in ({"hours": 0}, {"hours": "x"}, {"hours": 99999}, []):
            assert http.post(retention, json=wrong).status_code == 400


def test_meters_tell_the_cost_of_each_shot(simulator: Simulator) -> None:
    scenes = [
        {"id": "scene-1", "prompt": "Wide", "duration_seconds": 18},
        {"id": "scene-2", "prompt": "Close", "duration_seconds": 12.5},
    ]
    with vendor(simulator) as http:
        storied, plain = create(http, storyboard=scenes), create(http)
        meters = http.get("/v1/meters", params={"task_id": storied}).json()
        assert meters["amount"] == "3.05"
        assert meters["shots"] == [
            {"id": "scene-1", "seconds": 18, "amount": "1.80"},
            {"id": "scene-2", "seconds": 12.5, "amount": "1.25"},
        ]
        whole = http.get("/v1/meters", params={"task_id": plain}).json()
        assert whole["shots"] == [{"id": None, "seconds": 45, "amount": "4.50"}]
        assert http.get("/v1/meters", params={"task_id": "task_0"}).status_code == 404


def test_a_body_without_end_is_not_listened_to(simulator: Simulator) -> None:
    with vendor(simulator) as http, pytest.raises(httpx.TransportError):
        http.post(CREATE, content=b"x" * (3 << 20))
    assert simulator.requests == []


def test_a_taken_port_is_an_error_at_the_start(simulator: Simulator, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator(keys=[], storage=tmp_path / "other", port=simulator.port).start()
