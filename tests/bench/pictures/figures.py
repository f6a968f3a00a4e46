"""Each figure of the pictures: what runs, beside whom, and which aim it is held against."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench.pictures import ours
from tests.bench.pictures.checks import changed_outside, check_gif, check_mp4
from tests.bench.pictures.contest import Contestant, Result, compete
from tests.bench.pictures.ours import GIF_FPS, GIF_SIZE, MP4_FPS, MP4_SIZE
from tests.bench.pictures.peers import ffmpeg
from tests.bench.pictures.peers.moves import frames
from tests.bench.pictures.peers.venv_of_peers import python_with
from tests.bench.pictures.process import measured
from tests.bench.pictures.quality import Quality, quality
from tests.bench.pictures.stills import stills
from tests.bench.pictures.table import Row

SHOTS = 12
MARK = ("Kitchen Films", "Take 3 · for ana@example.com", "22 November 2026")
_SCRIPTS = Path(__file__).with_name("peers")


@dataclass(frozen=True)
class Session:
    """One run of the bench: where it works, how long its film is, how often all take turns."""

    folder: Path
    seconds: float = 60.0
    rounds: int = 3
    with_slow: bool = True

    @property
    def stills(self) -> list[Path]:
        return stills(self.folder / "stills", SHOTS)

    def out(self, name: str) -> Path:
        return self.folder / name

    @property
    def has_ffmpeg(self) -> bool:
        return shutil.which("ffmpeg") is not None


def animatic(session: Session) -> Iterator[Row]:
    """The GIF of the whole film, beside everybody."""
    names = ["ours, 1 process", "ours, 2 processes"]
    contestants = [_our_gif(session, names[0], 1), _our_gif(session, names[1], 2)]
    if session.has_ffmpeg:
        contestants += [_ffmpeg_gif(session, dither) for dither in ("default", "bayer")]
    if session.with_slow:
        contestants += _slow(session)
    found = compete(contestants, session.rounds)
    one, two = found[names[0]], found[names[1]]
    aims: dict[str, Callable[[Result, Result], Iterator[Row]]] = {
        "ffmpeg default": lambda peer, us: _beside(us, peer, 0.35 if us is one else 0.22),
        "ffmpeg bayer": lambda peer, us: _beside(us, peer, 0.8),
        "moviepy": lambda peer, us: _beside(us, peer, 1 / 9),
    }
    what = f"GIF {session.seconds:g} s"
    for name, peer in found.items():
        if name not in names:
            for us in (one, two):
                yield from _named(what, aims.get(name, _told)(peer, us))
    yield Row(f"{what}: peak, 1 process", f"{one.peak_mb:.0f} MB", "", one.peak_mb, most=100)
    yield Row(f"{what}: peak, 2 processes", f"{two.peak_mb:.0f} MB", "", two.peak_mb, most=200)


def video(session: Session) -> Iterator[Row]:
    """The MP4 of the whole film, beside ffmpeg with the same x264 settings."""
    contestants = [_our_mp4(session, 1), _our_mp4(session, 2)]
    if session.has_ffmpeg:
        out = session.out("ffmpeg.mp4")
        line = ffmpeg.mp4(session.stills, session.seconds, out, MP4_SIZE, MP4_FPS)
        check = partial(check_mp4, stills=session.stills, seconds=session.seconds, fps=MP4_FPS)
        contestants.append(Contestant("ffmpeg superfast", lambda _round: line, out, check))
    found = compete(contestants, session.rounds)
    what = f"MP4 {session.seconds:g} s 720p"
    us = [found.pop(one.name) for one in contestants[:2]]
    for peer in found.values():
        for result in us:
            yield from _named(what, _beside(result, peer, 1.5))
    for result in us:
        yield Row(f"{what}: peak, {result.name}", f"{result.peak_mb:.0f} MB")


def rerender(session: Session) -> Iterator[Row]:
    """The GIF again, after one of its shots was changed: another in each round."""
    cache = session.out("segments")
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir()
    job = partial(_gif_job, session, session.out("rerender.gif"))
    measured(job(segments=cache))
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    whole = _our_gif(session, "all of it", 1)
    changed = Contestant(
        "one shot of twelve",
        lambda number: job(segments=cache, changed=(5 * number + 2) % SHOTS),
        session.out("rerender.gif"),
        check,
    )
    found = compete([whole, changed], session.rounds)
    yield from _named("GIF again", _beside(found[changed.name], found[whole.name], 0.25))


def growth(session: Session) -> Iterator[Row]:
    """The GIF of more and more shots, each as long."""
    each_s = session.seconds / SHOTS
    counts = (1, 6, 12, 24)
    contestants = []
    for count in counts:
        pictures = [session.stills[n % SHOTS] for n in range(count)]
        out = session.out(f"growth-{count}.gif")
        line = ours.command("gif", stills=pictures, seconds=each_s * count, out=out)
        check = partial(check_gif, stills=pictures, seconds=each_s * count)
        contestants.append(Contestant(f"{count}", lambda _r, line=line: line, out, check))
    found = compete(contestants, max(1, session.rounds - 1))
    told = " · ".join(f"{n}: {found[str(n)].cpu_s:.2f} s" for n in counts)
    late = (found["24"].cpu_s - found["12"].cpu_s) / 12
    early = (found["12"].cpu_s - found["1"].cpu_s) / 11
    yield Row(
        "growth: CPU a shot, 12 to 24 beside 1 to 12 shots", told, "", late / early, most=1.15
    )
    told = " · ".join(f"{n}: {found[str(n)].peak_mb:.0f} MB" for n in counts)
    more = found["24"].peak_mb / found["6"].peak_mb
    yield Row("growth: peak, 24 beside 6 shots", told, "", more, most=1.1)


def watermark(session: Session) -> Iterator[Row]:
    """The mark on a finished GIF of three quarters of the film's length: 450 frames for 60 s."""
    source, marked = session.out("source.gif"), session.out("marked.gif")
    seconds = session.seconds * 0.75
    measured(ours.command("gif", stills=session.stills, seconds=seconds, out=source))
    line = ours.command("watermark", source=source, out=marked, lines=MARK)
    contestants = [Contestant("ours", lambda _round: line, marked)]
    if session.has_ffmpeg:
        picture, out = session.out("mark.png"), session.out("marked-ffmpeg.gif")
        _mark_as_picture(picture)
        theirs = ffmpeg.watermark(source, picture, out)
        contestants.append(Contestant("ffmpeg bayer", lambda _round: theirs, out))
    found = compete(contestants, session.rounds)
    us, what = found.pop("ours"), f"watermark of {round(seconds * GIF_FPS)} frames"
    for peer in found.values():
        yield from _named(what, _beside(us, peer, 0.35))
    outside = changed_outside(source, marked, MARK)
    yield Row(f"{what}: changed outside", f"{outside} pixels", "", outside, most=0)
    size = source.stat().st_size
    grown = us.bytes / size
    yield Row(f"{what}: bytes", _mb(us.bytes), f"input {_mb(size)}", grown, most=1.03)


