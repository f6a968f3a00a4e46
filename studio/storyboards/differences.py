"""Two texts, word by word: what went and what came."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

# Each with the space behind it; scripts written without spaces are compared sign by sign.
_WORD = re.compile(r"(?:[\u2E80-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF]|\w+|[^\w\s])\s*|\s+")
# Comparing takes time with the pairs of equal words: measured 0.1 s at most below this, 8 s for a
# prompt that says one word 700 times.
MOST_PAIRS = 20_000


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, `gone` from the former or `come` into the later."""

    kind: str
    text: str


def pieces_of(former: str, later: str) -> list[Piece]:
    """Both texts as one: `same` and `gone` spell `former`, `same` and `come` spell `later`."""
    before, after = _WORD.findall(former), _WORD.findall(later)
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    end, end_2 = len(before) - tail, len(after) - tail
    return [
        *_same(before[:head]),
        *_compared(before[head:end], after[head:end_2]),
        *_same(before[end:]),
    ]


def _alike(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(before, after, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _compared(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    there = Counter(after)
    if sum(count * there[word] for word, count in Counter(before).items()) > MOST_PAIRS:
        yield from _other(before, after)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, from_, to, from_2, to_2 in matcher.get_opcodes():
        same = what == "equal"
        yield from _same(before[from_:to]) if same else _other(before[from_:to], after[from_2:to_2])


def _same(words: Sequence[str]) -> Iterator[Piece]:
    if words:
        yield Piece("same", "".join(words))


def _other(gone: Sequence[str], come: Sequence[str]) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", "".join(gone))
    if come:
        yield Piece("come", "".join(come))
