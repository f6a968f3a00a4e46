import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.management.command import StudioCommand, WrongUse
from studio.operations.backups import database, making, manifest


class Command(StudioCommand):
    help = "Back up the database and the vault into a new folder, while the studio runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--with-keyring",
            action="store_true",
            help="Include what opens the API keys. Guard such a backup like the keys themselves.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = making.make(options["folder"], with_keyring=options["with_keyring"])
        except manifest.UnusableBackup as unusable:
            raise WrongUse(str(unusable)) from unusable
        except (database.DatabaseTool, OSError) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.answer(
            {
                "folder": made.folder,
                "made_at": made.manifest.made_at,
                "files": len(made.manifest.files),
                "size_bytes": sum(entry.size_bytes for entry in made.manifest.files.values()),
                "has_keyring": made.manifest.has_keyring,
                "problems": made.problems,
            }
        )
        if not made.manifest.has_keyring:
            self.say("The keyring is not in it: keep a copy of it elsewhere, or API keys are lost.")
        if made.problems:
            sys.exit(1)
