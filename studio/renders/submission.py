"""Ordering a take, and cancelling it before it is sent. Nothing here speaks to the vendor."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.models import User
from studio.renders import queueing
from studio.renders.credentials import NoUsableKey, key_to_send
from studio.renders.lifecycle import Status, advance
from studio.renders.models import Take
from studio.storyboards import contract, presets, timing
from studio.storyboards.contract import Problem
from studio.storyboards.models import CameraPreset, Project, Revision
from studio.storyboards.snapshots import Snapshot
from studio.transend import wire

# When the watcher looks whether a queue entry has got lost.
LOST_AFTER = timedelta(seconds=15)


class NotSendable(Exception):
    """The board cannot be rendered as it is; each problem says what to do."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.says for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Readiness:
    """Whether a project can be rendered now, and what to know before it costs money."""

    revision: Revision | None
    problems: list[Problem]
    unverified: list[str]

    @property
    def is_ready(self) -> bool:
        return not self.problems


def readiness_of(project: Project) -> Readiness:
    """Look at the newest revision of a project and at the workspace's API key."""
    revision = project.revisions.order_by("-number").first()
    if revision is None:
        problem = Problem("storyboard", "Nothing is saved on this board yet. Add a shot.")
        return Readiness(None, [problem], [])
    standings = dict(presets.presets_of(project.workspace).values_list("motion", "standing"))
    problems = contract.problems_of(revision.snapshot, tuple(standings))
    try:
        key_to_send(project.workspace)
    except NoUsableKey as missing:
        problems = [*problems, Problem("api_key", missing.says)]
    return Readiness(revision, problems, _unverified(revision.snapshot, standings))


def order_take(
    project: Project, author: User, *, form_token: str | None = None, seen: int | None = None
) -> Take:
    """Order one paid render of the project's newest revision.

    Take, first event, audit entry and queue entry are one transaction. The same `form_token` gives
    the same take. `seen` is the number of the revision that the author looked at. The caller has
    checked `can.RENDER`. Raises `NotSendable`.
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
        take = _frozen(project, readiness.revision, author, form_token or "")
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
    body = contract.body_of(
        revision.snapshot, sends_shot_details=project.workspace.sends_shot_details
    )
    payload = wire.encode_body(body)
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
        next_poll_at=timezone.now() + LOST_AFTER,
        last_event=1,
        created_by=author,
    )


def _unseen_changes(project: Project, author: User, seen: int | None) -> list[Problem]:
    """Nobody pays for what somebody else changed after they looked."""
    if seen is None:
        return []
    later = project.revisions.filter(number__gt=seen).exclude(author=author)
    newest = later.select_related("author").order_by("-number").first()
    if newest is None:
        return []
    who = newest.author or "Somebody"
    says = f"{who} changed the board while you looked at it. Look at it again, then render."
    return [Problem("revision", says)]


def _unverified(snapshot: Snapshot, standings: dict[str, str]) -> list[str]:
    """Camera moves in use that no take has proven yet, in the order of first use."""
    used = [snapshot["motion"], *(shot["motion"] for shot in snapshot["shots"])]
    return [
        motion
        for motion in dict.fromkeys(used)
        if standings.get(motion) == CameraPreset.Standing.UNVERIFIED
    ]
