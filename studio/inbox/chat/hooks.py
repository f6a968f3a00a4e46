"""A workspace's chat webhooks: add, change, pause, remove. Their addresses go in and never out."""

from collections.abc import Collection

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
        hook.save(update_fields=["name", "kinds"])
        audit.record(hook.workspace, actor, "hook.changed", str(hook), posts=list(hook.kinds))


def pause_hook(hook: ChatHook, reason: str, actor: User | None) -> bool:
    """Post nothing more to it; what waits is given up. False when it was paused already."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        now = timezone.now()
        running = ChatHook.objects.filter(pk=hook.pk, paused_at=None)
        if not running.update(paused_at=now, pause_reason=reason[:300]):
            return False
        ChatMessage.objects.filter(hook=hook, status=ChatMessage.Status.WAITING).update(
            status=ChatMessage.Status.GIVEN_UP,
            due_at=None,
            ended_at=now,
            answer="The webhook was paused before this was posted.",
        )
        audit.record(hook.workspace, actor, "hook.paused", str(hook), reason=reason[:300])
    hook.paused_at, hook.pause_reason = now, reason[:300]
    return True


def resume_hook(hook: ChatHook, actor: User) -> bool:
    """Post what happens from now on. False when it was not paused."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        paused = ChatHook.objects.filter(pk=hook.pk, paused_at__isnull=False)
        if not paused.update(paused_at=None, pause_reason="", refusals=0):
            return False
        audit.record(hook.workspace, actor, "hook.resumed", str(hook))
    hook.paused_at, hook.pause_reason = None, ""
    return True


def remove_hook(hook: ChatHook, actor: User) -> None:
    """Forget it, its address and what was posted."""
    with transaction.atomic():
        audit.lock(hook.workspace)
        if ChatHook.objects.filter(pk=hook.pk).delete()[0]:
            audit.record(hook.workspace, actor, "hook.removed", str(hook))


def seal_again(new: Keyring) -> int:
    """Seal every address with the keyring's current master key; returns how many. Call it in the
    transaction of the rotation. Raises `KeyringError`."""
    current = f"{keyring.VERSION}:{new.current}:"
    behind = list(ChatHook.objects.exclude(ciphertext__startswith=current).order_by("pk"))
    for hook in behind:
        plaintext = new.open(hook.ciphertext, hook.workspace_id, str(hook.uid))
        hook.ciphertext = new.seal(plaintext, hook.workspace_id, str(hook.uid))
        hook.save(update_fields=["ciphertext"])
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