def encoding(session: Session) -> Iterator[Row]:
    """The GIF encoders alone, on the same raw frames."""
    raw, each_s = session.out("frames.rgb"), min(2.0, session.seconds / SHOTS)
    with raw.open("wb") as file:
        for frame in frames(session.stills, each_s * SHOTS, GIF_SIZE, GIF_FPS):
            file.write(frame.tobytes())
    made = session.out("encoded.gif")
    line = ours.command("encode", raw=raw, out=made, cuts_every=round(each_s * GIF_FPS))
    contestants = [Contestant("ours", lambda _round: line, made)]
    if session.has_ffmpeg:
        for dither in ("default", "bayer"):
            out = session.out(f"encoded-{dither}.gif")
            theirs = ffmpeg.encode(raw, out, GIF_SIZE, GIF_FPS, dither)
            name = f"ffmpeg {dither}"
            contestants.append(Contestant(name, lambda _round, line=theirs: line, out))
    found = compete(contestants, session.rounds)
    looks = {one.name: quality(raw, one.out, GIF_SIZE) for one in contestants}
    us, look = found.pop("ours"), looks["ours"]
    for name, peer in found.items():
        yield from _named("encode alone", _told(peer, us))
        yield from _likeness(name, look, looks[name])
        yield Row(
            f"encode alone: bytes, {name}", _mb(us.bytes), _mb(peer.bytes),
            us.bytes / peer.bytes, most=0.8 if name == "ffmpeg default" else None,
        )  # fmt: skip


def _likeness(name: str, ours: Quality, theirs: Quality) -> Iterator[Row]:
    is_aimed_at = name == "ffmpeg default"
    yield Row(
        f"encode alone: SSIM, {name}", f"{ours.ssim:.3f}", f"{theirs.ssim:.3f}",
        ours.ssim - theirs.ssim, least=0.06 if is_aimed_at else None, note="difference",
    )  # fmt: skip
    yield Row(
        f"encode alone: blurred PSNR, {name}",
        f"{ours.blurred_db:.1f} dB", f"{theirs.blurred_db:.1f} dB",
        ours.blurred_db - theirs.blurred_db, least=0 if is_aimed_at else None, note="difference",
    )  # fmt: skip
    yield Row(
        f"encode alone: flicker, {name}", f"{ours.flicker:.2f}", f"{theirs.flicker:.2f}",
        ours.flicker / theirs.flicker if theirs.flicker else None, note="less is calmer",
    )  # fmt: skip


def contact_sheet(session: Session) -> Iterator[Row]:
    """Its memory over that of a process that has drawn a sheet of one frame."""
    out = session.out("sheet.png")
    for count in (12, 100, 500):
        line = ours.command("contact_sheet", stills=session.stills, out=out, frames=count)
        found = json.loads(measured(line).said.splitlines()[-1])
        over, before = found["over_mb"], found["before_mb"]
        yield Row(
            f"contact sheet of {count}: peak over imports", f"{over:.1f} MB", "", over, most=30,
            note=f"imports {before:.0f} MB; {found['cpu_s']:.2f} s CPU; {_mb(out.stat().st_size)}",
        )  # fmt: skip


