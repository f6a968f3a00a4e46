"""Drives takes through their lives and kills whoever is to die at each step."""

import random
import select
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from studio.renders.lifecycle import TERMINAL, Status
from tests.faults.stopping.steps import Room, Step
from tests.faults.stopping.stops import FOLDER, Stops
from tests.faults.studio_processes import ROOT, Studio, Victim

# A cluster that hangs is replaced after 15 s (45 s if it never worked), and starts for a while.
STEP_S = 150.0
# Longest: 75 s until a POST without an outcome is given up; dead collectors' leases take 30 s.
SETTLE_S = 240.0
SETTLED = TERMINAL | {Status.UNCERTAIN, Status.STALLED, Status.UNCOLLECTED}
FILM = 3
# Takes that are about at once: more would only wait for workers.
AT_ONCE = 4
# A take may pass a step by: a render may finish before anybody has heard that it runs.
TRIES = 5


class Hit(StrEnum):
    """Who is killed."""

    BUSY = "whoever does it"
    IDLE = "idle workers"
    MAIN = "cluster's main"
    WATCHER = "watcher"
    WEB = "web"
    VENDOR = "simulator"


SENDING = [step for step in Step if step.room is Room.SENDER]
WATCHING = [step for step in Step if step.room is Room.WATCHER]
COLLECTING = [step for step in Step if step.room is Room.COLLECTOR]


def walks() -> "list[Walk]":
    """Everybody at each step once. Whoever survives its death there takes the take along."""
    alone = [[step] for step in Step if step.room in (Room.PERSON, Room.WEB)]
    one_by_one = [[step] for step in SENDING + COLLECTING]
    ways = {
        Hit.BUSY: one_by_one,
        Hit.MAIN: [*one_by_one, WATCHING, [Step.IDLE]],
        Hit.VENDOR: [*([step] for step in SENDING), WATCHING + COLLECTING, [Step.IDLE]],
        Hit.WATCHER: [SENDING + COLLECTING, *([step] for step in WATCHING), [Step.IDLE]],
        Hit.IDLE: [SENDING + WATCHING + COLLECTING, [Step.IDLE]],
        Hit.WEB: [SENDING + WATCHING + COLLECTING, [Step.IDLE]],
    }
    found = [Walk(hit, list(steps)) for hit in ways for steps in [*alone, *ways[hit]]]
    # Mixed, so that nobody is killed over and over before it works again.
    return random.Random(len(found)).sample(found, len(found))


@dataclass
class Walk:
    """A take that is on its way, and where it is still to be met."""

    hit: Hit
    steps: list[Step]
    take: int = 0
    look_at: float = 0.0


@dataclass
class Tally:
    """What was done at one step to one victim."""

    kills: int = 0
    passed_by: int = 0
    takes: set[int] = field(default_factory=set)


