"""The library of a workspace: each film that was ever released, once, by its newest release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet

from studio.accounts.models import Workspace
from studio.lib import unseen
from studio.lib.folding import fold
from studio.renders.models import Take, TakeAsset
from studio.reviews.deciding.history import Verdict, judged
from studio.reviews.library.approvals import approvals_behind
from studio.reviews.library.facts import facts_of, is_measured
from studio.reviews.models import Decision, Release
from studio.reviews.seals import BrokenSeal, Part, says_deleted, seal_of
from studio.storyboards import timing
from studio.vault.integrity import seems_intact
from studio.vault.models import Asset

MAX_SEARCH = 200
STATES = {"": "All", "live": "Released", "withdrawn": "Withdrawn"}
_CHANGED = (
    "What lies in the vault is not what was released, so nothing is handed out. "
    "Ask your admin to restore it from a backup, or decide on the take anew."
)
_NOT_APPROVED = "It lacks approvals that it needs, so nothing is handed out. Decide on it anew."


@dataclass(frozen=True)
class Search:
    """What to list. Each field is a parameter of the address; empty means no matter."""

    q: str = ""
    state: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Search":
        """The search of an address; what nobody offered is left out."""
        state = query.get("state", "")
        return cls(
            q=unseen.without_controls(query.get("q", "")).strip()[:MAX_SEARCH],
            state=state if state in STATES else "",
        )

    @property
    def address(self) -> str:
        """The query string, without what is empty."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def states(self) -> list[tuple[str, str, str]]:
        """Each state that can be chosen: its name, its label, and the query string for it."""
        return [(name, label, Search(self.q, name).address) for name, label in STATES.items()]


@dataclass(frozen=True, slots=True)
class Entry:
    """One release for people. `refused` says why a live one is not handed out, if it is not."""

    release: Release
    film: Asset | None
    poster: Asset | None
    approvals: tuple[Decision, ...]
    refused: str

    @property
    def take(self) -> Take:
        return self.release.take

    @property
    def is_withdrawn(self) -> bool:
        return self.release.withdrawn_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the film is handed out, as far as can be told without reading it."""
        return not self.is_withdrawn and not self.refused

    @property
    def lasts(self) -> str:
        facts = self.film.facts if self.film else {}
        return timing.in_words(facts.get("duration_ms") or self.take.duration_ms)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        return facts_of(self.film) if self.film else ()

    @property
    def is_measured(self) -> bool:
        return self.film is None or is_measured(self.film)

    @property
    def hashes(self) -> tuple[tuple[str, str], ...]:
        """What was released, for people who check files by hand."""
        seal = self.release.seal
        return (
            ("Film", seal.video_sha256),
            ("Preview", seal.preview_sha256),
            ("Payload", seal.payload_sha256),
            ("Seal", seal.digest),
        )


def releases_found(workspace: Workspace, search: Search) -> QuerySet[Release]:
    """The newest release of each take that the search finds, newest first."""
    newer = Release.objects.filter(take=OuterRef("take"), pk__gt=OuterRef("pk")).order_by()
    found = releases_of(workspace).filter(~Exists(newer))
    if search.state:
        found = found.filter(withdrawn_at__isnull=search.state == "live")
    return found.filter(_says(search.q)) if search.q else found


def releases_of(workspace: Workspace) -> QuerySet[Release]:
    """All releases of a workspace, newest first, with whom and what they name."""
    return with_names(Release.objects.filter(take__workspace=workspace))


def with_names(releases: QuerySet[Release]) -> QuerySet[Release]:
    """The releases with their takes and people, in the same query."""
    named = ("take__project", "take__workspace", "take__revision", "released_by", "withdrawn_by")
    found = releases.select_related(*named).defer("take__revision__snapshot", "take__error_body")
    return found.order_by("-pk")


def entries_of(releases: Iterable[Release]) -> list[Entry]:
    """The releases for people. Three queries, however many there are; films are not read."""
    rows = list(releases)
    takes = [row.take_id for row in rows]
    parts: dict[int, dict[str, Asset]] = {pk: {} for pk in takes}
    for row in TakeAsset.objects.filter(take__in=takes).select_related("asset"):
        parts[row.take_id][row.part] = row.asset
    said: dict[int, list[Decision]] = {pk: [] for pk in takes}
    decisions = Decision.objects.filter(take__in=takes).order_by("pk")
    for decision in decisions.select_related("decided_by", "guest"):
        said[decision.take_id].append(decision)
    verdicts = dict(judged(Take.objects.filter(pk__in=takes)).values_list("pk", "verdict"))
    return [
        _entry(row, parts[row.take_id], said[row.take_id], verdicts.get(row.take_id))
        for row in rows
    ]


def _entry(
    release: Release, parts: dict[str, Asset], said: list[Decision], verdict: str | None
) -> Entry:
    refused = "" if release.withdrawn_at else _refusal(release, parts, verdict)
    has_files = release.take.files_deleted_at is None
    return Entry(
        release=release,
        film=parts.get(Part.VIDEO) if has_files else None,
        poster=parts.get(Part.POSTER) if has_files else None,
        approvals=approvals_behind(release, said),
        refused=refused,
    )


def _refusal(release: Release, parts: dict[str, Asset], verdict: str | None) -> str:
    """Why a live release would not be served, as `examine` would find; the cheap way."""
    take = release.take
    if take.files_deleted_at is not None:
        return says_deleted(take)
    try:
        seal = seal_of(take, parts, seems_intact)
    except BrokenSeal as broken:
        return str(broken)
    if seal != release.seal:
        return _CHANGED
    return "" if verdict == Verdict.APPROVED else _NOT_APPROVED


def _says(text: str) -> Q:
    """Text of the project's title; "take 3" by its number; the head of a hash."""
    folded = fold(text)
    found = Q(take__project__title__folded__contains=folded)
    number = folded.removeprefix("take").strip()
    if number.isascii() and number.isdigit() and len(number) <= 9:
        found |= Q(take__number=int(number))
    if len(folded) >= 8 and all(letter in "0123456789abcdef" for letter in folded):
        for name in ("video_sha256", "preview_sha256", "payload_sha256"):
            found |= Q(**{f"{name}__startswith": folded})
    return found
