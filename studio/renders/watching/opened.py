"""The keys of one turn, each looked up and opened once: thousands of takes share a few."""

from collections.abc import Sequence

from studio.accounts.models import ApiKey
from studio.renders.models import Take
from studio.renders.sending import credentials
from studio.renders.sending.credentials import NoUsableKey


class OpenedKeys:
    """Which key each of these takes is asked about with, and its plaintext; the repr shows none."""

    def __init__(self, takes: Sequence[Take]) -> None:
        made_with = {take.api_key_id for take in takes if take.api_key_id is not None}
        self._own = ApiKey.objects.select_related("workspace").in_bulk(made_with)
        self._found: dict[tuple[int, int | None], tuple[ApiKey, str] | NoUsableKey] = {}

    def for_take(self, take: Take) -> tuple[ApiKey, str]:
        """The key and its plaintext, for the vendor's client only. Raises `NoUsableKey`."""
        own = self._own.get(take.api_key_id) if take.api_key_id is not None else None
        if own is not None:
            take.api_key, take.workspace = own, own.workspace
        place = (take.workspace_id, take.api_key_id)
        if place not in self._found:
            self._found[place] = _opened(take)
        found = self._found[place]
        if isinstance(found, NoUsableKey):
            raise NoUsableKey(found.says, found.waits_for)
        return found


def _opened(take: Take) -> tuple[ApiKey, str] | NoUsableKey:
    try:
        key = credentials.key_to_ask(take)
        return key, credentials.secret_of(key)
    except NoUsableKey as missing:
        return missing
