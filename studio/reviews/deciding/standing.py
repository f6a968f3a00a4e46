"""Where one take stands: who said what, what of it counts, and what is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from studio.accounts.models import User
from studio.renders.models import Take
from studio.reviews.deciding.history import Verdict, with_standing
from studio.reviews.deciding.policies import in_roles, policies_of, rule_of
from studio.reviews.models import Decision, Guest, Release, ReviewPolicy
from studio.reviews.seals import Seal


@dataclass(frozen=True, slots=True)
class Word:
    """One row of the history; `stands` while nothing later took its effect (`history`)."""

    decision: Decision
    stands: bool

    @property
    def counts(self) -> bool:
        return self.stands and self.decision.counts

    @property
    def is_overtaken(self) -> bool:
        """An approval that counted once, and does no more."""
        return self.decision.is_approval and self.decision.counts and not self.stands


@dataclass(frozen=True, slots=True)
class Standing:
    """A take under its workspace's policy. `history` is newest first, `release` the live row."""

    history: tuple[Word, ...]
    policy: ReviewPolicy
    release: Release | None

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """Those that count, newest first."""
        return tuple(w.decision for w in self.history if w.counts and w.decision.is_approval)

    @property
    def count(self) -> int:
        """How many people approved; all guests of one link together are one."""
        return len({(a.decided_by_id, a.guest and a.guest.link_id) for a in self.approvals})

    @property
    def needed(self) -> int:
        """How many must: what was released stays by the number it was released with."""
        return self.release.approvals_needed if self.release else self.policy.approvals_needed

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.count)

    @property
    def is_approved(self) -> bool:
        return self.count >= self.needed

    @property
    def asks_for_changes(self) -> bool:
        """Whether somebody whose word counts waits for something to change."""
        asked = Verdict.CHANGES_REQUESTED
        return any(w.counts and w.decision.verdict == asked for w in self.history)

    @property
    def verdict(self) -> str | None:
        """`approved` once the policy is met; `changes_requested` while somebody asks for it."""
        if self.is_approved:
            return Verdict.APPROVED.value
        return Verdict.CHANGES_REQUESTED.value if self.asks_for_changes else None

    @property
    def seal(self) -> Seal | None:
        """What was approved."""
        return self.approvals[0].seal if self.approvals else None

    @property
    def progress(self) -> str:
        """Such as "1 of 2 approvals"."""
        return f"{self.count} of {self.needed} approval{'' if self.needed == 1 else 's'}"

    @property
    def waits_for(self) -> str:
        """Such as "another producer or admin"; empty once the policy is met."""
        if not self.missing:
            return ""
        who = in_roles(rule_of(self.policy), self.missing, another=self.count > 0)
        # Guests read this too: it names nobody.
        return f"{who}, other than whoever ordered it" if self.policy.refuses_own else who

    def newest_of(self, person: User | Guest) -> Word | None:
        """The person's own word, or None where they said nothing or took it back."""
        for word in self.history:
            said = word.decision
            maker = said.guest_id if isinstance(person, Guest) else said.decided_by_id
            if maker == person.pk:
                return None if said.verdict == Verdict.WITHDRAWN else word
        return None


def standing_of(take: Take) -> Standing:
    """The take's standing, from the database as it is now. Three queries."""
    return standings_of([take])[take.pk]


def standings_of(takes: Sequence[Take]) -> dict[int, Standing]:
    """The standing of each take, by its pk. Three queries, however many."""
    words: dict[int, list[Word]] = defaultdict(list)
    rows = with_standing(Decision.objects.filter(take__in=takes)).order_by("-pk")
    for row in rows.select_related("decided_by", "guest__link"):
        words[row.take_id].append(Word(row, row.stands))
    live = Release.objects.filter(take__in=takes, withdrawn_at=None)
    releases = {
        row.take_id: row
        for row in live.select_related("released_by", "decision__guest", "decision__decided_by")
    }
    policies = policies_of({take.workspace_id for take in takes})
    return {
        take.pk: Standing(
            history=tuple(words[take.pk]),
            policy=policies[take.workspace_id],
            release=releases.get(take.pk),
        )
        for take in takes
    }
