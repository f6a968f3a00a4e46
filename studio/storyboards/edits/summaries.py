"""What an edit did, in the words of its revision."""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.accounts.models import User
from studio.storyboards.models import Project, Revision, Shot
from studio.storyboards.timing import in_words

_WORDS = {
    "title": "title",
    "brief": "brief",
    "scene_id": "scene id",
    "prompt": "prompt",
    "duration_ms": "duration",
    "motion": "camera move",
    "speed": "camera speed",
    "light_temperature": "colour temperature",
    "light_intensity": "light intensity",
    "light_style": "light style",
    "transition": "transition",
    "transition_ms": "transition length",
    "notes": "notes",
    "is_locked": "lock",
    "reference_id": "reference picture",
    "subject_x": "subject, from the left",
    "subject_y": "subject, from the top",
    "soundtrack_id": "sound for the animatic",
    "weaves_transitions": "transitions in words",
    "audio": "audio reference",
    "timing": "timing reference",
    "webhook_metadata": "audio and timing references",
}
_SUBJECT = frozenset({"subject_x", "subject_y"})
_FILES = frozenset({"reference_id", "soundtrack_id"})
_LONG = frozenset({"brief", "prompt", "notes", "webhook_metadata"})
_SWITCHES = {"is_locked": ("unlocked", "locked"), "weaves_transitions": ("left out", "woven in")}


def of_project(project: Project, changed: Mapping[str, Any]) -> str:
    """Such as `Project: camera move orbit → static`."""
    return f"Project: {_changes(project, changed)}"


def of_shot(number: int, shot: Shot, changed: Mapping[str, Any]) -> str:
    """Such as `Shot 2: duration 12 s → 18 s; prompt`."""
    return f"Shot {number}: {_changes(shot, changed)}"


def of_many(count: int, fields: Mapping[str, Any]) -> str:
    """Such as `5 shots: camera move → static`; `fields` are what all of them were given."""
    given = [
        shown(name, value) if name in _SWITCHES else f"{_WORDS[name]} → {shown(name, value)}"
        for name, value in fields.items()
        if name not in _SUBJECT
    ]
    if fields.keys() >= _SUBJECT:
        given.append(f"subject → {_place(fields['subject_x'], fields['subject_y'])}")
    return f"{counted(count)}: {'; '.join(given)}"


def counted(count: int) -> str:
    """`1 shot`, `5 shots`."""
    return f"{count} shot{'' if count == 1 else 's'}"


def of_deletion(number: int, shot: Shot) -> str:
    """Such as `Deleted shot 2 (Close-up of umbrellas…)`."""
    return f"Deleted shot {number} ({_clipped(shot.prompt, 60) or shot.scene_id})"


def of_several(did: str, numbers: Sequence[int]) -> str:
    """Such as `Duplicated shots 2, 3 and 5`, or `Duplicated 12 shots`."""
    if len(numbers) == 1:
        return f"{did} shot {numbers[0]}"
    if len(numbers) > 6:
        return f"{did} {len(numbers)} shots"
    return f"{did} shots {listed([str(number) for number in numbers])}"


def of_undo(undone: Revision, by: User) -> str:
    """Such as `Undid “Shot 2: prompt rewritten” of Mira`."""
    return f"Undid “{undone.summary}”{_of_somebody_else(undone, by)}"


def of_redo(redone: Revision, by: User) -> str:
    return f"Redid “{redone.summary}”{_of_somebody_else(redone, by)}"


def _of_somebody_else(revision: Revision, me: User) -> str:
    return f" of {revision.author}" if revision.author and revision.author != me else ""


def shortened(summary: str) -> str:
    """The summary, no longer than its column."""
    limit = Revision._meta.get_field("summary").max_length or 200
    return _clipped(summary, limit)


def shown(name: str, value: Any) -> str:
    """A field's value for people: `12 s`, `0.6`, or `inherited` where it is empty."""
    if name in ("duration_ms", "transition_ms"):
        return in_words(value)
    if name in _SWITCHES:
        return _SWITCHES[name][bool(value)]
    if name in _FILES:
        return "none" if value is None else "another"
    if name in _SUBJECT:
        return "centre" if value is None else f"{value} %"
    if value in (None, ""):
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def field_name(name: str) -> str:
    """The field's name for people."""
    return _WORDS[name]


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _changes(row: Project | Shot, changed: Mapping[str, Any]) -> str:
    said = [
        _change(name, getattr(row, name), value)
        for name, value in changed.items()
        if name not in _SUBJECT
    ]
    if isinstance(row, Shot) and _SUBJECT & changed.keys():
        x, y = (changed.get(name, getattr(row, name)) for name in ("subject_x", "subject_y"))
        said.append(f"subject {_place(row.subject_x, row.subject_y)} → {_place(x, y)}")
    return "; ".join(said)


def _place(x: int | None, y: int | None) -> str:
    """Where the subject is: `30 % / 40 %` from the left and the top."""
    return "centre" if x is None else f"{x} % / {y} %"


def _change(name: str, former: Any, value: Any) -> str:
    if name in _LONG:
        return f"{_WORDS[name]} rewritten"
    if name in _FILES:
        did = "removed" if value is None else "added" if former is None else "replaced"
        return f"{_WORDS[name]} {did}"
    return f"{_WORDS[name]} {shown(name, former)} → {shown(name, value)}"


def _clipped(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
