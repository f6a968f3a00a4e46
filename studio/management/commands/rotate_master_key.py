from typing import Any

from django.core.management.base import CommandError

from studio.accounts import rotation
from studio.accounts.keyring import KeyringError
from studio.management.command import StudioCommand


class Command(StudioCommand):
    help = "Seal all API keys with a new master key and drop the old one. The studio may run."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rotated = rotation.rotate()
        except KeyringError as error:
            raise CommandError(f"The master key was not rotated. {error}") from error
        self.answer(
            {
                "current": rotated.current,
                "dropped": rotated.dropped,
                "api_keys_sealed_again": rotated.sealed_again,
                "other_secrets_sealed_again": rotated.others_sealed_again,
            }
        )
        self.say(
            "Copy the keyring to where you keep it. Keep the former copy too, as long as you keep "
            "backups made before now: it alone opens the API keys in them."
        )
