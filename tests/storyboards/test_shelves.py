"""Shelves of drawn pictures stay as small as they are meant to be, however fast they are filled."""

import pytest

from studio.storyboards import shelves
from studio.storyboards.shelves import Shelf


@pytest.fixture
def shelf(settings, tmp_path):
    settings.STUDIO_VAR = tmp_path
    yield Shelf("tried", ".gif", kept_bytes=1000)
    del shelves._added["tried"]


def put(shelf, name, size=100):
    with shelf.put(name) as file:
        file.write(b"." * size)


def test_it_is_pruned_while_it_is_filled(shelf):
    for number in range(40):
        put(shelf, f"{number:02}picture")
    kept = list(shelf.place_of("").parent.parent.rglob("*.gif"))
    assert 10 <= len(kept) <= 13, "kept_bytes, and a quarter of them at most"
    assert shelf.find("39picture") is not None, "the last one stays"


def test_what_failed_is_neither_kept_nor_counted(shelf):
    def fail():
        with shelf.put("ab") as file:
            file.write(b"." * 100)
            raise ZeroDivisionError

    pytest.raises(ZeroDivisionError, fail)
    assert shelf.find("ab") is None
    assert not list(shelf.place_of("ab").parent.iterdir())
    assert shelves._added["tried"] == 0
