"""A process that has Django loaded beside a running studio: it does at once what a command takes
seconds to start for.

    with Inside(studio) as inside:
        inside.call("command", "submit_project", "3", "--as", "creative@demo.localhost")

What can be called are the functions of `making`. One line of JSON goes in for each call, one comes
back; the process ends with its standard input, so with whoever began it.
"""

import itertools
import json
import os
import subprocess
import sys
import traceback
from typing import Any

from tests.faults.studio_processes import ROOT, Studio


class Inside:
    """The end that asks."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._numbers = itertools.count()

    def __enter__(self) -> "Inside":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.inside"],
            env={**self._studio.env, "DJANGO_SETTINGS_MODULE": "studio.settings"},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.communicate()

    def call(self, function: str, *args: Any) -> Any:
        """What the function of `making` answers; fails with its traceback."""
        assert self._process.stdin
        assert self._process.stdout
        number = next(self._numbers)
        self._process.stdin.write(json.dumps([number, function, args]) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            says = json.loads(line)
            # A test that ran out of time has not read its answer.
            if says["number"] == number:
                assert "failed" not in says, says["failed"]
                return says["answer"]
        raise AssertionError("The process beside the studio has ended; its output says why.")


def serve() -> None:
    """The end that answers, until nobody asks any more."""
    import django

    django.setup()
    from django.db import close_old_connections

    from tests.browser import making

    # Whatever else is printed is no answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        number, function, args = json.loads(line)
        try:
            says = {"answer": getattr(making, function)(*args)}
        except Exception:  # noqa: BLE001  # whoever asked is to see it, whatever it is
            says = {"failed": traceback.format_exc()}
        close_old_connections()
        answers.write(json.dumps({"number": number, **says}) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
