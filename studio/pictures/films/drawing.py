"""Segments drawn to files of their own, from which a film is joined."""

from collections.abc import Callable
from pathlib import Path

from studio.pictures.films.cutting import Segment
from studio.pictures.films.order import GIF, Style
from studio.pictures.films.reel import Reel

OnFrame = Callable[[], None]

# In a transition colours change so fast that only the frames a palette looks at may share it.
_ALIKE = 4


class Draughtsman:
    """Draws the segments of one film; best in order, for neighbours share their shots' layers.
    `cameras` as in `Reel`."""

    def __init__(self, style: Style, *, cameras: int):
        self._style, self._reel = style, Reel(style, cameras=cameras)

    def draw(self, segment: Segment, out: Path, on_frame: OnFrame) -> None:
        """Write the segment to `out` and report each frame. Raises ValueError as `Reel.frames`."""
        draw = self._draw_gif if self._style.media_type == GIF else self._draw_video
        draw(segment, out, on_frame)

    def _draw_gif(self, segment: Segment, out: Path, on_frame: OnFrame) -> None:
        from studio.pictures.gifs.encoder import GifEncoder

        with out.open("wb") as file:
            encoder = GifEncoder(file, self._style.size, is_segment=True)
            images = self._reel.frames(segment, lambda image: image)
            for number, end_cs in enumerate(segment.ends_cs(), start=1):
                encoder.add(next(images), end_cs)
                if segment.kind != "cut" and number % _ALIKE == 0:
                    encoder.flush()
                on_frame()
            encoder.close()

    def _draw_video(self, segment: Segment, out: Path, on_frame: OnFrame) -> None:
        from studio.pictures.films.video import VideoEncoder, from_planes, to_yuv

        cut = segment.into.first if segment.into else segment.begin
        with VideoEncoder(out, self._style.size, self._style.fps) as encoder:
            images = self._reel.frames(segment, to_yuv, from_planes)
            for frame, image in enumerate(images, start=segment.begin):
                encoder.add(image, is_cut=frame in (segment.begin, cut))
                on_frame()
