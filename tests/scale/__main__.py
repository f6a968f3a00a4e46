"""`python -m tests.scale PYTEST-ARGUMENTS`: the given tests on a PostgreSQL of their own.

Of those, the ones that ask the database something (selecting.py).
"""

import os
import subprocess
import sys

from tests.scale.postgres import running_postgres

if __name__ == "__main__":
    with running_postgres() as url:
        argv = [sys.executable, "-m", "pytest", "-p", "tests.scale.selecting", *sys.argv[1:]]
        sys.exit(subprocess.run(argv, env={**os.environ, "DATABASE_URL": url}).returncode)
