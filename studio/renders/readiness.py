"""Whether a board can be rendered now, what exactly would be sent, and what forbids it."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from studio.renders import proofs
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.proofs import NotAProof
from studio.renders.sending.credentials import NoUsableKey, key_to_send
from studio.storyboards import contract, presets
from studio.storyboards.contract import Problem
from studio.storyboards.models import Project, Revision
from studio.storyboards.snapshots import Snapshot
from studio.transend import wire

# Of takes that ended so there is nothing to look at.
_WITHOUT_A_FILM = (Status.FAILED, Status.CANCELLED)


@dataclass(frozen=True)
class Plan:
    """What one order would render: a revision's snapshot, or the proof made of these scenes."""

    project: Project
    snapshot: Snapshot
    proof_scenes: tuple[str, ...] = ()

    @cached_property
    def payload(self) -> bytes:
        """The canonical body that is hashed and, with what belongs to one take, sent."""
        return payload_of(self.project, self.snapshot)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.payload).hexdigest()

    @property
    def duration_ms(self) -> int:
        return sum(shot["duration_ms"] for shot in self.snapshot["shots"])

    @property
    def shots(self) -> int:
        """How many there are."""
        return len(self.snapshot["shots"])

    @property
    def is_proof(self) -> bool:
        return bool(self.proof_scenes)


@dataclass(frozen=True)
class Readiness:
    """Whether a project can be rendered now, and what to know before it costs money.

    `unverified` and `rejected` are the camera moves in use that no take has proven, and those that
    the vendor has refused. `same` is the newest take of exactly this payload that gives a film.
    """

    revision: Revision | None
    problems: list[Problem]
    plan: Plan | None = None
    unverified: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    same: Take | None = None

    @property
    def is_ready(self) -> bool:
        return not self.problems


def readiness_of(project: Project, proof: Collection[int] | None = None) -> Readiness:
    """Look at the newest revision of a project and at the workspace's API key.

    `proof` are the pks of the shots to make a proof of, none of them meaning all; None is the film.
    """
    revision = project.revisions.order_by("-number").first()
    if revision is None:
        nothing = Problem("storyboard", "Nothing is saved on this board yet. Add a shot.")
        return Readiness(None, [nothing])
    try:
        plan = _plan(project, revision, proof)
    except NotAProof as refused:
        return Readiness(revision, [Problem("storyboard", str(refused))])
    standings = {preset.motion: preset.standing for preset in presets.presets_of(project.workspace)}
    problems = [
        *_kept_from_rendering(project),
        *contract.problems_of(plan.snapshot, tuple(standings)),
        *_without_a_key(project),
    ]
    used = motions_in(plan.snapshot)
    return Readiness(
        revision,
        problems,
        plan,
        unverified=[move for move in used if standings.get(move) == presets.UNVERIFIED],
        rejected=[move for move in used if standings.get(move) == presets.REJECTED],
        same=None if problems else take_of(project, plan.sha256),
    )


def payload_of(project: Project, snapshot: Snapshot) -> bytes:
    """The canonical body of a snapshot, by the workspace's vendor profile."""
    details = project.workspace.sends_shot_details
    return wire.encode_body(contract.body_of(snapshot, sends_shot_details=details))


def take_of(project: Project, payload_sha256: str) -> Take | None:
    """The newest take of exactly this payload that has a film, or may still come to one."""
    takes = project.takes.filter(
        payload_sha256=payload_sha256, discarded_at=None, files_deleted_at=None
    )
    return takes.exclude(status__in=_WITHOUT_A_FILM).order_by("-number").first()


def motions_in(snapshot: Snapshot) -> list[str]:
    """The camera moves in use, in the order of first use."""
    used = [snapshot["motion"], *(shot["motion"] for shot in snapshot["shots"])]
    return list(dict.fromkeys(filter(None, used)))


def _plan(project: Project, revision: Revision, proof: Collection[int] | None) -> Plan:
    snapshot: Snapshot = revision.snapshot
    if proof is None:
        return Plan(project, snapshot)
    scenes = proofs.scenes_of(snapshot, proof)
    return Plan(project, proofs.proof_of(snapshot, scenes), tuple(scenes))


def _kept_from_rendering(project: Project) -> list[Problem]:
    if project.archived_at is None:
        return []
    archived = "This project is archived and read only. Restore it, then render it."
    return [Problem("project", archived)]


def _without_a_key(project: Project) -> list[Problem]:
    try:
        key_to_send(project.workspace)
    except NoUsableKey as missing:
        return [Problem("api_key", missing.says)]
    return []
