"""A poster from the first frame of a GIF or MP4. Runs in the probe's child process."""

from pathlib import Path

from PIL import Image

from studio.pictures.distrust.limits import Limits
from studio.pictures.errors import Unacceptable
from studio.pictures.gifs.blocks import Frame, MalformedGif, read_blocks, read_screen


def draw_poster(path: Path, out: Path, size: tuple[int, int] | None, limits: Limits) -> None:
    """Write the first frame to `out`, within `size` when given. Raises Unacceptable."""
    with path.open("rb") as file:
        is_gif = file.read(4) == b"GIF8"
    image = _of_gif(path, limits) if is_gif else _of_mp4(path, limits)
    if size is not None:
        image.thumbnail((size[0], size[1]), Image.Resampling.LANCZOS)
    image.save(out, quality=88, optimize=True)


def _of_gif(path: Path, limits: Limits) -> Image.Image:
    from studio.pictures.distrust.gif_check import check_canvas, check_frame

    try:
        with path.open("rb") as file:
            screen = read_screen(file)
            check_canvas(screen, limits)
            first = next((b for b in read_blocks(file) if isinstance(b, Frame)), None)
            if first is None:
                raise MalformedGif("it has no frames")
            check_frame(first, screen)
        with Image.open(path, formats=["GIF"]) as opened:
            return opened.convert("RGB")
    except (MalformedGif, OSError, SyntaxError, ValueError) as error:
        raise Unacceptable("The file cannot be used as a GIF.") from error


def _of_mp4(path: Path, limits: Limits) -> Image.Image:
    import av

    from studio.pictures.distrust.mp4_check import open_mp4, video_of, walk_boxes

    walk_boxes(path)
    try:
        with open_mp4(path) as container:
            frame = next(container.decode(video_of(container, limits)), None)
    except av.FFmpegError as error:
        raise Unacceptable("The video is damaged or cut short.") from error
    if frame is None:
        raise Unacceptable("The video is damaged or cut short.")
    return Image.fromarray(frame.to_ndarray(format="rgb24"))
