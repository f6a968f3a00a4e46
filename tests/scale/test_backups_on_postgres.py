"""Backup, verify and restore where the database is PostgreSQL."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.faults.studio_processes import MANAGE, environment, free_ports
from tests.scale.postgres import running_postgres, tool

pytestmark = [
    pytest.mark.scale,
    pytest.mark.skipif(
        tool("initdb") is None and os.environ.get("CI") != "true",
        reason="PostgreSQL is missing (Debian: apt-get install postgresql)",
    ),
]


PROJECT_TITLES = "SELECT title FROM storyboards_project"


@pytest.fixture
def env(tmp_path) -> Iterator[dict[str, str]]:
    with running_postgres() as url:
        pg_dump = tool("pg_dump")
        assert pg_dump
        extra = {"DATABASE_URL": url, "PATH": f"{Path(pg_dump).parent}:{os.environ['PATH']}"}
        yield environment(tmp_path / "var", *free_ports(2), **extra)


def manage(env: dict[str, str], *argv: object, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, MANAGE, *map(str, argv)], env=env, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    return done.stdout


def titles(env: dict[str, str]) -> Any:
    return sorted(project["title"] for project in json.loads(manage(env, "seed_demo"))["projects"])


def test_a_restore_brings_everything_back(env, tmp_path):
    manage(env, "migrate", "-v0")
    manage(env, "createcachetable")
    before = titles(env)
    manage(env, "backup", tmp_path / "backup")
    assert json.loads(manage(env, "verify", tmp_path / "backup"))["valid"] is True
    rename = (
        "from studio.storyboards.models import Project; Project.objects.update(title='Changed')"
    )
    manage(env, "shell", "-c", rename)
    sql(env, "CREATE TABLE of_a_newer_version (id int)")
    assert set(titles(env)) == {"Changed"}
    manage(env, "restore", tmp_path / "backup", code=1)  # over data, without --force
    assert set(titles(env)) == {"Changed"}
    restored = json.loads(manage(env, "restore", tmp_path / "backup", "--force"))
    assert titles(env) == before
    assert json.loads(manage(env, "verify_audit"))["valid"] is True
    manage(env, "migrate", "--check")
    assert sql(env, "SELECT to_regclass('of_a_newer_version')") == [(None,)]
    kept = [Path(path) for path in restored["kept"] if path.endswith(".dump")]
    assert titles_in(kept[0]) == {"Changed"}, "what was replaced is kept"


def sql(env: dict[str, str], statement: str) -> list[Any]:
    with psycopg.connect(env["DATABASE_URL"], autocommit=True) as database:
        cursor = database.execute(statement)
        return cursor.fetchall() if cursor.description else []


def titles_in(dump: Path) -> set[str]:
    """What a dump would bring back, by restoring it into a server of its own."""
    with running_postgres() as url:
        pg_restore = tool("pg_restore")
        assert pg_restore
        subprocess.run([pg_restore, "--no-owner", "--dbname", url, str(dump)], check=True)
        return {title for (title,) in sql({"DATABASE_URL": url}, PROJECT_TITLES)}


def test_a_damaged_dump_is_found_and_changes_nothing(env, tmp_path):
    manage(env, "migrate", "-v0")
    before = titles(env)
    manage(env, "backup", tmp_path / "backup")
    dump = tmp_path / "backup" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-200])
    assert json.loads(manage(env, "verify", tmp_path / "backup", code=1))["valid"] is False
    manage(env, "restore", tmp_path / "backup", "--force", code=1)
    assert titles(env) == before


def test_a_load_that_fails_in_the_database_changes_nothing(env, tmp_path):
    manage(env, "migrate", "-v0")
    before = titles(env)
    manage(env, "backup", tmp_path / "backup")
    # A user who may read everything and drop nothing: the old is kept, the load is refused.
    sql(env, "CREATE ROLE plain LOGIN")
    sql(env, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO plain")
    sql(env, "GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO plain")
    url = env["DATABASE_URL"].replace("shotboard@", "plain@")
    done = subprocess.run(
        [sys.executable, MANAGE, "restore", str(tmp_path / "backup"), "--force"],
        env={**env, "DATABASE_URL": url}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Nothing was restored: psql failed" in done.stderr
    assert titles(env) == before
    assert not list((tmp_path / "var").glob("before-restore-*"))
    assert not list((tmp_path / "var").glob(".restoring-*"))
