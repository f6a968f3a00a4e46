"""Frames with their own moments, made H.264 in MP4 that can be wound to any of them."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
from av.video.frame import PictureType
from av.video.stream import VideoStream
from PIL import Image

from studio.pictures.films.video import BT709, to_yuv

_CLOCK = Fraction(1, 1000)
# No frame is held back or refers forward: the packets are in the order of the frames, and a
# player that jumps decodes from the last key frame on, at most a second's worth. One thread, for
# previews are small and pages need the other cores.
_X264 = {
    "preset": "veryfast",
    "crf": "22",
    "threads": "1",
    "bf": "0",
    "x264-params": "keyint=infinite:scenecut=0",
}


class Encoder:
    """A context manager: what leaves it whole is a finished file. `size` is even, in pixels."""

    def __init__(self, out: Path, size: tuple[int, int]) -> None:
        self._container = av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream: VideoStream = self._container.add_stream("libx264", rate=10, options=_X264)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.time_base = _CLOCK
        context = self._stream.codec_context
        context.time_base = _CLOCK
        context.colorspace = context.color_primaries = context.color_trc = BT709
        self._lasts_ms: dict[int, int] = {}

    def __enter__(self) -> "Encoder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._mux(None)
        finally:
            self._container.close()

    def add(self, image: Image.Image, begins_ms: int, lasts_ms: int, *, is_key: bool) -> None:
        """A frame that is shown from `begins_ms` on; frames come in order."""
        frame = to_yuv(image)
        frame.pts, frame.time_base = begins_ms, _CLOCK
        frame.pict_type = PictureType.I if is_key else PictureType.P
        self._lasts_ms[begins_ms] = lasts_ms
        self._mux(frame)

    def _mux(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if packet.pts is not None:
                packet.duration = self._lasts_ms.pop(packet.pts, 0)
            self._container.mux(packet)
