"""How much two films differ, shot by shot: as the simulator draws them, under our own mark."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from studio.pictures.animatic import render_gif
from studio.pictures.gifs.blocks import TRAILER, read_screen
from studio.pictures.likeness.films import Film
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan
from studio.pictures.probe import Limits, Unacceptable, shot_differences, watermarked
from tests.pictures.gif_films import encoded, frames_of, panned, photograph
from tests.pictures.hostile import GIFS

PROMPTS = (
    "Wide aerial of neon Tokyo at night in the rain",
    "A lighthouse on a cliff at dawn",
    "A desert road with a red car",
    "A forest in fog",
)
MARK = ("Kitchen Films", "Neon Tokyo · take 9", "2026-11-20")
LATER_MARK = ("Kitchen Films", "Neon Tokyo · take 10", "2026-11-23")
ALL = [(place, place) for place in range(4)]
NOBODY_SEES, ANOTHER_SCENE = 0.03, 0.6

Draw = Callable[..., Film]


def plan(**other: dict[int, object]) -> list[ShotPlan]:
    """The four shots; `prompt={2: "A boat"}` and the like change the one at that place."""

    def field(name: str, place: int, usual: object) -> object:
        return other.get(name, {}).get(place, usual)

    return [
        ShotPlan(
            f"scene-{place}",
            place + 1,
            field("prompt", place, prompt),
            field("duration_ms", place, 2_000),
            Camera(field("motion", place, "pan-left"), 0.5),
            field("light", place, Light()),
        )
        for place, prompt in enumerate(PROMPTS)
    ]


def shots_ms(shots: Sequence[ShotPlan]) -> tuple[tuple[int, int], ...]:
    begins = [sum(shot.duration_ms for shot in shots[:place]) for place in range(len(shots))]
    return tuple((at, shot.duration_ms) for at, shot in zip(begins, shots, strict=True))


@pytest.fixture(scope="module")
def draw(tmp_path_factory) -> Draw:
    folder = tmp_path_factory.mktemp("films")
    drawn: dict[object, Film] = {}

    def draw(
        shots: list[ShotPlan], mark: tuple[str, ...] = LATER_MARK, size=(160, 90), fps=5
    ) -> Film:
        key = tuple(shots), mark, size, fps
        if key not in drawn:
            bare = folder / f"{len(drawn)}.gif"
            marked = bare.with_suffix(".marked.gif")
            render_gif(FilmPlan("Film", tuple(shots)), bare, size=size, fps=fps)
            watermarked(bare, marked, mark)
            drawn[key] = Film(marked, shots_ms(shots), mark)
        return drawn[key]

    return draw


@pytest.fixture(scope="module")
def former(draw) -> Film:
    return draw(plan(), MARK)


def totals(former: Film, later: Film, pairs=ALL) -> list[float]:
    return [found.total for found in shot_differences(former, later, pairs)]


def test_the_same_film_under_another_mark_differs_in_no_shot(draw, former):
    later = draw(plan())
    assert former.path.read_bytes() != later.path.read_bytes()
    assert max(totals(former, later)) < NOBODY_SEES


@pytest.mark.parametrize("place", range(4))
def test_one_shot_of_another_scene_is_that_one_alone(draw, former, place):
    found = totals(former, draw(plan(prompt={place: "A crowded market street at noon"})))
    assert found.pop(place) > ANOTHER_SCENE
    assert max(found) < NOBODY_SEES


def test_every_shot_of_another_scene(draw, former):
    turned = {place: PROMPTS[place - 1] for place in range(4)}
    assert min(totals(former, draw(plan(prompt=turned)))) > ANOTHER_SCENE


def test_other_light_is_a_difference_of_colour_alone(draw, former):
    found = shot_differences(former, draw(plan(light={1: Light(2700)})), ALL)
    changed = found.pop(1)
    assert changed.colour > 0.15 > 5 * changed.structure
    assert changed.total > 0.15
    assert max(one.total for one in found) < NOBODY_SEES


def test_another_camera_move_is_seen(draw, former):
    found = totals(former, draw(plan(motion={0: "dolly-in"})))
    assert found.pop(0) > 2 * NOBODY_SEES
    assert max(found) < NOBODY_SEES


def test_moved_shots_are_looked_at_where_they_are_now(draw, former):
    one, two, three, four = plan()
    later = draw([three, one, two, four])
    assert max(totals(former, later, [(0, 1), (1, 2), (2, 0), (3, 3)])) < NOBODY_SEES
    assert min(totals(former, later, [(0, 0), (1, 1), (2, 2)])) > ANOTHER_SCENE


def test_a_shot_of_another_length_is_looked_at_in_the_same_parts(draw, former):
    later = draw(plan(duration_ms={0: 4_000, 2: 1_000}))
    assert max(totals(former, later)) < 0.1


def test_another_size_and_frame_rate_differ_far_less_than_another_scene(draw, former):
    later = draw(plan(prompt={3: PROMPTS[0]}), size=(240, 136), fps=8)
    found = totals(former, later)
    assert found.pop(3) > ANOTHER_SCENE
    assert max(found) < 0.3


def test_a_film_on_its_side_is_compared_too(draw):
    one = draw(plan(), MARK, size=(90, 160))
    found = totals(one, draw(plan(prompt={1: PROMPTS[2]}), size=(90, 160)))
    assert found.pop(1) > ANOTHER_SCENE
    assert max(found) < NOBODY_SEES


def test_a_mark_nobody_told_of_is_alike_in_all_shots(draw, former):
    """Where a project was renamed since: what then differs, differs in each shot."""
    found = totals(replace(former, mark=()), replace(draw(plan()), mark=()))
    assert max(found) < 0.15


def test_a_gif_shorter_than_planned_is_shorter_in_each_shot(draw, former):
    """The vendor's preview need not last as long as its film."""
    later = draw(plan())
    planned_longer = tuple((begins * 3, lasts * 3) for begins, lasts in later.shots_ms)
    found = totals(former, replace(later, shots_ms=planned_longer))
    assert found == totals(former, later)


