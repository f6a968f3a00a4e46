"""Ours, as a process of its own: `python -m tests.bench.pictures.ours <job> <arguments as JSON>`.

What a job finds out stands on its last line, as JSON.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

GIF_SIZE, GIF_FPS = (480, 270), 10
MP4_SIZE, MP4_FPS = (1280, 720), 24


def gif(
    stills: list[str],
    seconds: float,
    out: str,
    *,
    processes: int = 1,
    segments: str | None = None,
    changed: int | None = None,
) -> None:
    from studio.pictures.animatic import render_gif
    from tests.bench.pictures.films import film

    render_gif(
        film([Path(still) for still in stills], seconds, changed=changed),
        Path(out),
        size=GIF_SIZE,
        fps=GIF_FPS,
        captions=False,  # the peers have none
        processes=processes,
        segments=Path(segments) if segments else None,
    )


def mp4(stills: list[str], seconds: float, out: str, *, processes: int = 1) -> None:
    from studio.pictures.animatic import render_mp4
    from tests.bench.pictures.films import film

    plan = film([Path(still) for still in stills], seconds)
    render_mp4(plan, Path(out), size=MP4_SIZE, fps=MP4_FPS, captions=False, processes=processes)


def watermark(source: str, out: str, *, lines: list[str]) -> None:
    from studio.pictures.watermark import Mark, watermark_gif

    watermark_gif(Path(source), Path(out), Mark(tuple(lines)))


def encode(raw: str, out: str, *, cuts_every: int) -> None:
    """Frames that somebody else drew, through our encoder alone."""
    from PIL import Image

    from studio.pictures.gifs.encoder import GifEncoder

    size_bytes = GIF_SIZE[0] * GIF_SIZE[1] * 3
    with Path(raw).open("rb") as source, Path(out).open("wb") as target:
        encoder = GifEncoder(target, GIF_SIZE)
        number = 0
        while pixels := source.read(size_bytes):
            end_cs = (number + 1) * 100 // GIF_FPS
            image = Image.frombytes("RGB", GIF_SIZE, pixels)
            encoder.add(image, end_cs, is_cut=number % cuts_every == 0)
            number += 1
        encoder.close()


def contact_sheet(stills: list[str], out: str, *, frames: int) -> dict[str, float]:
    """The peak of its memory over what the imports, and a sheet of one frame for the typefaces and
    Pillow's plugins, had left."""
    from studio.pictures.printing.contact_sheet import render_contact_sheet
    from studio.pictures.printing.storyboard import Panel, Storyboard

    def sheet(count: int) -> bytes:
        panels = tuple(
            Panel(n + 1, f"scene-{n + 1}", Path(stills[n % len(stills)]), "A prompt", "5 s", "")
            for n in range(count)
        )
        return render_contact_sheet(Storyboard("Bench", "60 s", "Revision 1", panels))

    sheet(1)
    Path("/proc/self/clear_refs").write_text("5")  # the kernel forgets the peak so far
    before = _memory_mb("VmRSS")
    began = time.process_time()
    png = sheet(frames)
    cpu_s = time.process_time() - began
    over = _memory_mb("VmHWM") - before
    Path(out).write_bytes(png)
    return {"before_mb": before, "over_mb": over, "cpu_s": cpu_s}


def _memory_mb(what: str) -> float:
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024 / 1e6


def dry_runs(stills: list[str]) -> dict[str, list[float]]:
    """Milliseconds to the first frame, and to the last, of each move on another still: what the
    server takes when nothing of it is cached. The process itself is warm, as a server is."""
    from studio.pictures.dry_run import dry_run
    from tests.bench.pictures.films import film

    shots = film([Path(still) for still in stills], 5.0 * len(stills)).shots
    next(iter(dry_run(shots[0])))
    names = ("first_ms", "first_cpu_ms", "ms", "cpu_ms")
    found: dict[str, list[float]] = {name: [] for name in names}
    for shot in shots:
        wall, cpu = time.perf_counter(), time.process_time()
        loop = iter(dry_run(shot))
        next(loop)
        found["first_ms"].append((time.perf_counter() - wall) * 1000)
        found["first_cpu_ms"].append((time.process_time() - cpu) * 1000)
        for _ in loop:
            pass
        found["ms"].append((time.perf_counter() - wall) * 1000)
        found["cpu_ms"].append((time.process_time() - cpu) * 1000)
    return found


JOBS = {
    "gif": gif,
    "mp4": mp4,
    "watermark": watermark,
    "encode": encode,
    "contact_sheet": contact_sheet,
    "dry_runs": dry_runs,
}


def command(job: str, **arguments: Any) -> list[str]:
    """What runs that job in a process of its own."""
    return [
        sys.executable,
        "-m",
        "tests.bench.pictures.ours",
        job,
        json.dumps(arguments, default=str),
    ]


if __name__ == "__main__":
    found = JOBS[sys.argv[1]](**json.loads(sys.argv[2]))  # type: ignore[operator]
    print(json.dumps(found))
