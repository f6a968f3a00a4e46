"""Who takes part: ours, ffmpeg's graphs, and the slow ones."""

import sys
from functools import partial
from pathlib import Path

from tests.bench.pictures import ours
from tests.bench.pictures.checks import check_gif, check_mp4
from tests.bench.pictures.contest import Contestant
from tests.bench.pictures.ours import GIF_FPS, GIF_SIZE, MP4_FPS, MP4_SIZE
from tests.bench.pictures.peers import ffmpeg
from tests.bench.pictures.peers.venv_of_peers import python_with
from tests.bench.pictures.session import Session

_SCRIPTS = Path(__file__).with_name("peers")


def gif_job(session: Session, out: Path, **options: object) -> list[str]:
    return ours.command("gif", stills=session.stills, seconds=session.seconds, out=out, **options)


def our_gif(session: Session, processes: int) -> Contestant:
    out = session.out(f"ours-{processes}.gif")
    line = gif_job(session, out, processes=processes)
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    return Contestant(_ours(processes), lambda _round: line, out, check)


def our_mp4(session: Session, processes: int) -> Contestant:
    out = session.out(f"ours-{processes}.mp4")
    line = ours.command(
        "mp4", stills=session.stills, seconds=session.seconds, out=out, processes=processes
    )
    check = partial(check_mp4, stills=session.stills, seconds=session.seconds, fps=MP4_FPS)
    return Contestant(_ours(processes), lambda _round: line, out, check)


def ffmpeg_gif(session: Session, dither: str) -> Contestant:
    out = session.out(f"ffmpeg-{dither}.gif")
    line = ffmpeg.gif(session.stills, session.seconds, out, GIF_SIZE, GIF_FPS, dither)
    check = partial(check_gif, stills=session.stills, seconds=session.seconds)
    return Contestant(f"ffmpeg {dither}", lambda _round: line, out, check)


def ffmpeg_mp4(session: Session) -> Contestant:
    """With the preset and the quality that ours has."""
    out = session.out("ffmpeg.mp4")
    line = ffmpeg.mp4(session.stills, session.seconds, out, MP4_SIZE, MP4_FPS)
    check = partial(check_mp4, stills=session.stills, seconds=session.seconds, fps=MP4_FPS)
    return Contestant("ffmpeg superfast", lambda _round: line, out, check)


def slow(session: Session) -> list[Contestant]:
    """Pillow is the project's own; the others are there if their venv is."""
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


def _ours(processes: int) -> str:
    return f"ours, {processes} process{'es' if processes > 1 else ''}"
