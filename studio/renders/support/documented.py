"""The vendor document's own table of errors (section Error Codes), word for word."""

from dataclasses import dataclass

from studio.renders.models import Take


@dataclass(frozen=True)
class DocumentedError:
    """One row of the table."""

    code: int
    meaning: str
    resolution: str


_TABLE = {
    row.code: row
    for row in (
        DocumentedError(
            400,
            "Invalid duration or malformed storyboard.",
            "Ensure each scene duration totals ≤ 60 seconds and prompts are strings.",
        ),
        DocumentedError(
            401, "Missing/invalid API key.", "Rotate your key and retry with the Bearer header."
        ),
        DocumentedError(
            429,
            "Concurrency limit reached.",
            "Implement exponential backoff or request higher quota.",
        ),
        DocumentedError(
            500,
            "Internal rendering failure.",
            "Capture trace_id and contact support with scene parameters.",
        ),
    )
}
# A render that Transend itself calls failed has no status of its own; this row is about it.
_FAILED_AT_VENDOR = 500


def documented_error(take: Take) -> DocumentedError | None:
    """The row that is about this take's trouble; None when the document says nothing of it."""
    code = _FAILED_AT_VENDOR if take.error_kind == "render_failed" else take.error_status
    return _TABLE.get(code) if code is not None else None
