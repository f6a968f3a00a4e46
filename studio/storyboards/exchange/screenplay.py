"""A screenplay as shots: what Fountain and Final Draft come down to.

Each paragraph of action (or each scene) becomes a shot, its prompt begun by the scene's heading,
because every shot is rendered for itself. Dialogue, lyrics and the writer's notes go into the
shot's notes, a transition to the shot before it. Pages say nothing about length here: a shot takes
as long as its action and dialogue take to read at 150 words a minute, rounded to 0.5 s, from 2 to
10 s; or all shots take the same.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from studio.storyboards import rules, timing
from studio.storyboards.contract import Problem
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.imported import ImportedShot, bare_board
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.scene_ids import with_ids
from studio.storyboards.exchange.strict_json import Mendable, Unreadable
from studio.storyboards.exchange.vocabulary import transition_named
from studio.storyboards.models import Transition

WORDS_PER_S = 2.5
# Far more than a feature film has.
MAX_PARAGRAPHS = 50_000
SHORTEST_MS, LONGEST_MS, STEP_MS = 2_000, 10_000, 500
FADE_MS = 1_000
# Writing without spaces: about two of its characters are read in the time of a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


class Kind(Enum):
    """What a paragraph of a screenplay is; the values say which are left out."""

    HEADING = "scene headings"
    ACTION = "paragraphs of action"
    CHARACTER = "characters"
    PARENTHETICAL = "parentheticals"
    DIALOGUE = "lines of dialogue"
    LYRICS = "lyrics"
    TRANSITION = "transitions"
    NOTE = "notes"
    OTHER = "sections, synopses and other paragraphs that are not filmed"


@dataclass(frozen=True)
class Element:
    """One paragraph, and where it stands: `Line 12` or `Paragraph 7`."""

    kind: Kind
    text: str
    where: str


@dataclass
class _Draft:
    """A shot while its paragraphs come in."""

    where: str
    heading: str
    action: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    transition: str = Transition.CUT

    @property
    def prompt(self) -> str:
        heading = self.heading.rstrip(" .")
        return "\n".join(filter(None, [f"{heading}." if heading else "", *self.action]))


def reading_of(
    kind: str, elements: Iterable[Element], choices: Choices, title: str, encoding: str = ""
) -> Reading:
    """The shots of a screenplay. Raises `Mendable` when they are more than a board holds,
    `Unreadable` for more paragraphs than any film has."""
    cutter = _Cutter(choices.grain == "scene")
    for count, element in enumerate(elements):
        if count == MAX_PARAGRAPHS:
            raise Unreadable(
                f"The file has over {MAX_PARAGRAPHS:,} paragraphs. Split it into scenes first."
            )
        cutter.take(element)
    cutter.finish()
    if len(cutter.drafts) > rules.MAX_SHOTS:
        raise Mendable(
            f"This would make {len(cutter.drafts):,} shots and a board holds {rules.MAX_SHOTS} at "
            "most. Make a shot of each scene, or split the file."
        )
    problems: list[Problem] = []
    shots = [shot for draft in cutter.drafts if (shot := _shot(draft, choices, problems))]
    named, _ = with_ids(shots)
    board = bare_board(named, _remarks(cutter, choices), rules.title_from(title))
    return Reading(kind, board, tuple(problems), encoding)


class _Cutter:
    """Cuts paragraphs into shots."""

    def __init__(self, is_by_scene: bool) -> None:
        self.is_by_scene = is_by_scene
        self.drafts: list[_Draft] = []
        self.heading = self.heading_at = self.speaker = self.manner = ""
        self.is_scene_begun = False
        self.left_out: Counter[Kind] = Counter()
        self.unknown_transitions: list[str] = []

    def take(self, element: Element) -> None:
        kind, text = element.kind, element.text
        if kind is Kind.HEADING:
            self.finish()
            self.heading, self.heading_at, self.is_scene_begun = text, element.where, False
            self.speaker = ""
        elif kind is Kind.ACTION:
            self._for_action(element.where).action.append(text)
        elif kind is Kind.CHARACTER:
            self.speaker, self.manner = text, ""
        elif kind in (Kind.PARENTHETICAL, Kind.DIALOGUE, Kind.LYRICS):
            self._speak(kind, element)
        elif kind is Kind.NOTE:
            self._for_words(element.where).said.append(f"Note: {text}")
        elif kind is Kind.TRANSITION:
            self._go_over(text)
        else:
            self.left_out[kind] += 1

    def finish(self) -> None:
        """End the scene: one of which there is nothing but a heading is a shot as well."""
        if self.heading and not self.is_scene_begun:
            self._begin(self.heading_at)

    def _begin(self, where: str) -> _Draft:
        self.drafts.append(_Draft(where, self.heading))
        self.is_scene_begun = True
        return self.drafts[-1]

    def _for_action(self, where: str) -> _Draft:
        if self.is_by_scene and self.is_scene_begun:
            return self.drafts[-1]
        return self._begin(where)

    def _for_words(self, where: str) -> _Draft:
        """The shot that is seen while something is said: the last one of the scene."""
        return self.drafts[-1] if self.is_scene_begun else self._begin(where)

    def _speak(self, kind: Kind, element: Element) -> None:
        """A parenthetical waits for the line that is said so."""
        if kind is Kind.PARENTHETICAL:
            self.manner = f"({element.text.strip('() ')}) "
            return
        draft = self._for_words(element.where)
        text = f"♪ {element.text}" if kind is Kind.LYRICS else element.text
        draft.said.append(f"{self.speaker}: {self.manner}{text}" if self.speaker else text)
        draft.spoken.append(element.text)
        self.manner = ""

    def _go_over(self, text: str) -> None:
        named = transition_named(text)
        if named is None:
            self.unknown_transitions.append(text)
        elif "FADE IN" not in text.upper():
            self.finish()
            if self.drafts:
                self.drafts[-1].transition = named


def _shot(draft: _Draft, choices: Choices, problems: list[Problem]) -> ImportedShot | None:
    try:
        prompt = rules.checked_prompt(draft.prompt)
        notes = rules.checked_notes("\n".join(draft.said))
    except rules.BadField as bad:
        problems.append(Problem(draft.where, str(bad)))
        return None
    is_cut = draft.transition == Transition.CUT
    return ImportedShot(
        scene_id="",
        prompt=prompt,
        duration_ms=choices.length_ms if choices.pace == "equal" else _read_aloud_ms(draft),
        transition=draft.transition,
        transition_ms=0 if is_cut else FADE_MS,
        notes=notes,
    )


def _read_aloud_ms(draft: _Draft) -> int:
    words = _WORD.findall(" ".join((*draft.action, *draft.spoken)))
    count = sum(0.5 if len(word) == 1 and word > "\u3000" else 1 for word in words)
    steps = round(count / WORDS_PER_S * 1000 / STEP_MS)
    return min(max(steps * STEP_MS, SHORTEST_MS), LONGEST_MS)


def _remarks(cutter: _Cutter, choices: Choices) -> list[str]:
    said = []
    if choices.pace == "words":
        said.append(
            "Durations are estimated: action and dialogue at 150 words a minute, rounded to 0.5 s, "
            f"from {SHORTEST_MS // 1000} to {LONGEST_MS // 1000} s a shot."
        )
    else:
        said.append(f"Every shot lasts {timing.in_words(choices.length_ms)}.")
    for kind, count in cutter.left_out.items():
        said.append(f"Left out: {count} {kind.value}.")
    if cutter.unknown_transitions:
        shown = ", ".join(f"“{text[:40]}”" for text in cutter.unknown_transitions[:3])
        said.append(f"Transitions that are not known here are taken for cuts: {shown}.")
    return said
