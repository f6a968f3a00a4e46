"""The bench of the pictures works, and takes nothing for done that is not."""

import hashlib
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image

from tests.bench.pictures.checks import changed_outside, check_gif
from tests.bench.pictures.contest import Contestant, Wrong, compete
from tests.bench.pictures.figures import animatic, contact_sheet, encoding
from tests.bench.pictures.peers.moves import frames
from tests.bench.pictures.process import Failed, measured
from tests.bench.pictures.quality import quality
from tests.bench.pictures.session import SHOTS, Session, missing
from tests.bench.pictures.stills import KINDS, stills
from tests.bench.pictures.table import Row, table

SECONDS = SHOTS * 0.2
SIZE = (96, 54)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def session(folder):
    return Session(folder, SECONDS, rounds=1, with_slow=False)


def gif(path, pictures, ms=100):
    first, *rest = pictures
    first.save(path, save_all=True, append_images=rest, duration=ms, loop=0)
    return path


@pytest.mark.bench
@pytest.mark.parametrize("figure", [animatic, encoding, partial(contact_sheet, counts=(12,))])
def test_a_tiny_session_gives_plausible_figures(session, tell, figure):
    rows = list(figure(session))
    assert rows
    for row in rows:
        assert row.value is None or row.value > 0 or "difference" in row.note
        assert row.cpu is None or row.cpu > 0
    told = table([replace(row, most=None, least=None) for row in rows])  # too short for the aims
    assert all(row.figure in told for row in rows)
    if figure is animatic:
        peaks = [row.value for row in rows if ": peak" in row.figure]
        assert len(peaks) == 2
        assert all(30 < peak < 1_000 for peak in peaks)
    tell("\n".join(f"  {line}" for line in told.splitlines()[2:]))


def test_stills_are_the_same_on_each_run(session, tmp_path):
    again = stills(tmp_path, len(KINDS))
    for one, other in zip(session.stills, again, strict=False):
        assert one.name == other.name
        digests = [hashlib.sha256(path.read_bytes()).digest() for path in (one, other)]
        assert digests[0] == digests[1]


def test_the_right_film_passes(session, tmp_path):
    film = gif(tmp_path / "film.gif", frames(session.stills, SECONDS, SIZE, 10))
    check_gif(film, session.stills, SECONDS)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda film: film[: len(film) // 2], "lasts 1.2 s, not 2.4 s"),
        (lambda film: [Image.new("RGB", SIZE, (n, 0, 0)) for n in range(24)], "something else"),
        (lambda film: film[::-1], "something else"),
    ],
    ids=["half", "black", "backwards"],
)
def test_another_film_is_wrong(session, tmp_path, spoil, says):
    film = list(frames(session.stills, SECONDS, SIZE, 10))
    out = gif(tmp_path / "film.gif", spoil(film))
    with pytest.raises(Wrong, match=says):
        check_gif(out, session.stills, SECONDS)


def test_a_watermark_is_held_to_its_place(tmp_path):
    from studio.pictures.watermark import Mark, watermark_gif

    lines = ("Kitchen Films", "Take 3")
    gradient = np.linspace(0, 255, 320 * 180).reshape(180, 320).astype(np.uint8)
    still = Image.merge("RGB", [Image.fromarray(np.roll(gradient, n, axis=1)) for n in (0, 40, 80)])
    source = gif(tmp_path / "source.gif", [still, still.transpose(0)])
    marked = tmp_path / "marked.gif"
    watermark_gif(source, marked, Mark(lines))
    assert changed_outside(source, marked, lines) == 0
    with pytest.raises(Wrong, match="no mark"):
        changed_outside(source, source, lines)
    inverted = [still.point(lambda v: 255 - v), still.transpose(0).point(lambda v: 255 - v)]
    assert changed_outside(source, gif(tmp_path / "other.gif", inverted), lines) > 10_000


def test_a_contestant_that_fails_or_errs_stops_the_contest(tmp_path):
    def refuse(_out):
        raise Wrong("nothing in it")

    out = tmp_path / "out"
    touch = [sys.executable, "-c", f"open({str(out)!r}, 'w')"]
    assert compete([Contestant("fine", lambda _round: touch, out)], 2)["fine"].bytes == 0
    with pytest.raises(Wrong, match="nothing in it"):
        compete([Contestant("empty", lambda _round: touch, out, refuse)], 1)
    broken = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    with pytest.raises(Failed, match="no such thing"):
        compete([Contestant("broken", lambda _round: broken, out)], 1)


def test_children_count(tmp_path):
    busy = "b = bytearray(90_000_000)\nimport time\nwhile time.process_time() < 0.4: b[:] = b"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}], check=True)"
    cost = measured([sys.executable, "-c", parent])
    assert cost.cpu_s > 0.4
    assert 95 < cost.peak_mb < 300
    assert cost.wall_s > 0.4


def test_quality_tells_bands_from_grain(tmp_path):
    """Of two encoders with as few colours, the one that dithers shows fewer bands."""
    across, raw = np.linspace(40, 200, SIZE[0]), tmp_path / "frames.rgb"
    moving = [np.tile(np.roll(across, n)[None, :, None], (SIZE[1], 1, 3)) for n in range(6)]
    pictures = [frame.astype(np.uint8) for frame in moving]
    raw.write_bytes(b"".join(picture.tobytes() for picture in pictures))
    grain = np.random.default_rng(1).uniform(-13, 13, pictures[0].shape[:2])[..., None]

    def made(name, few):
        return quality(raw, gif(tmp_path / name, [Image.fromarray(f) for f in few]), SIZE, every=2)

    exact = made("exact.gif", pictures)
    bands = made("bands.gif", [(frame // 26 * 26 + 13).astype(np.uint8) for frame in moving])
    grainy = made("grain.gif", [((f + grain) // 26 * 26 + 13).astype(np.uint8) for f in moving])
    assert exact.ssim == pytest.approx(1)
    assert exact.flicker == pytest.approx(0, abs=0.01)
    assert exact.blurred_db > 60
    assert grainy.blurred_db > bands.blurred_db + 2
    assert max(grainy.ssim, bands.ssim) < 0.95


def test_on_a_busy_machine_the_worse_figure_decides():
    row = Row("time", "1 s", "4 s", 0.25, most=0.35, cpu=0.5)
    assert row.verdict == "met"
    assert Row("time", "1 s", "4 s", 0.25, most=0.35, cpu=0.5, was_busy=True).verdict == "MISSED"
    assert Row("likeness", ".98", ".90", 0.08, least=0.06).verdict == "met"
    assert Row("told", "1 s", "4 s", 0.25).verdict == ""


def test_what_is_missing_is_said(session, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert "ffmpeg is not on the PATH" in " ".join(missing(session))
