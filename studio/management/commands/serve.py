from typing import Any

from studio.management.command import StudioCommand, WrongUse
from studio.operations import ports, serving


class Command(StudioCommand):
    help = "Serve the web pages on STUDIO_BIND:STUDIO_PORT until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ports.require_free_web()
        except ports.PortUnusable as unusable:
            raise WrongUse(str(unusable)) from unusable
        serving.serve()
