"""A plan and its options, made a film by `studio/pictures`."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from studio.pictures import animatic
from studio.pictures.plan import FilmPlan
from studio.pictures.watermark import Mark
from studio.storyboards.animatics.options import GIF, MP4, SIZES, Options
from studio.storyboards.animatics.plans import NoAnimatic, plan_of, soundtrack_of
from studio.storyboards.models import Project, Shot

WRITERS: dict[str, Callable[..., None]] = {GIF: animatic.render_gif, MP4: animatic.render_mp4}
MOST_PROCESSES = 2
MEDIA_TYPES = {".gif": GIF, ".mp4": MP4}

OnProgress = Callable[[float], None]


@dataclass(frozen=True)
class Drawing:
    """All that decides how an animatic looks and sounds."""

    plan: FilmPlan
    options: Options
    soundtrack: Path | None = None

    @classmethod
    def of(
        cls, project: Project, options: Options, shots: Sequence[Shot] | None = None
    ) -> "Drawing":
        """The drawing of the project, with `shots` in place of its own if given. Raises
        `NoAnimatic`."""
        soundtrack = soundtrack_of(project) if options.has_sound else None
        return cls(plan_of(project, shots), options, soundtrack)

    @property
    def sha256(self) -> str:
        """The hash of all that is drawn: the same for whatever looks and sounds the same. Raises
        `NoAnimatic`."""
        try:
            return animatic.fingerprint(
                self.plan,
                media_type=self.options.media_type,
                size=self.options.size,
                fps=self.options.fps,
                captions=self.options.has_captions,
                mark=self._mark,
                soundtrack=self.soundtrack,
            )
        except ValueError as wrong:  # a transition or a size that is not drawn
            raise NoAnimatic(str(wrong)) from wrong

    def draw(self, out: Path, *, on_progress: OnProgress | None = None) -> None:
        """Write the film to `out`. `on_progress` gets 0.0 to 1.0; what it raises stops the work.

        Raises `NoAnimatic` for what has no picture, OSError for what a disk does not take, and
        `DrawingFailed` for what may succeed when it is tried again.
        """
        sound: dict[str, Any] = {"soundtrack": self.soundtrack} if self.soundtrack else {}
        try:
            WRITERS[self.options.media_type](
                self.plan,
                out,
                size=self.options.size,
                fps=self.options.fps,
                captions=self.options.has_captions,
                mark=self._mark,
                segments=segments(),
                processes=_processes(),
                on_progress=on_progress,
                **sound,
            )
        except ValueError as wrong:  # what was planned, but is not drawn
            raise NoAnimatic(str(wrong)) from wrong

    def draw_poster(self, out: Path) -> None:
        """Write the still that stands for the film, a JPEG of the film's size, to `out`."""
        animatic.render_poster(self.plan, out, size=self.options.size, mark=self._mark)

    @property
    def _mark(self) -> Mark | None:
        return Mark(self.options.watermark) if self.options.watermark else None


def segments() -> Path:
    """Where shots that were drawn once wait for the next animatic that shows them."""
    folder = Path(settings.STUDIO_VAR) / "cache" / "segments"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def render_animatic(project: Project, out: Path, on_progress: OnProgress | None = None) -> FilmPlan:
    """Draw the project as it stands now to `out`, whose suffix is one of `MEDIA_TYPES`.

    `on_progress` gets 0.0 to 1.0. Raises `NoAnimatic`.
    """
    media_type = MEDIA_TYPES[out.suffix.lower()]
    drawing = Drawing.of(project, Options(media_type, SIZES[media_type][0]))
    drawing.draw(out, on_progress=on_progress)
    return drawing.plan


def _processes() -> int:
    """How many draw at once: as many as there are cores for us, and few."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(MOST_PROCESSES, cores or 1)
