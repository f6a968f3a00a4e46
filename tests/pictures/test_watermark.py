"""The mark is in every frame and nothing else has changed: timing, order, loop, disposal."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from studio.pictures.animatic import render_gif
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import (
    LOOP_FOREVER,
    TRAILER,
    Frame,
    Screen,
    compress,
    decode_indices,
)
from studio.pictures.marks.stamp import EDGE, FACE, stamp_for
from studio.pictures.probe import probe_gif
from studio.pictures.watermark import Mark, watermark_gif
from tests.pictures.films import gif_frames, loop_of, pillow_gif, shown, tokyo

MARK = Mark(("Demo workspace", "Take 3 · 22 Nov 2026"))
SIZE = (200, 120)


def marked(tmp_path: Path, data: bytes, mark: Mark = MARK) -> tuple[Path, Path]:
    source, out = tmp_path / "source.gif", tmp_path / "out.gif"
    source.write_bytes(data)
    watermark_gif(source, out, mark)
    return source, out


def moving(count: int = 4, back: tuple[int, int, int] = (40, 90, 140)) -> list[Image.Image]:
    pictures = []
    for number in range(count):
        picture = Image.new("RGB", SIZE, back)
        draw = ImageDraw.Draw(picture)
        draw.ellipse((20 * number, 30, 20 * number + 40, 70), fill=(220, 60, 40))
        draw.rectangle((0, 100, SIZE[0], SIZE[1]), fill=(20 + number, 30, 20))
        pictures.append(picture)
    return pictures


def assembled(frames: list[Frame], palette: bytes = b"", size: tuple[int, int] = SIZE) -> bytes:
    flags = (0x80 | ((len(palette) // 3 - 1).bit_length() - 1)) if palette else 0
    screen = Screen(*size, b"GIF89a", bytes((flags, 0, 0)), palette)
    return screen.encode() + LOOP_FOREVER + b"".join(frame.encode() for frame in frames) + TRAILER


def block(indices: np.ndarray, palette: bytes, **changes: object) -> Frame:
    values: dict[str, object] = {
        "left": 0, "top": 0, "width": indices.shape[1], "height": indices.shape[0],
        "delay_cs": 7, "disposal": 1, "transparent": None, "is_interlaced": False,
        "palette": palette, "code_size": 8, "control_flags": 0x04,
        "data": b"",
    }  # fmt: skip
    values.update(changes)
    if values["transparent"] is not None:
        values["control_flags"] = (int(values["disposal"]) << 2) | 1  # type: ignore[call-overload]
    else:
        values["control_flags"] = int(values["disposal"]) << 2  # type: ignore[call-overload]
    values["data"] = compress(
        indices.astype(np.uint8), 8, is_interlaced=bool(values["is_interlaced"])
    )
    return Frame(**values)  # type: ignore[arg-type]


RAMP = bytes(c for i in range(256) for c in (i, i, i))
BLUES = bytes(c for i in range(256) for c in (0, 0, i))


def ramp_picture(shift: int = 0) -> np.ndarray:
    x = np.linspace(20, 230, SIZE[0]).astype(np.uint8)
    return np.repeat(np.roll(x, shift)[None, :], SIZE[1], axis=0)


def assert_mark_everywhere(source: Path, out: Path) -> None:
    """In each quarter of each frame some of the mark shows; outside the mark nothing changed."""
    classes = stamp_for(MARK.lines, SIZE).classes
    before, after = shown(source), shown(out)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        apart = np.abs(one[..., :3].astype(int) - other[..., :3].astype(int)).max(axis=2)
        for rows in (slice(0, 60), slice(60, 120)):
            for columns in (slice(0, 100), slice(100, 200)):
                assert (apart[rows, columns] > 24).mean() > 0.02
        visible = one[..., 3] > 0
        assert apart[(classes == 0) & visible].max(initial=0) <= 8


def test_every_frame_of_an_animatic_is_marked_and_timing_is_kept(tmp_path):
    source = tmp_path / "a.gif"
    render_gif(tokyo(), source, size=SIZE, fps=2)
    _, out = marked(tmp_path, source.read_bytes())
    assert_mark_everywhere(source, out)
    before, after = gif_frames(source), gif_frames(out)
    for one, other in zip(before, after, strict=True):
        assert (one.delay_cs, one.disposal, one.left, one.top) == (
            other.delay_cs, other.disposal, other.left, other.top,
        )  # fmt: skip
    assert probe_gif(out) == probe_gif(source)


def test_nothing_outside_the_mark_changes_at_all(tmp_path):
    source = tmp_path / "a.gif"
    render_gif(tokyo(), source, size=SIZE, fps=2)
    _, out = marked(tmp_path, source.read_bytes())
    outside = stamp_for(MARK.lines, SIZE).classes == 0
    for one, other in zip(shown(source), shown(out), strict=True):
        assert (one[outside] == other[outside]).all()


def test_the_file_hardly_grows(tmp_path):
    source = tmp_path / "a.gif"
    render_gif(tokyo(), source, size=(320, 180), fps=8)
    _, out = marked(tmp_path, source.read_bytes())
    assert out.stat().st_size <= 1.03 * source.stat().st_size


@pytest.mark.parametrize("transparent", [None, 255], ids=["opaque blocks", "partly clear blocks"])
def test_the_mark_never_lags_behind_the_picture(tmp_path, transparent):
    """What looks alike is not written again: yet each pixel stays what the mark makes of it."""
    frames = [
        block(np.minimum(ramp_picture(shift), 254), RAMP, transparent=transparent)
        for shift in (*range(0, 24, 2), 100, 3)
    ]
    source, out = marked(tmp_path, assembled(frames))
    stamp = stamp_for(MARK.lines, SIZE)
    face, edge = (stamp.blends[stamp.classes, channel] for channel in (0, 1))
    for one, other in zip(shown(source), shown(out), strict=True):
        wanted = (one[..., 0] * (1 - edge) + EDGE * edge) * (1 - face) + FACE * face
        assert np.abs(wanted - other[..., 0]).max() <= 13


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(delays=st.lists(st.integers(1, 700), min_size=1, max_size=8), loop=st.integers(0, 65535))
def test_delays_and_loop_are_kept_exactly(tmp_path, delays, loop):
    frames = [block(ramp_picture(9 * n), RAMP, delay_cs=delay) for n, delay in enumerate(delays)]
    data = assembled(frames).replace(
        LOOP_FOREVER, LOOP_FOREVER[:-3] + loop.to_bytes(2, "little") + b"\0"
    )
    _, out = marked(tmp_path, data)
    assert [frame.delay_cs for frame in gif_frames(out)] == delays
    assert loop_of(out) == [loop]


def test_a_gif_that_plays_once_still_plays_once(tmp_path):
    data = pillow_gif(moving(), loop=None)
    _, out = marked(tmp_path, data)
    assert loop_of(out) == loop_of(tmp_path / "source.gif") == []


@pytest.mark.parametrize("back", [(0, 0, 0), (255, 255, 255), (128, 128, 128)], ids=str)
def test_it_is_legible_on_black_on_white_and_on_grey(tmp_path, back):
    _, out = marked(
        tmp_path, pillow_gif([Image.new("RGB", SIZE, back), Image.new("RGB", SIZE, back)])
    )
    for picture in shown(out):
        light = picture[..., :3].astype(float) @ (0.2126, 0.7152, 0.0722) / 255
        linear = light**2.2
        contrast = (linear.max() + 0.05) / (linear.min() + 0.05)
        assert contrast >= 3.0, "WCAG asks 3:1 of large text"


@pytest.mark.parametrize("disposal", [0, 1, 2, 3])
def test_every_disposal_is_marked(tmp_path, disposal):
    source, out = marked(tmp_path, pillow_gif(moving(), disposal=disposal))
    assert_mark_everywhere(source, out)
    assert [f.delay_cs for f in gif_frames(out)] == [f.delay_cs for f in gif_frames(source)]


def transparent_frames(disposal: int) -> list[Frame]:
    frames = []
    for number in range(4):
        indices = np.full((SIZE[1], SIZE[0]), 255)
        indices[30:70, 20 * number : 20 * number + 60] = 200
        frames.append(block(indices, RAMP, transparent=255, disposal=disposal))
    return frames


@pytest.mark.parametrize("disposal", [1, 2, 3])
def test_a_mark_stands_on_transparent_ground_too(tmp_path, disposal):
    source, out = marked(tmp_path, assembled(transparent_frames(disposal)))
    classes = stamp_for(MARK.lines, SIZE).classes
    for one, other in zip(shown(source), shown(out), strict=True):
        assert (other[..., 3][classes > 0] == 255).all(), "the mark is not drawn everywhere"
        clear = (one[..., 3] == 0) & (classes == 0)
        assert (other[..., 3][clear] == 0).all(), "transparent ground was filled"
        kept = (one[..., 3] > 0) & (classes == 0)
        assert np.abs(one[kept].astype(int) - other[kept].astype(int)).max(initial=0) <= 8
    assert [f.delay_cs for f in gif_frames(out)] == [7] * 4


def test_partial_frames_stay_partial(tmp_path):
    patch = ramp_picture()[20:80, 30:130]
    frames = [
        block(ramp_picture(), RAMP),
        block(patch[:, ::-1], RAMP, left=30, top=20),
        block(patch, b"", left=60, top=40, is_interlaced=True),
    ]
    source, out = marked(tmp_path, assembled(frames, palette=RAMP))
    after = gif_frames(out)
    assert [(f.left, f.top, f.width, f.height) for f in after] == [
        (0, 0, 200, 120), (30, 20, 100, 60), (60, 40, 100, 60),
    ]  # fmt: skip
    assert after[2].is_interlaced
    assert after[2].palette == b"", "a frame with the global palette keeps it"
    assert_mark_everywhere(source, out)


@pytest.mark.parametrize("size", [2, 4, 16, 64], ids=lambda n: f"{n} colours")
def test_small_palettes(tmp_path, size):
    palette = bytes(c for i in range(size) for c in (255 * i // (size - 1),) * 3)
    indices = ramp_picture() // (256 // size)
    source, out = marked(tmp_path, assembled([block(indices, b"")] * 2, palette=palette))
    after = shown(out)
    classes = stamp_for(MARK.lines, SIZE).classes
    for one, other in zip(shown(source), after, strict=True):
        assert (one[classes == 0] == other[classes == 0]).all()
        assert (one[classes > 0] != other[classes > 0]).any(axis=1).mean() > 0.1


def test_a_palette_with_nothing_light_in_it_is_lent_some(tmp_path):
    source, out = marked(tmp_path, assembled([block(ramp_picture(), BLUES)] * 2))
    classes = stamp_for(MARK.lines, SIZE).classes
    for one, other in zip(shown(source), shown(out), strict=True):
        brightest = other[classes > 0][:, :3].astype(int).min(axis=1).max()
        assert brightest > 100, "white letters on blue"
        apart = np.abs(one[classes == 0].astype(int) - other[classes == 0].astype(int))
        assert apart.max() <= 8


def test_a_crop_of_any_corner_still_carries_it(tmp_path):
    _, out = marked(tmp_path, pillow_gif(moving()))
    picture = shown(out)[0][..., :3].astype(int)
    plain = np.asarray(moving()[0]).astype(int)
    apart = np.abs(picture - plain).max(axis=2) > 24
    for rows in (slice(0, 48), slice(72, 120)):
        for columns in (slice(0, 80), slice(120, 200)):
            assert apart[rows, columns].sum() > 60


@pytest.mark.parametrize("size", [(16, 16), (64, 36), (1280, 720), (90, 160)], ids=str)
def test_the_mark_fits_any_frame(size):
    classes = stamp_for(MARK.lines, size).classes
    assert classes.shape == (size[1], size[0])
    assert 0.02 < (classes > 0).mean() < 0.75


def test_any_script_can_be_a_mark(tmp_path):
    for line in ("東京 スタジオ", "مرحبا", "👩‍🎬", "\u202egnp.exe", "x" * 5_000):
        marked(tmp_path, pillow_gif(moving(2)), Mark((line, "Take 3")))


def test_a_mark_needs_words(tmp_path):
    with pytest.raises(ValueError, match="at least one line"):
        marked(tmp_path, pillow_gif(moving(2)), Mark(("", " ")))


def test_too_long_a_job_is_given_up_and_leaves_nothing(tmp_path):
    source, out = tmp_path / "s.gif", tmp_path / "o.gif"
    source.write_bytes(pillow_gif(moving()))
    with pytest.raises(Unacceptable, match="too long"):
        watermark_gif(source, out, MARK, deadline_s=-1)
    assert list(tmp_path.iterdir()) == [source]


def test_a_damaged_gif_is_refused_in_words(tmp_path):
    with pytest.raises(Unacceptable, match="cut short"):
        marked(tmp_path, pillow_gif(moving())[:-200])
    assert not (tmp_path / "out.gif").exists()


def test_interlaced_pixels_round_trip():
    for interlaced in (False, True):
        frame = block(ramp_picture(3), RAMP, is_interlaced=interlaced)
        assert (decode_indices(frame) == ramp_picture(3)).all()
        with Image.open(BytesIO(assembled([frame]))) as opened:
            assert (np.asarray(opened.convert("L")) == ramp_picture(3)).all()
