"""backup, verify and restore on a real studio's files: each command in a process of its own."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.faults.studio_processes import MANAGE, environment, free_ports, seeded_copy

MEMORY = Path("/dev/shm")  # noqa: S108  (Linux: a file system of its own)
PICTURE = b"GIF89a watermarked"
KEEP_PICTURE = """
from pathlib import Path
from studio.accounts.models import Workspace
from studio.vault.storing import keep
source = Path({source!r})
source.write_bytes({picture!r})
keep(Workspace.objects.get(), source, "image/gif", {{}})
"""

LOOK_WHILE_WRITING = """
from django.conf import settings
from django.db import connection
connection.cursor().execute("CREATE TABLE made (number int)")
files = list(settings.STUDIO_VAR.glob("studio.sqlite3*"))
print(len(files), [file.name for file in files if file.stat().st_mode & 0o077])
"""


class House:
    """A seeded studio that does not run."""

    def __init__(self, folder: Path) -> None:
        self.var = seeded_copy(folder / "var")
        self.env = environment(self.var, *free_ports(2))

    def manage(self, *argv: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, MANAGE, *map(str, argv)],
            env=self.env,
            capture_output=True,
            text=True,
            umask=0,  # the most careless shell
        )

    def answer(self, *argv: object, code: int = 0) -> Any:
        done = self.manage(*argv)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout)

    def check(self, name: str) -> Any:
        """What `doctor` says about one thing."""
        checks = json.loads(self.manage("doctor").stdout)
        return next(check for check in checks if check["name"] == name)

    @property
    def picture(self) -> Path:
        (path,) = (self.var / "vault").rglob("*.gif")
        return path

    def titles(self) -> set[str]:
        with closing(sqlite3.connect(self.var / "studio.sqlite3")) as database:
            return {title for (title,) in database.execute("SELECT title FROM storyboards_project")}

    def rename_project(self) -> None:
        with closing(sqlite3.connect(self.var / "studio.sqlite3")) as database, database:
            database.execute("UPDATE storyboards_project SET title = 'Changed' WHERE id = 3")


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    source = str(tmp_path / "source.gif")
    done = house.manage("shell", "-c", KEEP_PICTURE.format(source=source, picture=PICTURE))
    assert done.returncode == 0, done.stderr
    return house


def test_a_backup_verifies_and_holds_no_key_that_opens_anything(house, tmp_path):
    folder = tmp_path / "backup"
    made = house.answer("backup", folder)
    assert made["problems"] == []
    assert made["has_keyring"] is False
    assert house.answer("verify", folder)["valid"] is True
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    var = house.var
    keyring = json.loads((var / "keyring.json").read_text())["keys"].values()
    passwords = json.loads((var / "sign-ins.json").read_text()).values()
    secrets = [word.encode() for word in (*keyring, *passwords)]
    secrets += [(var / name).read_bytes() for name in ("demo_api_key", "secret_key")]
    for file in filter(Path.is_file, folder.rglob("*")):
        assert not [secret for secret in secrets if secret in file.read_bytes()], file


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def test_nobody_else_may_read_what_is_backed_up_or_restored(house, tmp_path):
    folder = tmp_path / "backup"
    house.answer("backup", folder, "--with-keyring")
    assert open_to_others(folder) == []
    for path in (folder, *folder.rglob("*")):  # as after a copy to another disk and back
        path.chmod(0o755 if path.is_dir() else 0o644)
    house.answer("restore", folder, "--force")
    assert open_to_others(house.var) == []


def test_a_new_studio_is_for_its_user_alone(tmp_path):
    house = House(tmp_path)
    shutil.rmtree(house.var)
    house.var.mkdir()
    house.var.chmod(0o755)
    done = house.manage("shell", "-v0", "-c", LOOK_WHILE_WRITING)
    assert done.stdout.strip() == "3 []", "the database, its log and its shared memory"
    assert open_to_others(house.var) == []


def test_a_folder_that_was_left_open_is_closed_and_others_are_not(house, tmp_path):
    house.var.chmod(0o755)
    house.manage("check")
    assert open_to_others(house.var) == []
    house.env["STUDIO_VAR"] = str(tmp_path / "shared")
    (tmp_path / "shared" / "of others").mkdir(parents=True)
    (tmp_path / "shared").chmod(0o755)
    for _ in range(2):  # the second time our own files are in it, too
        house.manage("check")
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o755


def test_a_backup_is_complete_while_others_write(house, tmp_path):
    with closing(sqlite3.connect(house.var / "studio.sqlite3")) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE storyboards_project SET title = 'In the log only' WHERE id = 1")
        writer.commit()
        assert (house.var / "studio.sqlite3-wal").stat().st_size
        house.answer("backup", tmp_path / "backup")
    with closing(sqlite3.connect(tmp_path / "backup" / "database.sqlite3")) as copy:
        titles = {title for (title,) in copy.execute("SELECT title FROM storyboards_project")}
    assert "In the log only" in titles


def test_a_restore_brings_everything_back(house, tmp_path):
    house.answer("backup", tmp_path / "backup")
    before = house.titles()
    house.rename_project()
    house.picture.unlink()
    answer = house.answer("restore", tmp_path / "backup", "--force")
    assert house.titles() == before
    assert house.picture.read_bytes() == PICTURE
    aside = Path(answer["moved_aside"])
    with closing(sqlite3.connect(aside / "studio.sqlite3")) as former:
        titles = {title for (title,) in former.execute("SELECT title FROM storyboards_project")}
    assert "Changed" in titles, "what was replaced is kept"
    assert house.answer("verify_audit")["valid"] is True


def test_what_waited_is_not_sent_again_after_a_restore(house, tmp_path):
    """It may have been sent since the backup was made: only a person knows, and has the word."""
    order = ("submit_project", 3, "--as", "creative@demo.localhost")
    pk = house.answer(*order)["take"]
    house.answer("backup", tmp_path / "backup")
    done = house.manage("restore", tmp_path / "backup", "--force")
    assert json.loads(done.stdout)["held"] == 1
    assert "resume the queues on the desk" in done.stderr
    send = "from studio.renders.sending.posting import send_next; send_next()"
    assert house.manage("shell", "-c", send).returncode == 0
    take = house.answer("show_take", pk)
    assert (take["status"], take["attempts"]) == ("queued", 0)
    assert take["waits_for"] == "the render queue: it was paused"
    assert "it may have been sent since" in take["events"][-1]["says"]
    assert house.answer("verify_audit")["valid"] is True
    later = house.answer(*order)["take"]  # of what is ordered from then on nothing may be lost
    assert house.answer("show_take", later)["status"] == "queued"


def test_a_restore_into_an_empty_studio_needs_no_force(house, tmp_path):
    house.answer("backup", tmp_path / "backup", "--with-keyring")
    before = house.titles()
    shutil.rmtree(house.var)
    house.answer("restore", tmp_path / "backup")
    assert house.titles() == before
    assert house.check("keyring") == {
        "name": "keyring", "ok": True, "says": "The keyring opens all 1 API keys.",
    }  # fmt: skip
    assert stat.S_IMODE((house.var / "keyring.json").stat().st_mode) == 0o600


def test_a_backup_from_before_a_rotation_opens_with_the_former_keyring(house, tmp_path):
    former = (house.var / "keyring.json").read_bytes()
    house.answer("backup", tmp_path / "backup")
    house.answer("rotate_master_key")
    house.answer("restore", tmp_path / "backup", "--force")
    assert house.check("keyring")["ok"] is False
    (house.var / "keyring.json").write_bytes(former)
    assert house.check("keyring")["ok"] is True


def test_a_restore_over_data_is_refused(house, tmp_path):
    house.answer("backup", tmp_path / "backup")
    house.rename_project()
    done = house.manage("restore", tmp_path / "backup")
    assert done.returncode == 1
    assert "Add --force to replace it" in done.stderr
    assert "Changed" in house.titles()


def test_a_failing_restore_changes_nothing(house, tmp_path):
    house.answer("backup", tmp_path / "backup")
    house.rename_project()
    before = house.titles()
    house.env["DATABASE_URL"] = f"sqlite:///{house.var}/missing/studio.sqlite3"
    done = house.manage("restore", tmp_path / "backup", "--force")
    assert "Nothing was restored" in done.stderr
    assert done.returncode == 1
    assert house.titles() == before
    assert house.picture.read_bytes() == PICTURE
    assert not [path for path in house.var.iterdir() if "restor" in path.name]


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_a_studio_that_runs_elsewhere_is_not_restored(house, tmp_path, options):
    house.answer("backup", tmp_path / "backup")
    beat = "from studio.renders.watching import heartbeats; heartbeats.beat(heartbeats.WATCHER)"
    assert house.manage("shell", "-c", beat).returncode == 0
    house.rename_project()
    done = house.manage("restore", tmp_path / "backup", *options)
    assert done.returncode == 1
    assert "watcher worked" in done.stderr
    assert "here or on another machine" in done.stderr
    assert "Changed" in house.titles()


def test_a_studio_whose_database_is_broken_is_restored(house, tmp_path):
    house.answer("backup", tmp_path / "backup")
    before = house.titles()
    (house.var / "studio.sqlite3").write_bytes(b"not a database any more" * 100)
    done = house.manage("restore", tmp_path / "backup")
    assert "Add --force" in done.stderr
    house.answer("restore", tmp_path / "backup", "--force")
    assert house.titles() == before


@pytest.mark.skipif(not MEMORY.exists(), reason="no second file system is known here")
def test_database_and_keyring_may_be_on_another_file_system(house, tmp_path):
    with TemporaryDirectory(dir=MEMORY) as elsewhere:
        assert os.stat(elsewhere).st_dev != os.stat(house.var).st_dev
        for name, variable, url in (
            ("keyring.json", "STUDIO_KEYRING", ""),
            ("studio.sqlite3", "DATABASE_URL", "sqlite:///"),
        ):
            shutil.move(house.var / name, elsewhere)
            house.env[variable] = f"{url}{elsewhere}/{name}"
        house.answer("backup", tmp_path / "backup", "--with-keyring")
        before = Path(elsewhere, "keyring.json").read_bytes()
        house.answer("rotate_master_key")
        answer = house.answer("restore", tmp_path / "backup", "--force")
        assert Path(elsewhere, "keyring.json").read_bytes() == before
        assert all(Path(path).exists() for path in answer["kept"])
        assert len([path for path in answer["kept"] if path.startswith(elsewhere)]) == 2
        assert house.check("keyring")["ok"] is True


def test_a_changed_file_is_found_and_not_restored(house, tmp_path):
    folder = tmp_path / "backup"
    house.answer("backup", folder)
    (copy,) = (folder / "vault").rglob("*.gif")
    copy.write_bytes(b"GIF89a somebody else's")
    answer = house.answer("verify", folder, code=1)
    assert answer["valid"] is False
    assert answer["problems"] == [
        f"{copy.relative_to(folder)} was changed after the backup was made."
    ]
    done = house.manage("restore", folder, "--force")
    assert done.returncode == 1
    assert "The backup is damaged" in done.stderr


def test_a_missing_and_a_foreign_file_are_found(house, tmp_path):
    folder = tmp_path / "backup"
    house.answer("backup", folder)
    next((folder / "vault").rglob("*.gif")).unlink()
    (folder / "extra").touch()
    problems = house.answer("verify", folder, code=1)["problems"]
    assert [says.split(" ", 1)[1] for says in problems] == [
        "is missing.", "does not belong to the backup.",
    ]  # fmt: skip


def test_what_the_vault_had_lost_is_said_and_the_rest_is_backed_up(house, tmp_path):
    house.picture.unlink()
    made = house.answer("backup", tmp_path / "backup", code=1)
    assert "is missing from the vault." in made["problems"][0]
    problems = house.answer("verify", tmp_path / "backup", code=1)["problems"]
    assert "the vault had lost it before the backup" in problems[0]
    house.answer("restore", tmp_path / "backup", "--force")


@pytest.mark.parametrize(
    ("command", "says"),
    [("verify", "is no backup"), ("restore", "is no backup"), ("backup", "is not empty")],
)
def test_a_wrong_folder_is_named(house, tmp_path, command, says):
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.jpg").touch()
    done = house.manage(command, tmp_path / "holiday")
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in (tmp_path / "holiday").iterdir()] == ["photo.jpg"]


def test_a_manifest_cannot_name_files_elsewhere(house, tmp_path):
    folder = tmp_path / "backup"
    house.answer("backup", folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../../escaped"] = {"sha256": "0" * 64, "size_bytes": 0}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    done = house.manage("restore", folder, "--force")
    assert done.returncode == 1
    assert "names files outside of the backup" in done.stderr
