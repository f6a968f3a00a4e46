"""What is printed of a storyboard, in words and pictures that need no further knowledge."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Panel:
    """One shot. `picture` is a JPEG or PNG file; `facts` are labels with what they say."""

    number: int
    scene: str
    picture: Path | None
    prompt: str
    duration: str
    times: str
    facts: tuple[tuple[str, str], ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Storyboard:
    """A whole film. `summary` is its length in words, `edition` when and what was printed."""

    title: str
    summary: str
    edition: str
    panels: tuple[Panel, ...]
