from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from studio.accounts.access import can, member_named
from studio.accounts.models import User, Workspace
from studio.management.command import StudioCommand, WrongUse
from studio.management.storyboard_file import add_file_argument, read_file
from studio.storyboards.exchange.strict_json import Unreadable, read_json
from studio.storyboards.exchange.transend_json import Malformed, import_board, read_body
from studio.storyboards.presets import motions_of
from studio.storyboards.rules import BadField, checked_title


class Command(StudioCommand):
    help = (
        "Make a project of a request body of the vendor's, or of its storyboard alone. "
        "Each shot keeps the id it came with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--title", default="", metavar="TEXT", help="default: the file's name")
        parser.add_argument("--as", dest="email", default="", metavar="EMAIL", help="the author")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise WrongUse(f"There is no workspace “{options['workspace']}”.")
        title = _title(options["title"], options["file"])
        author = _author(options["email"], workspace)
        try:
            board = read_body(read_json(read_file(options["file"])), motions_of(workspace))
        except (Unreadable, Malformed) as refused:
            raise CommandError(f"Nothing was imported. {refused}") from refused
        project = import_board(workspace, author, title, board)
        for remark in board.remarks:
            self.say(remark)
        self.answer({"project": project.pk, "shots": len(board.shots)})


def _author(email: str, workspace: Workspace) -> User | None:
    if not email:
        return None
    try:
        return member_named(email, workspace, can.EDIT)
    except PermissionDenied as refused:
        raise CommandError(str(refused)) from refused


def _title(title: str, file: str) -> str:
    """The title that was asked for, else the file's name; empty for standard input."""
    if not title:
        return "" if file == "-" else PurePath(file).stem
    try:
        return checked_title(title)
    except BadField as bad:
        raise WrongUse(str(bad)) from bad
