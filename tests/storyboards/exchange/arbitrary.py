"""Hypothesis: any board that our own rules let somebody make. Nothing here is saved."""

import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from studio.storyboards import rules, timing
from studio.storyboards.models import Project, Shot, Transition
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.snapshots import SHOT_FIELDS

# What spreadsheets, browsers and parsers stumble over, oftener than chance would bring it.
_AWKWARD = st.sampled_from(
    ["=1+1", "+1", "-1", "@a", "'", "''=x", "＝1", "\t=1", '"', '""', ",", ";", "|", "a\nb", "'\n="]
    + [
        "\r\n",
        "\n",
        "é",
        "日本語",
        "👩🏽‍🚀",
        "שלום",
        "0",
        "1,5",
        "true",
        "null",
        "[[",
        "a <b",
        "c> d",
    ]
)
_CHARACTERS = st.characters(codec="utf-8")


def text(check, limit, *, blank=True):
    """Texts as `check` leaves them."""

    def checked(pieces):
        try:
            return check("".join(pieces))
        except rules.BadField:
            return None

    pieces = st.lists(st.one_of(_AWKWARD, st.text(_CHARACTERS, max_size=12)), max_size=5)
    long = st.integers(limit // 2, limit).map(lambda size: ["ab =\n😀"[: size % 6] * (size // 6)])
    texts = st.one_of(pieces, pieces, pieces, long).map(checked)
    return texts.filter(lambda found: found is not None and (blank or found != ""))


def _maybe(numbers):
    return st.one_of(st.none(), numbers)


PROMPTS = text(rules.checked_prompt, rules.MAX_PROMPT)
LIGHT = {
    "light_temperature": _maybe(st.one_of(st.just(4200.0), st.floats(1000, 20_000))),
    "light_intensity": _maybe(st.one_of(st.just(1.0), st.floats(0, 10))),
    "light_style": st.one_of(st.just(""), text(rules.checked_style, 20)),
}
SPEEDS = _maybe(st.one_of(st.just(0.6), st.floats(0.1, 1.0)))
TRANSITIONS = st.one_of(
    st.just((Transition.CUT.value, 0)),
    st.tuples(
        st.sampled_from([kind.value for kind in Transition if kind != Transition.CUT]),
        st.integers(timing.MIN_TRANSITION_MS, timing.MAX_TRANSITION_MS),
    ),
)


SUBJECTS = st.one_of(st.just((None, None)), st.tuples(st.integers(0, 100), st.integers(0, 100)))


@st.composite
def shots(draw):
    """One shot, its id still to be made unique."""
    kind, length = draw(TRANSITIONS)
    subject_x, subject_y = draw(SUBJECTS)
    return Shot(
        scene_id=draw(
            st.one_of(
                st.just("scene-1"),
                text(lambda raw: rules.checked_text(raw, 80, "An id"), 20, blank=False),
            )
        ),
        prompt=draw(PROMPTS),
        duration_ms=draw(st.integers(timing.MIN_SHOT_MS, timing.MAX_SHOT_MS)),
        motion=draw(st.sampled_from(["", "orbit", *BUILT_IN_MOTIONS])),
        speed=draw(SPEEDS),
        transition=kind,
        transition_ms=length,
        notes=draw(text(rules.checked_notes, rules.MAX_NOTES)),
        is_locked=draw(st.booleans()),
        subject_x=subject_x,
        subject_y=subject_y,
        **{name: draw(values) for name, values in LIGHT.items()},
    )


SHOT_LISTS = st.lists(shots(), max_size=4, unique_by=lambda shot: shot.scene_id)
# A board is much to make up, and this machine may be busy.
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(_CHARACTERS, max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(_CHARACTERS, max_size=5), inner)
    ),
    max_leaves=5,
)


@st.composite
def boards(draw):
    """`(project, shots)`."""
    cast = draw(SHOT_LISTS)
    briefs = [text(rules.checked_brief, rules.MAX_BRIEF)] + [st.just(shot.prompt) for shot in cast]
    metadata = st.dictionaries(st.text("abc é", max_size=4), _JSON, max_size=2)
    project = Project(
        title=draw(text(lambda raw: rules.checked_title(raw or "x"), 40, blank=False)),
        brief=draw(st.one_of(briefs)),
        motion=draw(st.sampled_from(BUILT_IN_MOTIONS)),
        speed=draw(SPEEDS),
        webhook_metadata=draw(metadata.filter(_storable)),
        weaves_transitions=draw(st.booleans()),
        **{name: draw(values) for name, values in LIGHT.items()},
    )
    return project, cast


def _storable(data):
    """No database stores NUL."""
    return "\\u0000" not in json.dumps(data)


def row(shot):
    """Everything of a shot that a file can carry."""
    return {name: getattr(shot, name) for name in SHOT_FIELDS if name != "reference_id"}
