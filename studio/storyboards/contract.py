"""The contract with the vendor: the exact body a snapshot is sent as, and what forbids sending it.

Field names and limits: document, sections Create a Generation, Required fields, Optional fields.
Where the document is silent, PRODUCT's decisions hold: the sum is always exact, the default motion
always sent, a shot's own speed and lighting only where they differ from the project's. Transitions
have no field: they are woven into the prompts in words, unless the project switches that off.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from studio.lib import unseen
from studio.storyboards import rules, timing
from studio.storyboards.models import Transition
from studio.storyboards.snapshots import ShotSnapshot, Snapshot


@dataclass(frozen=True)
class Problem:
    """Why a board cannot be sent.

    `where` is the place in the vendor's body, such as `storyboard[2].prompt`; `shot` the index of
    the shot, None for the project; `field` the field's name on our own board.
    """

    where: str
    says: str
    shot: int | None = None
    field: str = ""


def body_of(
    snapshot: Snapshot, *, sends_shot_details: bool = True, lists_shots: bool = False
) -> dict[str, Any]:
    """The request body, in the document's key order, without `webhook_url`.

    `lists_shots` writes the storyboard even where the document's plain form would do.
    """
    camera: dict[str, Any] = {"motion": snapshot["motion"]}
    if snapshot["speed"] is not None:
        camera["speed"] = rules.plain_number(snapshot["speed"])
    body: dict[str, Any] = {
        "prompt": prompt_of(snapshot),
        "duration_seconds": timing.to_seconds(sum(s["duration_ms"] for s in snapshot["shots"])),
        "camera": camera,
    }
    if light := lighting_of(snapshot):
        body["lighting"] = light
    if lists_shots or not _is_single(snapshot):
        body["storyboard"] = [
            _scene(index, snapshot, sends_shot_details) for index in range(len(snapshot["shots"]))
        ]
    if snapshot["webhook_metadata"]:
        body["webhook_metadata"] = snapshot["webhook_metadata"]
    return body


def prompt_of(snapshot: Snapshot) -> str:
    """The brief, or one composed from the shots' prompts when it is empty."""
    if not unseen.is_blank(snapshot["brief"]):
        return snapshot["brief"]
    prompts = (unseen.trimmed(shot["prompt"]).rstrip(".") for shot in snapshot["shots"])
    composed = ". ".join(prompt for prompt in prompts if not unseen.is_blank(prompt))
    return f"{composed}." if composed else ""


def lighting_of(part: Snapshot | ShotSnapshot) -> dict[str, Any]:
    """What is set of a project's or shot's lighting, under the vendor's names."""
    light: dict[str, Any] = {}
    if part["light_temperature"] is not None:
        light["temperature"] = rules.plain_number(part["light_temperature"])
    if part["light_intensity"] is not None:
        light["intensity"] = rules.plain_number(part["light_intensity"])
    if part["light_style"]:
        light["style"] = part["light_style"]
    return light


def _is_single(snapshot: Snapshot) -> bool:
    """One shot that says nothing of its own: sent as the document's plain form, no storyboard."""
    if len(snapshot["shots"]) != 1:
        return False
    shot = snapshot["shots"][0]
    says_nothing_else = unseen.is_blank(snapshot["brief"]) or (
        shot["prompt"].strip() == prompt_of(snapshot).strip()
    )
    return says_nothing_else and not (
        shot["motion"]
        or shot["speed"] is not None
        or lighting_of(shot)
        or transition_words(snapshot, 0)
    )


def transition_words(snapshot: Snapshot, index: int) -> str:
    """What is woven into the prompt of the shot at `index`: how it goes over; "" for nothing."""
    shot = snapshot["shots"][index]
    if not snapshot["weaves_transitions"] or shot["transition"] == Transition.CUT:
        return ""
    length = timing.in_words(shot["transition_ms"])
    has_next = index + 1 < len(snapshot["shots"])
    into, at_end = _WOVEN[Transition(shot["transition"])]
    words = into if has_next else at_end
    return words.format(length=length)


_WOVEN = {
    Transition.CROSSFADE: ("Crossfade into the next shot over {length}.", ""),
    Transition.WIPE: ("Wipe to the next shot over {length}.", ""),
    Transition.DIP_TO_BLACK: (
        "Dip to black over {length}, then the next shot.",
        "Fade to black over the last {length}.",
    ),
    Transition.DIP_TO_WHITE: (
        "Dip to white over {length}, then the next shot.",
        "Fade to white over the last {length}.",
    ),
}


