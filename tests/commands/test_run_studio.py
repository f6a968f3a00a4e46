"""run_studio as a newcomer meets it: real processes, a real terminal signal, a real used port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.faults.studio_processes import MANAGE, Studio, Victim, environment, free_ports
from tests.lib.test_lifeline import are_gone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")


@pytest.fixture
def studio(tmp_path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    studio.start()
    yield studio
    studio.kill_all()


def refused(tmp_path, *argv: str, **env: str) -> subprocess.CompletedProcess[str]:
    web, vendor = free_ports(2)
    return subprocess.run(
        [sys.executable, MANAGE, "run_studio", *argv],
        env=environment(tmp_path, web, vendor, **env),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_it_says_where_and_who_and_ctrl_c_ends_everything(studio):
    said = "Shotboard is ready after"
    studio.wait_until(lambda: said in studio.output.read_text(), 10, "it said so")
    output = studio.output.read_text()
    assert studio.url in output
    for role, password in studio.passwords.items():
        assert re.search(rf"{role} +{role}@demo\.localhost +{re.escape(password)}", output)
    family = list(studio.processes())
    assert studio.stop() == 0
    assert are_gone(family)
    assert "\x1b[" not in output, "colours are for terminals"


def test_a_killed_supervisor_leaves_no_orphans(studio):
    family = list(studio.processes())
    assert len(family) > 12
    os.kill(studio.pid, signal.SIGKILL)
    assert are_gone(family)


def test_a_second_ctrl_c_does_not_wait(studio):
    family = list(studio.processes())
    os.kill(studio.pids(Victim.WATCHER)[0], signal.SIGSTOP)  # it cannot stop in time now
    os.kill(studio.pid, signal.SIGINT)
    time.sleep(0.5)
    assert studio.is_running
    os.kill(studio.pid, signal.SIGINT)
    assert studio.wait(8) == 0  # the grace is 10 s, and the watcher would use it up
    assert are_gone(family)


def test_a_second_start_is_ready_and_keeps_the_passwords(studio):
    passwords = studio.passwords
    studio.stop()
    studio.start()
    assert studio.passwords == passwords
    studio.stop()


@pytest.mark.parametrize("variable", ["STUDIO_PORT", "STUDIO_SIMULATOR_PORT"])
def test_a_used_port_is_one_sentence(tmp_path, variable):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = refused(tmp_path, **{variable: port})
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"Port {port} is in use by another program." in done.stderr
    assert f"{variable}=" in done.stderr
    assert not (tmp_path / "studio.sqlite3").exists(), "nothing was begun"


@pytest.mark.parametrize(
    ("argv", "env", "says"),
    [
        (["--no-simulator"], {}, "set TRANSEND_BASE_URL"),
        ([], {"TRANSEND_BASE_URL": "https://api.transendai.net"}, "Add --no-simulator"),
        (["--simulator-speed", "0"], {}, "a number above 0"),
        (["--simulator-speed", "nan"], {}, "a number above 0"),
    ],
)
def test_wrong_use_says_what_to_do(tmp_path, argv, env, says):
    done = refused(tmp_path, *argv, **env)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_module_is_one_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-S", MANAGE, "run_studio"],  # without site-packages
        env=environment(tmp_path, *free_ports(2)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Python cannot find the module 'django'" in done.stderr
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dead_web_server_comes_back(studio):
    former = studio.pids(Victim.WEB)
    studio.kill(Victim.WEB)
    studio.wait_until(
        lambda: studio.pids(Victim.WEB) not in ([], former) and studio.is_ready(),
        30,
        "web was back",
    )
    assert "web was killed by signal 9; starting it again in 0.5 s." in studio.output.read_text()
    assert studio.stop() == 0
