"""A workspace's chat webhooks: add, change, pause, remove. Their addresses go in and never out.

Removing empties the row, and lets it stand for a while. Whoever announces something at that very
moment has read the hook, and may be writing a message that refers to it: were the row gone, their
own act (a decision, a note) would fail for a chat. A lock instead would have everybody who acts in
a workspace wait for each other, or for ever, by the order in which they took it.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from studio.accounts import audit, keyring
from studio.accounts.keyring import Keyring
from studio.accounts.models import ApiKey, User, Workspace
from studio.inbox.chat.checking import (
    UnusableHook,
    checked_address,
    checked_name,
    known_kinds,
    masked,
)
from studio.inbox.models import ChatHook, ChatMessage

MOST = 10
# Longer than any transaction lasts: until then, one that has read the hook may refer to it.
_EMPTY_STANDS = timedelta(days=1)


@sensitive_variables("address")
def add_hook(
    workspace: Workspace, name: str, address: str, kinds: Collection[str], actor: User
) -> ChatHook:
    """Store a webhook, its address sealed. Raises `UnusableHook` and `KeyringError`."""
    name, address = checked_name(name), address.strip()
    if address and address in name:
        raise UnusableHook("The name holds the address itself. Names are shown.", "name")
    hook = ChatHook(workspace=workspace, name=name, kinds=known_kinds(kinds), created_by=actor)
    hook.shows = masked(checked_address(address))
    hook.ciphertext = _keyring_to_seal_with().seal(address, workspace.pk, str(hook.uid))
    with transaction.atomic():
        audit.lock(workspace)
        if workspace.chat_hooks.count() >= MOST:
            says = f"A workspace has at most {MOST} webhooks. Remove one that is not used."
            raise UnusableHook(says, "name")
        hook.save(force_insert=True)
        audit.record(workspace, actor, "hook.added", str(hook))
    return hook


def change_hook(hook: ChatHook, name: str, kinds: Collection[str], actor: User) -> None:
    """Another name, other kinds of events. Raises `UnusableHook`."""
    hook.name, hook.kinds = checked_name(name), known_kinds(kinds)
    with transaction.atomic():
        audit.lock(hook.workspace)
        standing = ChatHook.objects.filter(pk=hook.pk)
        if not standing.update(name=hook.name, kinds=hook.kinds):
            raise UnusableHook("Somebody has removed this webhook meanwhile.", "name")
        audit.record(hook.workspace, actor, "hook.changed", str(hook), posts=list(hook.kinds))


def pause_hook(hook: ChatHook, reason: str, actor: User | None) -> bool:
    """Post nothing more to it; what waits is given up. False when it was paused already."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        now = timezone.now()
        running = ChatHook.objects.filter(pk=hook.pk, paused_at=None)
        if not running.update(paused_at=now, pause_reason=reason[:300]):
            return False
        give_up_waiting(hook)
        audit.record(hook.workspace, actor, "hook.paused", str(hook), reason=reason[:300])
    hook.paused_at, hook.pause_reason = now, reason[:300]
    return True


def give_up_waiting(hook: ChatHook) -> int:
    """Post none of what waits for a hook that is paused; returns how many that is."""
    waiting = ChatMessage.objects.filter(
        hook=hook, status=ChatMessage.Status.WAITING, due_at__isnull=False
    )
    return waiting.update(
        status=ChatMessage.Status.GIVEN_UP,
        due_at=None,
        ended_at=timezone.now(),
        answer="The webhook was paused before this was posted.",
    )


def resume_hook(hook: ChatHook, actor: User) -> bool:
    """Post what happens from now on. False when it was not paused."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        paused = ChatHook.objects.filter(pk=hook.pk, paused_at__isnull=False)
        if not paused.update(paused_at=None, pause_reason="", refusals=0):
            return False
        give_up_waiting(hook)  # ordered while it was being paused, and not posted until now
        audit.record(hook.workspace, actor, "hook.resumed", str(hook))
    hook.paused_at, hook.pause_reason = None, ""
    return True


def remove_hook(hook: ChatHook, actor: User) -> None:
    """Forget it, its address and what was posted. Of what is announced at this moment nothing is
    posted any more."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        standing = ChatHook.objects.filter(pk=hook.pk)
        if standing.update(removed_at=timezone.now(), name="", ciphertext="", shows=""):
            ChatMessage.objects.filter(hook=hook).delete()
            audit.record(hook.workspace, actor, "hook.removed", str(hook))


def forget_removed() -> int:
    """Delete the emptied rows of hooks that were removed a day ago; returns how many."""
    over = ChatHook._base_manager.filter(removed_at__lt=timezone.now() - _EMPTY_STANDS)
    return over.delete()[1].get(ChatHook._meta.label, 0)


def seal_again(new: Keyring) -> int:
    """Seal every address with the keyring's current master key; returns how many. Call it in the
    transaction of the rotation. Raises `KeyringError`."""
    current = f"{keyring.VERSION}:{new.current}:"
    behind = list(ChatHook.objects.exclude(ciphertext__startswith=current).order_by("pk"))
    for hook in behind:
        plaintext = new.open(hook.ciphertext, hook.workspace_id, str(hook.uid))
        sealed = new.seal(plaintext, hook.workspace_id, str(hook.uid))
        ChatHook.objects.filter(pk=hook.pk).update(ciphertext=sealed)
    return len(behind)


def open_all(ring: Keyring) -> int:
    """Open every address; returns how many there are. Raises `KeyringError`."""
    stored = list(ChatHook.objects.all())
    for hook in stored:
        ring.open(hook.ciphertext, hook.workspace_id, str(hook.uid))
    return len(stored)


def _keyring_to_seal_with() -> Keyring:
    # A fresh keyring would hide that the old one is not where it should be.
    is_needed = ChatHook.objects.exists() or ApiKey.objects.exclude(ciphertext="").exists()
    return keyring.read() if is_needed else keyring.load()


@sensitive_variables()
def address_of(hook: ChatHook) -> str:
    """Where to post; for the call alone: never log, store or show it. Raises `KeyringError`."""
    return keyring.read().open(hook.ciphertext, hook.workspace_id, str(hook.uid))
