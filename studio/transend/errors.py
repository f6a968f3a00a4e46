"""What can go wrong with the vendor, told apart by what it means for a paid render.

TransendError
├── NothingCreated            the request surely had no effect
│   ├── Unreachable           the connection was never made         (may be repeated)
│   ├── RateLimited           429, with Retry-After if given        (may be repeated)
│   ├── InvalidRequest        400
│   └── InvalidKey            401
├── OutcomeUnknown            a generation was sent; whether it exists cannot be told
├── NotAnswered               a question stayed open; asking again costs nothing
│   ├── NoAnswer              connected, then timeout or a broken connection
│   ├── MalformedAnswer       an answer that is not the document's
│   ├── NotFound              404
│   ├── RenderingFailure      500
│   └── UnexpectedStatus      any other status
├── NotConfigured             nobody has said where the vendor answers this; nothing was sent
└── CollectingError           a finished file could not be fetched
    ├── LinkMissing           the task names none to this file: ask it again
    ├── LinkExpired           401, 403, 404, 410: ask the task for a fresh link
    ├── DownloadFailed        broken, too large, too slow, or not the file itself
    └── ForbiddenAddress      not on the allow-list, or an address inside our own network

Resolutions are those of the document (section Error Codes) in plain words. No error carries the
key or a signed query, in its text, its attributes or the exceptions that it is chained to.
"""

from studio.transend.redaction import EXCERPT_CHARS, without_secrets

TRACE_CHARS = 200
"""How much of the vendor's trace id is kept."""


class TransendError(Exception):
    """Something went wrong with the vendor.

    `says` tells what happened, `resolution` what to do next, both in plain words. `status` is the
    HTTP status if there was one, `excerpt` the start of the answer, `trace_id` the vendor's.
    """

    resolution = "Try again later."
    is_repeatable = False
    """Whether the same request may be sent again without a person's word."""

    def __init__(
        self,
        says: str,
        *,
        resolution: str | None = None,
        status: int | None = None,
        excerpt: str = "",
        trace_id: str | None = None,
    ) -> None:
        # `says` is the only positional argument, so that pickle can rebuild every error.
        super().__init__(says)
        self.says = says
        self.status = status
        self.excerpt = without_secrets(excerpt)[:EXCERPT_CHARS]
        self.trace_id = without_secrets(trace_id)[:TRACE_CHARS] if trace_id else None
        if resolution is not None:
            self.resolution = resolution

    def __str__(self) -> str:
        return f"{self.says} {self.resolution}"


class NothingCreated(TransendError):
    """The request surely had no effect: no render was created, nothing is billed."""


class Unreachable(NothingCreated):
    """The connection was never made."""

    resolution = "Nothing was sent. Check the network and the vendor's address, then try again."
    is_repeatable = True


class RateLimited(NothingCreated):
    """429, the key's concurrency limit is reached. `retry_after_s` is the vendor's wish, if any."""

    resolution = "Wait for a running render to finish, or ask Transend for a higher quota."
    is_repeatable = True

    def __init__(
        self,
        says: str,
        *,
        retry_after_s: float | None = None,
        resolution: str | None = None,
        status: int | None = 429,
        excerpt: str = "",
        trace_id: str | None = None,
    ) -> None:
        super().__init__(
            says, resolution=resolution, status=status, excerpt=excerpt, trace_id=trace_id
        )
        self.retry_after_s = retry_after_s


class InvalidRequest(NothingCreated):
    """400, an invalid duration or a malformed storyboard."""

    resolution = (
        "See that the shots total at most 60 seconds and that every prompt is text, "
        "then send again."
    )


class InvalidKey(NothingCreated):
    """401, a missing or invalid API key."""

    resolution = "Ask an admin to rotate the workspace's API key, then send again."


class OutcomeUnknown(TransendError):
    """A generation was sent, and whether it was created cannot be told. Never repeat by itself."""

    resolution = (
        "It may be running and may be billed. Look for it in the Transend console before "
        "anything is sent again."
    )


class NotAnswered(TransendError):
    """A question about a task stayed open. The task itself is untouched by that."""

    resolution = "The render is not affected. Shotboard asks again by itself."


class NoAnswer(NotAnswered):
    """Connected, then no whole answer: timeout, broken connection, too large."""


class MalformedAnswer(NotAnswered):
    """An answer that is not the document's."""


class NotFound(NotAnswered):
    """404, the vendor does not know the task."""

    resolution = (
        "See that the API key belongs to the workspace that sent the render, or contact Transend "
        "support with the task's id."
    )


class RenderingFailure(NotAnswered):
    """500, an internal failure of the vendor."""

    resolution = (
        "Shotboard asks again by itself. If it lasts, contact Transend support with the trace id "
        "and the scene parameters."
    )


class UnexpectedStatus(NotAnswered):
    """A status that the document does not have."""


class NotConfigured(TransendError):
    """The document names this part of the API without its address. Nothing was sent."""

    resolution = "An operator sets the path in the environment, once Transend has confirmed it."


class CollectingError(TransendError):
    """A finished file could not be fetched. The render is not affected, and is not sent again."""


class LinkMissing(CollectingError):
    """The task is finished, and what it names is no link to this file: `what`, in words."""

    resolution = (
        "Have it collected again: Transend is asked for its links once more, which costs nothing. "
        "What could be fetched is kept."
    )

    def __init__(self, says: str, *, what: str = "the file") -> None:
        super().__init__(says)
        self.what = what


class LinkExpired(CollectingError):
    """The signed link is refused: it expires after 24 hours."""

    resolution = "Ask for the task again: that gives a fresh link."


class DownloadFailed(CollectingError):
    """The file did not arrive whole and as expected."""

    is_repeatable = True
    resolution = "Fetch it again. The finished render stays at the vendor for 24 hours."

    def __init__(
        self,
        says: str,
        *,
        is_repeatable: bool = True,
        resolution: str | None = None,
        status: int | None = None,
        excerpt: str = "",
        trace_id: str | None = None,
    ) -> None:
        super().__init__(
            says, resolution=resolution, status=status, excerpt=excerpt, trace_id=trace_id
        )
        self.is_repeatable = is_repeatable


class ForbiddenAddress(CollectingError):
    """The link leads where downloads may not go."""

    resolution = (
        "If the vendor has moved its files, an operator adds the new host to TRANSEND_ASSET_HOSTS."
    )
