"""Every step of a take's life at which a process may be killed, in the order of that life."""

from enum import StrEnum


class Room(StrEnum):
    """Whose work a step is: which process stands still there."""

    PERSON = "the person's own process"
    SENDER = "a worker of takes"
    WATCHER = "the watcher"
    COLLECTOR = "a worker of long"
    WEB = "a worker of web"
    NOBODY = "nobody"


class Step(StrEnum):
    """The value is what the table says."""

    IDLE = "idle: no take is about"
    ORDERING = "ordering: written, not committed"
    ORDERED = "ordered: a worker has the entry"
    CLAIMED = "claimed, nothing sent"
    CONNECTED = "connected, nothing written"
    HALF_SENT = "half of the body sent"
    SENT = "sent, no answer read"
    ANSWERED = "answered, task id not stored"
    STORED = "task id stored"
    ASKING = "a question about to be asked"
    HEARD = "answer read, not written down"
    RUNNING = "known to be running"
    CALLED = "webhook received, not noted"
    FINISHED = "finished, not written down"
    NOTICED = "finished, entry for collecting"
    COLLECTING = "collecting: claimed"
    GIF_HALF = "part of the GIF downloaded"
    GIF_PROBED = "GIF probed, not in the vault"
    WATERMARKED = "watermarked, not in the vault"
    VIDEO_HALF = "part of the video downloaded"
    RENAMED = "video renamed, no row"
    KEPT = "video has its row, the take not"
    SETTLING = "ready, not committed"
    CANCELLING = "cancelled, not committed"

    @property
    def room(self) -> Room:
        return _ROOMS[self]


_ROOMS = {
    Step.IDLE: Room.NOBODY,
    Step.ORDERING: Room.PERSON,
    Step.CANCELLING: Room.PERSON,
    Step.CALLED: Room.WEB,
    **dict.fromkeys(
        (Step.ORDERED, Step.CLAIMED, Step.CONNECTED, Step.HALF_SENT, Step.SENT, Step.ANSWERED,
         Step.STORED),
        Room.SENDER,
    ),
    **dict.fromkeys(
        (Step.ASKING, Step.HEARD, Step.RUNNING, Step.FINISHED, Step.NOTICED), Room.WATCHER
    ),
    **dict.fromkeys(
        (Step.COLLECTING, Step.GIF_HALF, Step.GIF_PROBED, Step.WATERMARKED, Step.VIDEO_HALF,
         Step.RENAMED, Step.KEPT, Step.SETTLING),
        Room.COLLECTOR,
    ),
}  # fmt: skip

# From the claim until the task id is on disk nobody but the sender knows the outcome.
UNDECIDED = (Step.CLAIMED, Step.CONNECTED, Step.HALF_SENT, Step.SENT, Step.ANSWERED)
