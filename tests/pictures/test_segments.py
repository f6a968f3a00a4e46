"""What was drawn once is not drawn again, and what joins its parts shows no joint."""

import os
import time
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.pictures.animatic import fingerprint, render_gif, render_mp4
from studio.pictures.films.order import GIF, MP4, Order, Style
from studio.pictures.films.reel import Reel
from studio.pictures.films.shelf import Shelf
from studio.pictures.plan import Camera, FilmPlan, Light, ShotPlan, Transition
from studio.pictures.watermark import Mark
from tests.pictures.films import film, shown

SIZE = (64, 36)


def still(path: Path, colour: tuple[int, int, int] = (90, 120, 60)) -> Path:
    Image.linear_gradient("L").resize((192, 108)).convert("RGB").save(path)
    with Image.open(path) as opened:
        shaded = Image.blend(opened.convert("RGB"), Image.new("RGB", (192, 108), colour), 0.5)
    shaded.save(path)
    return path


def twelve(folder: Path, **changed: object) -> FilmPlan:
    """Shots of half a second, some fading into the next; `changed` is what shot 5 has instead."""
    shots = [
        ShotPlan(
            f"s{n}", n, f"Shot {n}", 500, Camera("dolly-in", 0.5), Light(),
            still(folder / f"{n}.png", (20 * n, 90, 60)),
            transition=Transition("crossfade", 200) if n % 3 == 0 else Transition(),
        )
        for n in range(1, 13)
    ]  # fmt: skip
    shots[4] = replace(shots[4], **changed)
    return FilmPlan("T", tuple(shots))


def drawn_anew(render, plan: FilmPlan, folder: Path, **options: object) -> int:
    """How many segments were drawn, and not taken from the shelf."""
    shelf = folder / "shelf"
    before = set(os.listdir(shelf)) if shelf.exists() else set()
    render(plan, folder / "film", size=SIZE, fps=10, segments=shelf, **options)
    after = set(os.listdir(shelf))
    assert not [name for name in after if name.startswith(".")], "nothing is left lying about"
    return len(after - before)


@pytest.mark.parametrize("render", [render_gif, render_mp4])
def test_only_what_changed_is_drawn_again(tmp_path, render):
    # Twelve shots; three fade into the next, and the last fades out.
    assert drawn_anew(render, twelve(tmp_path), tmp_path) == 16
    assert drawn_anew(render, twelve(tmp_path), tmp_path) == 0
    assert drawn_anew(render, twelve(tmp_path, prompt="Another"), tmp_path) == 1
    assert drawn_anew(render, twelve(tmp_path, camera=Camera("pan-left")), tmp_path) == 1


def test_a_shot_beside_a_transition_takes_it_along(tmp_path):
    plan = twelve(tmp_path)
    drawn_anew(render_gif, plan, tmp_path)
    shots = list(plan.shots)
    shots[2] = replace(shots[2], subject=(0.2, 0.2))
    assert drawn_anew(render_gif, FilmPlan("T", tuple(shots)), tmp_path) == 2
    shots[2] = replace(shots[2], transition=Transition("wipe", 200))
    assert drawn_anew(render_gif, FilmPlan("T", tuple(shots)), tmp_path) == 1


def test_a_stills_content_counts_and_not_its_name(tmp_path):
    plan = twelve(tmp_path)
    drawn_anew(render_gif, plan, tmp_path)
    moved = tmp_path / "moved.png"
    (tmp_path / "5.png").rename(moved)
    plan = FilmPlan("T", tuple(replace(s, still=moved) if s.number == 5 else s for s in plan.shots))
    assert drawn_anew(render_gif, plan, tmp_path) == 0
    still(moved, (255, 0, 0))
    assert drawn_anew(render_gif, plan, tmp_path) == 1


def test_without_captions_a_shot_is_drawn_once_wherever_it_goes(tmp_path):
    plan = FilmPlan("T", tuple(replace(s, transition=Transition()) for s in twelve(tmp_path).shots))
    assert drawn_anew(render_gif, plan, tmp_path, captions=False) == 12
    turned = tuple(
        replace(s, number=n, prompt=f"Now {n}") for n, s in enumerate(reversed(plan.shots), start=1)
    )
    assert drawn_anew(render_gif, FilmPlan("T", turned), tmp_path, captions=False) == 0
    assert drawn_anew(render_gif, FilmPlan("T", turned), tmp_path) == 12, "the time is in it"


