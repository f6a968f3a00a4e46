"""Fountain, the plain text of screenwriters: syntax as fountain.io states it, version 1.1.

Lenient where writers are: FADE IN, FADE OUT and the like are transitions without a forcing `>`,
too, and a scene heading needs no blank line behind it.
"""

import re
from collections.abc import Collection, Iterator

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.encodings import decode
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.screenplay import Element, Kind, reading_of
from studio.storyboards.exchange.strict_json import Unreadable

_HEADING = re.compile(r"(?:INT\.?/EXT|EXT\.?/INT|INT|EXT|EST|I/E)[. ]", re.IGNORECASE)
_SCENE_NUMBER = re.compile(r"\s*#[\w.\-]{1,20}#\s*$")
_TITLE_KEY = re.compile(r"([A-Za-z][A-Za-z ]{0,40}):(.*)")
_FADE = re.compile(r"(FADE (IN|OUT|TO BLACK|TO WHITE)|CUT TO BLACK)[.:]?")
_BOLD_OR_ITALIC = re.compile(r"(?<!\\)(\*{1,3})(?=\S)([^*\n]{1,400}?)(?<=\S)\1")
_UNDERLINED = re.compile(r"(?<![\w\\])_(?=\S)([^_\n]{1,400}?)(?<=\S)_(?!\w)")
# No line of a screenplay is longer; patterns that look back are kept from what is.
_LONG = 10_000
_MAX_LINES = 200_000
_SAMPLE = 100_000
_ESCAPED = re.compile(r"\\([*_\\])")


def read_fountain(raw: bytes, choices: Choices, motions: Collection[str]) -> Reading:
    """The shots of a Fountain file. Raises `Unreadable`."""
    decoded = decode(raw, choices.encoding)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > _MAX_LINES:
        raise Unreadable(f"The file has over {_MAX_LINES:,} lines. Split it into scenes first.")
    text = _without_boneyard(text)
    title, body, skipped = _title_page(text)
    elements = _Script(body, skipped).elements()
    return reading_of("fountain", elements, choices, title, decoded.encoding)


def is_fountain(text: str) -> bool:
    """Whether a scene heading or a title page stands on a line of its own near the beginning."""
    lines = text[:_SAMPLE].splitlines()
    return any(_HEADING.match(line) or line[:6] == "Title:" for line in lines)


def _without_boneyard(text: str) -> str:
    """The text without `/* … */`; as many lines as before, so that they can be named."""
    kept, place = [], 0
    while (begin := text.find("/*", place)) >= 0 and (end := text.find("*/", begin + 2)) >= 0:
        kept += [text[place:begin], "\n" * text.count("\n", begin, end)]
        place = end + 2
    return "".join([*kept, text[place:]])


def _title_page(text: str) -> tuple[str, str, int]:
    """The title, the rest of the text, and how many lines stand before that."""
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), 0)
    key = _TITLE_KEY.match(lines[first])
    if not key or _HEADING.match(lines[first]) or key[1].isupper():
        return "", text, 0
    end = next((i for i in range(first, len(lines)) if not lines[i].strip()), len(lines))
    title, current = [], ""
    for line in lines[first:end]:
        if (key := _TITLE_KEY.match(line)) and not line[0].isspace():
            current, value = key[1].strip().lower(), key[2]
        else:
            value = line
        if current == "title":
            title.append(_plain(value.strip()))
    return " ".join(filter(None, title)), "\n".join(lines[end:]), end


