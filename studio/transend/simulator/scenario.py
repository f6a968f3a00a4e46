"""Misbehaviour on demand: which request goes wrong, and how. The format is in docs/simulator.md."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Self, TypeVar

from studio.transend.simulator.console import tell
from studio.transend.wire import decode_json, finite_number

T = TypeVar("T")


class BadScenario(ValueError):
    """A scenario that cannot be used; the text is one sentence for the person who wrote it."""


class Action(StrEnum):
    """Everything that a rule can do."""

    RATE_LIMITED = "rate_limited"
    ERROR_500 = "error_500"
    UNAUTHORIZED = "unauthorized"
    DROP_BEFORE = "drop_before"
    ACCEPT_THEN_DROP = "accept_then_drop"
    SLOW = "slow"
    HALF_BODY = "half_body"
    WRONG_TYPES = "wrong_types"
    NOT_JSON = "not_json"
    DEEP_JSON = "deep_json"
    BYTE_ORDER_MARK = "byte_order_mark"
    UNKNOWN_STATUS = "unknown_status"
    PROGRESS_BACKWARDS = "progress_backwards"
    EXPIRED_LINK = "expired_link"
    NO_PREVIEW_LINK = "no_preview_link"
    NO_VIDEO_LINK = "no_video_link"
    FAIL_RENDER = "fail_render"
    DUPLICATE_WEBHOOKS = "duplicate_webhooks"
    REORDERED_WEBHOOKS = "reordered_webhooks"
    NO_WEBHOOKS = "no_webhooks"


TASK_ACTIONS = frozenset(
    {
        Action.FAIL_RENDER,
        Action.DUPLICATE_WEBHOOKS,
        Action.REORDERED_WEBHOOKS,
        Action.NO_WEBHOOKS,
    }
)
"""These are decided when a task is created and stay with it; the others touch one answer."""

_LARGEST = 1e9
_WHEN = frozenset({"method", "path", "key", "nth", "probability", "prompt"})
_OPTIONS = {
    Action.RATE_LIMITED: frozenset({"retry_after", "retry_after_date"}),
    Action.ERROR_500: frozenset({"created"}),
    Action.SLOW: frozenset({"delay_s"}),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule can look at: the request, and the prompt of it or of the task it is about."""

    method: str
    path: str
    key: str
    prompt: str


@dataclass(slots=True)
class Rule:
    """One line of a scenario. `seen` counts the requests that fitted it so far."""

    action: Action
    method: str = "*"
    path: str = "*"
    key: str = "*"
    prompt: str = ""
    nth: frozenset[int] = frozenset()
    probability: float = 1.0
    options: Mapping[str, Any] = field(default_factory=dict)
    seen: int = 0

    @classmethod
    def parse(cls, data: object, where: str) -> Self:
        """Read a rule. Raises BadScenario."""
        rule = _typed(data, dict, where, "an object")
        name = _typed(rule.get("do"), str, f"{where}.do", "the name of an action")
        if name not in Action.__members__.values():
            raise BadScenario(f"{where}.do: {name!r} is none of {', '.join(Action)}.")
        action = Action(name)
        when = _typed(rule.get("when", {}), dict, f"{where}.when", "an object")
        _refuse_unknown(when, _WHEN, f"{where}.when")
        options = {key: value for key, value in rule.items() if key not in ("do", "when")}
        _refuse_unknown(options, _OPTIONS.get(action, frozenset()), where)
        for name in options.keys() - {"created"}:
            options[name] = _number(options[name], f"{where}.{name}")
        return cls(
            action=action,
            method=_pattern(when, "method", where),
            path=_pattern(when, "path", where),
            key=_pattern(when, "key", where),
            prompt=_typed(when.get("prompt", ""), str, f"{where}.when.prompt", "text"),
            nth=_nth(when.get("nth"), f"{where}.when.nth"),
            probability=_number(when.get("probability", 1.0), f"{where}.when.probability"),
            options=options,
        )

    def fits(self, facts: Facts, chance: random.Random) -> bool:
        """Whether this rule acts on a request; counts it when it is one of the rule's kind."""
        is_of_kind = (
            fnmatchcase(facts.method, self.method.upper())
            and fnmatchcase(facts.path, self.path)
            and fnmatchcase(facts.key, self.key)
            and self.prompt in facts.prompt
        )
        if not is_of_kind:
            return False
        self.seen += 1
        if self.nth and self.seen not in self.nth:
            return False
        return self.probability >= 1.0 or chance.random() < self.probability


