"""Many shots at once: reading which, and what the board shows of them."""

import pytest
from django.http import QueryDict

from studio.storyboards import rules
from studio.storyboards.typed import read_shots


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("shots=3,5", [3, 5]),
        ("shots=5&shots=3", [5, 3]),
        ("shots=3,5&shots=5,8", [3, 5, 8]),
        ("shots=", []),
        ("", []),
        ("shots=3,,x,-4,٣,5.0, 7", [3, 7]),
        (f"shots={'9' * 18},4", [4]),
    ],
)
def test_which_shots_are_meant(sent, read):
    assert read_shots(QueryDict(sent)) == read


def test_no_more_shots_are_meant_than_a_board_holds():
    every = ",".join(str(pk) for pk in range(1, 2 * rules.MAX_SHOTS))
    assert read_shots(QueryDict(f"shots={every}")) == list(range(1, rules.MAX_SHOTS + 1))
