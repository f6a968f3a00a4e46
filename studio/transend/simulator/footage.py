"""Has the finished files drawn: one at a time, in a low-priority process, never twice."""

import asyncio
import hashlib
import json
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from studio.transend.types import GenerationRequest
from studio.transend.wire import encode_body

Draw = Callable[[GenerationRequest, Path, Path], None]
"""Draws a request into a GIF and an MP4 of the given names."""

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pixels and pictures a second of what is drawn. Small by default; up to 1920x1080."""

    gif: tuple[int, int] = (320, 180)
    gif_fps: int = 8
    mp4: tuple[int, int] = (640, 360)
    mp4_fps: int = 24


class DrawingFailed(Exception):
    """The files could not be drawn; the text says why."""


class FootageStore:
    """Draws on demand and keeps what it drew, by what was asked for."""

    def __init__(self, storage: Path, *, sizes: Sizes, draw: Draw | None) -> None:
        self._folder = storage / "footage"
        self._folder.mkdir(parents=True, exist_ok=True)
        for abandoned in self._folder.glob("drawing-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        self._desk = Path(tempfile.mkdtemp(prefix="drawing-", dir=self._folder))
        self._sizes = sizes
        self._draw = draw
        self._artist = Artist()
        self._turn = asyncio.Lock()

    def gif(self, request: GenerationRequest) -> Path:
        """Return where the preview of a request is, or will be."""
        return self._folder / f"{self._name(request)}.gif"

    def mp4(self, request: GenerationRequest) -> Path:
        """Return where the video of a request is, or will be."""
        return self._folder / f"{self._name(request)}.mp4"

    async def draw(self, request: GenerationRequest) -> None:
        """Have both files of a request, drawing them if need be. Raises DrawingFailed."""
        gif, mp4 = self.gif(request), self.mp4(request)
        async with self._turn:
            if gif.exists() and mp4.exists():
                return
            new_gif, new_mp4 = self._desk / gif.name, self._desk / mp4.name
            if self._draw is not None:
                await _in_thread(self._draw, request, new_gif, new_mp4)
            else:
                await self._artist.draw(request, new_gif, new_mp4, self._sizes)
            # Only what is whole gets its name: a kill in the middle is drawn again.
            os.replace(new_gif, gif)
            os.replace(new_mp4, mp4)

    async def close(self) -> None:
        """Send the artist home, whatever is on the desk."""
        await self._artist.close()
        shutil.rmtree(self._desk, ignore_errors=True)

    def _name(self, request: GenerationRequest) -> str:
        # What the picture doesn't show must not cost a drawing: each take has its own metadata.
        seen = request.to_body()
        seen.pop("webhook_url", None)
        seen.pop("webhook_metadata", None)
        drawing = encode_body({"request": seen, "sizes": asdict(self._sizes)})
        return hashlib.sha256(drawing).hexdigest()


class Artist:
    """A child process that draws what it is told over its pipes, and ends when they close.

    It reads until the end of its input: should this process be killed, nothing is left behind.
    """

    def __init__(self) -> None:
        self._process: Process | None = None

    async def draw(self, request: GenerationRequest, gif: Path, mp4: Path, sizes: Sizes) -> None:
        """Draw one request. Raises DrawingFailed."""
        order = {
            "request": request.to_body(),
            "gif": str(gif),
            "mp4": str(mp4),
            "sizes": asdict(sizes),
        }
        line = json.dumps(order).encode() + b"\n"
        said = await self._say(line) or await self._say(line)
        if not said:
            raise DrawingFailed("The drawing process died twice.")
        answer = json.loads(said)
        if answer["problem"] is not None:
            raise DrawingFailed(answer["problem"])

    async def close(self) -> None:
        """End the child, in the middle of a drawing if need be."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _say(self, line: bytes) -> bytes:
        """Return the child's answer; nothing if it died over the question."""
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise DrawingFailed("The drawing process has no pipes.")
        try:
            process.stdin.write(line)
            await process.stdin.drain()
            return await process.stdout.readline()
        except ConnectionError:
            return b""

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            await self.close()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "studio.transend.simulator.artist"),
                stdin=PIPE,
                stdout=PIPE,
                env=os.environ | {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
                limit=1 << 20,
            )
        return self._process


async def _in_thread(draw: Draw, request: GenerationRequest, gif: Path, mp4: Path) -> None:
    try:
        await asyncio.to_thread(draw, request, gif, mp4)
    except Exception as problem:  # noqa: BLE001 - whatever an injected drawing raises fails its task
        raise DrawingFailed(f"{type(problem).__name__}: {problem}") from problem
