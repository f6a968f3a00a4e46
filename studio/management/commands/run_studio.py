import os
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections

from studio.lib.processes import Output, Supervisor
from studio.management.command import StudioCommand, WrongUse
from studio.operations import demo, ports
from studio.operations import studio as house


class Command(StudioCommand):
    help = (
        "Run the whole studio until Ctrl-C: migrate, seed the demo, then web, queues, watcher "
        "and the vendor's simulator, restarting whatever dies."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-simulator",
            action="store_true",
            help="Use the vendor that TRANSEND_BASE_URL names.",
        )
        parser.add_argument(
            "--simulator-speed",
            type=float,
            default=house.DEMO_SPEED,
            metavar="X",
            help=f"1: a render takes 90 s. Default: {house.DEMO_SPEED:g}.",
        )
        parser.add_argument(
            "--simulator-scenario",
            type=Path,
            metavar="FILE",
            help="What the simulator does wrong (docs/simulator.md).",
        )
        parser.add_argument("--no-demo", action="store_true", help="Seed no demo workspace.")

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = time.monotonic()
        speed = self._speed(options)
        try:
            ports.require_free_web()
            if speed is not None:
                ports.require_free_simulator()
        except ports.PortUnusable as unusable:
            raise WrongUse(str(unusable)) from unusable
        house.prepare_database()
        sign_ins = [] if options["no_demo"] else demo.seed()["sign_ins"]
        connections.close_all()
        programs = house.programs(sys.argv[0], speed=speed, scenario=options["simulator_scenario"])
        colours = self.stdout.isatty() and "NO_COLOR" not in os.environ
        names = [program.name for program in programs] + ["studio"]
        output = Output(sys.stdout, names, colours=colours)
        house.when_ready(
            lambda: self.stdout.write(house.welcome(started_at, sign_ins)),
            lambda why: output.line("studio", f"Not ready after a minute: {why}"),
        )
        Supervisor(programs, output=output, say=lambda text: output.line("studio", text)).run()

    def _speed(self, options: dict[str, Any]) -> float | None:
        if options["no_simulator"]:
            if not settings.TRANSEND_IS_CHOSEN:
                raise WrongUse(
                    "--no-simulator needs a vendor: set TRANSEND_BASE_URL, "
                    "for example to https://api.transendai.net"
                )
            return None
        if not settings.TRANSEND_IS_SIMULATED:
            raise WrongUse(
                f"TRANSEND_BASE_URL names another vendor ({settings.TRANSEND_BASE_URL}). "
                "Add --no-simulator, or unset the variable to use the simulator."
            )
        speed = float(options["simulator_speed"])
        if not 0 < speed < float("inf"):
            raise WrongUse("--simulator-speed is a number above 0, such as 6.")
        return speed
