"""The simulator as a process of its own: started, killed, told to stop, and told nonsense."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

import pytest

from studio.transend.client import TransendClient
from studio.transend.downloads import download
from studio.transend.errors import OutcomeUnknown
from studio.transend.simulator import Simulator, Sizes
from studio.transend.types import Camera, GenerationRequest, Lighting, Result, Scene, TaskStatus
from studio.transend.wire import encode_body
from tests.transend.answers import BODY, nobody
from tests.transend.conftest import KEY

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from pathlib import Path
from studio.transend.simulator import run
port, storage, scenario, log = sys.argv[1:]
sys.exit(run(port=int(port), keys=["{key}"], speed=1e6, storage=Path(storage),
             scenario_path=Path(scenario) if scenario else None, log_path=Path(log)))
""".replace("{key}", KEY)


class Run(Protocol):
    def __call__(self, port: int, scenario: str = "") -> subprocess.Popen[str]: ...


@pytest.fixture
def port() -> int:
    return int(nobody().rpartition(":")[2])


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with ExitStack() as running:

        def start(port: int, scenario: str = "") -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-W", "error", "-c", RUN),
                    *(str(port), str(tmp_path / "vendor"), scenario, str(tmp_path / "log")),
                ],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            running.enter_context(process)
            running.callback(process.kill)
            return process

        yield start


def listening(process: subprocess.Popen[str]) -> str:
    """Wait until a simulator says where it is."""
    assert process.stderr is not None
    sentence = process.stderr.readline()
    assert sentence.startswith("Transend simulator: http://"), sentence
    return sentence.split()[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_when_told_to(run: Run, port: int, number: signal.Signals) -> None:
    process = run(port)
    url = listening(process)
    assert TransendClient(url, KEY).create_generation(BODY).task_id
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_a_taken_port_is_one_sentence(run: Run, simulator: Simulator) -> None:
    process = run(simulator.port)
    assert process.wait(20) == 2
    assert process.stderr is not None
    assert process.stderr.read() == (
        f"Port {simulator.port} on 127.0.0.1 is in use. Stop what listens there, or choose "
        "another with --port.\n"
    )


def test_a_bad_scenario_is_one_sentence(run: Run, port: int, tmp_path: Path) -> None:
    scenario = tmp_path / "faults.json"
    scenario.write_text('{"rules": [{"do": "explode"}]}')
    process = run(port, str(scenario))
    assert process.wait(20) == 2
    assert process.stderr is not None
    said = process.stderr.read()
    assert said.count("\n") == 1
    assert "rules[0].do: 'explode' is none of rate_limited" in said


def test_a_storage_that_cannot_be_is_one_sentence(run: Run, port: int, tmp_path: Path) -> None:
    (tmp_path / "vendor").write_text("a file")
    process = run(port)
    assert process.wait(20) == 2
    assert process.stderr is not None
    assert process.stderr.read().startswith("The simulator cannot start: File exists")


def test_the_scenario_file_is_followed_and_the_log_is_written(
    run: Run, port: int, tmp_path: Path
) -> None:
    scenario = tmp_path / "faults.json"
    scenario.write_text("{}")
    client = TransendClient(listening(run(port, str(scenario))), KEY)
    assert client.create_generation(BODY).task_id
    scenario.write_text('{"rules": [{"do": "accept_then_drop"}]}')
    with pytest.raises(OutcomeUnknown):
        client.create_generation(BODY)
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["status"] for line in lines] == [200, None]


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def is_running(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks for child processes in /proc")
def test_a_kill_loses_no_task_and_leaves_no_child(run: Run, port: int) -> None:
    process = run(port)
    client = TransendClient(listening(process), KEY)
    task_id = client.create_generation(BODY).task_id
    while not (children := children_of(process.pid)):
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    listening(run(port))
    ends_at = time.monotonic() + 60
    while (task := client.get_task(task_id)).status is not TaskStatus.SUCCEEDED:
        assert time.monotonic() < ends_at, task
        time.sleep(0.1)
    while any(map(is_running, children)):
        assert time.monotonic() < ends_at, "the drawing process outlived its parent"
        time.sleep(0.1)


STORYBOARD = GenerationRequest(
    prompt="Neon Tokyo",
    duration_ms=15_000,
    camera=Camera("orbit", 0.6),
    lighting=Lighting(4200, style="rainy-night"),
    storyboard=(
        Scene("Wide aerial of neon Tokyo", 9_000, id="scene-1"),
        Scene("Close-up of umbrellas", 6_000, id="scene-2", camera=Camera("handheld")),
    ),
)


def test_a_storyboard_becomes_a_real_gif_and_a_real_film(tmp_path: Path) -> None:
    from studio.pictures.probe import probe_gif, probe_mp4

    sizes = Sizes(gif=(160, 90), gif_fps=2, mp4=(320, 180), mp4_fps=5)
    simulator = Simulator(keys=[KEY], storage=tmp_path / "vendor", speed=1e6, sizes=sizes)
    with simulator, TransendClient(simulator.url, KEY) as client:
        result = _rendered(client, encode_body(STORYBOARD.to_body()))
        for url, name in ((result.preview_gif, "p.gif"), (result.video_url, "v.mp4")):
            download(
                url,
                tmp_path / name,
                allowed_hosts=[f"127.0.0.1:{simulator.port}"],
                allow_loopback=True,
                max_bytes=10_000_000,
                timeout_s=30,
            )
    gif, video = probe_gif(tmp_path / "p.gif"), probe_mp4(tmp_path / "v.mp4")
    assert (gif.width, gif.height) == (160, 90)
    assert gif.frames > 2
    assert (video.width, video.height, video.codec) == (320, 180, "h264")
    assert video.duration_ms == pytest.approx(15_000, abs=300)


def _rendered(client: TransendClient, body: bytes) -> Result:
    task_id = client.create_generation(body).task_id
    ends_at = time.monotonic() + 120
    while True:
        task = client.get_task(task_id)
        assert task.status is not TaskStatus.FAILED
        assert time.monotonic() < ends_at
        if task.result is not None:
            return task.result
        time.sleep(0.05)
