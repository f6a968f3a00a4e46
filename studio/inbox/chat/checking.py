"""What may be typed for a webhook: a name, kinds of events, an address that may be called."""

from collections.abc import Collection
from urllib.parse import urlsplit

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from studio.inbox.models import IN_CHAT
from studio.lib import unseen
from studio.outbound.addresses import ForbiddenAddress, checked_destination

MAX_NAME = 80
_MAX_ADDRESS = 1000
_SHOWN_OF_SECRET = 4


class UnusableHook(ValueError):
    """What was typed makes no webhook; the message says why, `field` where."""

    def __init__(self, says: str, field: str) -> None:
        super().__init__(says)
        self.field = field


def known_kinds(kinds: Collection[str]) -> list[str]:
    """Those of `kinds` that a chat can be told of. Raises `UnusableHook` when there is none."""
    known = [str(kind) for kind in IN_CHAT if kind in kinds]
    if not known:
        raise UnusableHook("Choose at least one kind of event to post.", "kinds")
    return known


def checked_name(name: str) -> str:
    """The name without what is not seen. Raises `UnusableHook`."""
    name = unseen.trimmed(name)
    if unseen.is_blank(name):
        raise UnusableHook("Give it a name, such as the channel's: #film-reviews.", "name")
    if len(name) > MAX_NAME:
        says = f"The name has {len(name)} characters. Keep it to {MAX_NAME}."
        raise UnusableHook(says, "name")
    if unseen.CONTROLS.search(name):
        says = "The name holds invisible control characters. Type it again as plain text."
        raise UnusableHook(says, "name")
    return name


@sensitive_variables()
def checked_address(address: str) -> str:
    """The address, if it may be called as far as can be told now. Raises `UnusableHook`."""
    if not address:
        raise UnusableHook("Paste the webhook's address from the chat.", "address")
    if len(address) > _MAX_ADDRESS:
        raise UnusableHook("This is too long for the address of a webhook.", "address")
    try:
        checked_destination(
            address, allowed_hosts=None, allow_loopback=settings.STUDIO_CHAT_ALLOW_LOOPBACK
        )
    except ForbiddenAddress as refusal:
        says = f"{refusal} Copy the address once more from the chat."
        raise UnusableHook(says, "address") from None
    except OSError:
        says = "The host of this address cannot be found. Copy it once more from the chat."
        raise UnusableHook(says, "address") from None
    return address


@sensitive_variables()
def masked(address: str) -> str:
    """What people see of an address: the host, and a few signs of the end of a long one."""
    parts = urlsplit(address)
    secret = parts.path + parts.query
    tail = secret[-_SHOWN_OF_SECRET:] if len(secret) >= 4 * _SHOWN_OF_SECRET else ""
    return f"{parts.netloc[:100]}/…{tail}"
