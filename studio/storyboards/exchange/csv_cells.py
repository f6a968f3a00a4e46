"""Cells of a CSV that a spreadsheet must not take for formulas.

Spreadsheets run what begins with = + - @ (also full-width ＝ ＋ － ＠), a tab or a carriage return.
Such a text gets one apostrophe in front on export, also when it already begins with apostrophes
before that sign; on import exactly one is taken from every text that begins with apostrophes before
that sign. So every text comes back as it was, and none of them can be a formula. The same holds
after each ; | tab or line end within a text: a spreadsheet that splits the file by another
delimiter than ours begins a cell there.
"""

import re

_SIGNS = "=+\\-@＝＋－＠"
_TO_GUARD = re.compile(rf"\A(?='*[{_SIGNS}\t\r])|(?<=[;|\t\r\n])(?='*[{_SIGNS}])")
_GUARDED = re.compile(rf"\A'(?='*[{_SIGNS}\t\r])|(?<=[;|\t\r\n])'(?='*[{_SIGNS}])")


def guarded(text: str) -> str:
    """The text as a cell that is no formula."""
    return _TO_GUARD.sub("'", text)


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell of."""
    return _GUARDED.sub("", cell)