def test_the_same_question_has_the_same_answer(draw, former):
    later = draw(plan(prompt={1: "A boat"}))
    first = shot_differences(former, later, ALL)
    assert first == shot_differences(former, later, ALL)
    assert shot_differences(later, former, [(1, 1)]) == [first[1]]
    assert shot_differences(former, later, []) == []


def photographed(path: Path, seeds: Sequence[int], grain: int, frames: int = 6) -> Film:
    """A shot for each seed, under grain that no other film has."""
    dice = np.random.default_rng(grain)
    pictures = [
        np.clip(picture + dice.normal(0, 12, picture.shape), 0, 255).astype(np.uint8)
        for seed in seeds
        for picture in panned(photograph(seed), frames)
    ]
    path.write_bytes(encoded(pictures, cuts=range(0, len(pictures), frames)))
    return Film(path, tuple((n * frames * 100, frames * 100) for n in range(len(seeds))))


def test_grain_over_everything_is_hardly_a_difference(tmp_path):
    one = photographed(tmp_path / "one.gif", [1, 2, 3, 4], grain=1)
    found = totals(one, photographed(tmp_path / "two.gif", [1, 2, 9, 4], grain=2))
    assert found.pop(2) > 0.4
    assert max(found) < 0.1


def test_frames_are_not_all_held_at_once(tmp_path):
    """200 frames are 250 MB as they are shown; the child may have 300 MB with all its code."""
    path = tmp_path / "long.gif"
    two = encoded(panned(photograph(1, (960, 440)), 2), cuts=[0, 1])
    frames = b"".join(frame.encode() for frame in frames_of(two))
    path.write_bytes(read_screen(BytesIO(two)).encode() + frames * 100 + TRAILER)
    film = Film(path, ((0, 10_000), (10_000, 10_000)))
    found = shot_differences(film, film, [(0, 0), (1, 1)], Limits(memory_bytes=300_000_000))
    assert [one.total for one in found] == [0, 0]


@pytest.mark.parametrize("name", ["cut in a frame", "html", "no delays", "no frames", "too wide"])
def test_what_is_no_sound_gif_is_refused(tmp_path, former, name):
    wrong = tmp_path / "film.gif"
    wrong.write_bytes(GIFS[name][0](tmp_path))
    for pair in ((Film(wrong, ((0, 1_000),)), former), (former, Film(wrong, ((0, 1_000),)))):
        with pytest.raises(Unacceptable):
            shot_differences(*pair, [(0, 0)])


def test_a_film_that_is_not_there_is_refused(tmp_path, former):
    with pytest.raises(Unacceptable, match="no file"):
        shot_differences(former, Film(tmp_path / "gone.gif", ((0, 1_000),)), [(0, 0)])