def dry_run(session: Session) -> Iterator[Row]:
    """The first frame of a move, on a still that nothing is cached of."""
    said = measured(ours.command("dry_runs", stills=session.stills)).said
    found = json.loads(said.splitlines()[-1])
    first, whole = sorted(found["first_ms"]), sorted(found["whole_ms"])
    yield Row(
        "dry run: first frame, slowest of twelve moves", f"{first[-1]:.0f} ms", "", first[-1],
        most=150, note=f"median {first[len(first) // 2]:.0f} ms; "
        f"whole loop {whole[len(whole) // 2]:.0f} ms, slowest {whole[-1]:.0f} ms",
    )  # fmt: skip


FIGURES: dict[str, Callable[[Session], Iterator[Row]]] = {
    "animatic": animatic,
    "video": video,
    "rerender": rerender,
    "growth": growth,
    "watermark": watermark,
    "encoding": encoding,
    "contact-sheet": contact_sheet,
    "dry-run": dry_run,
}


def _gif_job(session: Session, out: Path, **options: object) -> list[str]:
    return ours.command("gif", stills=session.stills, seconds=session.seconds, out=out, **options)


def _our_gif(session: Session, name: str, processes: int) -> Contestant:
    out = session.out(f"ours-{processes}.gif")
    line = _gif_job(session, out, processes=processes)
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    return Contestant(name, lambda _round: line, out, check)


def _our_mp4(session: Session, processes: int) -> Contestant:
    out = session.out(f"ours-{processes}.mp4")
    line = ours.command(
        "mp4", stills=session.stills, seconds=session.seconds, out=out, processes=processes
    )
    check = partial(check_mp4, stills=session.stills, seconds=session.seconds, fps=MP4_FPS)
    name = f"ours, {processes} process{'es' if processes > 1 else ''}"
    return Contestant(name, lambda _round: line, out, check)


def _ffmpeg_gif(session: Session, dither: str) -> Contestant:
    out = session.out(f"ffmpeg-{dither}.gif")
    line = ffmpeg.gif(session.stills, session.seconds, out, GIF_SIZE, GIF_FPS, dither)
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    return Contestant(f"ffmpeg {dither}", lambda _round: line, out, check)


def _slow(session: Session) -> list[Contestant]:
    """Pillow is the project's own; the others are there if their venv is."""
    import sys

    pythons = {
        "Pillow save_all": ("pillow_film.py", sys.executable),
        "imageio": ("imageio_film.py", python_with("imageio")),
        "moviepy": ("moviepy_film.py", python_with("moviepy")),
    }
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    contestants = []
    for name, (script, python) in pythons.items():
        if python is None:
            continue
        out = session.out(f"{script.removesuffix('.py')}.gif")
        line = [python, str(_SCRIPTS / script), str(out), f"{session.seconds}"]
        line += [str(still) for still in session.stills]
        contestants.append(Contestant(name, lambda _r, line=line: line, out, check, is_slow=True))
    return contestants


def missing(session: Session) -> list[str]:
    """What is skipped, and what to do about it, a sentence each."""
    said = []
    if not session.has_ffmpeg:
        said.append("ffmpeg is not on the PATH: all that stands beside it is skipped. "
                    "Install Debian's package ffmpeg.")  # fmt: skip
    for module in ("imageio", "moviepy"):
        if session.with_slow and python_with(module) is None:
            said.append(f"{module} is not there: skipped. "
                        "Run python -m tests.bench.pictures.peers once.")  # fmt: skip
    return said


def _mark_as_picture(out: Path) -> None:
    """The mark as a transparent picture, for those who lay pictures over pictures."""
    import numpy as np
    from PIL import Image

    from studio.pictures.marks.stamp import stamp_for

    classes = stamp_for(MARK, GIF_SIZE).classes
    pixels = np.zeros((*classes.shape, 4), dtype=np.uint8)
    pixels[classes > 0] = (255, 255, 255, 110)
    Image.fromarray(pixels).save(out)


def _beside(us: Result, peer: Result, most: float) -> Iterator[Row]:
    yield _ratio(us, peer, most)


def _told(peer: Result, us: Result) -> Iterator[Row]:
    yield _ratio(us, peer, None)


def _ratio(us: Result, peer: Result, most: float | None) -> Row:
    return Row(
        f"{us.name} / {peer.name}",
        _cost(us),
        _cost(peer),
        us.wall_s / peer.wall_s,
        most=None if most is None else round(most, 3),
        note=f"CPU × {us.cpu_s / peer.cpu_s:.2f}; bytes × {us.bytes / peer.bytes:.2f}; "
        f"peak {us.peak_mb:.0f} and {peer.peak_mb:.0f} MB",
    )


def _named(what: str, rows: Iterator[Row]) -> Iterator[Row]:
    from dataclasses import replace

    for row in rows:
        yield replace(row, figure=f"{what}: {row.figure}")


def _cost(result: Result) -> str:
    return f"{result.wall_s:.2f} s, CPU {result.cpu_s:.2f}"


def _mb(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
