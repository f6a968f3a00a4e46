"""What every command of ours shares: JSON on standard output, sentences on standard error.

Exit codes: 0 success, 1 the answer is no, 2 wrong use.
"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from studio.accounts.keyring import KeyringError


class WrongUse(CommandError):
    """The command was called with something it cannot work on."""

    def __init__(self, says: str) -> None:
        super().__init__(says, returncode=2)


class StudioCommand(BaseCommand):
    """A command that answers in JSON and refuses in sentences."""

    requires_system_checks = ()
    _called_from_command_line = False

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run it; on the command line a refusal is its sentence and an exit code, nothing more."""
        try:
            return self._executed(*args, **options)
        except CommandError as refused:
            if not self._called_from_command_line or options["traceback"]:
                raise
            self.stderr.write(str(refused))
            sys.exit(refused.returncode)

    def _executed(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be used: {error}. "
                "Run 'python manage.py migrate', and check DATABASE_URL."
            ) from error
        except KeyringError as error:
            raise CommandError(str(error)) from error

    def answer(self, data: Any) -> None:
        """Print the answer."""
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2, default=str))

    def say(self, sentence: str) -> None:
        """Tell the person something that is no part of the answer."""
        self.stderr.write(sentence, self.style.NOTICE)
