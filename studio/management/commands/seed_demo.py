from typing import Any

from studio.management.command import StudioCommand
from studio.operations import demo


class Command(StudioCommand):
    help = (
        "Make the workspace “demo” with four members and three films, unless it is there, "
        "and print its sign-ins."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        seeded = demo.seed()
        self.answer(seeded)
        for person in seeded["sign_ins"]:
            if person["password"] is None:
                self.say(
                    f"{person['email']} has a password of their own. To set another: "
                    f"python manage.py changepassword {person['email']}"
                )
