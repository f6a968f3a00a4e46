"""The simulator's log: no secret in it, and no end to the disk."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio.transend.simulator.journal import Journal

URL = "https://studio.example/hooks/transend/7/5e884898da28047151d0e56f8dc62927"


def add(journal: Journal, body: Any, answer: Any = None) -> None:
    raw = json.dumps(body).encode()
    journal.add(1.0, "POST", "/v1/x", {}, raw, 200, json.dumps(answer or {}).encode())


def lines_of(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def test_the_secret_of_a_webhooks_address_stays_out_of_the_file(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "log")
    add(journal, {"prompt": "Neon", "webhook_url": URL}, {"error": {"message": f"no {URL}"}})
    journal.close()
    assert URL.rpartition("/")[2] not in (tmp_path / "log").read_text()
    (line,) = lines_of(tmp_path / "log")
    shown = "https://studio.example/hooks/transend/7/[left out]"
    assert line["body"] == {"prompt": "Neon", "webhook_url": shown}
    assert line["response"] == {"error": {"message": f"no {shown}"}}
    assert journal.entries[0].body["webhook_url"] == URL


@pytest.mark.parametrize("odd", [None, 5, [], "", "x", {"a": 1}])
def test_an_odd_webhook_url_is_written_down_as_it_came(tmp_path: Path, odd: Any) -> None:
    journal = Journal(tmp_path / "log")
    add(journal, {"webhook_url": odd})
    add(journal, ["no object"])
    journal.close()
    first, second = lines_of(tmp_path / "log")
    assert first["body"] == {"webhook_url": odd}
    assert second["body"] == ["no object"]


def test_the_file_and_its_predecessor_are_all_that_is_kept(tmp_path: Path) -> None:
    log, before = tmp_path / "log", tmp_path / "log.1"
    journal = Journal(log, file_bytes=2_000)
    for number in range(100):
        add(journal, {"n": number})
    journal.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "log.1"]
    assert log.stat().st_size <= 2_000
    assert 1_500 < before.stat().st_size <= 2_000
    assert log.stat().st_mode & 0o777 == before.stat().st_mode & 0o777 == 0o600
    kept = [line["body"]["n"] for line in lines_of(before, log)]
    assert kept == list(range(kept[0], 100))


def test_a_restart_counts_what_is_there_already(tmp_path: Path) -> None:
    for number in range(100):
        journal = Journal(tmp_path / "log", file_bytes=2_000)
        add(journal, {"n": number})
        journal.close()
    assert (tmp_path / "log").stat().st_size <= 2_000
    assert (tmp_path / "log.1").exists()
