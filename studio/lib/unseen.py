"""Characters that are not seen: which of them no text may hold, and whether a text shows anything.

Joiners (ZWJ), variation selectors and the marks U+200E, U+200F and U+061C belong to real writing
and are let through. Embeddings, overrides and isolates turn round the text beside them too.
"""

import re
import unicodedata

_BIDI = "\u202a-\u202e\u2066-\u2069"
# Lone surrogates come out of JSON escapes such as \\ud800; no database stores them.
CONTROLS = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff{_BIDI}]")

_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\ufeff"
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
# By category these are letters, marks and signs, yet none of them leaves ink.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f]")


def trimmed(text: str) -> str:
    """`text` without space, zero width space (U+200B) and U+FEFF at its ends."""
    return text.strip(_EDGES)


def is_blank(text: str) -> bool:
    """Whether nothing in `text` can be seen."""
    return all(unicodedata.category(c) in _UNSEEN_CATEGORIES or _FILLERS.match(c) for c in text)


def without_controls(text: str) -> str:
    """`text` as it may stand within a sentence: on one line, each control character left out."""
    return " ".join(CONTROLS.sub("", text).split())
