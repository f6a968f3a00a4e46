"""What a child process of ours is told by its environment."""

import os
from pathlib import Path

_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


def bare_environment() -> dict[str, str]:
    """Nothing of ours: no keys, no database. BLAS must not start a thread a core, and has to
    reckon as it does here, or what is drawn would differ in its bytes."""
    reckoning = {name: os.environ[name] for name in os.environ if name.startswith("OPENBLAS_")}
    return {
        **reckoning,
        "PATH": os.defpath,
        "PYTHONPATH": str(_PACKAGE_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
