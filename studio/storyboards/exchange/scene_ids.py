"""Ids of imported shots: each is kept unless it is missing or taken."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from studio.storyboards.exchange.imported import ImportedShot

_SCENE = re.compile(r"scene-([0-9]{1,9})")


def with_ids(
    shots: Sequence[ImportedShot], taken: Collection[str] = ()
) -> tuple[list[ImportedShot], list[str]]:
    """The shots, each with an id that neither another of them nor `taken` has; and remarks.

    A new id is the next free `scene-N` above all that are in use.
    """
    used = {*taken, *(shot.scene_id for shot in shots)}
    numbers = (int(found[1]) for name in used if (found := _SCENE.fullmatch(name)))
    fresh = (f"scene-{number}" for number in count(max(numbers, default=0) + 1))
    seen, named, renamed = set(taken), [], []
    for shot in shots:
        name = shot.scene_id
        if not name or name in seen:
            if name:
                renamed.append(name)
            name = next(fresh)
        seen.add(name)
        named.append(replace(shot, scene_id=name))
    return named, _said(renamed)


def _said(renamed: list[str]) -> list[str]:
    if not renamed:
        return []
    if len(renamed) == 1:
        return [f"The id “{renamed[0]}” is taken already: its shot gets a new one."]
    return [f"{len(renamed)} ids are taken already: their shots get new ones."]
