from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError

from studio.accounts.access import can, member_named
from studio.accounts.models import User
from studio.management.command import StudioCommand
from studio.renders import resolution
from studio.renders.lifecycle import IllegalTransition
from studio.renders.models import Take


class Command(StudioCommand):
    help = (
        "Settle a take whose outcome is unknown, as a producer or an admin. Only --send-again "
        "sends anything, and it may cost twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("take", type=int, help="the take's number, as submit_project prints it")
        parser.add_argument("--as", dest="email", required=True, help="e-mail of the member")
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--task-id", help="it exists at Transend under this id")
        way.add_argument("--not-created", action="store_true", help="it does not exist")
        way.add_argument("--send-again", action="store_true", help="send it once more")

    def handle(self, *args: Any, **options: Any) -> None:
        take = Take.objects.select_related("workspace").filter(pk=options["take"]).first()
        if take is None:
            raise CommandError(f"There is no take {options['take']}.")
        try:
            actor = member_named(options["email"], take.workspace, can.RESOLVE)
            _settle(take, actor, options)
        except IllegalTransition as moved:
            raise CommandError(f"{moved} See it with show_take {take.pk}.") from moved
        except (PermissionDenied, resolution.NotResolved) as refused:
            raise CommandError(str(refused)) from refused
        self.answer({"take": take.pk, "status": take.status})


def _settle(take: Take, actor: User, options: dict[str, Any]) -> None:
    if options["task_id"] is not None:
        resolution.confirm_task_id(take, options["task_id"], actor)
    elif options["not_created"]:
        resolution.not_created(take, actor)
    else:
        resolution.send_again(take, actor)
