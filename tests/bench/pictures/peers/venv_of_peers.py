"""Where the peers' own Python is: outside the checkout, and never in the project's locks."""

import os
import subprocess
from pathlib import Path

FOLDER = Path(os.environ.get("BENCH_PEERS") or Path.home() / ".cache" / "shotboard-bench" / "peers")


def python_with(module: str) -> str | None:
    """The Python of the peers' venv, if it has that module."""
    python = FOLDER / "bin" / "python"
    if not python.exists():
        return None
    asked = [str(python), "-c", f"import {module}"]
    is_there = subprocess.run(asked, check=False, capture_output=True).returncode == 0
    return str(python) if is_there else None
