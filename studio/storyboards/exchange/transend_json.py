"""The vendor's JSON, in and out: what the rest of the house asks of it."""

from studio.storyboards.exchange.imported import Malformed
from studio.storyboards.exchange.keeping import import_board
from studio.storyboards.exchange.transend_reading import (
    IGNORED_WEBHOOK,
    Checked,
    check_body,
    read_body,
)
from studio.storyboards.exchange.transend_writing import export_board, export_shots

__all__ = [
    "IGNORED_WEBHOOK",
    "Checked",
    "Malformed",
    "check_body",
    "export_board",
    "export_shots",
    "import_board",
    "read_body",
]
