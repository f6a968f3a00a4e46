from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.management.command import StudioCommand, WrongUse
from studio.storyboards.animatics.plans import NoAnimatic
from studio.storyboards.animatics.rendering import MEDIA_TYPES, render_animatic
from studio.storyboards.models import Project


class Command(StudioCommand):
    help = "Draw a project's animatic, the free picture of its plan, as a GIF or an MP4."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", type=int, metavar="PROJECT", help="the project's number")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE.gif|FILE.mp4")

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.filter(pk=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}. Check its number.")
        out: Path = options["out"]
        if not out.parent.is_dir():
            raise WrongUse(f"The folder {out.parent} does not exist. Make it first.")
        if out.suffix.lower() not in MEDIA_TYPES:
            raise WrongUse(f"{out.name} is neither a .gif nor an .mp4. Name the file as one.")
        try:
            plan = render_animatic(project, out, on_progress=self.show_progress)
        except NoAnimatic as cannot:
            raise CommandError(str(cannot)) from cannot
        self.answer(
            {
                "project": project.pk,
                "file": str(out),
                "shots": len(plan.shots),
                "duration_seconds": plan.duration_ms / 1000,
                "size_bytes": out.stat().st_size,
            }
        )

    def show_progress(self, done: float) -> None:
        """A line that counts up, for people; pipelines read standard output alone."""
        if self.stderr.isatty():
            self.stderr.write(f"\rDrawing {done:.0%}", ending="")
