from pathlib import PurePath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from studio.accounts.access import can, member_named
from studio.accounts.models import User, Workspace
from studio.management.command import StudioCommand, WrongUse
from studio.management.storyboard_file import add_file_argument, read_file
from studio.storyboards.exchange import formats
from studio.storyboards.exchange.choices import Choices
from studio.storyboards.exchange.reading import Reading
from studio.storyboards.exchange.strict_json import Unreadable
from studio.storyboards.exchange.transend_json import Malformed, import_board
from studio.storyboards.presets import motions_of
from studio.storyboards.rules import BadField, checked_title


class Command(StudioCommand):
    help = (
        "Make a project of a request body of the vendor's, or of its storyboard alone; also of a "
        "CSV, Fountain, Final Draft or Storyboarder file, known by its suffix. Each shot keeps the "
        "id it came with."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument(
            "--title",
            default="",
            metavar="TEXT",
            help="default: the title in the file, or its name",
        )
        parser.add_argument("--as", dest="email", default="", metavar="EMAIL", help="the author")

    def handle(self, *args: Any, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            raise WrongUse(f"There is no workspace “{options['workspace']}”.")
        title = _checked_title(options["title"])
        author = _author(options["email"], workspace)
        try:
            reading = _read(options["file"], motions_of(workspace))
        except (Unreadable, Malformed) as refused:
            raise CommandError(f"Nothing was imported. {refused}") from refused
        board = reading.board
        name = "" if options["file"] == "-" else PurePath(options["file"]).stem
        title = title or board.own_title or name
        source = formats.LABELS[reading.kind]
        project = import_board(workspace, author, title, board, source=source)
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


def _read(file: str, motions: list[str]) -> Reading:
    """What the file says, all of it: nobody is asked here what may be left out."""
    # Standard input is JSON, as it always was.
    name = "-.json" if file == "-" else file
    is_known = PurePath(name).suffix.lower() in formats.SUFFIXES
    reading = formats.read_file(
        name if is_known else f"{name}.json", read_file(file), Choices(), motions
    )
    if reading.problems:
        raise Malformed(reading.problems)
    if reading.lacks:
        raise Unreadable(reading.lacks)
    return reading


def _checked_title(title: str) -> str:
    try:
        return checked_title(title) if title else ""
    except BadField as bad:
        raise WrongUse(str(bad)) from bad
