"""What each field of a project or shot may hold; forms, imports and the send gate ask here.

Speed 0.1–1.0 is the vendor's (document, section Optional fields). The vendor names no limits for
texts and lighting: those are ours, wide enough for real work.
"""

import re
from collections.abc import Collection
from decimal import Decimal
from urllib.parse import urlsplit

from studio.lib import unseen
from studio.storyboards.models import Transition

MAX_PROMPT = 4_000
MAX_BRIEF = 8_000
MAX_TITLE = 120
MAX_STYLE = 60
MAX_SCENE_ID = 80
MAX_NOTES = 4_000
MAX_REFERENCE = 2_000
MIN_SPEED, MAX_SPEED = 0.1, 1.0
MIN_KELVIN, MAX_KELVIN = 1_000, 20_000
MAX_INTENSITY = 10
MAX_SHOTS = 500

_TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(?:https?|javascript|data|file|mailto):", re.I)
_DECIMAL = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")


class BadField(ValueError):
    """What was typed does not fit the field; the message says what to do."""


def checked_text(text: object, limit: int, what: str) -> str:
    """Plain text of at most `limit` characters, empty if nothing in it can be seen.

    `what` begins the sentence: "A prompt".
    """
    if not isinstance(text, str):
        raise BadField(f"{what} is text: put it in quotation marks.")
    text = unseen.trimmed(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > limit:
        raise BadField(
            f"{what} holds {limit:,} characters at most; this one has {len(text):,}. Shorten it."
        )
    if found := _TAG.search(text):
        raise BadField(f"{what} is plain text. Take out the markup {found[0][:40]}.")
    if unseen.CONTROLS.search(text):
        raise BadField(f"{what} holds invisible control characters. Type it again as plain text.")
    return "" if unseen.is_blank(text) else text


def checked_title(text: object) -> str:
    """A project's title; it may not be empty."""
    title = " ".join(checked_text(text, MAX_TITLE, "A title").split())
    if not title:
        raise BadField("A project needs a title. Type one.")
    return title


def title_from(name: str) -> str:
    """A title out of a file's name or a first sentence; empty if nothing in it can be seen."""
    title = unseen.trimmed(unseen.without_controls(name))[:MAX_TITLE].rstrip()
    return "" if unseen.is_blank(title) else title


def checked_prompt(text: object) -> str:
    """A shot's prompt; may be empty while drafting."""
    return checked_text(text, MAX_PROMPT, "A prompt")


def checked_brief(text: object) -> str:
    """A project's brief; may be empty: it is then composed from the shots' prompts."""
    return checked_text(text, MAX_BRIEF, "A brief")


def checked_style(text: object) -> str:
    return checked_text(text, MAX_STYLE, "A lighting style")


def checked_notes(text: object) -> str:
    """A shot's notes for the team; never sent."""
    return checked_text(text, MAX_NOTES, "A note")


def checked_reference(text: object) -> str:
    """An audio or timing reference: plain text, or an address of the web; may be empty."""
    said = checked_text(text, MAX_REFERENCE, "A reference")
    scheme = _SCHEME.match(said)
    if scheme is None:
        return said
    try:
        address = urlsplit(said)
    except ValueError:
        address = urlsplit("")
    is_spaced = any(character.isspace() for character in said)
    if address.scheme not in ("http", "https") or not address.hostname or is_spaced:
        raise BadField(
            "A reference is an address that begins with https:// or http://, or plain words. "
            f"“{said[:40]}” is neither."
        )
    return said


def checked_transition(kind: object) -> str:
    """The name of one of our transitions."""
    if kind not in Transition.values:
        raise BadField(f"Choose one of these transitions: {', '.join(Transition.values)}.")
    return str(kind)


def checked_speed(value: object) -> float:
    """The camera's motion multiplier, 0.1–1.0, both inclusive."""
    return _between(value, MIN_SPEED, MAX_SPEED, "The camera speed", "such as 0.6")


def checked_temperature(value: object) -> float:
    """Colour temperature in kelvin."""
    return _between(
        value, MIN_KELVIN, MAX_KELVIN, "The colour temperature", "in kelvin, such as 4200"
    )


def checked_intensity(value: object) -> float:
    return _between(value, 0, MAX_INTENSITY, "The light's intensity", "such as 1.0")


def checked_percent(value: object) -> int:
    """A place on the frame, in whole per cent of its width or height; typed ones are rounded."""
    typed = value.strip().removesuffix("%") if isinstance(value, str) else value
    return int(_between(typed, 0, 100, "The subject's place", "in per cent, such as 35") + 0.5)


def require_whole_subject(x: object, y: object) -> None:
    """Raise `BadField` where only one of a subject's two places is given (None is not)."""
    if (x is None) != (y is None):
        lacks = "left" if x is None else "top"
        raise BadField(f"Say also how far from the {lacks} it is, or empty both for the centre.")


def _between(value: object, low: float, high: float, what: str, example: str) -> float:
    """The number that was typed or given. The span is held against it before it is rounded."""
    exact = _exact(value)
    # A float is written as short as it can be read back: 0.1 is meant to be a tenth.
    if exact is None or not Decimal(str(low)) <= exact <= Decimal(str(high)):
        raise BadField(f"{what} is a number from {low:g} to {high:g}, {example}.")
    return float(exact)


def _exact(value: object) -> Decimal | None:
    """A number, or text that is a plain decimal number, as exactly as it stands; else None."""
    if isinstance(value, str):
        text = value.strip().replace(",", ".")
        return Decimal(text) if _DECIMAL.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    exact = Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    return exact if exact.is_finite() else None


def checked_motion(motion: object, motions: Collection[str]) -> str:
    """The name of one of the camera presets in `motions`."""
    if not isinstance(motion, str) or motion not in motions:
        named = unseen.without_controls(motion)[:40] if isinstance(motion, str) else ""
        said = f"“{named}” is" if named else "This is"
        raise BadField(f"{said} no camera preset here. Choose one of {', '.join(motions)}.")
    return motion


def plain_number(value: float) -> int | float:
    """The number for JSON, without a trailing `.0`."""
    return int(value) if float(value).is_integer() else value
