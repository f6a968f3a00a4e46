import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.faults.studio_processes import ROOT

# A supervisor that starts a follower, which forks once more; it prints both process ids.
FAMILY = """
    import os, subprocess, sys, time
    from studio.lib.lifeline import SUPERVISOR
    if sys.argv[1:] == ["child"]:
        from studio.lib import lifeline
        lifeline.follow_supervisor()
        lifeline.forks_die_with_us()
        grandchild = os.fork()
        if grandchild:
            print(os.getpid(), grandchild, SUPERVISOR in os.environ, flush=True)
        time.sleep(60)
    else:
        env = {**os.environ, SUPERVISOR: str(os.getpid())}
        subprocess.Popen([sys.executable, __file__, "child"], env=env, start_new_session=True)
        time.sleep(60)
"""


def run(tmp_path: Path, code: str, *argv: str, **env: str) -> subprocess.Popen[str]:
    script = tmp_path / "family.py"
    script.write_text(textwrap.dedent(code))
    return subprocess.Popen(
        [sys.executable, str(script), *argv],
        env={**os.environ, "PYTHONPATH": str(ROOT), **env},
        stdout=subprocess.PIPE,
        text=True,
    )


def is_alive(pid: int) -> bool:
    try:
        if sys.platform != "linux":
            os.kill(pid, 0)
            return True
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def are_gone(pids: list[int], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while any(map(is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.02)
    return not any(map(is_alive, pids))


def test_children_and_grandchildren_die_with_a_killed_supervisor(tmp_path):
    with run(tmp_path, FAMILY) as supervisor:
        assert supervisor.stdout
        child, grandchild, is_in_environment = supervisor.stdout.readline().split()
        assert is_in_environment == "False", "what the child starts would follow the wrong process"
        assert is_alive(int(child))
        assert is_alive(int(grandchild))
        supervisor.send_signal(signal.SIGKILL)
        assert are_gone([int(child), int(grandchild)])


def test_a_grandchild_dies_with_its_killed_parent(tmp_path):
    with run(tmp_path, FAMILY) as supervisor:
        assert supervisor.stdout
        child, grandchild, _ = supervisor.stdout.readline().split()
        os.kill(int(child), signal.SIGKILL)
        assert are_gone([int(grandchild)])
        supervisor.kill()


def test_who_starts_after_its_supervisor_died_ends_at_once(tmp_path):
    code = """
        from studio.lib.lifeline import follow_supervisor
        follow_supervisor()
        print("still here")
    """
    with run(tmp_path, code, STUDIO_SUPERVISOR="1") as orphan:
        output, _ = orphan.communicate(timeout=20)
    assert (orphan.returncode, output) == (-signal.SIGKILL, "")


def test_without_a_supervisor_nothing_is_followed(tmp_path):
    code = """
        from studio.lib.lifeline import follow_supervisor
        follow_supervisor()
        print("still here")
    """
    with run(tmp_path, code) as alone:
        assert alone.communicate(timeout=20)[0] == "still here\n"
