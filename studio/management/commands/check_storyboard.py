from typing import Any, NoReturn

from django.core.management.base import CommandError, CommandParser

from studio.management.command import StudioCommand
from studio.management.storyboard_file import add_file_argument, read_file
from studio.storyboards.exchange.strict_json import Unreadable, read_json
from studio.storyboards.exchange.transend_json import check_body
from studio.storyboards.presets import BUILT_IN_MOTIONS
from studio.storyboards.timing import to_seconds


class Command(StudioCommand):
    help = (
        "Hold a request body against the vendor's document: required and optional fields, limits. "
        "Exits 0 when it may be sent as it stands, 1 when not. The twelve built-in camera moves "
        "are the ones known here."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        raw = read_file(options["file"])
        try:
            checked = check_body(read_json(raw), BUILT_IN_MOTIONS)
        except Unreadable as unreadable:
            self._refuse(0, [{"where": "", "says": str(unreadable)}], [])
        problems = [
            {"where": problem.where, "says": problem.says}
            for problem in (*checked.malformed, *checked.unsendable)
        ]
        total, remarks = to_seconds(checked.total_ms), list(checked.remarks)
        if problems:
            self._refuse(total, problems, remarks)
        self._answer(True, total, [], remarks)

    def _refuse(self, total: float, problems: list[dict[str, str]], remarks: list[str]) -> NoReturn:
        self._answer(False, total, problems, remarks)
        raise CommandError(
            "\n".join(f"{p['where']}: {p['says']}" if p["where"] else p["says"] for p in problems)
        )

    def _answer(
        self, is_valid: bool, total: float, problems: list[dict[str, str]], remarks: list[str]
    ) -> None:
        self.answer(
            {
                "valid": is_valid,
                "total_seconds": total,
                "problems": problems,
                "remarks": remarks,
            }
        )
