"""The API key that the embedded simulator accepts: generated once, kept outside the database."""

import secrets
from pathlib import Path

from django.conf import settings

from studio.env import generated_secret


def path() -> Path:
    """Where it is kept, mode 0600."""
    return Path(settings.STUDIO_VAR) / "demo_api_key"


def kept() -> str:
    """The key, made by whichever process asks first."""
    return generated_secret(path(), lambda: f"demo-{secrets.token_hex(16)}")