class Killing:
    """One studio of processes that stand still where they are told to."""

    def __init__(self, folder: Path, postgres: str = "") -> None:
        self.stops = Stops(folder / "stops")
        self.studio = Studio(
            folder,
            postgres=postgres,
            DJANGO_SETTINGS_MODULE="tests.faults.stopping.settings",
            PYTHONPATH=str(ROOT),
            **{FOLDER: str(self.stops.folder)},
        )
        self.tallies: dict[tuple[Step, Hit], Tally] = {}
        self.may_be_uncertain: set[int] = set()
        self.may_be_cancelled: set[int] = set()
        self.waiting: deque[Walk] = deque()
        self.under_way: list[Walk] = []
        # Who stands still inside a transaction would keep the person waiting, and they us.
        self.person = Person(self.studio.env, meanwhile=self.serve)

    def __enter__(self) -> "Killing":
        self.studio.start()
        self.person.appear()
        return self

    def __exit__(self, *failure: object) -> None:
        for file in self.stops.folder.iterdir():
            file.unlink()
        self.person.dismiss()
        self.studio.stop()

    def round(self) -> None:
        """Kill everybody at each step once."""
        self.waiting.extend(walks())
        end = time.monotonic() + STEP_S
        while self.waiting or self.under_way:
            kills = self.kills
            while self.waiting and len(self.under_way) < AT_ONCE:
                walk = self.waiting.popleft()
                if self.begin(walk):
                    self.under_way.append(walk)
            self.serve()
            end = time.monotonic() + STEP_S if self.kills > kills else end
            assert time.monotonic() < end, f"nobody came to {self.under_way}: {self.statuses()}"
            time.sleep(0.01)

    def serve(self) -> None:
        """Kill for every walk whose take stands somewhere by now."""
        for walk in list(self.under_way):
            if not self.goes_on(walk):
                self.under_way.remove(walk)
                self.waiting.extend([walk] if walk.steps else [])

    def begin(self, walk: Walk) -> bool:
        """Order its take; whether that is to be watched any further."""
        match walk.steps:
            case [Step.IDLE]:
                self.kill(walk.hit, Step.IDLE)
                self.note(walk, Step.IDLE, self.order())
            case [Step.ORDERING]:
                self.note(walk, Step.ORDERING, self.killed_while_ordering(walk.hit))
            case [Step.CANCELLING]:
                self.note(walk, Step.CANCELLING, self.killed_while_cancelling(walk.hit))
            case _:
                walk.take = self.order(*walk.steps)
                return True
        return False

    def killed_while_ordering(self, hit: Hit) -> int:
        take = self.begin_order(Step.ORDERING)
        if self.killed_beside_the_person(hit, Step.ORDERING, take):
            return self.order()  # for the first one was never made
        return take

    def killed_while_cancelling(self, hit: Hit) -> int:
        take = self.begin_order(Step.CANCELLING, what="regret")
        self.killed_beside_the_person(hit, Step.CANCELLING, take)
        self.may_be_cancelled.add(take)
        return take

    def killed_beside_the_person(self, hit: Hit, step: Step, take: int) -> bool:
        """Kill somebody while the person's process stands there; whether that was the person."""
        stander = self.stander(step, take)
        self.kill(hit, step, stander)
        self.stops.clear(take)
        if is_alive(stander):
            self.person.hears()
            return False
        self.person.dismiss()
        self.person.appear()
        return True

    def goes_on(self, walk: Walk) -> bool:
        """Kill for this walk wherever its take stands; whether it goes on to further steps."""
        derailed = False
        for (step, take), pid in self.stops.standing().items():
            if take == walk.take and not is_alive(pid):
                derailed = True  # by another walk's death: this step is still to come
            elif take == walk.take:
                self.kill(walk.hit, step, pid)
                walk.steps.remove(step)
                self.note(walk, step, take)
                derailed |= not is_alive(pid)
                self.stops.release(step, take)
        if walk.steps and not derailed and not self.is_over(walk):
            return True
        self.stops.clear(walk.take)
        if not derailed:
            for step in walk.steps:
                tally = self.tally(step, walk.hit)
                tally.passed_by += 1
                assert tally.passed_by < TRIES, f"{walk.hit}: no take comes to “{step}”"
        return False

    def is_over(self, walk: Walk) -> bool:
        if time.monotonic() < walk.look_at:
            return False
        walk.look_at = time.monotonic() + 0.3
        return self.studio.status_of(walk.take) in SETTLED

    # -- Killing --------------------------------------------------------------------------------
    def kill(self, hit: Hit, step: Step, stander: int = 0) -> None:
        """SIGKILL to those who are to die; remembers which takes nobody may know of from now on."""
        victims: list[int] = []

        def found() -> bool:
            victims[:] = self.victims(hit, step, stander)
            return bool(victims)

        self.studio.wait_until(found, STEP_S, f"{hit} ran")
        is_sending = step.room is not Room.COLLECTOR and hit in (Hit.BUSY, Hit.IDLE, Hit.MAIN)
        before = self.statuses()
        self.studio.kill_pids(victims)
        self.studio.wait_until(lambda: not any(map(is_alive, victims)), STEP_S, f"{hit} died")
        if is_sending or hit is Hit.VENDOR:
            self.may_be_uncertain |= met_while_sent(before, self.statuses())

    def victims(self, hit: Hit, step: Step, stander: int) -> list[int]:
        is_long = step.room is Room.COLLECTOR
        match hit:
            case Hit.BUSY:
                return [stander]
            case Hit.IDLE:
                workers = self.studio.pids(Victim.LONG_WORKERS if is_long else Victim.WORKERS)
                standing = set(self.stops.standing().values())
                return [pid for pid in workers if pid not in standing]
            case Hit.MAIN:
                return self.studio.pids(Victim.LONG_MAIN if is_long else Victim.CLUSTER_MAIN)
            case Hit.WATCHER:
                return self.studio.pids(Victim.WATCHER)
            case Hit.WEB:
                return self.studio.pids(Victim.WEB)
            case Hit.VENDOR:
                return self.studio.pids(Victim.VENDOR)

    def stander(self, step: Step, take: int) -> int:
        """Wait until somebody stands there; the process."""

        def stands() -> bool:
            self.serve()
            return (step, take) in self.stops.standing()

        self.studio.wait_until(stands, STEP_S, f"take {take} was at {step}")
        return self.stops.standing()[step, take]

    # -- Ordering, and what became of it ---------------------------------------------------------
    def order(self, *steps: Step) -> int:
        """Order a take that stands at these steps; its id."""
        take = self.begin_order(*steps)
        self.person.hears()
        return take

    def begin_order(self, *steps: Step, what: str = "order") -> int:
        self.person.tell(f"{what} {FILM}")
        take = int(self.person.hears())
        for step in steps:
            self.stops.arm(step, take)
        self.person.tell("go")
        return take

    def tally(self, step: Step, hit: Hit) -> Tally:
        return self.tallies.setdefault((step, hit), Tally())

    def note(self, walk: Walk, step: Step, take: int) -> None:
        tally = self.tally(step, walk.hit)
        tally.kills += 1
        tally.takes.add(take)

    @property
    def kills(self) -> int:
        return sum(tally.kills for tally in self.tallies.values())

    def statuses(self) -> dict[int, str]:
        return dict(self.studio.rows("SELECT id, status FROM renders_take"))

    def settle(self) -> None:
        """Wait until every take has come to an end, or says that a person must look."""
        self.studio.wait_until(
            lambda: set(self.statuses().values()) <= SETTLED,
            SETTLE_S,
            "every take had settled",
            every_s=0.3,
        )

    def lost(self) -> dict[int, str]:
        """Takes that ended otherwise than they may."""
        return {
            take: status
            for take, status in self.statuses().items()
            if status != Status.READY
            and not (status == Status.UNCERTAIN and take in self.may_be_uncertain)
            and not (status == Status.CANCELLED and take in self.may_be_cancelled)
        }

    def table(self) -> str:
        statuses, accepted, lost = self.statuses(), self.studio.accepted(), self.lost()
        rows = [f"  {'step':<36} {'killed':<16} kills ready uncertain cancelled lost twice"]
        for (step, hit), tally in sorted(self.tallies.items(), key=_in_order):
            ended = Counter(statuses.get(take) for take in tally.takes)
            rows.append(
                f"  {step:<36} {hit:<16} {tally.kills:>5} {ended[Status.READY]:>5}"
                f" {ended[Status.UNCERTAIN]:>9} {ended[Status.CANCELLED]:>9}"
                f" {len(tally.takes & lost.keys()):>4}"
                f" {sum(accepted[take] > 1 for take in tally.takes):>5}"
            )
        rows.append(
            f"  {self.kills} kills, {len(statuses)} takes, {accepted.total()} renders at the "
            f"vendor, {len(lost)} lost, {sum(n > 1 for n in accepted.values())} rendered twice"
        )
        return "\n".join(rows)


