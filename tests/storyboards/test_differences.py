"""Texts compared word by word."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.storyboards.differences import pieces_of


def cpu_s(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return time.process_time() - began


words = st.text(st.sampled_from("ab 雨é,\n"), max_size=40)


@given(words, words)
def test_the_pieces_spell_both_texts(former, later):
    pieces = pieces_of(former, later)
    assert "".join(piece.text for piece in pieces if piece.kind != "come") == former
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == later
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("former", "later", "shown"),
    [
        ("Dawn over the sea", "Dawn over a calm sea", "Dawn over [-the ][+a calm ]sea"),
        ("", "New", "[+New]"),
        ("Old", "", "[-Old]"),
        ("霓虹雨夜", "霓虹雪夜", "霓虹[-雨][+雪]夜"),
        ("same", "same", "same"),
    ],
)
def test_only_the_words_that_differ_are_marked(former, later, shown):
    signs = {"same": "%s", "gone": "[-%s]", "come": "[+%s]"}
    pieces = pieces_of(former, later)
    assert "".join(signs[piece.kind] % piece.text for piece in pieces) == shown


@pytest.mark.parametrize(
    ("former", "later"),
    [
        ("a " * 2000, "x " + "a b " * 1000),
        ("x " + "a " * 140 + "y", "z " + "b a " * 141 + "k"),
        ("".join(f"{n} " for n in range(900)), "q" + "".join(f"{n} " for n in range(900, 0, -1))),
    ],
)
def test_no_text_keeps_a_server_busy(former, later):
    # Held against a loop that takes 0.1 s or so on any machine of today, not against the clock.
    yardstick_s = min(cpu_s(lambda: sum(n * n for n in range(1_500_000))) for _ in range(2))
    assert cpu_s(lambda: pieces_of(former, later)) < 15 * yardstick_s
