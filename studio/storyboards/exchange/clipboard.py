"""Shots on the system clipboard: the vendor's JSON, so that it can be pasted anywhere.

It is what `transend_json.export_shots` writes; a shot's reference picture goes with it as the
picture's SHA-256 (`webhook_metadata.shotboard.shots.<scene id>.reference`), and is found again
only in the workspace that has it.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from studio.accounts.models import Workspace
from studio.storyboards.exchange import local_fields, strict_json, transend_json
from studio.storyboards.models import Project, Shot
from studio.storyboards.references import PICTURES

MAX_PROBLEMS = 3


class NoShots(ValueError):
    """What was pasted holds no shots that can be trusted; the message says what is wrong."""


@dataclass(frozen=True)
class Pasted:
    """Shots to be saved, and what was left out or decided."""

    shots: list[Shot]
    remarks: tuple[str, ...]


def copied(project: Project, shots: Sequence[Shot]) -> str:
    """These shots (read with their reference pictures) as text for the clipboard."""
    fragment = transend_json.export_shots(project, shots)
    for shot in shots:
        if shot.reference is not None:
            extras = _extras_of(fragment, shot.scene_id)
            extras["reference"] = shot.reference.sha256
    return json.dumps(fragment, ensure_ascii=False, indent=2)


def pasted(text: str, workspace: Workspace, motions: Collection[str]) -> Pasted:
    """The shots in `text`. Raises `NoShots`."""
    if not text.strip():
        raise NoShots("There is nothing to paste. Copy shots on a board first.")
    try:
        data = strict_json.read_json(text.encode("utf-8", "replace"))
    except strict_json.Unreadable as unreadable:
        raise NoShots(_no_json(text, str(unreadable))) from None
    hashes = _references_in(data)
    try:
        board = transend_json.read_body(data, motions)
    except transend_json.Malformed as malformed:
        said = [f"{p.where}: {p.says}" if p.where else p.says for p in malformed.problems]
        more = f" And {len(said) - MAX_PROBLEMS} more." if len(said) > MAX_PROBLEMS else ""
        says = f"What you pasted is not a storyboard. {' '.join(said[:MAX_PROBLEMS])}{more}"
        raise NoShots(says) from None
    shots = [imported.shot() for imported in board.shots]
    return Pasted(shots, _with_references(shots, hashes, workspace))


def _no_json(text: str, says: str) -> str:
    if not text.lstrip().startswith(("{", "[")):
        return "The clipboard holds no shots. Copy shots on a board, or Transend JSON, then paste."
    return f"What you pasted cannot be read. {says}"


def _extras_of(fragment: dict[str, Any], scene_id: str) -> dict[str, Any]:
    """Our own fields of a shot in a fragment, made if there are none yet."""
    metadata = fragment.setdefault("webhook_metadata", {})
    local = metadata.setdefault(local_fields.NAME, {"version": local_fields.VERSION})
    extras: dict[str, Any] = local.setdefault("shots", {}).setdefault(scene_id, {})
    return extras


def _references_in(data: Any) -> dict[str, str]:
    """Take the pictures' hashes out of pasted data, by scene id."""
    found: dict[str, str] = {}
    part = data
    for name in ("webhook_metadata", local_fields.NAME, "shots"):
        part = part.get(name) if isinstance(part, dict) else None
    for scene_id, extras in part.items() if isinstance(part, dict) else ():
        if isinstance(extras, dict) and isinstance(extras.get("reference"), str):
            found[scene_id] = extras.pop("reference")
    return found


def _with_references(
    shots: Sequence[Shot], hashes: dict[str, str], workspace: Workspace
) -> tuple[str, ...]:
    """Give the shots their pictures, those that this workspace has; says which it has not."""
    wanted = {shot.scene_id: hashes[shot.scene_id] for shot in shots if shot.scene_id in hashes}
    if not wanted:
        return ()
    assets = PICTURES.kept_for_ever(workspace).filter(sha256__in=set(wanted.values()))
    known = {asset.sha256: asset for asset in assets}
    for shot in shots:
        shot.reference = known.get(wanted.get(shot.scene_id, ""))
    lost = sum(sha256 not in known for sha256 in wanted.values())
    if not lost:
        return ()
    what = "A reference picture was" if lost == 1 else f"{lost} reference pictures were"
    return (f"{what} left out: pictures stay in their workspace.",)
