"""The studio's settings with one more queue, of many workers, for what is compared with us."""

import os
from typing import Any

from studio.settings import *  # noqa: F403
from studio.settings import Q_CLUSTER as OURS

_WORKERS = int(os.environ["BENCH_WORKERS"])

# A queue beside ours, under our name: entries are signed with it.
Q_CLUSTER: dict[str, Any] = {
    **OURS,
    "ALT_CLUSTERS": {"polls": {"workers": _WORKERS, "queue_limit": 2 * _WORKERS, "bulk": _WORKERS}},
}
