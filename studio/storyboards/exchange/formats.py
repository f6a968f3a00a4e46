"""The formats that can be imported, and how a file is known for one of them."""

import re
from collections.abc import Collection
from pathlib import PurePath

from studio.storyboards.exchange import strict_json
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.csv_columns import recognised
from studio.storyboards.exchange.csv_reading import read_csv
from studio.storyboards.exchange.csv_table import is_cut_evenly
from studio.storyboards.exchange.encodings import decode
from studio.storyboards.exchange.final_draft import read_fdx
from studio.storyboards.exchange.fountain import is_fountain, read_fountain
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.storyboarder import is_storyboarder, read_storyboarder
from studio.storyboards.exchange.transend_reading import read_body

LABELS = {
    "transend": "Transend JSON",
    "storyboarder": "Storyboarder",
    "csv": "CSV",
    "fountain": "Fountain",
    "fdx": "Final Draft",
}
SUFFIXES = {
    ".json": "json",
    ".storyboarder": "json",
    ".fdx": "fdx",
    ".fountain": "fountain",
    ".spmd": "fountain",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
}
_HEAD = 4_000


def read_file(name: str, raw: bytes, choices: Choices, motions: Collection[str]) -> Reading:
    """What a file of that name says; for pasted text the name is empty.

    Raises `Unreadable` with a sentence, as `Mendable` where other choices may help, and
    `Malformed` with the places of what is wrong in JSON.
    """
    kind = choices.text_format or _kind_of(name, raw)
    if kind == "json":
        return _read_json(raw, choices, motions)
    if kind == "fdx":
        return read_fdx(raw, choices, motions)
    if kind == "fountain":
        return read_fountain(raw, choices, motions)
    return read_csv(raw, choices, motions)


def _read_json(raw: bytes, choices: Choices, motions: Collection[str]) -> Reading:
    data = strict_json.read_json(raw)
    if is_storyboarder(data):
        return read_storyboarder(data, choices, motions)
    return Reading("transend", read_body(data, motions))


def _kind_of(name: str, raw: bytes) -> str:
    """By what cannot be anything else, then by the name, then by what it looks like."""
    head = raw[:_HEAD].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head.startswith(b"<?xml") or b"<FinalDraft" in head:
        return "fdx"
    if by_name := SUFFIXES.get(PurePath(name).suffix.lower()):
        return by_name
    if re.match(rb"[{\[]", head) and not re.match(rb"\[\[[^\]]*\]\]", head):
        return "json"
    text = decode(raw).text
    if is_fountain(text):
        return "fountain"
    return "csv" if is_cut_evenly(text, recognised) else "fountain"
