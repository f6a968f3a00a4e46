from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.management.command import StudioCommand
from studio.operations.backups import database, manifest, restoring


class Command(StudioCommand):
    help = "Put a backup in place of what is there, all of it or nothing. Stop the studio first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--force",
            action="store_true",
            help="Also where this studio holds data already; never while it runs.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restoring.restore(options["folder"], force=options["force"])
        except (manifest.UnusableBackup, restoring.Refused) as refused:
            raise CommandError(str(refused)) from refused
        except (database.DatabaseTool, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        self.answer(
            {
                "restored": options["folder"].resolve(),
                "moved_aside": restored.aside,
                "kept": restored.kept,
                "held": restored.held,
            }
        )
        if restored.held:
            self.say(
                f"Waiting takes: {restored.held}. They may have been sent since the backup was "
                "made, so their render queues are paused: look for them in the Transend console, "
                "then resume the queues on the desk."
            )
