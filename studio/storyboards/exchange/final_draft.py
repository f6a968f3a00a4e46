"""Final Draft's FDX: XML, read without entities, without DTDs, and only so deep."""

from collections.abc import Collection, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element as Node
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.encodings import refuse_size
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.screenplay import Element, Kind, reading_of
from studio.storyboards.exchange.strict_json import Unreadable

_MAX_DEPTH = 40
_KINDS = {
    "Scene Heading": Kind.HEADING,
    "Action": Kind.ACTION,
    "General": Kind.ACTION,
    "Shot": Kind.ACTION,
    "Character": Kind.CHARACTER,
    "Parenthetical": Kind.PARENTHETICAL,
    "Dialogue": Kind.DIALOGUE,
    "Singing": Kind.LYRICS,
    "Lyrics": Kind.LYRICS,
    "Transition": Kind.TRANSITION,
}


def read_fdx(raw: bytes, choices: Choices, motions: Collection[str]) -> Reading:
    """The shots of a Final Draft document. Raises `Unreadable`."""
    refuse_size(len(raw))
    root = _parsed(raw)
    if root.tag != "FinalDraft":
        raise Unreadable(
            f"This is XML, but no Final Draft document: it begins with <{root.tag[:40]}>. "
            "Choose an .fdx file."
        )
    content = root.find("Content")
    if content is None:
        raise Unreadable("This Final Draft document has no content. Save it anew and try again.")
    return reading_of("fdx", _elements(content), choices, _title(root))


def _parsed(raw: bytes) -> Node:
    """The tree. Depth is watched while it grows: a million levels would end the process."""
    depth = 0
    root: Node | None = None
    try:
        for event, node in iterparse(BytesIO(raw), events=("start", "end"), forbid_dtd=True):
            root = node if root is None else root
            depth += 1 if event == "start" else -1
            if depth > _MAX_DEPTH:
                raise Unreadable("The file is nested too deeply to be a screenplay.")
    except DefusedXmlException:
        raise Unreadable(
            "The file declares entities or a document type, which no Final Draft document does. "
            "Save it anew from Final Draft."
        ) from None
    except ParseError as error:
        line, column = error.position
        raise Unreadable(
            f"The file is cut off or is no valid XML: line {line}, column {column + 1}. "
            "Save it anew from Final Draft, or copy the whole of it."
        ) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("The file is in an encoding that XML does not know. Use UTF-8.") from None
    if root is None:
        raise Unreadable("The file is empty. Choose the file with the shots in it.")
    return root


def _elements(content: Node) -> Iterator[Element]:
    for number, paragraph in enumerate(content.findall("Paragraph"), start=1):
        where = f"Paragraph {number}"
        # Two people speaking at once stand inside a paragraph of their own.
        for inner in paragraph.findall("DualDialogue/Paragraph") or [paragraph]:
            text = " ".join(_text(inner).split())
            if text:
                yield Element(_KINDS.get(inner.get("Type", ""), Kind.OTHER), text, where)
        for note in paragraph.findall("ScriptNote"):
            if text := " ".join(" ".join(_text(part) for part in note.iter("Paragraph")).split()):
                yield Element(Kind.NOTE, text, where)


def _text(paragraph: Node) -> str:
    """What is written: the texts of any style, and nothing of summaries and notes beside them."""
    return "".join("".join(part.itertext()) for part in paragraph.findall("Text"))


def _title(root: Node) -> str:
    """The first line of the title page."""
    paragraphs = root.iterfind("TitlePage/Content/Paragraph")
    return next((text for part in paragraphs if (text := _text(part).strip())), "")
