"""ffmpeg's graphs for the same work: zoompan for each shot, concat, then the encoder.

Each still is decoded once and zoompan repeats it, which is faster than `-loop 1`; the pixel format
is what its JPEG decoder gives, so that nothing is converted twice.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from studio.pictures.marks.stamp import stamp_for
from tests.bench.pictures.peers.moves import REACH, frame_count

_FFMPEG = ("ffmpeg", "-v", "error", "-nostdin", "-y")
DITHERS = {"default": "paletteuse", "bayer": "paletteuse=dither=bayer"}


def _film(stills: list[Path], seconds: float, size: tuple[int, int], fps: int) -> str:
    counts = [frame_count(n, len(stills), seconds * fps) for n in range(len(stills))]
    shots = ";".join(_shot(n, count, size, fps) for n, count in enumerate(counts))
    named = "".join(f"[shot{n}]" for n in range(len(stills)))
    return f"{shots};{named}concat=n={len(stills)}"


def _shot(number: int, count: int, size: tuple[int, int], fps: int) -> str:
    """A push or a pan, in turn, as `moves.window`."""
    if number % 2 == 0:
        zoom, x = f"1+{REACH - 1:.3f}*on/{count}", "(iw-iw/zoom)/2"
    else:
        zoom, x = f"{REACH}", f"(iw-iw/zoom)*on/{count}"
    return (
        f"[{number}:v]format=yuv420p,zoompan=z='{zoom}':x='{x}':y='(ih-ih/zoom)/2'"
        f":d={count}:s={size[0]}x{size[1]}:fps={fps}[shot{number}]"
    )


def _palettes(dither: str) -> str:
    return f"split[a][b];[a]palettegen[p];[b][p]{DITHERS[dither]}"


def gif(
    stills: list[Path], seconds: float, out: Path, size: tuple[int, int], fps: int, dither: str
) -> list[str]:
    """The film as GIF. `dither` is `default` (error diffusion) or `bayer`."""
    graph = f"{_film(stills, seconds, size, fps)},{_palettes(dither)}"
    return [*_FFMPEG, *_inputs(stills), "-filter_complex", graph, str(out)]


def mp4(
    stills: list[Path], seconds: float, out: Path, size: tuple[int, int], fps: int
) -> list[str]:
    """The film as MP4, with the preset and the quality that ours has."""
    x264 = ["-c:v", "libx264", "-preset", "superfast", "-crf", "23", "-g", str(fps * 2)]
    ends = ["-pix_fmt", "yuv420p", "-movflags", "+faststart", str(out)]
    graph = _film(stills, seconds, size, fps)
    return [*_FFMPEG, *_inputs(stills), "-filter_complex", graph, *x264, *ends]


def encode(raw: Path, out: Path, size: tuple[int, int], fps: int, dither: str) -> list[str]:
    """Raw RGB frames as GIF: the encoder alone."""
    frames = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(fps)]
    return [*_FFMPEG, *frames, "-i", str(raw), "-filter_complex", _palettes(dither), str(out)]


def watermark(source: Path, mark: Path, out: Path) -> list[str]:
    """A GIF with a picture laid over each frame, and the palette made anew."""
    graph = f"[0:v][1:v]overlay,{_palettes('bayer')}"
    inputs = ["-i", str(source), "-i", str(mark)]
    return [*_FFMPEG, *inputs, "-filter_complex", graph, str(out)]


def _inputs(stills: list[Path]) -> list[str]:
    return [part for still in stills for part in ("-i", str(still))]


def mark_as_picture(lines: tuple[str, ...], size: tuple[int, int], out: Path) -> None:
    """Our mark as a transparent picture, for `watermark` to lay over."""
    classes = stamp_for(lines, size).classes
    pixels = np.zeros((*classes.shape, 4), dtype=np.uint8)
    pixels[classes > 0] = (255, 255, 255, 110)
    Image.fromarray(pixels).save(out)
