"""The x-ray tells the whole truth: every field is in the JSON or stays here for a reason."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.lib import unseen
from studio.storyboards import contract
from studio.storyboards.models import Transition
from studio.storyboards.presets import BUILT_IN_MOTIONS, title_of
from studio.storyboards.rules import plain_number
from studio.storyboards.snapshots import PROJECT_FIELDS, SHOT_FIELDS
from studio.storyboards.xray.fates import METADATA, Kind, account, leaves_of
from studio.storyboards.xray.json_lines import lines_of
from studio.storyboards.xray.panel import xray_of
from studio.transend import wire

SOME = settings(max_examples=50, deadline=None)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)
MOTION = st.sampled_from(BUILT_IN_MOTIONS)
LIGHT = {
    "speed": st.none() | st.sampled_from([0.1, 0.5, 1.0]),
    "light_temperature": st.none() | st.sampled_from([3200.0, 4200.0]),
    "light_intensity": st.none() | st.sampled_from([0.5, 1.0]),
    "light_style": st.sampled_from(["", "noir", "rainy-night"]),
}


@st.composite
def shots(draw):
    kind = draw(st.sampled_from(Transition.values))
    subject = draw(st.none() | st.tuples(st.integers(0, 100), st.integers(0, 100)))
    fields = {
        "pk": st.integers(1, 9999),
        "scene_id": st.text("abc-1", min_size=1, max_size=9),
        "prompt": TEXT,
        "duration_ms": st.integers(1, 120).map(lambda n: n * 125),
        "motion": st.just("") | MOTION,
        **LIGHT,
        "transition": st.just(kind),
        "transition_ms": st.just(0 if kind == "cut" else 500),
        "notes": TEXT,
        "is_locked": st.booleans(),
        "reference_id": st.none() | st.integers(1, 99),
        "subject_x": st.just(subject and subject[0]),
        "subject_y": st.just(subject and subject[1]),
    }
    return draw(st.fixed_dictionaries(fields))


SNAPSHOTS = st.fixed_dictionaries(
    {
        "title": TEXT,
        "brief": st.just("") | TEXT,
        "motion": MOTION,
        **LIGHT,
        "webhook_metadata": st.dictionaries(st.text("ab", min_size=1), st.integers(), max_size=2),
        "weaves_transitions": st.booleans(),
        "soundtrack_id": st.none() | st.integers(1, 99),
        "shots": st.lists(shots(), max_size=5),
    }
)


def said(fate, part):
    """Whether what is at the fate's places is what the field holds."""
    held = part[fate.field]
    if fate.field == "prompt":
        return lambda sent: unseen.trimmed(held).strip(" .") in sent
    if fate.field in ("transition", "transition_ms"):
        return lambda sent: " over " in sent
    if fate.field == "duration_ms":
        return lambda sent: sent >= held / 1000
    return lambda sent: sent == (plain_number(held) if isinstance(held, float) else held)


@given(SNAPSHOTS, st.booleans())
@SOME
def test_every_field_is_sent_or_stays_for_a_reason(snapshot, sends_details):
    body = contract.body_of(snapshot, sends_shot_details=sends_details)
    leaves, fates = leaves_of(body), account(snapshot, body)
    told = {(fate.shot, fate.field) for fate in fates}
    assert len(told) == len(fates), "each field once"
    assert told == {
        *((None, name) for name in PROJECT_FIELDS),
        *((n, name) for n in range(len(snapshot["shots"])) for name in SHOT_FIELDS),
    }
    for fate in fates:
        part = snapshot if fate.shot is None else snapshot["shots"][fate.shot]
        if fate.kind in (Kind.SENT, Kind.WORDS):
            assert fate.paths
            assert all(said(fate, part)(leaves[path]) for path in fate.paths), fate
        else:
            assert not fate.paths
            assert fate.why or (fate.kind is Kind.EMPTY and fate.field == METADATA), fate
        if fate.kind in (Kind.EMPTY, Kind.INHERITED):
            assert part[fate.field] in ("", None, {}, False, 0, "cut") or not part[
                fate.field
            ].strip("\u200b\ufeff \u3000\u2800"), fate


@given(SNAPSHOTS, st.booleans())
@SOME
def test_nothing_is_sent_that_no_field_owns(snapshot, sends_details):
    body = contract.body_of(snapshot, sends_shot_details=sends_details)
    claimed = {path for fate in account(snapshot, body) for path in fate.paths}
    owned_by_none = {"prompt"} if not body["prompt"] else set()
    if not snapshot["shots"]:
        owned_by_none |= {"duration_seconds"}  # 0, for nobody has made it longer
    assert claimed >= set(leaves_of(body)) - owned_by_none


@given(SNAPSHOTS)
@SOME
def test_the_lines_without_their_spaces_are_the_bytes(snapshot):
    body = contract.body_of(snapshot)
    lines = lines_of(body)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    shown = "".join("".join(token.text for token in line.tokens) for line in lines)
    assert json.loads(shown) == body
    bare = "".join(
        token.text.strip() if token.kind == "mark" else token.text
        for line in lines
        for token in line.tokens
    )
    assert bare.encode() == wire.encode_body(body)


@given(SNAPSHOTS)
@SOME
def test_the_panel_names_every_problem_and_where_to_mend_it(snapshot):
    problems = contract.problems_of(snapshot, BUILT_IN_MOTIONS)
    xray = xray_of(snapshot, contract.body_of(snapshot), problems)
    assert [rule.says for rule in xray.broken] == [problem.says for problem in problems]
    pks = {shot["pk"] for shot in snapshot["shots"]}
    for rule in xray.broken:
        assert re.fullmatch(
            r"add-shot|project-brief|project-motion|inspect-\d+-(prompt|duration|motion|speed)",
            rule.field_id,
        ), rule
        assert rule.shot_pk is None or rule.shot_pk in pks


def test_what_many_shots_share_is_told_once():
    shot = {
        **{"scene_id": "a", "prompt": "Rain", "duration_ms": 2000, "motion": "", "speed": None},
        **{"light_temperature": None, "light_intensity": None, "light_style": ""},
        **{"transition": "cut", "transition_ms": 0, "notes": "", "is_locked": False},
        **{"reference_id": None, "subject_x": None, "subject_y": None},
    }
    many = [{**shot, "pk": pk, "motion": "static" if pk == 4 else ""} for pk in range(1, 9)]
    snapshot = {
        **{"title": "T", "brief": "B", "motion": "orbit", "speed": None, "webhook_metadata": {}},
        **{"light_temperature": None, "light_intensity": None, "light_style": ""},
        **{"weaves_transitions": True, "soundtrack_id": None, "shots": many},
    }
    staying = xray_of(snapshot, contract.body_of(snapshot), []).staying
    inherited = [entry for entry in staying if entry.label == "Camera move"]
    assert [entry.where for entry in inherited] == ["Shots 1–3, 5–8"]
    assert title_of("orbit") in inherited[0].why
