"""What the decision panel shows to one person: where the take stands, their own word, what they
may do, and the history. To a guest: where it stands, and what they said themselves.
"""

from dataclasses import dataclass

from studio.accounts.access import POLICY, can, is_allowed
from studio.accounts.models import User
from studio.renders.lifecycle import TERMINAL, Status
from studio.renders.models import Take
from studio.reviews.deciding import wording
from studio.reviews.deciding.releases import Finding
from studio.reviews.deciding.standing import Standing, Word
from studio.reviews.models import Decision
from studio.reviews.reviewing import Reviewer
from studio.reviews.seals import Seal

# In seconds: how often the panel asks whether somebody else decided.
PULSE_S = 3
# More of them stand in the history, a press away.
MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Panel:
    """`seal` is the take's as it is now, `seen` the digest of the one that the person has before
    them, if that is known; `broken` says why there is nothing to judge."""

    reviewer: Reviewer
    finding: Finding
    seal: Seal | None
    broken: str
    seen: str = ""

    @property
    def take(self) -> Take:
        return self.reviewer.take

    @property
    def standing(self) -> Standing:
        return self.finding.standing

    @property
    def digest(self) -> str:
        """What a decision made here is about, so that one about something else is refused."""
        return self.seen or (self.seal.digest if self.seal else "")

    @property
    def pulse(self) -> str:
        return pulse_of(self.finding)

    @property
    def pulse_s(self) -> int:
        return PULSE_S

    @property
    def is_live(self) -> bool:
        """Whether anything can still be decided, so that the panel keeps asking."""
        return self.take.status == Status.READY and self.take.files_deleted_at is None

    @property
    def headline(self) -> str:
        return wording.headline(self.standing, is_open=self.finding.release is not None)

    @property
    def tone(self) -> str:
        """The mood of the headline: good, warn, bad, or none yet."""
        if self.finding.is_suspect:
            return "bad"
        verdict = self.standing.verdict
        return {"approved": "good", "changes_requested": "warn"}.get(verdict or "", "")

    @property
    def says(self) -> str:
        """What is missing, or why an approved film is locked; members only."""
        if self.finding.release:
            return wording.aside(self.standing)
        if self.finding.is_suspect or self.standing.is_approved:
            return self.finding.says
        return wording.progress(self.standing)

    @property
    def steps(self) -> tuple[bool, ...]:
        """For each approval that is needed, whether it is there; none where one is enough."""
        needed = self.standing.needed
        return tuple(n < self.standing.count for n in range(needed)) if needed > 1 else ()

    @property
    def own(self) -> Word | None:
        """What the person said themselves."""
        person = self.reviewer.guest or self.reviewer.user
        return self.standing.newest_of(person) if person else None

    @property
    def own_stands(self) -> bool:
        return self.own is not None and self.own.stands

    @property
    def can_be_decided(self) -> bool:
        return self.reviewer.can_decide and self.is_live and self.seal is not None

    @property
    def is_own_submission(self) -> bool:
        """Whether the person ordered the take and may therefore not approve it."""
        user, by = self.reviewer.user, self.take.created_by_id
        return self.standing.policy.refuses_own and user is not None and by == user.pk

    @property
    def has_approved(self) -> bool:
        """Whether an approval of this person stands."""
        return self.own_stands and self.own is not None and self.own.decision.is_approval

    @property
    def can_approve(self) -> bool:
        return not self.is_own_submission and not self.has_approved

    @property
    def can_release(self) -> bool:
        return self.finding.can_be_released and is_allowed(self.reviewer.role, can.RELEASE)

    @property
    def can_withdraw(self) -> bool:
        """Whether there is a release that the person may take back."""
        return self.standing.release is not None and is_allowed(self.reviewer.role, can.RELEASE)

    @property
    def hint(self) -> str:
        """What the two buttons would do."""
        return wording.hint(
            self.standing,
            counts=self._counts,
            is_guest=self.reviewer.is_guest,
            is_own=self.is_own_submission,
            has_approved=self.has_approved,
        )

    @property
    def entries(self) -> tuple[Word, ...]:
        """The history as this person may know it."""
        guest = self.reviewer.guest
        if guest is None:
            return self.standing.history
        return tuple(w for w in self.standing.history if w.decision.guest_id == guest.pk)

    @property
    def reasons(self) -> tuple[Decision, ...]:
        """Who waits for something to change and said what, of the history: not yet overtaken."""
        asked = Decision.Verdict.CHANGES_REQUESTED
        words = (word.decision for word in self.entries if word.stands)
        return tuple(said for said in words if said.verdict == asked)[:MOST_REASONS]

    @property
    def deciders(self) -> str:
        """Who may decide, by name, for members who may not. One query."""
        return " or ".join(str(person) for person in _deciders(self.take))

    @property
    def _counts(self) -> bool:
        policy = self.standing.policy
        if self.reviewer.is_guest:
            return policy.guests_count
        return self.reviewer.role in policy.roles

    @property
    def is_over(self) -> bool:
        """Whether the take ended without a film."""
        return self.take.status in TERMINAL and self.take.status != Status.READY


def pulse_of(finding: Finding) -> str:
    """What changes with every decision, release, refusal and change of the policy: as text, for
    `?since=`. Its last part is about the film alone.
    """
    standing = finding.standing
    newest = standing.history[0].decision.pk if standing.history else 0
    policy = standing.policy
    since = 0 if policy._state.adding else int(policy.updated_at.timestamp() * 1000)
    return f"{newest}-{since}-{film_of(finding)}"


def film_of(finding: Finding) -> str:
    """Which release is open, as text: `0` none, `x7` one that was refused."""
    release = finding.standing.release
    return f"{'x' if finding.is_suspect else ''}{release.pk}" if release else "0"


def _deciders(take: Take) -> tuple[User, ...]:
    roles = [role for role, allowed in POLICY.items() if can.DECIDE in allowed]
    people = User.objects.filter(
        is_active=True,
        memberships__workspace=take.workspace_id,
        memberships__role__in=roles,
    )
    return tuple(people.order_by("name", "email"))
