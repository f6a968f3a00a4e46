import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from studio.management.command import StudioCommand
from studio.operations import demo_key
from studio.transend import simulator


class Command(StudioCommand):
    help = "Be the vendor: serve the Transend simulator until told to stop (docs/simulator.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument(
            "--speed", type=float, default=1.0, help="10: a render takes 9 s instead of 90 s."
        )
        parser.add_argument("--scenario", type=Path, metavar="FILE", help="What goes wrong.")
        parser.add_argument(
            "--log", type=Path, metavar="FILE", help="Append each request as one JSON line."
        )
        parser.add_argument(
            "--key",
            action="append",
            metavar="KEY",
            help="An API key to accept; repeatable. Default: the demo workspace's.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = simulator.run(
            port=options["port"],
            host="127.0.0.1",
            keys=options["key"] or [demo_key.kept()],
            speed=options["speed"],
            scenario_path=options["scenario"],
            log_path=options["log"],
            storage=settings.STUDIO_VAR / "simulator",
        )
        if code:
            sys.exit(code)
