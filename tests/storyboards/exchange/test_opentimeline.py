"""The timeline, read back by the reference library."""

from fractions import Fraction

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.storyboards.boards import Board, board_of
from studio.storyboards.exchange.opentimeline import RATES, frame_lengths, write_timeline
from studio.storyboards.models import Project, Shot, Transition


def board(*shots, **project):
    rows = [
        Shot(scene_id=f"scene-{n}", **{"prompt": f"Beat {n}", **fields})
        for n, fields in enumerate(shots, start=1)
    ]
    return Board(Project(pk=7, title="Neon", motion="orbit", revision=3, **project), rows, None)


def read(board, rate="24"):
    return otio.adapters.read_from_string(write_timeline(board, rate), "otio_json")


def test_the_reference_library_finds_clips_gaps_transitions_and_markers():
    timeline = read(
        board(
            {"duration_ms": 4000, "transition": "crossfade", "transition_ms": 1000},
            {"duration_ms": 2500, "notes": "More steam", "motion": "dolly-in"},
            {"duration_ms": 3000, "prompt": ""},
            {"duration_ms": 6000, "transition": "dip-to-black", "transition_ms": 2000},
        )
    )
    track = timeline.tracks[0]
    kinds = [type(child).__name__ for child in track]
    assert kinds == ["Clip", "Transition", "Clip", "Gap", "Clip", "Transition"]
    assert timeline.duration().to_seconds() == 15.5
    dissolve, fade = track[1], track[5]
    assert dissolve.transition_type == otio.schema.TransitionTypes.SMPTE_Dissolve
    assert (dissolve.in_offset.value, dissolve.out_offset.value) == (12, 12)
    assert fade.transition_type == otio.schema.TransitionTypes.Custom
    assert (fade.name, fade.in_offset.value, fade.out_offset.value) == ("Dip to black", 48, 0)
    assert track.neighbors_of(dissolve) == (track[0], track[2])
    names = [marker.name for marker in track[2].markers]
    assert names == ["Scene scene-2", "Camera: Dolly in", "Notes"]
    assert track[2].markers[2].comment == "More steam"
    assert "neither a prompt nor a picture" in track[3].markers[0].comment
    assert track[2].name == "Shot 2 – scene-2"
    assert track[2].metadata["shotboard"]["duration_ms"] == 2500
    assert timeline.metadata["shotboard"]["revision"] == 3


def test_a_crossfade_at_the_end_goes_nowhere():
    shot = {"duration_ms": 4000, "transition": "crossfade", "transition_ms": 1000}
    timeline = read(board(shot))
    assert [type(child).__name__ for child in timeline.tracks[0]] == ["Clip"]


SHOTS = st.lists(
    st.tuples(st.integers(500, 20_000), st.sampled_from(Transition.values), st.integers(100, 5000)),
    min_size=1,
    max_size=12,
)


@given(SHOTS, st.sampled_from(list(RATES)))
@settings(max_examples=60, deadline=None)
def test_no_error_adds_up_and_no_transition_outgrows_its_shots(shots, rate):
    plan = [
        {"duration_ms": ms, "transition": kind, "transition_ms": 0 if kind == "cut" else length}
        for ms, kind, length in shots
    ]
    timeline, fps = read(board(*plan), rate), RATES[rate]
    total = sum(ms for ms, _, _ in shots)
    exact = Fraction(total, 1000) * fps
    assert abs(timeline.duration().value - exact) <= Fraction(1, 2)
    track, elapsed, index = timeline.tracks[0], 0, 0
    for at, child in enumerate(track):
        if isinstance(child, otio.schema.Transition):
            continue
        place = track.range_of_child_at_index(at)
        start = Fraction(elapsed, 1000) * fps
        assert abs(place.start_time.value - start) <= Fraction(1, 2), "each cut to half a frame"
        assert place.duration.value > 0
        shown = child.source_range
        if isinstance(child, otio.schema.Clip):
            assert child.available_range().start_time <= shown.start_time
            assert shown.end_time_exclusive() <= child.available_range().end_time_exclusive()
        before = track[at - 1] if at and isinstance(track[at - 1], otio.schema.Transition) else None
        after = track[at + 1] if at + 1 < len(track) else None
        used = before.out_offset.value if before else 0
        if isinstance(after, otio.schema.Transition):
            used += after.in_offset.value
        assert used <= child.source_range.duration.value
        if before:
            assert child.source_range.start_time.value >= before.in_offset.value
        elapsed, index = elapsed + shots[index][0], index + 1
    assert index == len(shots)


def test_frames_are_counted_from_exact_cuts():
    assert frame_lengths([1001] * 3, Fraction(24)) == [24, 24, 24]
    assert sum(frame_lengths([1041] * 24, Fraction(24))) == round(1041 * 24 * 24 / 1000)


def test_a_shot_with_a_picture_alone_is_a_clip():
    timeline = read(board({"duration_ms": 4000, "prompt": "", "reference_id": 5}))
    assert isinstance(timeline.tracks[0][0], otio.schema.Clip)


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_is_one_that_editors_know(tokyo, rate):
    timeline = read(board_of(tokyo), rate)
    found = timeline.duration().rate
    assert otio.opentime.RationalTime.is_smpte_timecode_rate(found)
