from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from studio.management.command import StudioCommand
from studio.renders.models import Take
from studio.reviews.report import describe_take


class Command(StudioCommand):
    help = "Print all there is to know of a take: status, events, hashes, decision, release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("take", type=int, help="the take's number, as submit_project prints it")

    def handle(self, *args: Any, **options: Any) -> None:
        take = Take.objects.filter(pk=options["take"]).first()
        if take is None:
            raise CommandError(f"There is no take {options['take']}.")
        self.answer(describe_take(take))
