import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from studio.accounts.access import can, member_named
from studio.management.command import StudioCommand
from studio.renders.lifecycle import Status
from studio.renders.models import Take
from studio.renders.submission import NotSendable, order_take
from studio.storyboards.models import Project

_LOOK_EVERY_S = 0.2


class Command(StudioCommand):
    help = (
        "Order one paid render of a project, as a member who may. Prints the take and its status; "
        "exits 1 when it is refused, or when the take fails while --wait waits for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", type=int, help="the project's number")
        parser.add_argument("--as", dest="email", required=True, help="e-mail of the member")
        parser.add_argument(
            "--wait",
            type=float,
            default=0.0,
            metavar="SECONDS",
            help="return when the take is ready, failed or cancelled, at the latest after this",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        project = Project.objects.select_related("workspace").filter(pk=options["project"]).first()
        if project is None:
            raise CommandError(f"There is no project {options['project']}.")
        try:
            author = member_named(options["email"], project.workspace, can.RENDER)
            take = order_take(project, author)
        except (PermissionDenied, NotSendable) as refused:
            raise CommandError(str(refused)) from refused
        _wait_for(take, options["wait"])
        self.answer({"take": take.pk, "status": take.status})
        if take.status == Status.FAILED:
            raise CommandError(f"The take failed. {take.error_says}".strip())
        if take.status == Status.CANCELLED:
            raise CommandError("The take was cancelled.")


def _wait_for(take: Take, seconds: float) -> None:
    ends_at = time.monotonic() + seconds
    while not take.is_terminal and time.monotonic() < ends_at:
        time.sleep(min(_LOOK_EVERY_S, max(ends_at - time.monotonic(), 0.0)))
        take.refresh_from_db()
