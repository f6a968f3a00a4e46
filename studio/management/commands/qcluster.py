import sys
from typing import Any

from django.core.management.base import CommandParser

from studio.management.command import StudioCommand, WrongUse
from studio.operations import queues


class Command(StudioCommand):
    help = (
        "Work on the queues until told to stop: one supervised django-q2 cluster for each, "
        "or with --name that queue's cluster alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-n", "--name", help="Be the cluster of this queue only.")
        parser.add_argument(
            "--grace",
            type=float,
            default=8.0,
            metavar="SECONDS",
            help="How long tasks may go on when told to stop (8).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if name is None:
            queues.supervise(sys.argv[0], options["grace"])
        elif name in queues.queue_names():
            queues.run_cluster(name, sys.argv)
        else:
            known = ", ".join(queues.queue_names())
            raise WrongUse(f"There is no queue “{name}”. Choose one of: {known}.")
