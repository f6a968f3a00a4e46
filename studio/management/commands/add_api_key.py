import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from studio.accounts.keys import UnusableKey, add_key
from studio.accounts.models import Workspace
from studio.management.command import StudioCommand, WrongUse

MAX_LENGTH = 4096


class Command(StudioCommand):
    help = "Add a Transend API key, read from standard input, and make it the active one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--label", required=True, metavar="TEXT")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise WrongUse(f"There is no workspace “{options['workspace']}”.")
        if sys.stdin.isatty():
            self.say("Paste the key, then press Enter and Ctrl-D.")
        try:
            key = add_key(workspace, options["label"], sys.stdin.read(MAX_LENGTH), None)
        except UnusableKey as unusable:
            raise CommandError(str(unusable)) from unusable
        self.answer(
            {
                "key": key.pk,
                "workspace": workspace.slug,
                "label": key.label,
                "last_four": key.last_four,
                "state": key.state,
            }
        )
