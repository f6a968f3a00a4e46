"""Writers who cross, where locks are rows: the same tests as on SQLite, on a real PostgreSQL."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from tests.scale.postgres import running_postgres, tool

pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(
        tool("initdb") is None and os.environ.get("CI") != "true",
        reason="PostgreSQL is missing (Debian: apt-get install postgresql)",
    ),
]

CROSSING = ("tests/accounts/test_audit_writers.py", "tests/storyboards/test_two_writers.py")


def test_nobody_waits_for_ever_or_overwrites():
    with running_postgres() as url:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CROSSING],
            env={**os.environ, "DATABASE_URL": url},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
