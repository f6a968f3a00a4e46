"""The Range header of RFC 9110, section 14, for a file of known size."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,20})-([0-9]{0,20})[ \t]*", re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The range begins past the end of the file."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `first` to `last`, both included. `is_open` says that no end was asked for."""

    first: int
    last: int
    is_open: bool = False

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    def cut_to(self, length: int) -> "Span":
        """The same span, `length` bytes long at most."""
        return Span(self.first, min(self.last, self.first + length - 1), self.is_open)


def parse_range(header: str, size: int) -> Span | None:
    """The single span that `header` asks for; None where the whole file is the answer.

    Several ranges at once, other units and malformed headers are answered with the whole file, as
    the RFC allows. Raises `Unsatisfiable` for a well-formed range with no byte of this file in it.
    """
    match = _ONE_RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return _suffix(int(match[2]), size)
    first = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return Span(first, min(last, size - 1), is_open=not match[2])


def _suffix(length: int, size: int) -> Span:
    if not length or not size:
        raise Unsatisfiable
    return Span(max(0, size - length), size - 1)
