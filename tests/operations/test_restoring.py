import dj_database_url
import pytest
from django.db import ConnectionHandler

from studio.operations.backups.database import libpq_environment
from studio.operations.backups.restoring import Part, swap


def part(tmp_path, name: str) -> Part:
    """A file that is there, and a new one that waits for its place."""
    made = Part(tmp_path / f"{name}.backup", tmp_path / name, tmp_path / "aside" / name)
    made.place.write_text("old")
    made.staged.write_text("new")
    return made


@pytest.fixture(autouse=True)
def aside(tmp_path):
    (tmp_path / "aside").mkdir()


def test_old_things_are_kept_and_new_ones_stand_in_their_place(tmp_path):
    parts = [part(tmp_path, "vault"), part(tmp_path, "database")]
    assert swap(parts) == [tmp_path / "aside/vault", tmp_path / "aside/database"]
    assert [one.place.read_text() for one in parts] == ["new", "new"]
    assert [one.aside.read_text() for one in parts] == ["old", "old"]


@pytest.mark.parametrize("missing", ["vault", "database"])
def test_a_rename_that_fails_takes_all_others_back(tmp_path, missing):
    parts = [part(tmp_path, "vault"), part(tmp_path, "database")]
    (lost,) = (one for one in parts if one.place.name == missing)
    lost.staged.unlink()
    with pytest.raises(FileNotFoundError):
        swap(parts)
    assert [one.place.read_text() for one in parts] == ["old", "old"]
    assert not list((tmp_path / "aside").iterdir())


def test_a_database_that_refuses_takes_all_renames_back(tmp_path):
    def refuse() -> None:
        raise RuntimeError("pg_restore failed")

    parts = [part(tmp_path, "vault")]
    with pytest.raises(RuntimeError):
        swap(parts, refuse)
    assert parts[0].place.read_text() == "old"


def test_the_databases_own_tools_connect_as_safely_as_we_do():
    url = "postgres://maker:p%40ss@db.example:5433/films?sslmode=verify-full&sslrootcert=/ca.pem"
    connection = ConnectionHandler({"default": dj_database_url.parse(url)})["default"]
    told = libpq_environment(connection.get_connection_params())
    assert told.pop("PGCLIENTENCODING") == "UTF8"
    assert told == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "maker",
        "PGPASSWORD": "p@ss",
        "PGDATABASE": "films",
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": "/ca.pem",
    }
