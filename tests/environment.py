"""Loaded before Django (pyproject: `-p tests.environment`): no test touches the real `var/`."""

import os
import tempfile

os.environ["STUDIO_VAR"] = tempfile.mkdtemp(prefix="shotboard-tests-")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
for name in ("STUDIO_PUBLIC_URL", "TRANSEND_BASE_URL", "TRANSEND_ASSET_HOSTS", "STUDIO_PORT"):
    os.environ.pop(name, None)
