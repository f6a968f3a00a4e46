"""A frame of one of our own films, as it is seen at a moment."""

from io import BytesIO
from pathlib import Path

import av
from av.video.frame import VideoFrame
from PIL import Image

from studio.pictures.distrust.mp4_check import open_mp4
from studio.pictures.errors import Unacceptable

QUALITY = 80


def still_at(path: Path, moment_ms: int, *, width: int) -> bytes:
    """The JPEG of the frame that the MP4 at `path` shows at `moment_ms`, at most `width` pixels
    wide; of its last frame for moments past the end. Raises Unacceptable."""
    try:
        with open_mp4(path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            container.seek(moment_ms * 1000, backward=True)
            frame = None
            for each in container.decode(stream):
                if frame is not None and (each.time or 0) * 1000 > moment_ms + 0.5:
                    break
                frame = each
            if frame is None:
                raise Unacceptable("The film has no frame to show.")
            return _jpeg(frame, width)
    except (av.FFmpegError, IndexError, OSError, OverflowError, ValueError) as error:
        if isinstance(error, Unacceptable):
            raise
        raise Unacceptable("The film cannot be read.") from error


def _jpeg(frame: VideoFrame, width: int) -> bytes:
    picture = Image.fromarray(frame.to_ndarray(format="rgb24"))
    picture.thumbnail((width, width))
    file = BytesIO()
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()
