"""Putting an event on its way to the chats that want it, in the transaction of the event."""

from django.utils import timezone

from studio.accounts.models import Workspace
from studio.inbox.models import ChatHook, ChatMessage, Kind
from studio.lib.waking import enqueue

QUEUE = "long"
_TASK = "studio.inbox.tasks.post_to_chat"

# A chat may have readers from outside: what people write to each other stays in the house.
_SAID_INSTEAD = {
    Kind.MENTIONED: "Somebody was mentioned in a note.",
    Kind.NOTED: "A guest wrote a note.",
}


def order(workspace: Workspace, kind: Kind, says: str, url: str, key: str) -> int:
    """Write a message for each hook that posts this kind and has not had this event; returns for
    how many."""
    hooks = [
        hook
        for hook in ChatHook.objects.filter(workspace=workspace, paused_at=None)
        if kind in hook.kinds
    ]
    if not hooks:
        return 0
    now = timezone.now()
    messages = [
        ChatMessage(
            workspace=workspace,
            hook=hook,
            kind=kind,
            says=_SAID_INSTEAD.get(kind, says),
            url=url,
            key=key,
            created_at=now,
            due_at=now,
        )
        for hook in hooks
    ]
    # The same event may be told again, to more people: the chat has heard of it then.
    ChatMessage.objects.bulk_create(messages, ignore_conflicts=True)
    new = ChatMessage.objects.filter(hook__in=hooks, key=key, entry=None, attempts=0)
    woken = [wake(pk) for pk in new.values_list("pk", flat=True)]
    return len(woken)


def wake(pk: int) -> int:
    """Have a worker post this message; returns the number of the queue's entry."""
    entry = enqueue(_TASK, pk, QUEUE)
    ChatMessage.objects.filter(pk=pk).update(entry=entry)
    return entry