@pytest.mark.parametrize("render", [render_gif, render_mp4])
def test_a_film_from_the_shelf_is_the_same_to_the_byte(tmp_path, render):
    one, other = tmp_path / "one", tmp_path / "other"
    for out in (one, other):
        render(twelve(tmp_path), out, size=SIZE, fps=10, segments=tmp_path / "shelf")
    render(twelve(tmp_path), tmp_path / "plain", size=SIZE, fps=10)
    assert one.read_bytes() == other.read_bytes() == (tmp_path / "plain").read_bytes()


@pytest.mark.parametrize("damage", ["cut short", "emptied", "altered", "a folder"])
def test_a_damaged_segment_is_drawn_again_and_never_used(tmp_path, damage):
    shelf, plan = tmp_path / "shelf", twelve(tmp_path)
    render_gif(plan, tmp_path / "good", size=SIZE, fps=10, segments=shelf)
    for path in sorted(shelf.iterdir())[:3]:
        data = path.read_bytes()
        if damage == "a folder":
            path.unlink()
            path.mkdir()
        else:
            changed = data[:-30] + b"x" + data[-29:]
            path.write_bytes({"cut short": data[:-9], "emptied": b""}.get(damage, changed))
    render_gif(plan, tmp_path / "again", size=SIZE, fps=10, segments=shelf)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "good").read_bytes()


def test_the_shelf_stays_within_its_bytes_and_keeps_what_was_used_last(tmp_path):
    shelf, drawn = tmp_path / "shelf", tmp_path / "drawn"
    for number in range(5):
        drawn.write_bytes(bytes([number]) * 1000)
        Shelf(shelf).put(f"{number:064x}", drawn)
        drawn.unlink()
    ancient = time.time() - 3600
    for number, path in enumerate(sorted(shelf.iterdir())):
        os.utime(path, (ancient + number, ancient + number))
    taken = Shelf(shelf)
    assert taken.take_down(f"{0:064x}", tmp_path / "zero")
    Shelf(shelf, most_bytes=3000).prune()
    left = [int(path.name.partition(".")[0], 16) for path in sorted(shelf.iterdir())]
    assert left == [0, 3, 4]
    assert (tmp_path / "zero").read_bytes() == bytes(1000)
    assert not taken.take_down(f"{1:064x}", tmp_path / "one"), "somebody else threw it out"


def test_what_killed_drawings_left_on_the_shelf_goes_after_a_day(tmp_path):
    fresh, old = tmp_path / ".drawing-a", tmp_path / ".drawing-b"
    for folder in (fresh, old):
        folder.mkdir()
        (folder / "0.segment").write_bytes(b"x")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    Shelf(tmp_path).prune()
    assert [path.name for path in tmp_path.iterdir()] == [".drawing-a"]


def test_a_segment_pruned_while_it_is_taken_down_is_whole(tmp_path, monkeypatch):
    """And one that is not taken after all leaves no link, through which it would be overwritten."""
    drawn, taken = tmp_path / "drawn", tmp_path / "taken"
    drawn.write_bytes(b"pixels")
    Shelf(tmp_path / "shelf").put("key", drawn)

    def gone(path: Path, *_: object) -> None:
        path.unlink()
        raise FileNotFoundError(path)

    shelf = Shelf(tmp_path / "shelf")
    monkeypatch.setattr(os, "utime", gone)
    assert shelf.take_down("key", taken)
    assert taken.read_bytes() == b"pixels"
    taken.unlink()
    assert not shelf.take_down("key", taken)
    assert not taken.exists()


