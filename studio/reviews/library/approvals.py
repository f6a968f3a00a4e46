"""Whose approvals stood behind a release, told from the history as it was at that moment."""

from collections.abc import Iterable

from studio.reviews.deciding.history import Verdict
from studio.reviews.models import Decision, Release


def approvals_behind(release: Release, said: Iterable[Decision]) -> tuple[Decision, ...]:
    """The approvals that counted when the film was released, oldest first.

    `said` are the take's decisions in the order they were made. A later word of the same person
    takes an approval back; a request for changes that counts takes back all of them.
    """
    standing: dict[tuple[int | None, int | None], Decision] = {}
    for decision in said:
        if decision.decided_at > release.released_at:
            break
        maker = (decision.decided_by_id, decision.guest_id)
        standing.pop(maker, None)
        if decision.counts and decision.verdict == Verdict.CHANGES_REQUESTED:
            standing.clear()
        if decision.counts and decision.is_approval and decision.seal == release.seal:
            standing[maker] = decision
    return tuple(standing.values())
