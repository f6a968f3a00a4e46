from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from studio.accounts.access import can, member_named
from studio.management.command import StudioCommand
from studio.renders.models import Take
from studio.reviews.deciding.decisions import CannotDecide, Verdict, decide
from studio.reviews.report import standing_of


class Command(StudioCommand):
    help = "Decide on a take as a producer would: an approval releases the film."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("take", type=int, metavar="ID")
        parser.add_argument("--as", dest="email", required=True, help="who decides")
        verdict = parser.add_mutually_exclusive_group(required=True)
        verdict.add_argument(
            "--approve", dest="verdict", action="store_const", const=Verdict.APPROVED
        )
        verdict.add_argument(
            "--request-changes",
            dest="verdict",
            action="store_const",
            const=Verdict.CHANGES_REQUESTED,
        )
        parser.add_argument("--note", default="", help="needed with --request-changes")

    def handle(self, *args: Any, **options: Any) -> None:
        take = Take.objects.select_related("workspace").filter(pk=options["take"]).first()
        if take is None:
            raise CommandError(f"There is no take {options['take']}. Check its number.")
        try:
            person = member_named(options["email"], take.workspace, can.DECIDE)
            decide(take, options["verdict"], person, options["note"])
        except (CannotDecide, PermissionDenied) as cannot:
            raise CommandError(str(cannot)) from cannot
        self.answer({"take": take.pk, **standing_of(take)})
