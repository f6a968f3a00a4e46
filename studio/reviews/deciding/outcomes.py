"""Where ready takes stand, in a line for lists and for the state of a take: members read it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from studio.renders.models import Take, TakeAsset
from studio.renders.wording import Standing as Line
from studio.renders.wording import in_words
from studio.reviews.deciding import wording
from studio.reviews.deciding.releases import examine, rests_on
from studio.reviews.deciding.standing import Standing, standings_of
from studio.reviews.models import Decision, Release
from studio.reviews.seals import Part
from studio.vault.integrity import has_its_size, seems_intact
from studio.vault.models import Asset

_LOCKED = Line(
    "bad",
    "triangle-alert",
    "It was released, but what lies in the vault is not what was approved, so the film is locked.",
    "Open the take to see what to do.",
    "Locked",
)


def outcomes_of(takes: Sequence[Take], *, exactly: bool) -> dict[int, Line]:
    """The line of each take that somebody decided on, by its pk. Four queries, however many, and
    one more where something is released.

    What is released is looked for in the vault; with `exactly` each film is examined as on its own
    page, else only for what can be told without reading it.
    """
    standings, withdrawn = standings_of(takes), _withdrawn(takes)
    lines = {one.pk: _line(standings[one.pk], withdrawn.get(one.pk)) for one in takes}
    released = [one for one in takes if standings[one.pk].release]
    if exactly:
        lines |= {one.pk: _refused(one) or lines[one.pk] for one in released}
    elif released:
        lines |= {one.pk: _LOCKED for one in _plainly_broken(released, standings)}
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


def _plainly_broken(takes: Sequence[Take], standings: Mapping[int, Standing]) -> Sequence[Take]:
    """Those of which the vault holds other files than were released, or none. One query, and a
    look at each file's inode."""
    parts: dict[int, dict[str, Asset]] = defaultdict(dict)
    rows = TakeAsset.objects.filter(take__in=takes, part__in=(Part.PREVIEW_GIF, Part.VIDEO))
    for row in rows.select_related("asset"):
        parts[row.take_id][row.part] = row.asset
    return [one for one in takes if not _stands(standings[one.pk], parts[one.pk])]


def _stands(standing: Standing, parts: Mapping[str, Asset]) -> bool:
    release = standing.release
    if release is None or not rests_on(standing, release):
        return False
    sealed = {Part.PREVIEW_GIF: release.preview_sha256, Part.VIDEO: release.video_sha256}
    return all(
        part in parts and parts[part].sha256 == sha256 and has_its_size(parts[part])
        for part, sha256 in sealed.items()
    )


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
