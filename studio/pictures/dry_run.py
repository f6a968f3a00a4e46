"""A camera move on a shot's own picture: a short loop, drawn while it is looked at."""

from collections.abc import Generator
from dataclasses import replace
from io import BytesIO

from studio.pictures.camera.footage import Footage
from studio.pictures.camera.layers import Size
from studio.pictures.gifs.encoder import GifEncoder
from studio.pictures.plan import ShotPlan

# A move that ends stands still for a moment before it begins anew, so that nobody takes the jump
# back for a part of it.
_HELD_CS = 40
_ENDLESS = frozenset({"handheld", "static"})


def dry_run(
    shot: ShotPlan, *, size: Size = (320, 180), fps: int = 12, seconds: float = 2.4
) -> Generator[bytes]:
    """The GIF, in chunks as they are drawn; it loops for ever. The first chunk is a whole picture,
    and no more than its frame is drawn for it. The shot's whole move takes `seconds`, however long
    the shot is. Raises ValueError for a motion that has no model, OSError for an unreadable still.
    """
    footage = Footage(replace(shot, duration_ms=round(seconds * 1000)), size)
    out = BytesIO()
    encoder, count = GifEncoder(out, size), round(seconds * fps)
    ends = _HELD_CS if shot.camera.motion not in _ENDLESS else 0
    for i in range(count):
        until = round(100 * seconds * (i + 1) / count) + (ends if i == count - 1 else 0)
        encoder.add(footage.frame(i / (count - 1)), until)
        if i == 0:
            encoder.flush()
        yield from _written(out)
    encoder.close()
    yield from _written(out)


def still(shot: ShotPlan, *, size: Size = (320, 180)) -> bytes:
    """The first frame of the same, alone, as a GIF. Raises as `dry_run` does."""
    out = BytesIO()
    encoder = GifEncoder(out, size)
    encoder.add(Footage(replace(shot, duration_ms=2400), size).frame(0.0), 100)
    encoder.close()
    return out.getvalue()


def _written(out: BytesIO) -> Generator[bytes]:
    """What was written since, if anything."""
    chunk = out.getvalue()
    if chunk:
        out.seek(0)
        out.truncate()
        yield chunk
