"""What becomes of each field of a board: where in the JSON it is found, or why it is not.

Places are read off the body itself rather than worked out again: a fate can never say that
something is sent which is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from studio.lib import unseen
from studio.storyboards import contract, timing
from studio.storyboards.models import Transition
from studio.storyboards.presets import title_of
from studio.storyboards.rules import plain_number
from studio.storyboards.snapshots import ShotSnapshot, Snapshot

METADATA = "webhook_metadata"
_LIGHT = (
    ("light_temperature", "temperature", "Colour temperature"),
    ("light_intensity", "intensity", "Light intensity"),
    ("light_style", "style", "Light style"),
)


class Kind(Enum):
    SENT = "sent"
    WORDS = "words"  # it has no field of its own and goes along in the prompt
    INHERITED = "inherited"
    LOCAL = "local"
    EMPTY = "empty"


@dataclass(frozen=True)
class Fate:
    """One field of the project (`shot` is None) or of the shot at that index.

    `value` is what it holds, in words; `paths` where that is found in the body, such as
    `storyboard[2].camera.motion`; `why` says what cannot be seen from these.
    """

    shot: int | None
    field: str
    label: str
    kind: Kind
    value: str = ""
    paths: tuple[str, ...] = ()
    why: str = ""


def leaves_of(body: dict[str, Any]) -> dict[str, Any]:
    """Every value of the body by its path; the metadata, which is the user's own, as one."""
    return dict(_leaves(body, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and path != METADATA:
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def account(snapshot: Snapshot, body: dict[str, Any]) -> list[Fate]:
    """The fate of every field of the snapshot, in the order in which people read a board.

    `body` is what the snapshot is sent as, for its workspace.
    """
    leaves = leaves_of(body)
    fates = [*_of_project(snapshot, leaves)]
    for index in range(len(snapshot["shots"])):
        fates += _of_shot(index, snapshot, leaves)
    return fates


def _of_project(snapshot: Snapshot, leaves: dict[str, Any]) -> Iterator[Fate]:
    yield Fate(
        None, "title", "Title", Kind.LOCAL, snapshot["title"], why="The title is for your team."
    )
    brief = "" if unseen.is_blank(snapshot["brief"]) else snapshot["brief"]
    if brief:
        yield Fate(None, "brief", "Brief", Kind.SENT, brief, ("prompt",))
    else:
        why = "There is no brief: the prompt is composed from the shots' prompts."
        yield Fate(None, "brief", "Brief", Kind.EMPTY, why=why)
    yield Fate(
        None,
        "motion",
        "Default camera move",
        Kind.SENT,
        title_of(snapshot["motion"]),
        ("camera.motion", *_said_again(snapshot, leaves)),
    )
    for field, path, label in (
        ("speed", "camera.speed", "Default speed"),
        *((field, f"lighting.{name}", label) for field, name, label in _LIGHT),
    ):
        value = _in_words(field, snapshot.get(field))
        if path in leaves:
            yield Fate(None, field, label, Kind.SENT, value, (path,))
        else:
            why = "Not set: Transend chooses."
            yield Fate(None, field, label, Kind.EMPTY, why=why)
    yield _metadata(snapshot, leaves)
    yield _weaving(snapshot)
    yield _soundtrack(snapshot)


def _said_again(snapshot: Snapshot, leaves: dict[str, Any]) -> list[str]:
    """The shots that are sent the project's move, because their own speed needs one beside it."""
    places = (f"storyboard[{index}].camera.motion" for index in range(len(snapshot["shots"])))
    return [
        place
        for place, shot in zip(places, snapshot["shots"], strict=True)
        if not shot["motion"] and place in leaves
    ]


def _metadata(snapshot: Snapshot, leaves: dict[str, Any]) -> Fate:
    count = len(snapshot["webhook_metadata"])
    if METADATA not in leaves:
        return Fate(None, METADATA, "Audio and timing references", Kind.EMPTY)
    value = f"{count} entr{'y' if count == 1 else 'ies'}"
    return Fate(None, METADATA, "Audio and timing references", Kind.SENT, value, (METADATA,))


def _weaving(snapshot: Snapshot) -> Fate:
    is_on = snapshot["weaves_transitions"]
    why = "A switch of ours: it decides what the prompts say about transitions."
    return Fate(
        None,
        "weaves_transitions",
        "Say transitions in words",
        Kind.LOCAL,
        "On" if is_on else "Off",
        why=why,
    )


def _soundtrack(snapshot: Snapshot) -> Fate:
    name, label, sound = "soundtrack_id", "Sound for the animatic", snapshot["soundtrack_id"]
    if sound is None:
        return Fate(None, name, label, Kind.EMPTY, why="The animatic is silent.")
    why = "It plays under the animatic here. Transend is given an audio reference, in words."
    return Fate(None, name, label, Kind.LOCAL, f"Sound {sound}", why=why)


def _of_shot(index: int, snapshot: Snapshot, leaves: dict[str, Any]) -> Iterator[Fate]:
    shot, where = snapshot["shots"][index], f"storyboard[{index}]"

    def present(*paths: str) -> tuple[str, ...]:
        return tuple(path for path in paths if path in leaves)

    if place := present(f"{where}.id"):
        yield Fate(index, "scene_id", "Scene id", Kind.SENT, shot["scene_id"], place)
    else:
        why = "A film of one plain shot is sent without a storyboard, so its id has no place."
        yield Fate(index, "scene_id", "Scene id", Kind.LOCAL, shot["scene_id"], why=why)
    yield _prompt(index, snapshot, present(f"{where}.prompt"))
    seconds = timing.in_words(shot["duration_ms"])
    paths = ("duration_seconds", *present(f"{where}.duration_seconds"))
    yield Fate(index, "duration_ms", "Duration", Kind.SENT, seconds, paths)
    yield _motion(index, snapshot, present(f"{where}.camera.motion"))
    for field, path, label in (
        ("speed", f"{where}.camera.speed", "Speed"),
        *((field, f"{where}.lighting.{name}", label) for field, name, label in _LIGHT),
    ):
        yield _own_or_inherited(index, field, label, snapshot, present(path))
    yield from _transition(index, snapshot, present(f"{where}.prompt", "prompt")[:1])
    yield from _ours(index, shot)


def _prompt(index: int, snapshot: Snapshot, own_place: tuple[str, ...]) -> Fate:
    prompt = snapshot["shots"][index]["prompt"]
    is_composed = unseen.is_blank(snapshot["brief"]) and not unseen.is_blank(prompt)
    paths = (*own_place, *(("prompt",) if is_composed or not own_place else ()))
    why = "There is no brief, so it is part of the film's prompt too." if is_composed else ""
    return Fate(index, "prompt", "Prompt", Kind.SENT, prompt, paths, why)


def _motion(index: int, snapshot: Snapshot, place: tuple[str, ...]) -> Fate:
    own = snapshot["shots"][index]["motion"]
    if own:
        return Fate(index, "motion", "Camera move", Kind.SENT, title_of(own), place)
    said = " Said again, because its own speed needs a move beside it." if place else ""
    why = f"Inherits the project's {title_of(snapshot['motion'])}.{said}"
    return Fate(index, "motion", "Camera move", Kind.INHERITED, why=why)


def _own_or_inherited(
    index: int, field: str, label: str, snapshot: Snapshot, place: tuple[str, ...]
) -> Fate:
    shot = snapshot["shots"][index]
    own, general = shot.get(field), snapshot.get(field)
    value = _in_words(field, own)
    if place:
        return Fate(index, field, label, Kind.SENT, value, place)
    if own in (None, ""):
        if general in (None, ""):
            return Fate(index, field, label, Kind.EMPTY, why="Not set: Transend chooses.")
        why = f"Inherits the project's {_in_words(field, general)}."
        return Fate(index, field, label, Kind.INHERITED, why=why)
    if own == general:
        why = "The same as the project's, so it is not said twice."
    else:
        why = "This workspace sends speed and light for the whole film only."
    return Fate(index, field, label, Kind.LOCAL, value, why=why)


def _transition(index: int, snapshot: Snapshot, place: tuple[str, ...]) -> Iterator[Fate]:
    shot = snapshot["shots"][index]
    kind, length = Transition(shot["transition"]), timing.in_words(shot["transition_ms"])
    names = (("transition", "Transition", kind.label), ("transition_ms", "Its length", length))
    if kind == Transition.CUT:
        yield Fate(index, "transition", "Transition", Kind.EMPTY, why="A cut needs no words.")
        yield Fate(index, "transition_ms", "Its length", Kind.EMPTY, why="A cut lasts no time.")
        return
    if words := contract.transition_words(snapshot, index):
        why = f"Transend has no field for it: “{words}” ends the prompt."
        for field, label, value in names:
            yield Fate(index, field, label, Kind.WORDS, value, place, why)
        return
    if snapshot["weaves_transitions"]:
        why = "No shot follows to go over into."
    else:
        why = "Transend has no field for it, and this project does not say it in words."
    for field, label, value in names:
        yield Fate(index, field, label, Kind.LOCAL, value, why=why)


def _ours(index: int, shot: ShotSnapshot) -> Iterator[Fate]:
    reference = f"Picture {shot['reference_id']}" if shot["reference_id"] else ""
    for field, label, value, why in (
        ("notes", "Notes", shot["notes"], "Notes are for your team."),
        ("is_locked", "Lock", "Locked" if shot["is_locked"] else "", "It guards editing here."),
        (
            "reference_id",
            "Reference picture",
            reference,
            "Transend's document has no field for pictures.",
        ),
    ):
        yield Fate(index, field, label, Kind.LOCAL if value else Kind.EMPTY, value, why=why)
    yield from _subject(index, shot)


def _subject(index: int, shot: ShotSnapshot) -> Iterator[Fate]:
    for field, label, value in (
        ("subject_x", "Subject, from the left", shot["subject_x"]),
        ("subject_y", "Subject, from the top", shot["subject_y"]),
    ):
        if value is None:
            yield Fate(index, field, label, Kind.EMPTY, why="Not set: the centre is taken.")
        else:
            why = "Only the dry run and the animatic use it."
            yield Fate(index, field, label, Kind.LOCAL, f"{value} %", why=why)


def _in_words(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    unit = " K" if field == "light_temperature" else ""
    return f"{value if isinstance(value, str) else plain_number(value)}{unit}"
