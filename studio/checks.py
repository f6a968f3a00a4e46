"""System checks for settings that are dangerous together."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from studio.env import is_loopback


@register(Tags.security, deploy=True)
def public_url_is_https(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Sign-ins and share links travel over STUDIO_PUBLIC_URL."""
    if settings.STUDIO_PUBLIC_URL.startswith("https://"):
        return []
    return [
        Warning(
            "STUDIO_PUBLIC_URL is not an https:// address: sign-ins would travel in the clear.",
            hint="Put a TLS proxy in front and set STUDIO_PUBLIC_URL=https://…",
            id="studio.W001",
        )
    ]


@register(Tags.security)
def loopback_only_for_a_local_vendor(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Downloads from this machine are for the simulator, never for a vendor elsewhere."""
    if settings.TRANSEND_ALLOW_LOOPBACK and not is_loopback(settings.TRANSEND_BASE_URL):
        return [
            Error(
                "TRANSEND_ALLOW_LOOPBACK=1 lets a remote vendor name files on this machine.",
                hint="Unset TRANSEND_ALLOW_LOOPBACK: it is for the simulator alone.",
                id="studio.E001",
            )
        ]
    return []


@register(Tags.security, deploy=True)
def debug_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Debug pages show settings and memory to whoever causes an error."""
    if not settings.DEBUG:
        return []
    return [Error("STUDIO_DEBUG is on.", hint="Unset STUDIO_DEBUG.", id="studio.E002")]


@register(Tags.security)
def keyring_is_private(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whoever reads the keyring and the database reads every API key."""
    path = Path(settings.STUDIO_KEYRING)
    try:
        shared = path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    except OSError:  # none yet, or one that accounts/keyring.py will complain about
        return []
    if not shared:
        return []
    return [
        Warning(
            f"Others on this machine may read or change the keyring {path}.",
            hint=f"chmod 600 {path}",
            id="studio.W002",
        )
    ]