class _Script:
    """The lines of a script, read paragraph by paragraph."""

    def __init__(self, body: str, skipped: int) -> None:
        self.lines = [line.rstrip("\n") for line in body.split("\n")]
        self.skipped = skipped

    def elements(self) -> Iterator[Element]:
        index = 0
        while index < len(self.lines):
            if not self.lines[index].strip():
                index += 1
                continue
            index, found = self._paragraph(index)
            yield from found

    def _paragraph(self, begin: int) -> tuple[int, list[Element]]:
        """The paragraph that begins at a line with a blank one before; and the line behind it."""
        where = f"Line {begin + 1 + self.skipped}"
        line = self.lines[begin].strip()
        is_alone = begin + 1 >= len(self.lines) or not self.lines[begin + 1].strip()
        if one := _of_one_line(line, is_alone):
            return begin + 1, _with_notes(Element(one[0], one[1], where))
        is_dialogue = not is_alone and _is_character(line)
        end = begin + 1
        while end < len(self.lines) and self._goes_on(end, is_dialogue):
            end += 1
        if is_dialogue:
            return end, self._dialogue(begin, end, where)
        text = "\n".join(text.strip() for text in self.lines[begin:end])
        return end, _with_notes(Element(Kind.ACTION, text.removeprefix("!"), where))

    def _goes_on(self, index: int, is_dialogue: bool) -> bool:
        """Whether a line belongs to the paragraph before. In dialogue all do up to a blank line,
        and two spaces keep a line from being blank."""
        line = self.lines[index]
        if is_dialogue:
            return bool(line.strip()) or line.startswith("  ")
        return bool(line.strip()) and _of_one_line(line.strip(), is_alone=False) is None

    def _dialogue(self, begin: int, end: int, where: str) -> list[Element]:
        name = self.lines[begin].strip().removeprefix("@").rstrip("^ ")
        found = [Element(Kind.CHARACTER, _plain(name), where)]
        for index in range(begin + 1, end):
            line = self.lines[index].strip()
            if not line:
                continue
            kind = Kind.DIALOGUE
            if line.startswith("(") and line.endswith(")"):
                kind = Kind.PARENTHETICAL
            elif line.startswith("~"):
                kind, line = Kind.LYRICS, line[1:].strip()
            found += _with_notes(Element(kind, line, f"Line {index + 1 + self.skipped}"))
        return found


def _of_one_line(line: str, is_alone: bool) -> tuple[Kind, str] | None:
    """What a line is that makes a paragraph by itself; None for action and dialogue."""
    if len(line) >= 3 and not line.strip("="):
        return Kind.OTHER, ""  # a page break
    if line.startswith("#") or (line.startswith("=") and not line.startswith("==")):
        return Kind.OTHER, line.lstrip("#= ")
    if line.startswith(">"):
        if line.endswith("<"):
            return Kind.ACTION, line[1:-1].strip()
        return Kind.TRANSITION, line[1:].strip()
    if line.startswith("~"):
        return Kind.LYRICS, line[1:].strip()
    if len(line) > _LONG:
        return None
    if re.match(r"\.\w", line):
        return Kind.HEADING, _SCENE_NUMBER.sub("", line[1:])
    if _HEADING.match(line):
        return Kind.HEADING, _SCENE_NUMBER.sub("", line)
    if is_alone and line.isupper() and (line.endswith("TO:") or _FADE.fullmatch(line)):
        return Kind.TRANSITION, line
    return None


def _is_character(line: str) -> bool:
    is_upper = len(line) < _LONG and line.split("(", 1)[0].isupper()
    return line.startswith("@") or (is_upper and not line.startswith("!"))


def _with_notes(element: Element) -> list[Element]:
    """The element without its `[[notes]]`, and each of them as an element of its own."""
    kept, notes, place = [], [], 0
    text = element.text
    while (begin := text.find("[[", place)) >= 0 and (end := text.find("]]", begin + 2)) >= 0:
        kept.append(text[place:begin])
        notes.append(Element(Kind.NOTE, text[begin + 2 : end].strip(), element.where))
        place = end + 2
    rest = _plain(re.sub(" {2,}", " ", "".join([*kept, text[place:]])).strip())
    is_said = bool(rest) or element.kind is Kind.OTHER
    return [Element(element.kind, rest, element.where)] * is_said + [n for n in notes if n.text]


def _plain(text: str) -> str:
    """The text without marks of emphasis; nested ones need a pass each."""
    if len(text) > _LONG:
        return text
    for _ in range(3):
        text = _UNDERLINED.sub(r"\1", _BOLD_OR_ITALIC.sub(r"\2", text))
    return _ESCAPED.sub(r"\1", text)
