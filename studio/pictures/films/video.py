"""H.264 in MP4 by PyAV, frame by frame."""

from concurrent.futures import Future, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from av.video.frame import PictureType
from av.video.stream import VideoStream
from PIL import Image

from studio.pictures.camera.layers import Size

_BT709 = 1


class VideoEncoder:
    """A context manager: what leaves it whole is a finished file with its index in front."""

    def __init__(self, out: Path, size: Size, fps: int):
        self._container = av.open(str(out), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream: VideoStream = self._container.add_stream(
            "libx264", rate=fps, options={"preset": "superfast", "crf": "23"}
        )
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, fps)
        self._stream.codec_context.gop_size = fps * 2
        self._stream.codec_context.colorspace = _BT709
        self._stream.codec_context.color_primaries = _BT709
        self._stream.codec_context.color_trc = _BT709
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

    def add(self, image: Image.Image, *, is_cut: bool = False) -> None:
        """One more RGB frame; a cut begins with a key frame, where a player can jump to."""
        self._settle()
        self._pending = self._worker.submit(self._encode, image, self._shown, is_cut)
        self._shown += 1

    def _settle(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def _encode(self, image: Image.Image, number: int, is_cut: bool) -> None:
        frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24").reformat(
            format="yuv420p", dst_colorspace="ITU709"
        )
        frame.pts = number
        frame.time_base = self._stream.codec_context.time_base
        if is_cut:
            frame.pict_type = PictureType.I
        self._container.mux(self._stream.encode(frame))
