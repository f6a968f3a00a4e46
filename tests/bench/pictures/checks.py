"""Whether a film that was measured is the film that was ordered: fast and wrong is not fast."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.pictures.contest import Wrong

_FAR_OFF = 60  # levels of 255, between the mean colours of a frame and of its still


def check_gif(path: Path, stills: list[Path], seconds: float) -> None:
    """It lasts as long as it should and shows each still in its turn. Raises Wrong."""
    with Image.open(path) as opened:
        lasted = 0.0
        middles: dict[int, Image.Image] = {}
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            lasted += opened.info.get("duration", 0) / 1000
            shot = int((lasted - 0.05) / seconds * len(stills))
            if shot not in middles and lasted > (shot + 0.5) * seconds / len(stills):
                middles[shot] = opened.convert("RGB")
    if abs(lasted - seconds) > 0.02 * seconds:
        raise Wrong(f"{path.name} lasts {lasted:.1f} s, not {seconds:.1f} s")
    _check_shown(path, stills, [middles.get(shot) for shot in range(len(stills))])


def check_mp4(path: Path, stills: list[Path], seconds: float, fps: int) -> None:
    """As `check_gif`, and of the right number of frames."""
    count = round(seconds * fps)
    each = count // len(stills)
    middles: list[Image.Image | None] = [None] * len(stills)
    number = 0
    for number, frame in enumerate(_video(path), start=1):
        shot, place = divmod(number, each)
        if place == each // 2 and shot < len(stills):
            middles[shot] = frame.to_image()
    if abs(number - count) > len(stills):
        raise Wrong(f"{path.name} has {number} frames, not {count}")
    _check_shown(path, stills, middles)


def _video(path: Path) -> Iterator["object"]:
    import av

    with av.open(str(path)) as container:
        yield from container.decode(video=0)


def _check_shown(path: Path, stills: list[Path], middles: list[Image.Image | None]) -> None:
    for number, (still, middle) in enumerate(zip(stills, middles, strict=True), start=1):
        if middle is None:
            raise Wrong(f"{path.name} does not show shot {number}")
        off = float(np.abs(_mean_colour(still) - _mean(middle)).max())
        if off > _FAR_OFF:
            raise Wrong(f"{path.name} shows something else for shot {number}, {off:.0f} levels off")


def _mean_colour(still: Path) -> np.ndarray:
    with Image.open(still) as opened:
        opened.draft("RGB", (240, 135))
        return _mean(opened.convert("RGB"))


def _mean(picture: Image.Image) -> np.ndarray:
    """Of what all moves have in view."""
    across, down = picture.size
    middle = picture.crop((across // 4, down // 4, across * 3 // 4, down * 3 // 4))
    return np.asarray(middle, dtype=np.float32).mean(axis=(0, 1))


def changed_outside(source: Path, marked: Path, lines: tuple[str, ...]) -> int:
    """How many pixels, of all frames, changed where the mark is not. Raises Wrong when the marked
    GIF has other frames or times, or a frame without a mark."""
    from studio.pictures.marks.stamp import stamp_for

    with Image.open(source) as before, Image.open(marked) as after:
        if before.n_frames != after.n_frames:
            raise Wrong(f"{after.n_frames} frames, not {before.n_frames}")
        mark = stamp_for(lines, before.size).classes > 0
        outside = 0
        for number in range(before.n_frames):
            before.seek(number)
            after.seek(number)
            if before.info.get("duration") != after.info.get("duration"):
                raise Wrong(f"frame {number} lasts another time")
            is_other = (_pixels(before) != _pixels(after)).any(axis=2)
            if not is_other[mark].any():
                raise Wrong(f"frame {number} carries no mark")
            outside += int(is_other[~mark].sum())
    return outside


def _pixels(opened: Image.Image) -> np.ndarray:
    return np.asarray(opened.convert("RGBA"))
