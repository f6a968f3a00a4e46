"""Telling the admins that a key does not work, and that it works again: once per pause."""

from datetime import datetime

from django.urls import reverse

from studio.accounts.access import POLICY, can
from studio.accounts.key_news import Listener
from studio.accounts.models import ApiKey
from studio.inbox.models import Kind
from studio.inbox.outbox import announce

_KEEPERS = tuple(role for role, allowed in POLICY.items() if can.MANAGE_KEYS in allowed)


def _tell_paused(key: ApiKey, at: datetime, reason: str) -> None:
    says = f"The API key {key} is paused and nothing is sent with it. {reason}"
    _tell(key, Kind.KEY_PAUSED, says, f"key-paused:{key.uid}:{at.isoformat()}")


def _tell_resumed(key: ApiKey, paused_at: datetime) -> None:
    says = f"The API key {key} works again. What waited for it is sent now."
    _tell(key, Kind.KEY_RESUMED, says, f"key-resumed:{key.uid}:{paused_at.isoformat()}")


def _tell(key: ApiKey, kind: Kind, says: str, event: str) -> None:
    url = reverse("accounts:keys", args=[key.workspace.slug])
    announce(key.workspace, kind, says, key=event, url=url, roles=_KEEPERS)


LISTENER = Listener(_tell_paused, _tell_resumed)
