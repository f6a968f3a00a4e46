from typing import Any

from studio.management.command import StudioCommand
from studio.operations import ports, serving


class Command(StudioCommand):
    help = "Serve the web pages on STUDIO_BIND:STUDIO_PORT until told to stop."

    def handle(self, *args: Any, **options: Any) -> None:
        ports.require_free_web()
        serving.serve()
