"""What takes show of camera moves: a render that succeeded accepts them, a 400 rejects one.

For the workspace that paid alone: no tenant changes what another one reads. Both are called in the
transaction that writes the take's status.
"""

import re
from collections.abc import Iterable

from django.utils import timezone

from studio.renders.models import Take
from studio.storyboards import presets
from studio.storyboards.models import CameraPreset, PresetEvidence
from studio.transend import wire


def accepted(take: Take) -> None:
    """The take has become ready: the vendor renders every camera move that was sent with it."""
    _record(take, motions_sent(take), presets.ACCEPTED)


def rejected(take: Take, body: str) -> None:
    """The vendor refused the take with a 400 of this body: if it names one move, that one."""
    if motion := motion_named(body, motions_sent(take), presets.motions_of(take.workspace)):
        _record(take, [motion], presets.REJECTED)


def motions_sent(take: Take) -> list[str]:
    """The camera moves in the take's payload, each once, in the order of first use."""
    try:
        payload = wire.decode_json(take.payload.encode())
        cameras = [part.get("camera", {}) for part in (payload, *payload.get("storyboard", []))]
        return list(dict.fromkeys(camera["motion"] for camera in cameras if "motion" in camera))
    except (ValueError, TypeError, AttributeError):
        # Damaged since it was sent. That is told elsewhere; a paid film is not given up for it.
        return []


def motion_named(body: str, sent: Iterable[str], known: Iterable[str]) -> str | None:
    """The one move that an error's body is about; None where that cannot be told.

    A body that lists the moves there are names many, and says of none that it is wrong.
    """
    sent = set(sent)
    named = {motion for motion in sent.union(known) if _names(body, motion)}
    return named.pop() if len(named) == 1 and named <= sent else None


def _names(body: str, motion: str) -> bool:
    """Whether the text has the move's exact name: quoted, or right behind the word for it.

    `follow` and `static` are words of English too, and `pan` is part of `pan-left`.
    """
    name = re.escape(motion)
    quoted = rf"[\"'`‘“]{name}(?=\\?[\"'`’”])"
    behind = rf"(?:motion|preset|move)s?\b[\s:=]+{name}(?![\w-]|\s*,)"
    return re.search(f"{quoted}|{behind}", body, re.IGNORECASE) is not None


def _record(take: Take, motions: Iterable[str], standing: CameraPreset.Standing) -> None:
    now = timezone.now()
    PresetEvidence.objects.bulk_create(
        [
            PresetEvidence(
                workspace=take.workspace, motion=motion, standing=standing, take=take.pk, at=now
            )
            # Rows are locked in one order, or two takes that end at once wait for each other.
            for motion in sorted(motions)
        ],
        update_conflicts=True,
        unique_fields=["workspace", "motion"],
        update_fields=["standing", "take", "at"],
    )