@dataclass(slots=True)
class Scenario:
    """The rules in force.

    Without `accept_keys` the server's own keys count; without `concurrency` there is no limit.
    """

    rules: Sequence[Rule] = ()
    accept_keys: frozenset[str] | None = None
    concurrency: int | None = None
    chance: random.Random = field(default_factory=random.Random)

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read a whole scenario. Raises BadScenario."""
        scenario = _typed(data, dict, "The scenario", "an object")
        known = frozenset({"rules", "accept_keys", "concurrency", "seed"})
        _refuse_unknown(scenario, known, "The scenario")
        rules = _typed(scenario.get("rules", []), list, "rules", "a list")
        keys = scenario.get("accept_keys")
        limit = scenario.get("concurrency")
        seed = scenario.get("seed")
        return cls(
            rules=[Rule.parse(rule, f"rules[{at}]") for at, rule in enumerate(rules)],
            accept_keys=None if keys is None else _keys(keys),
            concurrency=None if limit is None else int(_number(limit, "concurrency")),
            chance=random.Random(None if seed is None else _number(seed, "seed")),  # noqa: S311
        )

    def matching(self, facts: Facts) -> list[Rule]:
        """Return every rule that acts on a request, in the order of the file."""
        return [rule for rule in self.rules if rule.fits(facts, self.chance)]


class ScenarioFile:
    """A scenario on disk, read again whenever the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = self._stamp()
        self._scenario = self._read()

    def current(self) -> Scenario:
        """Return the scenario as the file has it now; a broken rewrite leaves the former one."""
        version = self._stamp()
        if version != self._version:
            self._version = version
            try:
                self._scenario = self._read()
            except BadScenario as problem:
                tell(f"{problem} The former scenario stays in force.")
        return self._scenario

    def _stamp(self) -> tuple[int, int] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size

    def _read(self) -> Scenario:
        try:
            return Scenario.parse(decode_json(self._path.read_bytes()))
        except OSError as problem:
            reason = problem.strerror or "unreadable"
            raise BadScenario(f"The scenario {self._path} cannot be read: {reason}.") from None
        except ValueError as problem:
            raise BadScenario(f"The scenario {self._path} is wrong. {problem}") from None


def _typed(value: object, kind: type[T], where: str, what: str) -> T:
    if not isinstance(value, kind):
        raise BadScenario(f"{where}: This has to be {what}.")
    return value


def _pattern(when: Mapping[str, Any], name: str, where: str) -> str:
    return _typed(when.get(name, "*"), str, f"{where}.when.{name}", "text")


def _number(value: object, where: str) -> float:
    try:
        number = float(finite_number(value))
    except (ValueError, OverflowError):
        number = -1.0
    if not 0 <= number <= _LARGEST:
        raise BadScenario(f"{where}: This has to be a number from 0 to a billion.")
    return number


def _nth(value: object, where: str) -> frozenset[int]:
    if value is None:
        return frozenset()
    counts = value if isinstance(value, list) else [value]
    if not counts or not all(type(count) is int and count > 0 for count in counts):
        raise BadScenario(f"{where}: This has to be a whole number from 1, or a list of them.")
    return frozenset(counts)


def _keys(value: object) -> frozenset[str]:
    keys = _typed(value, list, "accept_keys", "a list of API keys")
    return frozenset(_typed(key, str, "accept_keys", "a list of API keys") for key in keys)


def _refuse_unknown(data: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(data.keys() - known)
    if unknown:
        names = ", ".join(sorted(known)) or "nothing more"
        raise BadScenario(f"{where}: {json.dumps(unknown[0])} is not known here; {names} is.")
