"""A proof: chosen shots of a revision as the shortest film that the vendor renders.

"Start with shorter sequences to validate creative direction" (document, section Best Practices).
Prompts, camera and light stay as they are; the durations are scaled to exactly 15 s. A take keeps
the scene ids alone: revision and ids always make the same snapshot again.
"""

from collections.abc import Collection, Sequence
from typing import cast

from studio.renders.models import Take
from studio.storyboards import fitting, timing
from studio.storyboards.snapshots import ShotSnapshot, Snapshot

PROOF_MS = timing.MIN_TOTAL_MS
MOST_SHOTS = PROOF_MS // timing.MIN_SHOT_MS


class NotAProof(ValueError):
    """These shots make no proof; the message says what to choose."""


def scenes_of(snapshot: Snapshot, pks: Collection[int]) -> list[str]:
    """The scene ids of the shots of these pks, in the film's order; of all shots where none is
    chosen. Raises `NotAProof` when a chosen shot is not in the revision any more."""
    shots = snapshot["shots"]
    there = {shot["pk"] for shot in shots}
    gone = len(set(pks) - there)
    if gone:
        which = "A chosen shot is" if gone == 1 else f"{gone} chosen shots are"
        raise NotAProof(f"{which} not on this board any more. Choose the shots again.")
    return [shot["scene_id"] for shot in shots if not pks or shot["pk"] in pks]


def proof_of(snapshot: Snapshot, scenes: Sequence[str]) -> Snapshot:
    """The snapshot with only these scenes, in the film's order, scaled to exactly 15,000 ms.

    Each shot gets at least 500 ms. Raises `NotAProof`.
    """
    chosen = [shot for shot in snapshot["shots"] if shot["scene_id"] in set(scenes)]
    if not chosen:
        raise NotAProof("There is no shot to make a proof of. Choose one shot at least.")
    if len(chosen) > MOST_SHOTS:
        raise NotAProof(
            f"A proof lasts {timing.in_words(PROOF_MS)} and each shot in it at least "
            f"{timing.in_words(timing.MIN_SHOT_MS)}, so it holds {MOST_SHOTS} shots at most. "
            f"{len(chosen)} are chosen: take {len(chosen) - MOST_SHOTS} away."
        )
    # Locks keep the film's lengths, which a proof does not have anyway.
    durations = [shot["duration_ms"] for shot in chosen]
    fitted = fitting.fit(durations, [False] * len(chosen), PROOF_MS)
    shots = [
        cast(ShotSnapshot, {**shot, "duration_ms": fitted_ms})
        for shot, fitted_ms in zip(chosen, fitted, strict=True)
    ]
    return cast(Snapshot, {**snapshot, "shots": shots})


def snapshot_of(take: Take) -> Snapshot:
    """The plan that a take renders: its revision's, or the proof made of it."""
    snapshot: Snapshot = take.revision.snapshot
    return proof_of(snapshot, take.proof_scenes) if take.is_proof else snapshot
