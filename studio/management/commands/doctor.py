import sys
from typing import Any

from studio.management.command import StudioCommand
from studio.operations import health


class Command(StudioCommand):
    help = "Look at everything the studio needs; each finding says what to do."

    def handle(self, *args: Any, **options: Any) -> None:
        checks = health.examine()
        self.answer(checks)
        if not all(check["ok"] for check in checks):
            sys.exit(1)
