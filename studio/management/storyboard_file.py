"""The storyboard file that two commands read."""

import sys
from pathlib import Path

from django.core.management.base import CommandParser

from studio.management.command import WrongUse
from studio.storyboards.exchange.strict_json import MAX_BYTES


def add_file_argument(parser: CommandParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="JSON of a request body, or its storyboard alone; - is standard input",
    )


def read_file(name: str) -> bytes:
    """The file's bytes, one more than may be read at most. Raises `WrongUse`."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{name} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # a NUL in the name
        raise WrongUse(f"{name!r} is not the name of a file.") from error
