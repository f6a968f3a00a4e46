import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from studio.management.command import StudioCommand, WrongUse
from studio.operations.backups import checking, manifest


class Command(StudioCommand):
    help = "Check a backup: every file's SHA-256, the database inside, the vault's completeness."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"].resolve()
        try:
            listed = manifest.read(folder)
        except manifest.UnusableBackup as unusable:
            raise WrongUse(str(unusable)) from unusable
        problems = checking.problems_of(folder, listed)
        self.answer(
            {
                "valid": not problems,
                "made_at": listed.made_at,
                "files": len(listed.files),
                "has_keyring": listed.has_keyring,
                "problems": problems,
            }
        )
        if problems:
            sys.exit(1)
