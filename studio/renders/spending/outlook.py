"""Everything that a person weighs before a render costs money, looked up once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from studio.renders.costs import budgets, estimates
from studio.renders.costs.budgets import BudgetStanding
from studio.renders.costs.estimates import Estimate
from studio.renders.costs.money import digits, money
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.readiness import Plan, Readiness, readiness_of
from studio.renders.sending import lines
from studio.renders.spending.differences import Differences, differences_of, name_of
from studio.renders.wording import Standing, standing_of
from studio.storyboards import timing
from studio.storyboards.contract import Problem
from studio.storyboards.models import Project
from studio.storyboards.snapshots import ShotSnapshot


@dataclass(frozen=True)
class Purse:
    """A budget, and what this render would leave of it. Shares are in per cent of it, 0 to 100."""

    standing: BudgetStanding
    amount: Decimal | None

    @property
    def name(self) -> str:
        project = self.standing.budget.project
        return project.title if project else "Workspace"

    @property
    def left(self) -> str:
        return money(max(self.standing.left, Decimal(0)), self.standing.budget.currency)

    @property
    def whole(self) -> str:
        return money(self.standing.budget.amount, self.standing.budget.currency)

    @property
    def left_after(self) -> str:
        """As an amount alone; empty where no estimate can be taken off."""
        return "" if self.amount is None else digits(self.standing.left - self.amount)

    @property
    def used_share(self) -> int:
        return self._share(self.standing.used)

    @property
    def render_share(self) -> int:
        return self._share(self.standing.used + (self.amount or 0)) - self.used_share

    @property
    def is_over(self) -> bool:
        """Whether this render costs more than is left."""
        return (self.amount or 0) > self.standing.left

    @property
    def warns(self) -> bool:
        """Whether the warning level is reached, with this render."""
        budget = self.standing.budget
        used = self.standing.used + (self.amount or 0)
        return used * 100 >= budget.amount * budget.warn_percent

    def _share(self, amount: Decimal) -> int:
        whole = self.standing.budget.amount
        return min(int(amount * 100 / whole), 100) if whole else 100


@dataclass(frozen=True)
class ProofShot:
    """A shot that can be chosen for a proof; `lasts` is its length there, empty if it is not in."""

    pk: int
    number: int
    name: str
    film: str
    lasts: str = ""


@dataclass(frozen=True)
class Outlook:
    """What one order would render, cost and wait for, and what it differs in from the last take."""

    readiness: Readiness
    plan: Plan | None
    estimate: Estimate | None = None
    purses: Sequence[Purse] = ()
    waits_for: str = ""
    last: Take | None = None
    differences: Differences = field(default_factory=lambda: Differences((), 0))
    problems: Sequence[Problem] = ()
    choices: Sequence[ProofShot] = ()

    @property
    def price(self) -> str:
        return str(self.estimate) if self.estimate else ""

    @property
    def reckoning(self) -> str:
        """How the sum comes about: `30 s × 0.10 + 2 shots × 0.05`."""
        if self.estimate is None or self.plan is None:
            return ""
        rate, shots = self.estimate.rate, self.plan.shots
        seconds = f"{self.lasts} × {digits(rate.per_second)}"
        if not rate.per_shot:
            return seconds
        return f"{seconds} + {shots} shot{'' if shots == 1 else 's'} × {digits(rate.per_shot)}"

    @property
    def lasts(self) -> str:
        return timing.in_words(self.plan.duration_ms) if self.plan else ""

    @property
    def same(self) -> Take | None:
        return self.readiness.same

    @property
    def same_standing(self) -> Standing | None:
        return standing_of(self.same) if self.same else None

    @property
    def is_last_the_same(self) -> bool:
        """Whether the last take was sent in exactly these words."""
        return bool(self.last and self.plan and self.last.payload_sha256 == self.plan.sha256)


def outlook_on(
    project: Project, proof: Collection[int] | None = None, problems: Sequence[Problem] = ()
) -> Outlook:
    """The outlook on a render of the newest revision, or on a proof (see `readiness_of`).

    `problems` are those that the order has met with already. A fixed number of queries.
    """
    readiness = readiness_of(project, proof)
    plan = readiness.plan
    choices = _choices(readiness, proof) if proof is not None else ()
    if plan is None:
        return Outlook(readiness, None, problems=problems or readiness.problems, choices=choices)
    estimate = estimates.estimate_of(project.workspace, plan.duration_ms, plan.shots)
    last = _last_take(project)
    return Outlook(
        readiness=readiness,
        plan=plan,
        estimate=estimate,
        purses=[_purse(standing, estimate) for standing in budgets.standings(project)],
        waits_for=lines.line_of(project.workspace).waits_for,
        last=last,
        differences=_differences(last, readiness),
        problems=[
            *(problems or readiness.problems),
            *(() if problems else budgets.refusals(project, estimate)),
        ],
        choices=choices,
    )


def _purse(standing: BudgetStanding, estimate: Estimate | None) -> Purse:
    is_comparable = estimate is not None and estimate.currency == standing.budget.currency
    return Purse(standing, estimate.amount if estimate and is_comparable else None)


def _last_take(project: Project) -> Take | None:
    takes = project.takes.select_related("revision").exclude(status=Status.CANCELLED)
    return takes.defer("payload", "error_body").order_by("-number").first()


def _differences(last: Take | None, readiness: Readiness) -> Differences:
    """Plan against plan: a proof's lengths are no news, so both sides are whole revisions."""
    if last is None or readiness.revision is None:
        return Differences((), 0)
    return differences_of(last.revision.snapshot, readiness.revision.snapshot)


def _choices(readiness: Readiness, proof: Collection[int]) -> list[ProofShot]:
    if readiness.revision is None:
        return []
    shots = readiness.revision.snapshot["shots"]
    plan = readiness.plan
    in_proof = {shot["pk"]: shot for shot in plan.snapshot["shots"]} if plan else {}
    return [_choice(number, shot, in_proof.get(shot["pk"])) for number, shot in enumerate(shots, 1)]


def _choice(number: int, shot: ShotSnapshot, proof: ShotSnapshot | None) -> ProofShot:
    return ProofShot(
        pk=shot["pk"],
        number=number,
        name=name_of(shot),
        film=timing.in_words(shot["duration_ms"]),
        lasts=timing.in_words(proof["duration_ms"]) if proof else "",
    )
