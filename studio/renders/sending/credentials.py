"""Which API key a take is sent with, and which one is asked about it later."""

from datetime import timedelta

from studio.accounts import keys
from studio.accounts.keyring import KeyringError
from studio.accounts.models import ApiKey, Membership, Role, Workspace
from studio.renders.models import Take

# How soon a take that waits for a key sees that there is one.
LOOKED_AT_EVERY = timedelta(seconds=5)


class NoUsableKey(Exception):
    """There is no key to call the vendor with.

    `says` is a sentence for a person, `waits_for` reads on from "Waiting for".
    """

    def __init__(self, says: str, waits_for: str) -> None:
        super().__init__(says)
        self.says = says
        self.waits_for = waits_for


def key_to_send(workspace: Workspace) -> ApiKey:
    """The key that a new take is paid with. Raises `NoUsableKey`."""
    return usable(workspace, keys.active_key(workspace))


def usable(workspace: Workspace, key: ApiKey | None) -> ApiKey:
    """The active key of a workspace, if it can be used. Raises `NoUsableKey`."""
    if key is None:
        raise NoUsableKey(
            f"This workspace has no API key yet. Ask {admins_of(workspace)} to add one.",
            f"an API key: ask {admins_of(workspace)} to add one",
        )
    if key.is_paused:
        raise NoUsableKey(
            f"Transend refused the API key {key}. "
            f"Ask {admins_of(workspace)} to test it, or to add another.",
            "a working API key: the API key was refused. "
            f"Ask {admins_of(workspace)} to test it, or to add another",
        )
    return key


def key_to_ask(take: Take) -> ApiKey:
    """The key to ask about a take with: the one that made it, while the vendor accepts that.

    Of a key that was revoked or refused, the workspace's active key takes over: the task belongs
    to the account behind both. Raises `NoUsableKey`.
    """
    own = take.api_key
    if own is not None and own.state != ApiKey.State.REVOKED and not own.is_paused:
        return own
    active = keys.active_key(take.workspace)
    if active is not None and not active.is_paused:
        return active
    if own is not None and own.state != ApiKey.State.REVOKED:
        # Refused a while ago; asking costs nothing, and an answer proves that it works again.
        return own
    if active is not None:
        return active
    raise NoUsableKey(
        f"The API key that made this take was revoked. Ask {admins_of(take.workspace)} to add one.",
        f"an API key: ask {admins_of(take.workspace)} to add one",
    )


def secret_of(key: ApiKey) -> str:
    """The key's plaintext, for the vendor's client only. Raises `NoUsableKey`."""
    try:
        return keys.plaintext(key)
    except KeyringError as problem:
        raise NoUsableKey(str(problem), "an API key that can be opened") from problem


def unreadable(key: ApiKey) -> str:
    """What is waited for while the key cannot be opened; empty when it can."""
    try:
        secret_of(key)
    except NoUsableKey as closed:
        return closed.waits_for
    return ""


def admins_of(workspace: Workspace) -> str:
    """Who can add a key, by name: `Ada or Grace (admin)`."""
    people = Membership.objects.filter(
        workspace=workspace, role=Role.ADMIN, user__is_active=True
    ).select_related("user")
    names = " or ".join(str(membership.user)[:40] for membership in people.order_by("pk")[:3])
    return f"{names} (admin)" if names else "an admin"
