"""A PostgreSQL server of its own for tests: real files, a free port, gone afterwards."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults.studio_processes import free_ports

PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/bin")]


def tool(name: str) -> str | None:
    """The path of one of PostgreSQL's programs; Debian keeps the server's off PATH."""
    search = os.pathsep.join([os.environ["PATH"], *map(str, PLACES)])
    return next((str(place / name) for place in PLACES if (place / name).exists()), None) or (
        shutil.which(name, path=search)
    )


@contextmanager
def running_postgres() -> Iterator[str]:
    """A DATABASE_URL of an empty database."""
    initdb, pg_ctl = tool("initdb"), tool("pg_ctl")
    assert initdb, "PostgreSQL is missing (Debian: apt-get install postgresql)"
    assert pg_ctl
    (port,) = free_ports(1)
    with TemporaryDirectory(prefix="shotboard-postgres-") as folder:
        data = Path(folder, "data")
        # The server refuses to run as root; Debian's package brings a user for it.
        as_user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        settings += " -c fsync=off"
        start = [pg_ctl, "-D", str(data), "-l", f"{folder}/log", "-w", "-o", settings, "start"]
        stop = [pg_ctl, "-D", str(data), "-m", "immediate", "stop"]

        def run(*argv: str) -> None:
            subprocess.run([*as_user, *argv], check=True, capture_output=True, cwd="/")

        run(initdb, "-D", str(data), "-U", "shotboard", "-A", "trust", "-E", "UTF8")
        run(*start)
        try:
            yield f"postgres://shotboard@127.0.0.1:{port}/postgres"
        finally:
            run(*stop)
