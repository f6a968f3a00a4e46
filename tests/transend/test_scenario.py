"""Faults on demand: which request they touch, and bad files told plainly."""

import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.transend.simulator.scenario import (
    Action,
    BadScenario,
    Facts,
    Scenario,
    ScenarioFile,
)
from tests.transend.test_wire import values

CREATE = Facts("POST", "/v1/videos/sora2/generation", "demo-1", "neon rain")
ASK = Facts("GET", "/v1/tasks/task_1", "demo-2", "desert")


def actions(when: dict[str, Any], *asked: Facts) -> list[bool]:
    scenario = Scenario.parse({"rules": [{"when": when, "do": "slow"}]})
    return [bool(scenario.matching(facts)) for facts in asked]


@pytest.mark.parametrize(
    ("when", "touched"),
    [
        ({}, [True, True]),
        ({"method": "POST"}, [True, False]),
        ({"method": "get"}, [False, True]),
        ({"path": "/v1/tasks/*"}, [False, True]),
        ({"path": "/v1/*"}, [True, True]),
        ({"path": "/v1/tasks"}, [False, False]),
        ({"key": "demo-2"}, [False, True]),
        ({"key": "demo-?"}, [True, True]),
        ({"prompt": "neon"}, [True, False]),
        ({"prompt": "neon", "method": "GET"}, [False, False]),
        ({"probability": 0}, [False, False]),
        ({"probability": 1}, [True, True]),
    ],
)
def test_a_rule_touches_what_fits(when: dict[str, Any], touched: list[bool]) -> None:
    assert actions(when, CREATE, ASK) == touched


def test_nth_counts_only_what_fits_the_rest() -> None:
    when = {"method": "POST", "nth": [1, 3]}
    assert actions(when, ASK, CREATE, ASK, CREATE, CREATE, CREATE) == [
        *(False, True, False),
        *(False, True, False),
    ]
    assert actions({"nth": 2}, CREATE, CREATE, CREATE) == [False, True, False]


def test_a_seed_makes_chance_repeatable() -> None:
    def run() -> list[bool]:
        rules = [{"when": {"probability": 0.5}, "do": "slow"}]
        scenario = Scenario.parse({"seed": 7, "rules": rules})
        return [bool(scenario.matching(CREATE)) for _ in range(50)]

    assert run() == run()
    assert 10 < sum(run()) < 40


def test_rules_come_in_the_files_order() -> None:
    scenario = Scenario.parse({"rules": [{"do": "not_json"}, {"do": "slow", "delay_s": 2}]})
    first, second = scenario.matching(CREATE)
    assert (first.action, second.action) == (Action.NOT_JSON, Action.SLOW)
    assert second.options == {"delay_s": 2.0}


def test_nothing_is_a_scenario_too() -> None:
    scenario = Scenario.parse({})
    assert (scenario.matching(CREATE), scenario.accept_keys, scenario.concurrency) == (
        [],
        None,
        None,
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "The scenario: This has to be an object"),
        ({"rulez": []}, '"rulez" is not known here'),
        ({"rules": {}}, "rules: This has to be a list"),
        ({"rules": ["slow"]}, r"rules\[0\]: This has to be an object"),
        ({"rules": [{}]}, r"rules\[0\].do"),
        ({"rules": [{"do": "explode"}]}, "'explode' is none of"),
        ({"rules": [{"do": 7}]}, r"rules\[0\].do"),
        ({"rules": [{"do": "slow", "when": []}]}, r"rules\[0\].when"),
        ({"rules": [{"do": "slow", "when": {"verb": "GET"}}]}, '"verb" is not known'),
        ({"rules": [{"do": "slow", "when": {"method": 1}}]}, r"when.method"),
        ({"rules": [{"do": "slow", "when": {"prompt": 1}}]}, r"when.prompt"),
        ({"rules": [{"do": "slow", "when": {"nth": 0}}]}, r"when.nth"),
        ({"rules": [{"do": "slow", "when": {"nth": []}}]}, r"when.nth"),
        ({"rules": [{"do": "slow", "when": {"nth": True}}]}, r"when.nth"),
        ({"rules": [{"do": "slow", "when": {"probability": "x"}}]}, r"when.probability"),
        ({"rules": [{"do": "slow", "delay_s": -1}]}, r"rules\[0\].delay_s"),
        ({"rules": [{"do": "slow", "retry_after": 1}]}, '"retry_after" is not known'),
        ({"rules": [{"do": "not_json", "delay_s": 1}]}, "nothing more is"),
        ({"accept_keys": "demo"}, "accept_keys"),
        ({"accept_keys": [1]}, "accept_keys"),
        ({"concurrency": "two"}, "concurrency"),
        ({"concurrency": float("inf")}, "concurrency"),
        ({"seed": [1]}, "seed"),
        ({"rules": [{"do": "rate_limited", "retry_after_date": 1e300}]}, "retry_after_date"),
    ],
)
def test_a_bad_scenario_is_one_clear_sentence(data: object, says: str) -> None:
    with pytest.raises(BadScenario, match=says) as caught:
        Scenario.parse(data)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "faults.json"
    path.write_text('{"concurrency": 1}')
    scenario = ScenarioFile(path)
    assert scenario.current().concurrency == 1
    assert scenario.current() is scenario.current(), "unchanged: its counts go on"
    path.write_text('{"concurrency": 2}')
    os.utime(path, ns=(1, random.randrange(10**9)))
    assert scenario.current().concurrency == 2


def test_a_broken_rewrite_leaves_the_former_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "faults.json"
    path.write_text('{"concurrency": 1}')
    scenario = ScenarioFile(path)
    path.write_text('{"concurrency": ')
    assert scenario.current().concurrency == 1
    assert scenario.current().concurrency == 1
    assert capsys.readouterr().err.count("stays in force") == 1
    path.unlink()
    assert scenario.current().concurrency == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"rules": 1}', "[" * 100_000])
def test_a_bad_file_names_itself(tmp_path: Path, text: str) -> None:
    path = tmp_path / "faults.json"
    path.write_text(text)
    with pytest.raises(BadScenario, match=r"faults\.json is wrong\."):
        ScenarioFile(path)


def test_a_missing_file_names_itself(tmp_path: Path) -> None:
    with pytest.raises(BadScenario, match="cannot be read: No such file"):
        ScenarioFile(tmp_path / "faults.json")


names = st.sampled_from(["do", "when", "nth", "delay_s", "retry_after", "slow", "rate_limited"])
strange = st.dictionaries(names, names | values, max_size=4)


@given(st.fixed_dictionaries({}, optional={"rules": st.lists(strange, max_size=2), "seed": values}))
def test_a_scenario_is_understood_or_refused(data: dict[str, Any]) -> None:
    try:
        scenario = Scenario.parse(data)
    except BadScenario:
        return
    assert len(scenario.matching(CREATE)) <= len(scenario.rules)
