"""Segments of H.264, each with an encoder of its own: none refers to anything outside it."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import Colorspace, VideoReformatter
from av.video.stream import VideoStream
from PIL import Image

from studio.pictures.camera.layers import Size
from studio.pictures.camera.planes import Planes

REORDERED = 2
"""How many frames x264 may hold back for its B-frames: packets leave that much early."""

BT709 = 1
_own = threading.local()


def to_yuv(image: Image.Image) -> av.VideoFrame:
    """An RGB picture as the encoder takes it. Threads may convert side by side."""
    if not hasattr(_own, "reformatter"):
        _own.reformatter = VideoReformatter()
    reformatter: VideoReformatter = _own.reformatter
    rgb = av.VideoFrame.from_numpy_buffer(np.asarray(image), format="rgb24")
    return reformatter.reformat(rgb, format="yuv420p", dst_colorspace=Colorspace.ITU709)


def from_planes(planes: Planes) -> av.VideoFrame:
    """Luma and half-size chroma as the encoder takes them. Copies the planes."""
    width, height = planes[0].size
    rows = np.frombuffer(b"".join(plane.tobytes() for plane in planes), np.uint8)
    rows = rows.reshape(height * 3 // 2, width)
    frame = av.VideoFrame.from_ndarray(rows, format="yuv420p")
    frame.colorspace = BT709
    return frame


class VideoEncoder:
    """A context manager: what leaves it whole is a finished file. All files of one size and rate
    have the same settings, so that their packets can follow each other in one stream."""

    def __init__(self, out: Path, size: Size, fps: int):
        self._container = av.open(str(out), "w", format="mp4")
        # Two threads whatever the machine has: the number of threads shows in the bytes.
        self._stream: VideoStream = self._container.add_stream(
            "libx264", rate=fps, options={"preset": "superfast", "crf": "23", "threads": "2"}
        )
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, fps)
        self._stream.codec_context.gop_size = fps * 2
        self._stream.codec_context.colorspace = BT709
        self._stream.codec_context.color_primaries = BT709
        self._stream.codec_context.color_trc = BT709
        self._shown = 0
        # The next frame is drawn while x264 works on this one; one waits at most.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="x264")
        self._pending: Future[None] | None = None

    def __enter__(self) -> "VideoEncoder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._settle()
                self._container.mux(self._stream.encode(None))
        finally:
            self._worker.shutdown()
            self._container.close()

    def add(self, frame: av.VideoFrame, *, is_cut: bool = False) -> None:
        """One more frame of `to_yuv` or `from_planes`; a cut is a key frame, where players can
        jump to."""
        self._settle()
        self._pending = self._worker.submit(self._encode, frame, self._shown, is_cut)
        self._shown += 1

    def _settle(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def _encode(self, frame: av.VideoFrame, number: int, is_cut: bool) -> None:
        frame.pts = number
        frame.time_base = self._stream.codec_context.time_base
        frame.pict_type = PictureType.I if is_cut else PictureType.NONE
        self._container.mux(self._stream.encode(frame))
