"""What a take's page says in each status: what happened, and what to do."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.utils import timezone

from studio.renders.failures import DISCARDED, GIVEN_UP
from studio.renders.lifecycle import AT_VENDOR, IN_FLIGHT, MOVING, Status
from studio.renders.models import Take


@dataclass(frozen=True)
class Standing:
    """How a status looks (`tone`, `icon`), what it is called, and what it means in plain words."""

    tone: str
    icon: str
    says: str
    then: str = ""
    label: str = ""


_AT_REST = {
    Status.QUEUED: Standing(
        "busy", "clock", "It waits to be sent.", "Nothing was sent yet, so nothing is billed."
    ),
    Status.SUBMITTING: Standing("busy", "send", "It is being sent to Transend."),
    Status.SUBMITTED: Standing(
        "busy", "hourglass", "Transend has taken it on; it waits there for its turn."
    ),
    Status.RUNNING: Standing(
        "busy", "film", "Transend is rendering.", "You may close this page: the take goes on."
    ),
    Status.COLLECTING: Standing(
        "busy", "download", "The render is finished; its files are being fetched and checked."
    ),
    Status.READY: Standing("good", "circle-check", "The preview is ready to be looked at."),
    Status.CANCELLED: Standing(
        "", "ban", "Cancelled before it was sent. Nothing was billed.", "Render again at any time."
    ),
    Status.FAILED: Standing("bad", "circle-alert", "The render failed."),
    Status.STALLED: Standing("warn", "pause", "There is no news of this render."),
    Status.UNCOLLECTED: Standing(
        "warn", "triangle-alert", "The render is finished, but its files could not be fetched."
    ),
    Status.UNCERTAIN: Standing(
        "warn", "triangle-alert", "Transend may have created this render, or not."
    ),
}
_TO_BE_DISCARDED = Standing(
    "",
    "trash-2",
    "To be discarded on arrival: Transend goes on rendering, and nothing will be fetched.",
    "It may be billed all the same. Until it arrives it can still be kept.",
)
_SENT_BEFORE = {
    Status.QUEUED: Standing(
        "busy", "clock", "It waits to be sent again.", "What was sent before may be billed."
    ),
    Status.CANCELLED: Standing(
        "",
        "ban",
        "Cancelled before it was sent again. What was sent before may be billed.",
        "Render again at any time.",
    ),
}
_GIVEN_UP = {DISCARDED: "Discarded", GIVEN_UP: "Given up"}
_UNCERTAIN_THEN = (
    "It is not sent again by itself, because that could cost twice. Somebody looks for it in the "
    "Transend console, then a producer settles it here."
)


_FILES_DELETED = Standing(
    "",
    "trash-2",
    "Its files were deleted, as this workspace does with takes that nobody approved.",
    "Render a new take if the film is still needed.",
)


def standing_of(take: Take) -> Standing:
    """What to show for a take as it is now."""
    return replace(_standing_of(take), label=label_of(take))


def label_of(take: Take) -> str:
    """What its state is called: one that somebody gave up is no failure."""
    if is_given_up(take):
        return _GIVEN_UP[take.error_kind]
    if _is_to_be_discarded(take):
        return "To be discarded"
    return Status(take.status).label


def is_given_up(take: Take) -> bool:
    """Whether a person ended it after it was sent: that is no failure of anybody's."""
    return take.status == Status.FAILED and take.error_kind in _GIVEN_UP


def _is_to_be_discarded(take: Take) -> bool:
    return take.discarded_at is not None and take.status in AT_VENDOR


def _standing_of(take: Take) -> Standing:
    plain = _AT_REST[Status(take.status)]
    if take.billable:
        plain = _SENT_BEFORE.get(Status(take.status), plain)
    if take.files_deleted_at is not None:
        return _FILES_DELETED
    if is_given_up(take):
        return Standing("", "trash-2", take.error_says, take.error_resolution)
    if _is_to_be_discarded(take):
        return _TO_BE_DISCARDED
    if take.status in MOVING and take.waits_for:
        return Standing("warn", "hourglass", f"Waiting for {take.waits_for}.", plain.then)
    if take.status == Status.UNCERTAIN:
        says = f"{plain.says} {take.error_says}".strip()
        return Standing(plain.tone, plain.icon, says, _UNCERTAIN_THEN)
    if take.error_says and take.status not in (Status.READY, Status.CANCELLED, *MOVING):
        waiting = f" Waiting for {take.waits_for}." if take.waits_for else ""
        says = f"{take.error_says}{waiting}"
        return Standing(plain.tone, plain.icon, says, _then(take))
    return plain


def _then(take: Take) -> str:
    """What to do, and for uncollected files how long there is time for it."""
    if take.status != Status.UNCOLLECTED or take.links_until is None:
        return take.error_resolution
    if take.links_until > timezone.now():
        until = in_words(take.links_until)
        return f"{take.error_resolution} Transend keeps the files until {until}."
    return (
        f"Transend has kept the files until {in_words(take.links_until)}, so they may be gone. "
        "Press “Collect again” to ask once more, which is free; if they are gone, contact Transend "
        "support with the trace id, or order a new render, which is paid for anew."
    )


def tone_of(take: Take) -> str:
    """How its status looks at a glance."""
    return "" if is_given_up(take) else _AT_REST[Status(take.status)].tone


def advice_on(take: Take) -> str:
    """What a person is to do about a take's trouble; it may be nothing."""
    if take.status not in MOVING:
        return _then(take)
    waits = f" It waits for {take.waits_for}." if take.waits_for else ""
    return f"Nothing needs to be done here: Shotboard goes on by itself.{waits}"


def in_words(moment: datetime) -> str:
    """A moment as the pages write it: `22 Nov 2026, 13:10 UTC`."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"


def pulse_s(take: Take) -> int:
    """How often a page asks whether something has changed, in seconds; 0 for never again."""
    if take.status in MOVING:
        return 1
    return 5 if take.status in IN_FLIGHT else 0
