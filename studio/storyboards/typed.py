"""What people type into the board's fields: read, checked, and kept as typed when it is wrong."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from studio.storyboards import rules
from studio.storyboards.timing import BadDuration, parse_duration, parse_transition

Check = Callable[[str], Any]
# The inputs that are not called as the model's field is.
INPUTS = {"duration_ms": "duration", "transition_ms": "transition_length", "is_locked": "locked"}


@dataclass(frozen=True)
class Typed:
    """One form as it was sent: `raw` and `errors` by input name, `values` by model field."""

    raw: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.errors

    def refusing(self, columns: Collection[str], says: str) -> "Typed":
        """The same form, refused at the inputs of these model fields."""
        inputs = [INPUTS.get(column, column) for column in columns]
        return replace(self, errors={name: says for name in inputs if name in self.raw})


def read_shot(post: Mapping[str, str], motions: Collection[str]) -> Typed:
    """A shot's fields, those that were sent. Empty camera and light fields inherit."""
    typed = _read(
        post,
        {
            "prompt": ("prompt", rules.checked_prompt),
            "duration": ("duration_ms", parse_duration),
            "motion": ("motion", _or("", lambda text: rules.checked_motion(text, motions))),
            **_CAMERA_AND_LIGHT,
            "transition": ("transition", rules.checked_transition),
            "transition_length": ("transition_ms", _or(0, parse_transition)),
            "notes": ("notes", rules.checked_notes),
            "locked": ("is_locked", _is_yes),
            "subject_x": ("subject_x", _or(None, rules.checked_percent)),
            "subject_y": ("subject_y", _or(None, rules.checked_percent)),
        },
    )
    _require_whole_subject(typed)
    return typed


def _require_whole_subject(typed: Typed) -> None:
    """Note at the input that lacks its value that one place alone is no subject's."""
    if "subject_x" in typed.errors or "subject_y" in typed.errors:
        return
    x, y = typed.values.get("subject_x"), typed.values.get("subject_y")
    try:
        rules.require_whole_subject(x, y)
    except rules.BadField as bad:
        typed.errors["subject_x" if x is None else "subject_y"] = str(bad)


def read_project(post: Mapping[str, str], motions: Collection[str]) -> Typed:
    """A project's own fields, those that were sent."""
    return _read(
        post,
        {
            "title": ("title", rules.checked_title),
            "brief": ("brief", rules.checked_brief),
            "motion": ("motion", lambda text: rules.checked_motion(text, motions)),
            **_CAMERA_AND_LIGHT,
            "weaves_transitions": ("weaves_transitions", _is_yes),
            # Both are kept in webhook_metadata: see edits/projects.py.
            "audio": ("audio", rules.checked_reference),
            "timing": ("timing", rules.checked_reference),
        },
    )


def read_number(post: Mapping[str, str], name: str) -> int:
    """A whole number that the page itself sends, such as its revision; 0 when it is none."""
    text = post.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def read_order(post: Mapping[str, str], name: str = "order") -> list[int]:
    """The pks of `order`, as in `3,1,2`; or of another list that the page itself sends."""
    parts = post.get(name, "").split(",")
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 18]


def read_shots(post: QueryDict) -> list[int]:
    """The pks of `shots`, each once, in the order sent, and no more than a board holds.

    `3,5` comes from the board's scripts, one value for each ticked box from a plain form; what is
    no pk is left out.
    """
    parts = [part.strip() for text in post.getlist("shots") for part in text.split(",")]
    pks = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 18]
    return list(dict.fromkeys(pks))[: rules.MAX_SHOTS]


def _is_yes(text: str) -> bool:
    """A switch: a checkbox of value `yes` behind a hidden `no` of the same name."""
    return text == "yes"


def _or(empty: Any, check: Check) -> Check:
    """`check`, or `empty` for nothing typed."""
    return lambda text: check(text.strip()) if text.strip() else empty


_CAMERA_AND_LIGHT: dict[str, tuple[str, Check]] = {
    "speed": ("speed", _or(None, rules.checked_speed)),
    "light_temperature": ("light_temperature", _or(None, rules.checked_temperature)),
    "light_intensity": ("light_intensity", _or(None, rules.checked_intensity)),
    "light_style": ("light_style", rules.checked_style),
}


def _read(post: Mapping[str, str], fields: Mapping[str, tuple[str, Check]]) -> Typed:
    typed = Typed()
    for name, (column, check) in fields.items():
        if name not in post:
            continue
        typed.raw[name] = post[name]
        try:
            typed.values[column] = check(post[name])
        except (rules.BadField, BadDuration) as bad:
            typed.errors[name] = str(bad)
    return typed
