"""Ordering a take, and cancelling it before it is sent. Nothing here speaks to the vendor."""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import queueing
from studio.renders.lifecycle import IN_FLIGHT, Status, advance
from studio.renders.models import Take
from studio.renders.sending import desks, turns
from studio.renders.sending.credentials import NoUsableKey, key_to_send
from studio.storyboards import contract, presets, timing
from studio.storyboards.contract import Problem
from studio.storyboards.models import CameraPreset, Project, Revision
from studio.storyboards.snapshots import Snapshot
from studio.transend import wire


class NotSendable(Exception):
    """The board cannot be rendered as it is; each problem says what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.says for problem in problems))
        self.problems = problems


class UnderWay(Exception):
    """A take of exactly this board is under way; another one takes a person's deliberate word."""

    def __init__(self, take: Take) -> None:
        super().__init__(f"Take {take.number} of exactly this board is under way.")
        self.take = take


@dataclass(frozen=True)
class Readiness:
    """Whether a project can be rendered now, and what to know before it costs money."""

    revision: Revision | None
    problems: list[Problem]
    unverified: list[str]
    under_way: Take | None = None

    @property
    def is_ready(self) -> bool:
        return not self.problems


def readiness_of(project: Project) -> Readiness:
    """Look at the newest revision of a project and at the workspace's API key."""
    revision = project.revisions.order_by("-number").first()
    if revision is None:
        problem = Problem("storyboard", "Nothing is saved on this board yet. Add a shot.")
        return Readiness(None, [problem], [])
    under_way = None
    standings = dict(presets.presets_of(project.workspace).values_list("motion", "standing"))
    problems = contract.problems_of(revision.snapshot, tuple(standings))
    if project.archived_at is not None:
        archived = "This project is archived and read only. Restore it, then render it."
        problems = [Problem("project", archived), *problems]
    try:
        key_to_send(project.workspace)
    except NoUsableKey as missing:
        problems = [*problems, Problem("api_key", missing.says)]
    if not problems:
        same = hashlib.sha256(payload_of(project, revision)).hexdigest()
        under_way = project.takes.filter(payload_sha256=same, status__in=IN_FLIGHT).first()
    return Readiness(revision, problems, _unverified(revision.snapshot, standings), under_way)


def order_take(
    project: Project,
    author: User,
    *,
    form_token: str | None = None,
    seen: int | None = None,
    is_meant_again: bool = True,
) -> Take:
    """Order one paid render of the project's newest revision.

    Take, first event, audit entry and queue entry are one transaction. The same `form_token` gives
    the same take. `seen` is the number of the revision that the author looked at: nobody pays for
    what is not on their screen. Unless it `is_meant_again`, a second take of the very board that is
    being rendered raises `UnderWay`. The caller has checked `can.RENDER`. Raises `NotSendable`.
    """
    with transaction.atomic():
        # One at a time per project: take numbers have no gaps, and a form makes one take.
        project = (
            Project.objects.select_for_update(of=("self",))
            .select_related("workspace")
            .get(pk=project.pk)
        )
        if form_token and (made := project.takes.filter(form_token=form_token).first()):
            return made
        readiness = readiness_of(project)
        problems = [*_unseen_changes(project, author, seen), *readiness.problems]
        if readiness.revision is None or problems:
            raise NotSendable(problems)
        if readiness.under_way and not is_meant_again:
            raise UnderWay(readiness.under_way)
        desk = desks.locked(project.workspace)
        take = _frozen(project, readiness.revision, author, form_token or "")
        take.place = turns.next_place(project, desk)
        take.save(force_insert=True)
        take.events.create(
            number=take.last_event,
            to_status=Status.QUEUED,
            says=f"Ordered by {author}, revision {readiness.revision.number}.",
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
        )
        queueing.wake_submission(take.pk)
    return take


def cancel(take: Take, actor: User) -> Take:
    """Cancel a take that was not sent yet: nothing is billed. Raises `IllegalTransition`."""
    with transaction.atomic():
        says = f"Cancelled by {actor} before it was sent. Nothing was billed."
        advance(take, Status.CANCELLED, expect=Status.QUEUED, says=says, actor=actor)
        audit.record(take.workspace, actor, "take.cancelled", str(take))
    return take


def _frozen(project: Project, revision: Revision, author: User, form_token: str) -> Take:
    payload = payload_of(project, revision)
    highest = project.takes.aggregate(highest=Max("number"))["highest"]
    return Take(
        workspace=project.workspace,
        project=project,
        revision=revision,
        number=(highest or 0) + 1,
        payload=payload.decode(),
        payload_sha256=hashlib.sha256(payload).hexdigest(),
        duration_ms=sum(shot["duration_ms"] for shot in revision.snapshot["shots"]),
        form_token=form_token,
        last_event=1,
        created_by=author,
    )


def payload_of(project: Project, revision: Revision) -> bytes:
    """The canonical body that is hashed and, with what belongs to one take, sent."""
    body = contract.body_of(
        revision.snapshot, sends_shot_details=project.workspace.sends_shot_details
    )
    return wire.encode_body(body)


def _unseen_changes(project: Project, author: User, seen: int | None) -> list[Problem]:
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


def _unverified(snapshot: Snapshot, standings: dict[str, str]) -> list[str]:
    """Camera moves in use that no take has proven yet, in the order of first use."""
    used = [snapshot["motion"], *(shot["motion"] for shot in snapshot["shots"])]
    return [
        motion
        for motion in dict.fromkeys(used)
        if standings.get(motion) == CameraPreset.Standing.UNVERIFIED
    ]