def test_a_shelf_that_cannot_be_written_only_costs_time(tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    blocked = Shelf(shelf)
    shelf.rename(tmp_path / "gone")
    drawn = tmp_path / "drawn"
    drawn.write_bytes(b"x")
    blocked.put("a" * 64, drawn)
    assert not blocked.take_down("a" * 64, tmp_path / "back")


def test_joined_video_has_every_frame_at_its_time_and_no_glitch(tmp_path):
    """Decoded as one film, against the frames as they were drawn: at the joints, too."""
    plan, out = twelve(tmp_path), tmp_path / "a.mp4"
    render_mp4(plan, out, size=(160, 90), fps=24, captions=False)
    order = Order(plan, Style(MP4, (160, 90), 24, captions=False))
    reel = Reel(order.style)
    drawn = [
        frame
        for segment in order.segments
        for frame in reel.frames(segment, lambda image: np.asarray(image, dtype=np.float32))
    ]
    with av.open(str(out)) as opened:
        stream = opened.streams.video[0]
        assert stream.start_time == 0
        assert stream.duration * stream.time_base == 6
        frames = list(opened.decode(video=0))
    assert [round(frame.time * 24) for frame in frames] == list(range(144))
    cuts = {take.first for segment in order.segments for take in segment.takes}
    assert cuts <= {n for n, frame in enumerate(frames) if frame.key_frame}
    for number, (frame, source) in enumerate(zip(frames, drawn, strict=True)):
        error = (frame.to_ndarray(format="rgb24").astype(np.float32) - source) ** 2
        assert 10 * np.log10(255**2 / max(1e-3, error.mean())) > 30, number


@pytest.mark.parametrize(("fps", "size"), [(24, (64, 36)), (25, (48, 28)), (30, (64, 36))])
def test_shots_of_a_third_of_a_second_are_exact(tmp_path, fps, size):
    plan, out = film(333, 334, 333, 501), tmp_path / "a.mp4"
    render_mp4(plan, out, size=size, fps=fps)
    with av.open(str(out)) as opened:
        packets = [p for p in opened.demux(video=0) if p.pts is not None]
        shown_at = sorted(round(p.pts * p.time_base * fps) for p in packets)
        decoded_at = [p.dts for p in packets]
    assert shown_at == list(range(round(1.501 * fps)))
    assert decoded_at == sorted(set(decoded_at))


def test_a_long_still_shot_is_the_same_across_its_parts(tmp_path):
    """A shot of many seconds is drawn in parts; where they join nothing flickers."""
    shot = ShotPlan("a", 1, "x", 20_000, Camera("static"), Light(), still(tmp_path / "a.png"))
    out = tmp_path / "a.gif"
    render_gif(FilmPlan("T", (shot,)), out, size=SIZE, fps=4, captions=False)
    pictures = shown(out)
    assert len(pictures) == 80
    assert all(np.array_equal(pictures[0], picture) for picture in pictures)


def test_the_fingerprint_tells_all_that_is_drawn_apart(tmp_path):
    sound, plan = tmp_path / "a.m4a", twelve(tmp_path)
    sound.write_bytes(b"sound")

    def told(plan: FilmPlan = plan, **options: object) -> str:
        return fingerprint(plan, **{"media_type": GIF, "size": SIZE, "fps": 10, **options})

    told_apart = [
        told(),
        told(media_type=MP4),
        told(size=(64, 38)),
        told(fps=11),
        told(captions=False),
        told(mark=Mark(("a",))),
        told(mark=Mark(("b",))),
        told(soundtrack=sound),
        told(twelve(tmp_path, prompt="Another")),
        told(twelve(tmp_path, transition=Transition("wipe", 300))),
        told(twelve(tmp_path, subject=(0.1, 0.1))),
        told(FilmPlan("T", plan.shots[::-1])),
    ]
    assert len(set(told_apart)) == len(told_apart)
    assert told() == told_apart[0] == told(FilmPlan("Another title", plan.shots))
    sound.write_bytes(b"other sound")
    assert told(soundtrack=sound) not in told_apart
    still(tmp_path / "7.png", (0, 0, 255))
    assert told() not in told_apart


def test_a_missing_still_or_sound_is_named(tmp_path):
    plan = twelve(tmp_path)
    (tmp_path / "5.png").unlink()
    with pytest.raises(ValueError, match="picture of shot 5"):
        fingerprint(plan, media_type=GIF, size=SIZE, fps=10)
    for processes in (1, 2):
        with pytest.raises(ValueError, match="picture of shot 5"):
            render_gif(plan, tmp_path / "a.gif", size=SIZE, processes=processes)
    assert not (tmp_path / "a.gif").exists()