def woven_prompt(snapshot: Snapshot, index: int) -> str:
    """The prompt of the shot at `index` as it is sent."""
    prompt, words = snapshot["shots"][index]["prompt"], transition_words(snapshot, index)
    if not words:
        return prompt
    sentence = prompt.rstrip()
    return f"{sentence}{'' if sentence.endswith(('.', '!', '?', '…')) else '.'} {words}"


def _scene(index: int, snapshot: Snapshot, sends_details: bool) -> dict[str, Any]:
    shot = snapshot["shots"][index]
    scene: dict[str, Any] = {
        "id": shot["scene_id"],
        "prompt": woven_prompt(snapshot, index),
        "duration_seconds": timing.to_seconds(shot["duration_ms"]),
    }
    camera: dict[str, Any] = {"motion": shot["motion"]} if shot["motion"] else {}
    if sends_details and shot["speed"] is not None and shot["speed"] != snapshot["speed"]:
        camera = {
            "motion": shot["motion"] or snapshot["motion"],
            "speed": rules.plain_number(shot["speed"]),
        }
    if camera:
        scene["camera"] = camera
    general = lighting_of(snapshot)
    differs = {k: v for k, v in lighting_of(shot).items() if general.get(k) != v}
    if sends_details and differs:
        scene["lighting"] = differs
    return scene


def problems_of(snapshot: Snapshot, motions: Collection[str]) -> list[Problem]:
    """Everything that forbids sending, each with its place. `motions`: the presets' names."""
    found = list(_project_problems(snapshot, motions))
    for index, shot in enumerate(snapshot["shots"]):
        found += _shot_problems(index, shot, motions)
    budget = timing.Budget.of([shot["duration_ms"] for shot in snapshot["shots"]])
    if not snapshot["shots"]:
        found.append(Problem("storyboard", "There are no shots yet. Add one.", None, "shots"))
    elif not budget.is_sendable:
        found.append(Problem("duration_seconds", budget.says, budget.overrun_index, "duration_ms"))
    return found


def _project_problems(snapshot: Snapshot, motions: Collection[str]) -> list[Problem]:
    found = _brief_problems(snapshot["brief"], prompt_of(snapshot))
    return found + _camera_problems(snapshot, motions, "camera", None)


def _brief_problems(brief: str, prompt: str) -> list[Problem]:
    """What is wrong with the brief, or with the `prompt` composed in its place."""
    if not unseen.is_blank(brief):
        return _text_problems(brief, rules.MAX_BRIEF, "A brief", "prompt", None, "brief")
    if not prompt:
        says = "There is neither a brief nor a prompt. Write one."
    elif len(prompt) > rules.MAX_BRIEF:
        says = (
            "There is no brief, so one is composed from the shots' prompts, and that has "
            f"{len(prompt):,} characters: {rules.MAX_BRIEF:,} are the most. Write a brief."
        )
    else:
        return []
    return [Problem("prompt", says, None, "brief")]


def _shot_problems(index: int, shot: ShotSnapshot, motions: Collection[str]) -> list[Problem]:
    where = f"storyboard[{index}]"
    found = _text_problems(
        shot["prompt"], rules.MAX_PROMPT, "A prompt", f"{where}.prompt", index, "prompt"
    )
    if unseen.is_blank(shot["prompt"]):
        says = f"Shot {index + 1} has no prompt. Say what is to be seen."
        found.append(Problem(f"{where}.prompt", says, index, "prompt"))
    if shot["duration_ms"] < timing.MIN_SHOT_MS:
        says = f"Shot {index + 1} is shorter than 0.5 s. Lengthen or delete it."
        found.append(Problem(f"{where}.duration_seconds", says, index, "duration_ms"))
    return found + _camera_problems(shot, motions, f"{where}.camera", index)


def _text_problems(
    text: str, limit: int, what: str, where: str, shot: int | None, field: str
) -> list[Problem]:
    try:
        rules.checked_text(text, limit, what)
    except rules.BadField as bad:
        return [Problem(where, str(bad), shot, field)]
    return []


def _camera_problems(
    part: Snapshot | ShotSnapshot, motions: Collection[str], where: str, shot: int | None
) -> list[Problem]:
    found = []
    inherits = shot is not None and not part["motion"]
    if not inherits:
        try:
            rules.checked_motion(part["motion"], motions)
        except rules.BadField as bad:
            found.append(Problem(f"{where}.motion", str(bad), shot, "motion"))
    if part["speed"] is not None:
        try:
            rules.checked_speed(part["speed"])
        except rules.BadField as bad:
            found.append(Problem(f"{where}.speed", str(bad), shot, "speed"))
    return found
