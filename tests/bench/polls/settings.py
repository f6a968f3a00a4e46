"""The studio's settings with one more queue, of many workers, for what is compared with us."""

import os
from typing import Any

from studio.settings import *  # noqa: F403
from studio.settings import Q_CLUSTER as OURS

_WORKERS = int(os.environ["BENCH_WORKERS"])

Q_CLUSTER: dict[str, Any] = {
    **OURS,
    "name": "polls",
    "workers": _WORKERS,
    "queue_limit": 2 * _WORKERS,
    "bulk": _WORKERS,
    "ALT_CLUSTERS": {},
}
