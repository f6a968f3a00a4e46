import io
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from studio.lib.processes import Output, Program, Supervisor
from tests.faults.studio_processes import ROOT
from tests.lib.test_lifeline import are_gone, is_alive

SLEEPS = "print('up', flush=True); import time; time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPS


def python(name: str, code: str, **more: Callable[[], object]) -> Program:
    return Program(name, [sys.executable, "-c", code], **more)  # type: ignore[arg-type]


def supervise(
    programs: Sequence[Program], until: Callable[[str], bool], grace_s: float = 5.0
) -> str:
    """Run them until the output satisfies `until`, then stop; the whole output."""
    stream = io.StringIO()
    output = Output(stream, [program.name for program in programs], colours=False)
    end = time.monotonic() + 20
    stopped = threading.Event()

    def every_tick() -> None:
        if until(stream.getvalue()) or time.monotonic() > end:
            if not stopped.is_set():
                os.kill(os.getpid(), signal.SIGTERM)
            stopped.set()

    Supervisor(
        programs,
        output=output,
        grace_s=grace_s,
        every_tick=every_tick,
        say=lambda text: output.line("studio", text),
    ).run()
    assert time.monotonic() < end, stream.getvalue()
    return stream.getvalue()


def test_lines_carry_the_name_of_who_wrote_them():
    said = supervise(
        [python("web", SLEEPS), python("watcher", "print('höre', flush=True);" + SLEEPS)],
        lambda text: "web     | up" in text and "watcher | up" in text,
    )
    assert "watcher | höre" in said


def test_colours_only_where_asked_for():
    plain, coloured = io.StringIO(), io.StringIO()
    Output(plain, ["web"], colours=False).line("web", "up")
    Output(coloured, ["web"], colours=True).line("web", "up")
    assert plain.getvalue() == "web | up\n"
    assert coloured.getvalue() == "\x1b[36mweb |\x1b[0m up\n"


def test_a_closed_terminal_does_not_end_the_studio():
    stream = io.StringIO()
    stream.close()
    Output(stream, ["web"], colours=False).line("web", "nobody reads this")
    assert stream.closed


@pytest.mark.parametrize("code", [0, 3])
def test_who_ends_is_started_again_whatever_its_code(code):
    ends = f"print('up', flush=True); raise SystemExit({code})"
    said = supervise([python("web", ends)], lambda text: text.count("| up") >= 2)
    assert f"web ended with code {code}; starting it again in 0.5 s." in said


def test_the_pauses_between_restarts_grow():
    said = supervise(
        [python("web", "raise SystemExit(1)")], lambda text: text.count("starting it again") >= 3
    )
    assert re.findall(r"again in ([\d.]+) s", said)[:3] == ["0.5", "1", "2"]


def test_who_hangs_is_killed_and_started_again():
    is_hung = iter([""] * 5 + ["it has not answered."])
    hangs = python("web", STUBBORN, hung=lambda: next(is_hung, ""))
    said = supervise([hangs], lambda text: text.count("| up") >= 2)
    assert "web is restarted: it has not answered." in said
    assert "web was killed by signal 9" in said


def test_what_a_dead_program_leaves_in_its_group_is_killed():
    code = textwrap.dedent(f"""
        import subprocess, sys
        left = subprocess.Popen([sys.executable, "-c", {SLEEPS!r}])
        print("left", left.pid, flush=True)
    """)
    said = supervise([python("web", code)], lambda text: "starting it again" in text)
    left = [int(pid) for pid in re.findall(r"left (\d+)", said)]
    assert left
    assert are_gone(left)


def test_who_does_not_stop_in_time_is_killed():
    said = supervise([python("web", STUBBORN)], lambda text: "| up" in text, grace_s=0.5)
    assert "web did not stop in time and is killed." in said


SUPERVISOR = f"""
    import sys
    from studio.lib.processes import Program, Supervisor
    code = "import os; print(os.getpid(), flush=True);" + {STUBBORN!r}
    Supervisor([Program("web", [sys.executable, "-c", code])], grace_s=30).run()
"""


def supervisor(tmp_path: Path) -> subprocess.Popen[str]:
    script = tmp_path / "supervisor.py"
    script.write_text(textwrap.dedent(SUPERVISOR))
    return subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_signal_kills_at_once_and_the_code_is_0(tmp_path):
    with supervisor(tmp_path) as process:
        assert process.stdout
        child = int(process.stdout.readline())
        assert process.stdout.readline() == "up\n"
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert is_alive(child), "the first signal leaves time to stop"
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    assert are_gone([child])
