"""API keys of a workspace: add, test, revoke, and hand to the vendor's client; never read back."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from studio.accounts import audit, keyring
from studio.accounts.models import ApiKey, User, Workspace


class UnusableKey(ValueError):
    """What was typed cannot be an API key; the message says why."""


def add_key(workspace: Workspace, label: str, secret: str, actor: User | None) -> ApiKey:
    """Store a key, encrypted, and make it the active one; the former drains.

    Takes already under way keep the key that made them. Raises `UnusableKey`.
    """
    secret = secret.strip()
    if not 8 <= len(secret) <= 400 or not secret.isascii() or any(c.isspace() for c in secret):
        raise UnusableKey(
            "An API key is one line of 8 to 400 letters, digits and signs, without spaces. "
            "Copy it once more from the Transend console."
        )
    key = ApiKey(workspace=workspace, label=label.strip() or "API key", last_four=secret[-4:])
    key.created_by = actor
    key.ciphertext = keyring.load().seal(secret, workspace.pk, str(key.uid))
    with transaction.atomic():
        ApiKey.objects.filter(workspace=workspace, state=ApiKey.State.ACTIVE).update(
            state=ApiKey.State.DRAINING
        )
        key.save(force_insert=True)
        audit.record(workspace, actor, "key.added", str(key))
    return key


def plaintext(key: ApiKey) -> str:
    """The key itself, for the vendor's client only. Never log, store or show it."""
    return keyring.load().open(key.ciphertext, key.workspace_id, str(key.uid))


def active_key(workspace: Workspace) -> ApiKey | None:
    """The key that new takes are made with."""
    return ApiKey.objects.filter(workspace=workspace, state=ApiKey.State.ACTIVE).first()


def mark_used(key: ApiKey) -> None:
    """Remember that the vendor was called with this key just now."""
    ApiKey.objects.filter(pk=key.pk).update(last_used_at=timezone.now())


def revoke_key(key: ApiKey, actor: User) -> None:
    """Never use this key again, not even for takes under way; its ciphertext is destroyed."""
    with transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(state=ApiKey.State.REVOKED, ciphertext="")
        audit.record(key.workspace, actor, "key.revoked", str(key))


def vendor_name() -> str:
    """The vendor's host, for sentences."""
    return urlsplit(settings.TRANSEND_BASE_URL).netloc
