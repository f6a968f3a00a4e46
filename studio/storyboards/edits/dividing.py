"""Edits that make two shots of one, or one of two."""

import copy
from collections.abc import Collection
from functools import reduce

from studio.accounts.models import User
from studio.storyboards import rules, timing
from studio.storyboards.boards import Board
from studio.storyboards.edits import locks, summaries
from studio.storyboards.edits.adding import copy_of
from studio.storyboards.edits.revising import EditRefused, shots_among
from studio.storyboards.edits.rewriting import rewrite
from studio.storyboards.edits.shots import next_scene_id
from studio.storyboards.models import Project, Shot, Transition

_ENDS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？")


def split(project: Project, base: int, author: User, pks: Collection[int], at_ms: int) -> Board:
    """Divide a shot (the only one of `pks`) `at_ms` into it, by a cut. Both parts keep all it had.

    The first part stays the shot it was; the second gets an id of its own and the transition into
    the next shot. Raises `StaleEdit`, `Locked`, and `EditRefused` when a part would be shorter than
    0.5 s, or `pks` are several.
    """
    shots, [shot, *others] = shots_among(project, base, pks)
    if others:
        raise EditRefused("One shot is split at a time. Select a single one.")
    locks.require_unlocked(shots, pks, ["duration_ms"])
    place, rest_ms = shots.index(shot), shot.duration_ms - at_ms
    _require_divisible(place + 1, shot.duration_ms, at_ms)
    second = copy_of(shot)
    second.scene_id, second.duration_ms = next_scene_id(shots), rest_ms
    after = [copy.copy(other) for other in shots]
    first = after[place]
    first.duration_ms, first.transition, first.transition_ms = at_ms, Transition.CUT, 0
    after.insert(place + 1, second)
    summary = f"Split shot {place + 1} at {timing.in_words(at_ms)}"
    return rewrite(project, base, author, summary, shots, after)


def merge(project: Project, base: int, author: User, pks: Collection[int]) -> Board:
    """Make shots that stand side by side into one, or a single shot and the next: as long as all
    of them, and with the texts of all.

    Camera, light, subject and id are the first's, the transition is the last's. Raises `StaleEdit`,
    `Locked`, and `EditRefused` when there is no next shot, when others stand between them, or when
    all together are too long.
    """
    shots, chosen = shots_among(project, base, pks)
    place = shots.index(chosen[0])
    run = shots[place : place + max(2, len(chosen))]
    if len(run) < 2:
        raise EditRefused(f"Shot {place + 1} is the last: there is none to merge it with.")
    if len(chosen) > 1 and run != chosen:
        raise EditRefused("Only shots side by side can be merged. Select some without a gap.")
    locks.require_unlocked(shots, [shot.pk for shot in run], ["prompt", "duration_ms"])
    merged = reduce(_merged, run)
    _require_fits(merged)
    after = [*map(copy.copy, shots[:place]), merged, *map(copy.copy, shots[place + len(run) :])]
    summary = summaries.of_several("Merged", range(place + 1, place + 1 + len(run)))
    return rewrite(project, base, author, summary, shots, after)


def _merged(first: Shot, second: Shot) -> Shot:
    merged = copy.copy(first)
    merged.duration_ms = first.duration_ms + second.duration_ms
    merged.prompt = sentences(first.prompt, second.prompt)
    merged.notes = "\n".join(dict.fromkeys(filter(None, (first.notes, second.notes))))
    merged.transition, merged.transition_ms = second.transition, second.transition_ms
    merged.reference_id = first.reference_id or second.reference_id
    return merged


def _require_fits(merged: Shot) -> None:
    if merged.duration_ms > timing.MAX_SHOT_MS:
        most = timing.MAX_SHOT_MS // 1000
        raise EditRefused(f"Together they are longer than {most} s. Shorten one first.")
    for what, text, limit in (
        ("prompts", merged.prompt, rules.MAX_PROMPT),
        ("notes", merged.notes, rules.MAX_NOTES),
    ):
        if len(text) > limit:
            raise EditRefused(
                f"They cannot be merged: their {what} hold {len(text):,} characters together, and "
                f"{limit:,} are the most. Shorten them first."
            )


def sentences(first: str, second: str) -> str:
    """Two prompts as one: `Dawn over the sea. Boats leave.` The same prompt stands once."""
    if first == second or not (first and second):
        return first or second
    return f"{first}{'' if first.endswith(_ENDS) else '.'} {second}"


def _require_divisible(number: int, duration_ms: int, at_ms: int) -> None:
    least = timing.MIN_SHOT_MS
    if duration_ms < 2 * least:
        raise EditRefused(
            f"Shot {number} lasts {timing.in_words(duration_ms)}, and each part needs at least "
            "0.5 s. Make it longer first."
        )
    if not least <= at_ms <= duration_ms - least:
        raise EditRefused(
            f"Each part needs at least 0.5 s. Split shot {number} between 0.5 s and "
            f"{timing.in_words(duration_ms - least)}."
        )
