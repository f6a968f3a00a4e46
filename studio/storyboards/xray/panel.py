"""What the x-ray shows: the plan, the JSON, what stays here, and every rule that is broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studio.storyboards import timing
from studio.storyboards.contract import Problem
from studio.storyboards.snapshots import Snapshot
from studio.storyboards.xray.fates import Fate, Kind, account
from studio.storyboards.xray.json_lines import JsonLine, lines_of

# The board's inputs by the names that problems give their fields.
_INPUTS = {"duration_ms": "duration", "brief": "brief", "prompt": "prompt", "motion": "motion"}


@dataclass(frozen=True)
class PlanPart:
    """The project, or one shot, with the fields that say something."""

    title: str
    summary: str
    fates: tuple[Fate, ...]
    shot_pk: int | None


@dataclass(frozen=True)
class Staying:
    """One thing that is not sent for one reason, and by which shots (numbers) it is shared."""

    label: str
    why: str
    value: str
    kind: Kind
    shots: tuple[int, ...]

    @property
    def where(self) -> str:
        """`Shots 1–3, 7`; empty for the project."""
        if not self.shots:
            return ""
        return f"Shot{'' if len(self.shots) == 1 else 's'} {_spans(self.shots)}"


@dataclass(frozen=True)
class BrokenRule:
    """A sentence, and the field on the board where it is mended, if there is one."""

    says: str
    where: str
    shot_pk: int | None
    field_id: str


@dataclass(frozen=True)
class XRay:
    plan: list[PlanPart]
    lines: list[JsonLine]
    staying: list[Staying]
    broken: list[BrokenRule]


def xray_of(snapshot: Snapshot, body: dict[str, Any], problems: Sequence[Problem]) -> XRay:
    """`body` is what the snapshot is sent as; `problems` all that forbids sending it."""
    fates = account(snapshot, body)
    return XRay(
        plan=_plan(snapshot, fates),
        lines=lines_of(body),
        staying=_staying(fates),
        broken=[_broken(problem, snapshot) for problem in problems],
    )


def _plan(snapshot: Snapshot, fates: list[Fate]) -> list[PlanPart]:
    by_part: dict[int | None, list[Fate]] = {None: []}
    for fate in fates:
        by_part.setdefault(fate.shot, [])
        if fate.kind in (Kind.SENT, Kind.WORDS) and fate.field not in ("scene_id", "transition_ms"):
            by_part[fate.shot].append(fate)
    total = timing.in_words(sum(shot["duration_ms"] for shot in snapshot["shots"]))
    parts = [PlanPart("The film", total, tuple(by_part[None]), None)]
    for index, shot in enumerate(snapshot["shots"]):
        title = f"Shot {index + 1}"
        parts.append(PlanPart(title, shot["scene_id"], tuple(by_part[index]), shot["pk"]))
    return parts


def _staying(fates: list[Fate]) -> list[Staying]:
    """What is not sent as it stands, gathered by reason: 500 shots that inherit are one line."""
    gathered: dict[tuple[str, str, str, Kind], list[int]] = {}
    for fate in fates:
        if fate.kind in (Kind.SENT, Kind.EMPTY) and not (fate.field == "brief" and fate.why):
            continue
        shared = fate.value if fate.kind in (Kind.LOCAL, Kind.WORDS) else ""
        key = (fate.label, fate.why, shared, fate.kind)
        gathered.setdefault(key, [])
        if fate.shot is not None:
            gathered[key].append(fate.shot + 1)
    order = (Kind.EMPTY, Kind.WORDS, Kind.LOCAL, Kind.INHERITED)
    found = [
        Staying(label, why, value, kind, tuple(shots))
        for (label, why, value, kind), shots in gathered.items()
    ]
    kept = [entry for entry in found if entry.label != "Its length"]
    return sorted(kept, key=lambda entry: order.index(entry.kind))


def _broken(problem: Problem, snapshot: Snapshot) -> BrokenRule:
    if problem.shot is not None:
        pk = snapshot["shots"][problem.shot]["pk"]
        name = _INPUTS.get(problem.field, problem.field)
        return BrokenRule(problem.says, problem.where, pk, f"inspect-{pk}-{name}")
    field_id = ""
    if problem.field == "shots":
        field_id = "add-shot"
    elif problem.field == "duration_ms":  # too short: any duration mends it, the last one will do
        pks = [shot["pk"] for shot in snapshot["shots"]]
        return BrokenRule(problem.says, problem.where, pks[-1], f"inspect-{pks[-1]}-duration")
    elif problem.field:
        field_id = f"project-{_INPUTS.get(problem.field, problem.field)}"
    return BrokenRule(problem.says, problem.where, None, field_id)


def _spans(numbers: Sequence[int]) -> str:
    """`1–3, 7`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in spans)