def met_while_sent(before: dict[int, str], after: dict[int, str]) -> set[int]:
    """The takes that a death between these two looks may have met while they were being sent: also
    one that was claimed after the first look, and given up as uncertain before the second."""
    sent = {
        take for look in (before, after) for take, at in look.items() if at == Status.SUBMITTING
    }
    unknown = {take for take, at in after.items() if at == Status.UNCERTAIN}
    return sent | {take for take in unknown if before.get(take) != Status.UNCERTAIN}


def _in_order(cell: tuple[tuple[Step, Hit], Tally]) -> tuple[int, int]:
    (step, hit), _ = cell
    return list(Step).index(step), list(Hit).index(hit)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rsplit(") ", 1)[1][0] not in "ZX"


class Person:
    """A process that orders and cancels (`orderer.py`); `meanwhile` is done while it thinks."""

    def __init__(self, env: dict[str, str], meanwhile: Callable[[], None] = lambda: None) -> None:
        self._env, self._meanwhile = env, meanwhile
        self._process: subprocess.Popen[str] | None = None

    def appear(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.orderer"],
            cwd=ROOT, env=self._env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def tell(self, line: str) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hears(self) -> str:
        assert self._process
        assert self._process.stdout
        # One line for each that it was told: none is left in the buffer.
        while not select.select([self._process.stdout], [], [], 0.02)[0]:
            self._meanwhile()
        answer = self._process.stdout.readline().strip()
        assert answer, "the person's process died"
        return answer

    def dismiss(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
