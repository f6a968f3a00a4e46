"""Ordering a take, and cancelling it before it is sent. Nothing here speaks to the vendor."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Max

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import queueing
from studio.renders.costs import budgets, estimates, notices
from studio.renders.costs.money import money
from studio.renders.lifecycle import Status, advance
from studio.renders.models import Take
from studio.renders.readiness import Plan, readiness_of
from studio.renders.sending import desks, turns
from studio.storyboards import timing
from studio.storyboards.contract import Problem
from studio.storyboards.models import Project, Revision

NOT_SENT = "before it was sent. Nothing was billed."
NOT_SENT_AGAIN = "before it was sent again. What was sent before may be billed."


class NotSendable(Exception):
    """The board cannot be rendered as it is; each problem says what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.says for problem in problems))
        self.problems = problems


class AlreadyRendered(Exception):
    """There is a take of exactly this payload; another one takes a person's deliberate word."""

    def __init__(self, take: Take) -> None:
        super().__init__(f"Take {take.number} was made from exactly this board.")
        self.take = take


class PriceChanged(Exception):
    """It costs another sum than the one that was looked at, or a rate was set or removed since."""


def order_take(
    project: Project,
    author: User,
    *,
    form_token: str | None = None,
    seen: int | None = None,
    price_seen: str | None = None,
    is_meant_again: bool = True,
    proof: Collection[int] | None = None,
) -> Take:
    """Order one paid render of the project's newest revision, or a proof of it.

    Take, first event, audit entry and queue entry are one transaction. The same `form_token` gives
    the same take. `seen` is the number of the revision that the author looked at: nobody pays for
    what is not on their screen. `price_seen` is the estimate that they saw, in words, empty where
    there was none: another one by now raises `PriceChanged`. `proof` are the pks of the shots to
    make a 15 s proof of, none of them meaning all. Unless it `is_meant_again`, a second take of the
    very same payload raises `AlreadyRendered`. The caller has checked `can.RENDER`. Raises
    `NotSendable`, also where a budget's hard stop would not hold.
    """
    with transaction.atomic():
        # One at a time per project: take numbers have no gaps, and a form makes one take.
        project = (
            # "No key": a commit that checks a foreign key to the project need not wait for us.
            Project.objects.select_for_update(of=("self",), no_key=True)
            .select_related("workspace")
            .get(pk=project.pk)
        )
        if form_token and (made := project.takes.filter(form_token=form_token).first()):
            return made
        readiness = readiness_of(project, proof)
        problems = [*unseen_changes(project, author, seen), *readiness.problems]
        if readiness.revision is None or readiness.plan is None or problems:
            raise NotSendable(problems)
        if readiness.same and not is_meant_again:
            raise AlreadyRendered(readiness.same)
        take = _priced(readiness.plan, readiness.revision, price_seen)
        take.form_token, take.created_by = form_token or "", author
        take.save(force_insert=True)
        take.events.create(
            number=take.last_event,
            to_status=Status.QUEUED,
            says=f"{_what(take)} by {author}, revision {readiness.revision.number}.",
            actor=author,
        )
        audit.record(
            project.workspace,
            author,
            "take.ordered",
            str(take),
            revision=readiness.revision.number,
            duration=timing.in_words(take.duration_ms),
            payload_sha256=take.payload_sha256,
            estimate=money(take.estimate, take.currency)
            if take.estimate is not None
            else "no rate set",
            proof=take.is_proof,
        )
        notices.announce_budgets(project)
        queueing.wake_submission(take.pk)
    return take


def cancel(take: Take, actor: User) -> Take:
    """Cancel a take that waits to be sent. Raises `IllegalTransition`.

    Nothing is billed for it, but for what was sent before a person had it sent again.
    """
    with transaction.atomic():
        says = f"Cancelled by {actor} {NOT_SENT_AGAIN if take.billable else NOT_SENT}"
        advance(take, Status.CANCELLED, expect=Status.QUEUED, says=says, actor=actor)
        audit.record(take.workspace, actor, "take.cancelled", str(take))
    return take


def _priced(plan: Plan, revision: Revision, price_seen: str | None) -> Take:
    """The take, not saved yet, with its place in the line and its price.

    Raises `PriceChanged` and `NotSendable`.
    """
    project = plan.project
    # Locked before the budgets are read: two orders never spend the same remainder.
    desk = desks.locked(project.workspace)
    estimate = estimates.estimate_of(project.workspace, plan.duration_ms, plan.shots)
    if price_seen is not None and price_seen != (str(estimate) if estimate else ""):
        raise PriceChanged
    if refusals := budgets.refusals(project, estimate):
        raise NotSendable(refusals)
    take = _frozen(plan, revision)
    take.place = turns.next_place(project, desk)
    if estimate is not None:
        take.currency, take.estimate = estimate.currency, estimate.amount
    return take


def _frozen(plan: Plan, revision: Revision) -> Take:
    highest = plan.project.takes.aggregate(highest=Max("number"))["highest"]
    return Take(
        workspace=plan.project.workspace,
        project=plan.project,
        revision=revision,
        number=(highest or 0) + 1,
        payload=plan.payload.decode(),
        payload_sha256=plan.sha256,
        duration_ms=plan.duration_ms,
        proof_scenes=list(plan.proof_scenes),
        last_event=1,
    )


def _what(take: Take) -> str:
    return "A proof was ordered" if take.is_proof else "Ordered"


def unseen_changes(project: Project, author: User, seen: int | None) -> list[Problem]:
    """Nobody pays for what is not on their screen, whoever changed it."""
    if seen is None or seen == project.revision:
        return []
    newest = project.revisions.select_related("author").order_by("-number").first()
    changed_by = newest.author if newest else None
    who = "You, in another window," if changed_by == author else str(changed_by or "Somebody")
    says = (
        f"{who} changed this board since revision {seen}, which you see. "
        "Reload the page, look at it, then render."
    )
    return [Problem("revision", says)]
