"""How long to wait before a message is tried again."""

import random
from datetime import UTC, datetime

import pytest

from studio.inbox.chat.pauses import pause_s

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "asked", "least"),
    [
        (1, None, 30), (2, None, 60), (8, None, 3600), (99, None, 3600), (1, "5", 5), (1, "0", 1),
        (1, "999999", 3600), (1, "nonsense", 30), (1, "-5", 30), (1, "٣", 30),
        (1, "Mon, 23 Nov 2026 12:10:00 GMT", 600), (1, "Mon, 23 Nov 2020 12:10:00 GMT", 1),
    ],
)  # fmt: skip
def test_pauses_double_are_granted_as_asked_and_bounded(attempts, asked, least):
    assert pause_s(attempts, asked, now=NOW, random=lambda: 0.0) == least
    chance = random.Random(1).random
    assert least <= pause_s(attempts, asked, now=NOW, random=chance) <= 1.5 * least
