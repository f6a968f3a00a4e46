import os
import stat

import pytest

from studio.lib import private_files


def test_a_file_is_for_this_user_alone_and_leaves_no_draft(tmp_path):
    private_files.replace(tmp_path / "secret", "first")
    private_files.replace(tmp_path / "secret", "second")
    assert (tmp_path / "secret").read_text() == "second"
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret"]


def test_everything_below_a_folder_is_closed(tmp_path):
    folder = tmp_path / "made"
    (folder / "one" / "two").mkdir(parents=True)
    (folder / "one" / "two" / "file").touch()
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o777)
    private_files.close_to_others(folder)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *sorted(folder.rglob("*")))]
    assert modes == [0o700, 0o700, 0o700, 0o600]


def test_whoever_comes_second_creates_nothing(tmp_path):
    private_files.create(tmp_path / "secret", "theirs")
    with pytest.raises(FileExistsError):
        private_files.create(tmp_path / "secret", "ours")
    assert (tmp_path / "secret").read_text() == "theirs"
    assert os.listdir(tmp_path) == ["secret"]


def test_a_failed_write_leaves_what_was_there(tmp_path):
    (tmp_path / "secret").mkdir()
    with pytest.raises(OSError, match="directory"):
        private_files.replace(tmp_path / "secret", "text")
    assert os.listdir(tmp_path) == ["secret"]
