"""Find and replace in prompts: plain words, no patterns. It knows texts and shots, no requests."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from studio.storyboards import rules
from studio.storyboards.models import Shot

MAX_FIND = 200
_MOST_PARTS, _LONG_PART, _KEPT = 15, 120, 50


@dataclass(frozen=True)
class Search:
    """What to find and what to put in its place."""

    find: str
    replacement: str = ""
    matches_case: bool = False
    whole_words: bool = False

    @property
    def problem(self) -> str:
        """Why nothing can be replaced as this was typed; empty when it can."""
        if not self.find:
            return "Type what to find."
        if len(self.find) > MAX_FIND:
            return f"Type {MAX_FIND} characters at most to find."
        if len(self.replacement) > rules.MAX_PROMPT:
            return f"Type {rules.MAX_PROMPT:,} characters at most to put in its place."
        return ""

    def replaced(self, text: str) -> str:
        """`text` with every match replaced, as literally as it was typed."""
        return "".join(
            self.replacement if is_match else part for part, is_match in self.parts(text)
        )

    def count(self, text: str) -> int:
        """How often it is found in `text`."""
        return sum(is_match for _, is_match in self.parts(text))

    def length_in(self, text: str) -> int:
        """How long `text` would be with every match replaced, without writing it."""
        return len(text) + self.count(text) * (len(self.replacement) - len(self.find))

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """`text` cut at the matches: each part, and whether it is one."""
        if not self.find:
            yield text, False
            return
        at = 0
        for match in self._pattern.finditer(text):
            yield text[at : match.start()], False
            yield match[0], True
            at = match.end()
        yield text[at:], False

    @property
    def _pattern(self) -> re.Pattern[str]:
        """Nothing of it comes from the user but escaped text, so it runs in linear time."""
        literal = re.escape(self.find)
        if self.whole_words:
            literal = rf"(?<!\w){literal}(?!\w)"
        return re.compile(literal, 0 if self.matches_case else re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """One shot whose prompt the search is found in. `refusal` says why it cannot be replaced."""

    number: int
    shot: Shot
    search: Search
    refusal: str = ""

    @property
    def before(self) -> list[tuple[str, bool]]:
        """The prompt as it is, cut at what is found, and shortened to be looked over."""
        return _excerpt(self.search.parts(self.shot.prompt))

    @property
    def after(self) -> list[tuple[str, bool]]:
        """The prompt as it would be, likewise."""
        parts = self.search.parts(self.shot.prompt)
        new = self.search.replacement
        return _excerpt((new if found else part, found) for part, found in parts)

    @property
    def count(self) -> int:
        return self.search.count(self.shot.prompt)


def changes_in(
    shots: Sequence[Shot], search: Search, among: Collection[int] | None = None
) -> list[Change]:
    """A change for each shot the search is found in: of all `shots`, or of the pks `among`."""
    return list(_changes(shots, search, among))


def _changes(
    shots: Sequence[Shot], search: Search, among: Collection[int] | None
) -> Iterable[Change]:
    for number, shot in enumerate(shots, 1):
        if among is not None and shot.pk not in among:
            continue
        if search.count(shot.prompt):
            yield Change(number, shot, search, _refusal(number, shot, search))


def _refusal(number: int, shot: Shot, search: Search) -> str:
    if shot.is_locked:
        return f"Shot {number} is locked. Unlock it to change its prompt."
    # Counted before it is written: 4,000 places for 4,000 characters each would be 16 MB a shot.
    if (length := search.length_in(shot.prompt)) > rules.MAX_PROMPT:
        return (
            f"Shot {number}: A prompt holds {rules.MAX_PROMPT:,} characters at most; "
            f"this one would have {length:,}."
        )
    try:
        rules.checked_prompt(search.replaced(shot.prompt))
    except rules.BadField as bad:
        return f"Shot {number}: {bad}"
    return ""


def _excerpt(parts: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """The first parts, with the middle of long texts between matches left out."""
    shown = [
        (part if found or len(part) <= _LONG_PART else f"{part[:_KEPT]} … {part[-_KEPT:]}", found)
        for part, found in islice(parts, _MOST_PARTS + 1)
    ]
    return shown if len(shown) <= _MOST_PARTS else [*shown[:_MOST_PARTS], (" …", False)]
