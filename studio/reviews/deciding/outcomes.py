"""Where ready takes stand, in a line for lists and for the state of a take: members read it."""

from collections.abc import Mapping, Sequence

from studio.renders.models import Take
from studio.renders.wording import Standing as Line
from studio.renders.wording import in_words
from studio.reviews.deciding import wording
from studio.reviews.deciding.releases import examine
from studio.reviews.deciding.standing import Standing, standings_of
from studio.reviews.models import Decision, Release
from studio.vault.integrity import seems_intact


def outcomes_of(takes: Sequence[Take], *, exactly: bool) -> dict[int, Line]:
    """The line of each take that somebody decided on, by its pk. Four queries, however many.

    `exactly` also looks whether what is released still is what was approved, take by take.
    """
    standings, withdrawn = standings_of(takes), _withdrawn(takes)
    lines = {one.pk: _line(standings[one.pk], withdrawn.get(one.pk)) for one in takes}
    if exactly:
        suspects = (one for one in takes if standings[one.pk].release)
        lines |= {one.pk: _refused(one) or lines[one.pk] for one in suspects}
    return {pk: line for pk, line in lines.items() if line}


def _line(standing: Standing, withdrawn: Release | None) -> Line | None:
    if standing.release:
        return _released(standing.release)
    if standing.is_approved:
        return _approved(standing, withdrawn)
    if standing.asks_for_changes and not standing.count:
        return _sent_back(standing)
    if standing.count:
        return Line("good", "circle-check", wording.progress(standing), label="Ready")
    return _locked_again(withdrawn) if withdrawn else None


def _released(release: Release) -> Line:
    by = release.released_by
    who = f"by {by}" if by else f"on the approval of {_maker(release.decision)}"
    says = f"Released {who}, {in_words(release.released_at)}."
    return Line("good", "lock-open", says, label="Released")


def _approved(standing: Standing, withdrawn: Release | None) -> Line:
    says = f"Approved by {_maker(standing.approvals[0])}"
    says += f", {in_words(standing.approvals[0].decided_at)}."
    if withdrawn:
        says = f"Approved. {_withdrawal(withdrawn)}"
    return Line("good", "circle-check", says, "A producer can release the film.", "Approved")


def _sent_back(standing: Standing) -> Line:
    asked = next(w.decision for w in standing.history if w.counts and _asks(w.decision))
    says = f"{_maker(asked)} requested changes, {in_words(asked.decided_at)}."
    return Line("warn", "undo-2", says, label="Changes requested")


def _locked_again(withdrawn: Release) -> Line:
    says = f"{_withdrawal(withdrawn)} Nobody's approval stands."
    return Line("warn", "lock", says, label="Release withdrawn")


def _refused(take: Take) -> Line | None:
    """That a released film is locked all the same; None where all is well."""
    finding = examine(take, seems_intact)
    if not finding.is_suspect:
        return None
    return Line("bad", "triangle-alert", finding.says, label="Locked")


def _withdrawal(release: Release) -> str:
    who = f" by {release.withdrawn_by}" if release.withdrawn_by else ""
    when = f", {in_words(release.withdrawn_at)}" if release.withdrawn_at else ""
    return f"The release was withdrawn{who}{when}."


def _withdrawn(takes: Sequence[Take]) -> Mapping[int, Release]:
    """The newest release of each take that was withdrawn."""
    rows = Release.objects.filter(take__in=takes, withdrawn_at__isnull=False)
    return {row.take_id: row for row in rows.select_related("withdrawn_by").order_by("pk")}


def _asks(decision: Decision) -> bool:
    return decision.verdict == Decision.Verdict.CHANGES_REQUESTED


def _maker(decision: Decision) -> str:
    return f"{decision.guest}, a guest" if decision.guest else str(decision.decided_by)
