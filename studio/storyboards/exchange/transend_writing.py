"""A board as the vendor's JSON, to be kept, sent by other tools, or read back to the same board.

It is the body that would be sent, but transitions are not woven into the prompts: they stand with
our other own fields under `webhook_metadata.shotboard` (see `local_fields`).
"""

from collections.abc import Iterable
from typing import Any

from studio.storyboards.contract import body_of
from studio.storyboards.exchange import local_fields
from studio.storyboards.models import Project, Shot
from studio.storyboards.snapshots import Snapshot, snapshot_of


def export_board(project: Project, shots: Iterable[Shot]) -> dict[str, Any]:
    """The whole board. `transend_json.read_body` gives back all of it but the files that lie in
    the vault: reference pictures and the soundtrack."""
    snapshot = snapshot_of(project, shots)
    unwoven: Snapshot = {**snapshot, "weaves_transitions": False}
    body = body_of(unwoven, lists_shots=not _is_plain(snapshot))
    local = local_fields.of_board(snapshot, body)
    return body | {"webhook_metadata": {**snapshot["webhook_metadata"], local_fields.NAME: local}}


def export_shots(project: Project, shots: Iterable[Shot]) -> dict[str, Any]:
    """`{"storyboard": [...]}` of these shots alone, as the clipboard carries them. What they
    inherit stays inherited: on another board they take that board's camera and light."""
    snapshot = snapshot_of(project, shots)
    alone: Snapshot = {
        **snapshot,
        "weaves_transitions": False,
        "speed": None,
        "light_temperature": None,
        "light_intensity": None,
        "light_style": "",
    }
    fragment = {"storyboard": body_of(alone, lists_shots=True)["storyboard"]}
    if local := local_fields.of_shots(alone, fragment):
        metadata = {local_fields.NAME: {"version": local_fields.VERSION, **local}}
        return fragment | {"webhook_metadata": metadata}
    return fragment


def _is_plain(snapshot: Snapshot) -> bool:
    """Whether the document's plain form, prompt and no storyboard, reads back as this board."""
    shots = snapshot["shots"]
    return (
        len(shots) == 1
        and shots[0]["scene_id"] == "scene-1"
        and shots[0]["prompt"] == snapshot["brief"]
    )
