"""A GIF as a film that can be wound: its frames and moments, key frames, label, strip, and what is
refused. The child that makes it is the real one."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.pictures.distrust.limits import Limits
from studio.pictures.errors import DrawingFailed, Unacceptable
from studio.pictures.playable import making
from studio.pictures.playable.drawing import runs_of
from studio.pictures.playable.making import FilmFacts, film_of_gif
from studio.pictures.playable.strip import HEIGHT, WIDTH, tiles_of
from studio.pictures.probe import probe_mp4
from tests.pictures.films import pillow_gif, shown
from tests.pictures.gif_films import encoded, panned, photograph
from tests.pictures.hostile import GIFS
from tests.pictures.test_filmstrip import coloured

RED, GREEN, BLUE = (220, 20, 20), (20, 190, 40), (20, 40, 230)


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "made"
    made.mkdir()
    return made


def film(tmp_path: Path, folder: Path, data: bytes, cuts_ms=(0,), lines=()) -> FilmFacts:
    source = tmp_path / "preview.gif"
    source.write_bytes(data)
    return film_of_gif(source, folder, cuts_ms, lines)


def packets(folder: Path) -> list[tuple[int, int, bool]]:
    """Of each frame of the film: when it begins and how long it lasts, in ms, and if it is a key
    frame."""
    with av.open(str(folder / "film.mp4")) as opened:
        stream = opened.streams.video[0]
        ms = 1000 * stream.time_base
        found = [packet for packet in opened.demux(stream) if packet.pts is not None]
        assert [packet.dts for packet in found] == [packet.pts for packet in found]
        return [(round(p.pts * ms), round(p.duration * ms), p.is_keyframe) for p in found]


def pictures(folder: Path) -> list[np.ndarray]:
    with av.open(str(folder / "film.mp4")) as opened:
        return [frame.to_ndarray(format="rgb24") for frame in opened.decode(video=0)]


def test_each_frame_of_the_gif_is_one_of_the_film_for_as_long(tmp_path, folder):
    ends_cs = [7, 14, 20, 33, 36, 60]
    data = encoded(panned(photograph(3), 6, step=9), ends_cs)
    facts = film(tmp_path, folder, data)
    assert [(at, lasts) for at, lasts, _ in packets(folder)] == [
        (0, 70), (70, 70), (140, 60), (200, 130), (330, 30), (360, 240),
    ]  # fmt: skip
    assert facts.film["runs"] == [[70, 2], [60, 1], [130, 1], [30, 1], [240, 1]]
    assert facts.film["duration_ms"] == 600
    for mine, theirs in zip(pictures(folder), shown(tmp_path / "preview.gif"), strict=True):
        assert np.abs(mine.astype(int) - theirs[..., :3]).mean() < 9
    assert probe_mp4(folder / "film.mp4").codec == "h264"


def test_the_index_is_in_front_so_that_a_player_need_not_read_to_the_end(tmp_path, folder):
    film(tmp_path, folder, coloured((RED, 500), (BLUE, 500)))
    data = (folder / "film.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_a_key_frame_at_each_planned_cut_and_at_least_each_second(tmp_path, folder):
    shades = [((n, 90, 255 - n), 100) for n in range(60)]
    film(tmp_path, folder, coloured(*shades), cuts_ms=[0, 2_300, 4_050])
    keys = [at for at, _, is_key in packets(folder) if is_key]
    # A cut within a frame: that frame, and the next one, which shows the new shot.
    assert {0, 2_300, 4_000, 4_100} <= set(keys)
    gaps = np.diff([*keys, 6_000])
    assert gaps.max() <= 1_000


def test_odd_sides_are_made_even_without_scaling(tmp_path, folder):
    facts = film(tmp_path, folder, coloured((RED, 300), (BLUE, 300), size=(63, 35)))
    assert (facts.film["width"], facts.film["height"]) == (64, 36)
    assert (facts.poster["width"], facts.poster["height"]) == (64, 36)
    first = pictures(folder)[0]
    assert np.abs(first.astype(int) - RED).max() < 24  # no black seam


def test_a_frame_shown_for_no_time_is_not_in_the_film(tmp_path, folder):
    data = coloured((RED, 200), (GREEN, 0), (BLUE, 200))
    facts = film(tmp_path, folder, data)
    assert [(at, lasts) for at, lasts, _ in packets(folder)] == [(0, 200), (200, 200)]
    assert facts.film["duration_ms"] == 400


def test_holes_in_the_picture_are_black(tmp_path, folder):
    clear = Image.new("RGBA", (64, 36), (0, 0, 0, 0))
    clear.paste((255, 255, 255, 255), (0, 0, 32, 36))
    film(tmp_path, folder, pillow_gif([clear, clear.transpose(Image.Transpose.FLIP_TOP_BOTTOM)]))
    with Image.open(folder / "poster.jpg") as poster:
        assert min(poster.getpixel((8, 18))) > 240
        assert max(poster.getpixel((56, 18))) < 16


def test_lines_are_burned_into_every_frame_and_change_corners_at_cuts(tmp_path, folder):
    grey = [((90, 90, 90), 500)] * 8
    film(tmp_path, folder, coloured(*[((90, 90, 90 + n), 500) for n in range(8)], size=(320, 180)))
    bare = pictures(folder)
    data = coloured(*[((90, 90, 90 + n), 500) for n, _ in enumerate(grey)], size=(320, 180))
    film(tmp_path, folder, data, [0, 1_000, 2_000, 3_000], ["Jane Doe", "for ACME"])
    marked = pictures(folder)
    corners = []
    for one, other in zip(bare, marked, strict=True):
        changed = np.argwhere(np.abs(one.astype(int) - other).max(axis=2) > 60)
        assert len(changed) > 150
        down, right = changed.mean(axis=0) > (90, 160)
        corners.append(("bottom" if down else "top", "right" if right else "left"))
        assert len(changed) < 320 * 180 * 0.08  # it leaves the picture to be seen
    assert corners[::2] == [
        ("bottom", "left"), ("top", "right"), ("bottom", "right"), ("top", "left"),
    ]  # fmt: skip
    assert corners[::2] == corners[1::2]


def test_the_label_of_a_long_shot_does_not_stay_where_it_could_be_cropped(tmp_path, folder):
    grey = [((90, 90, n), 5_000) for n in range(0, 120, 20)]
    film(tmp_path, folder, coloured(*grey, size=(160, 90)))
    bare = pictures(folder)
    film(tmp_path, folder, coloured(*grey, size=(160, 90)), lines=["Jane"])
    sides = {
        np.argwhere(np.abs(one.astype(int) - other).max(axis=2) > 60)[:, 1].mean() > 80
        for one, other in zip(bare, pictures(folder), strict=True)
    }
    assert sides == {True, False}


def test_the_strip_is_cut_where_shots_were_planned(tmp_path, folder):
    frames = [(RED, 100)] * 10 + [(GREEN, 100)] + [(BLUE, 100)] * 29
    frames = [((c[0], c[1], max(0, c[2] - n % 2)), ms) for n, (c, ms) in enumerate(frames)]
    facts = film(tmp_path, folder, coloured(*frames), cuts_ms=[0, 1_000, 1_100])
    tiles = facts.strip["tiles"]
    assert {tile["shot"] for tile in tiles} == {1, 2, 3}
    with Image.open(folder / "strip.jpg") as strip:
        assert strip.size == (facts.strip["width"], facts.strip["height"]) == (WIDTH, HEIGHT)
        for tile in tiles:
            seen = strip.getpixel((tile["left"] + tile["width"] // 2, HEIGHT // 2))
            wanted = (RED, GREEN, BLUE)[tile["shot"] - 1]
            assert max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) < 40


def test_tiles_follow_each_other_without_gaps_and_each_shot_has_one():
    cuts_ms = [0, 500, 1_000, 20_000, 59_500]
    tiles = tiles_of(cuts_ms, 60_000, (480, 270))
    assert tiles[0].left == 0
    assert [one.left + one.width for one in tiles[:-1]] == [two.left for two in tiles[1:]]
    assert tiles[-1].left + tiles[-1].width == WIDTH
    assert {tile.shot for tile in tiles} == {1, 2, 3, 4, 5}
    bounds = [*cuts_ms, 60_000]
    for tile in tiles:
        assert bounds[tile.shot - 1] <= tile.ms < bounds[tile.shot]


def test_cuts_beyond_the_end_are_left_out(tmp_path, folder):
    facts = film(tmp_path, folder, coloured((RED, 500), (BLUE, 500)), [0, 500, 1_000, 9_000])
    assert {tile["shot"] for tile in facts.strip["tiles"]} == {1, 2}


HOSTILE = (
    "37 bytes for 4 gigapixels", "cut in a frame", "html", "no delays", "thousands of frames",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_gifs_are_refused_with_a_sentence(tmp_path, folder, name):
    with pytest.raises(Unacceptable, match=r"^The .*\.$"):
        film(tmp_path, folder, GIFS[name][0](tmp_path))


def test_what_is_too_much_work_is_refused(tmp_path, folder):
    source = tmp_path / "preview.gif"
    source.write_bytes(coloured(*[((n, 0, 0), 100) for n in range(50)]))
    for limits in (Limits(max_duration_ms=4_900), Limits(max_total_pixels=64 * 36 * 49)):
        with pytest.raises(Unacceptable, match=r"^The preview .*\.$"):
            film_of_gif(source, folder, [0], limits=limits)


def test_a_child_that_dies_is_no_verdict_on_the_film(tmp_path, folder):
    source = tmp_path / "preview.gif"
    source.write_bytes(coloured(*[((n % 250, 0, 0), 100) for n in range(300)], size=(320, 180)))
    with pytest.raises(DrawingFailed):
        film_of_gif(source, folder, [0], limits=replace(making.LIMITS, cpu_s=0))


def test_a_full_disk_is_no_fault_of_the_film(tmp_path):
    source = tmp_path / "preview.gif"
    source.write_bytes(coloured((RED, 500), (BLUE, 500)))
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this machine has no full device")
    folder = tmp_path / "full"
    folder.mkdir()
    for name in ("film.mp4", "poster.jpg", "strip.jpg"):
        (folder / name).symlink_to(full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        film_of_gif(source, folder, [0])


def test_progress_goes_up_to_the_end_and_what_it_raises_stops_the_work(tmp_path, folder):
    source = tmp_path / "preview.gif"
    source.write_bytes(coloured(*[((n, 0, 0), 100) for n in range(80)]))
    told: list[float] = []
    film_of_gif(source, folder, [0], on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 10

    class Stop(Exception):
        pass

    def stop(done: float) -> None:
        raise Stop

    with pytest.raises(Stop):
        film_of_gif(source, folder, [0], on_progress=stop)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # no child is left behind


def test_runs_are_of_frames_that_are_seen():
    assert runs_of([120, 130, 130, 0, 130, 100]) == [[120, 1], [130, 3], [100, 1]]
