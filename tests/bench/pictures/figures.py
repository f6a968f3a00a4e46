"""Each figure of the pictures: what runs, beside whom, and which aim it is held against."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from tests.bench.pictures import ours
from tests.bench.pictures.checks import changed_outside, check_gif
from tests.bench.pictures.contest import Contestant, compete
from tests.bench.pictures.contestants import ffmpeg_gif, ffmpeg_mp4, gif_job, our_gif, our_mp4, slow
from tests.bench.pictures.ours import GIF_FPS, GIF_SIZE
from tests.bench.pictures.peers import ffmpeg
from tests.bench.pictures.peers.ffmpeg import DITHERS
from tests.bench.pictures.peers.moves import frames
from tests.bench.pictures.process import measured
from tests.bench.pictures.quality import Quality, quality
from tests.bench.pictures.rows import beside, megabytes
from tests.bench.pictures.session import SHOTS, Session
from tests.bench.pictures.table import Row

MARK = ("Kitchen Films", "Take 3 · for ana@example.com", "22 November 2026")


def animatic(session: Session) -> Iterator[Row]:
    """The GIF of the whole film, beside everybody."""
    one, two = our_gif(session, 1), our_gif(session, 2)
    peers = [ffmpeg_gif(session, dither) for dither in DITHERS] if session.has_ffmpeg else []
    peers += slow(session) if session.with_slow else []
    found = compete([one, two, *peers], session.rounds)
    what = f"GIF {session.seconds:g} s"
    for peer in peers:
        for us, default in ((one, 0.35), (two, 0.22)):
            most = {"ffmpeg default": default, "ffmpeg bayer": 0.8, "moviepy": 1 / 9}
            yield beside(what, found[us.name], found[peer.name], most.get(peer.name))
    for us, most_mb in ((one, 100), (two, 200)):
        peak = found[us.name].peak_mb
        yield Row(f"{what}: peak, {us.name}", f"{peak:.0f} MB", "", peak, most=most_mb)


def video(session: Session) -> Iterator[Row]:
    """The MP4 of the whole film, beside ffmpeg with the same settings of x264."""
    ours_too = [our_mp4(session, 1), our_mp4(session, 2)]
    peers = [ffmpeg_mp4(session)] if session.has_ffmpeg else []
    found = compete([*ours_too, *peers], session.rounds)
    what = f"MP4 {session.seconds:g} s 720p"
    for us in ours_too:
        for peer in peers:
            yield beside(what, found[us.name], found[peer.name], 1.5)
        yield Row(f"{what}: peak, {us.name}", f"{found[us.name].peak_mb:.0f} MB")


def rerender(session: Session) -> Iterator[Row]:
    """The GIF again, after one of its shots was changed: another in each round."""
    cache = session.out("segments")
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir()
    job = partial(gif_job, session, session.out("rerender.gif"))
    measured(job(segments=cache))
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    whole = our_gif(session, 1)
    changed = Contestant(
        "one shot of twelve",
        lambda number: job(segments=cache, changed=(5 * number + 2) % SHOTS),
        session.out("rerender.gif"),
        check,
    )
    found = compete([whole, changed], session.rounds)
    yield beside("GIF again", found[changed.name], found[whole.name], 0.25)


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
        ffmpeg.mark_as_picture(MARK, GIF_SIZE, picture)
        theirs = ffmpeg.watermark(source, picture, out)
        contestants.append(Contestant("ffmpeg bayer", lambda _round: theirs, out))
    found = compete(contestants, session.rounds)
    us, what = found.pop("ours"), f"watermark of {round(seconds * GIF_FPS)} frames"
    for peer in found.values():
        yield beside(what, us, peer, 0.35)
    outside = changed_outside(source, marked, MARK)
    yield Row(f"{what}: changed outside", f"{outside} pixels", "", outside, most=0)
    size = source.stat().st_size
    grown = us.bytes / size
    yield Row(f"{what}: bytes", megabytes(us.bytes), f"input {megabytes(size)}", grown, most=1.03)


def encoding(session: Session) -> Iterator[Row]:
    """The GIF encoders alone, on the same raw frames."""
    raw = session.out("frames.rgb")
    each_s = min(2.0, int(session.seconds * GIF_FPS / SHOTS) / GIF_FPS)
    with raw.open("wb") as file:
        for frame in frames(session.stills, each_s * SHOTS, GIF_SIZE, GIF_FPS):
            file.write(frame.tobytes())
    made = session.out("encoded.gif")
    line = ours.command("encode", raw=raw, out=made, cuts_every=round(each_s * GIF_FPS))
    contestants = [Contestant("ours", lambda _round: line, made)]
    if session.has_ffmpeg:
        for dither in DITHERS:
            out = session.out(f"encoded-{dither}.gif")
            theirs = ffmpeg.encode(raw, out, GIF_SIZE, GIF_FPS, dither)
            name = f"ffmpeg {dither}"
            contestants.append(Contestant(name, lambda _round, line=theirs: line, out))
    found = compete(contestants, session.rounds)
    looks = {one.name: quality(raw, one.out, GIF_SIZE) for one in contestants}
    us, look = found.pop("ours"), looks["ours"]
    for name, peer in found.items():
        yield beside("encode alone", us, peer)
        yield from _likeness(name, look, looks[name])
        yield Row(
            f"encode alone: bytes, {name}", megabytes(us.bytes), megabytes(peer.bytes),
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


def contact_sheet(session: Session, counts: Sequence[int] = (12, 100, 500)) -> Iterator[Row]:
    """Its memory over that of a process that has drawn a sheet of one frame."""
    out = session.out("sheet.png")
    for count in counts:
        line = ours.command("contact_sheet", stills=session.stills, out=out, frames=count)
        found = json.loads(measured(line).said.splitlines()[-1])
        over, before, cpu_s = found["over_mb"], found["before_mb"], found["cpu_s"]
        size = megabytes(out.stat().st_size)
        yield Row(
            f"contact sheet of {count}: peak over imports", f"{over:.1f} MB", "", over, most=30,
            note=f"imports {before:.0f} MB; {cpu_s:.2f} s CPU; {size}",
        )  # fmt: skip


def dry_run(session: Session) -> Iterator[Row]:
    """The first frame of a move, on a still that nothing is cached of."""
    said = measured(ours.command("dry_runs", stills=session.stills)).said
    found = json.loads(said.splitlines()[-1])
    parts = (("first frame", "first_ms", "first_cpu_ms", 150), ("all of it", "ms", "cpu_ms", None))
    for what, of_wall, of_cpu, aim in parts:
        wall, cpu = sorted(found[of_wall]), sorted(found[of_cpu])
        yield Row(
            f"dry run, slowest of twelve moves: {what}",
            f"{wall[-1]:.0f} ms, CPU {cpu[-1]:.0f}", "", cpu[-1], most=aim,
            note=f"median {wall[6]:.0f} ms, CPU {cpu[6]:.0f}; the CPU decides",
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
