"""Posting to chats: claimed, bounded, tried again with growing pauses, given up in the end.

At least once: the try is counted and the message leased before the call, and what came of it is
written after. A worker that dies between the chat's yes and our row has the same event posted once
more, by one worker, after the lease; one that dies each time ends at `MAX_TRIES`.

A hook is read after the message was claimed, right before the call: what is paused or removed by
then is not called any more. What remains is a call that had begun before that was committed: it
lasts `_CALL_S` seconds at most, and its message says truly that it was delivered.
"""

import logging
import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from studio.accounts import audit
from studio.accounts.access import POLICY, can
from studio.accounts.keyring import KeyringError
from studio.accounts.models import User
from studio.inbox.chat import hooks, ordering, words
from studio.inbox.chat.pauses import pause_s
from studio.inbox.models import ChatHook, ChatMessage, Kind
from studio.inbox.outbox import announce
from studio.lib.waking import lying_in_queue
from studio.outbound.addresses import ForbiddenAddress
from studio.outbound.posting import NotReached, Reply, post_json

MAX_TRIES = 8
REFUSALS_UNTIL_PAUSE = 3
TESTS_A_MINUTE = 6
_CALL_S = 10.0
# Longer than a call may take, resolving its name included, so that no two post the same.
_LEASE = timedelta(minutes=3)
_WOKEN_AT_ONCE = 100
_KEEPERS = tuple(role for role, allowed in POLICY.items() if can.MANAGE_HOOKS in allowed)
_TRANSIENT = frozenset({408, 425, 429})

Status = ChatMessage.Status

log = logging.getLogger(__name__)


class TooManyTests(Exception):
    """The message says to wait."""


def post_due(pk: int) -> bool:
    """Post one message if it is its turn; whether the chat took it."""
    message = _claim(pk)
    return message is not None and _try(message)


def wake_late() -> int:
    """Wake the messages that are due and lie in no queue: tries that come again, and those whose
    worker died. Returns how many. Any number of watchers may call it, at every beat."""
    due = ChatMessage.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    entries = dict(due.values_list("pk", "entry")[:_WOKEN_AT_ONCE])
    lying = lying_in_queue([entry for entry in entries.values() if entry is not None])
    lost = [pk for pk, entry in entries.items() if entry not in lying]
    for pk in lost:
        with transaction.atomic():
            ordering.wake(pk)
    return len(lost)


def test_hook(hook: ChatHook, actor: User) -> ChatMessage:  # noqa: PT028  (no pytest)
    """Post a greeting now and return what came of it; a yes resumes a paused hook.

    Raises `TooManyTests`.
    """
    now = timezone.now()
    recent = ChatMessage.objects.filter(
        hook=hook, kind=ChatMessage.TEST, created_at__gt=now - timedelta(minutes=1)
    )
    if recent.count() >= TESTS_A_MINUTE:
        raise TooManyTests("That is enough tests for now. Wait a minute, then try again.")
    message = ChatMessage.objects.create(
        workspace=hook.workspace,
        hook=hook,
        kind=ChatMessage.TEST,
        says=f"{actor} is testing this webhook: Shotboard can post here.",
        url=reverse("inbox:hooks", args=[hook.workspace.slug]),
        key=f"test:{now.isoformat()}:{random.getrandbits(32):08x}",  # noqa: S311  (no secret)
        created_at=now,
        attempts=1,
    )
    answer, reply, _ = _call(message)
    is_taken = reply is not None and 200 <= reply.status < 300
    _end(message, Status.SENT if is_taken else Status.GIVEN_UP, reply, answer)
    if is_taken:
        _forget_refusals(hook)
        hooks.resume_hook(hook, actor)
    return message


def _claim(pk: int) -> ChatMessage | None:
    """The message, kept from other workers for as long as a try lasts; None when it is not due,
    or not to be posted any more."""
    now = timezone.now()
    due = ChatMessage.objects.filter(pk=pk, status=Status.WAITING, due_at__lte=now)
    if not due.update(due_at=now + _LEASE, attempts=F("attempts") + 1):
        return None
    message = ChatMessage.objects.select_related("hook", "workspace").filter(pk=pk).first()
    if message is None:  # removed with its hook just now
        return None
    if not message.hook.is_told:
        # Whoever paused it could not see this one: it was being ordered at that moment.
        hooks.give_up_waiting(message.hook)
        return None
    if message.attempts > MAX_TRIES:
        _given_up(message, None, "Its worker died in each of them.")
        return None
    return message


def _try(message: ChatMessage) -> bool:
    answer, reply, is_refused = _call(message)
    if reply is not None and 200 <= reply.status < 300:
        _end(message, Status.SENT, reply, answer)
        _forget_refusals(message.hook)
        return True
    log.warning("Chat message %s was not delivered (try %s).", message.pk, message.attempts)
    if is_refused:
        _refused(message, reply, answer)
    elif message.attempts >= MAX_TRIES:
        _given_up(message, reply, answer)
    else:
        asked = reply.headers.get("retry-after") if reply and reply.status == 429 else None
        now = timezone.now()
        wait_s = pause_s(message.attempts, asked, now=now, random=random.random)
        _note(message, reply, answer, due_at=now + timedelta(seconds=wait_s))
    return False


def _call(message: ChatMessage) -> tuple[str, Reply | None, bool]:
    """Post it; what came of it in words, the answer if any, and whether trying again is no use."""
    try:
        reply = post_json(
            hooks.address_of(message.hook),
            words.body_of(message),
            allow_loopback=settings.STUDIO_CHAT_ALLOW_LOOPBACK,
            total_s=_CALL_S,
        )
    except ForbiddenAddress as refusal:
        return str(refusal), None, True
    except (NotReached, KeyringError) as problem:
        return str(problem), None, False
    is_refused = 300 <= reply.status < 500 and reply.status not in _TRANSIENT
    return words.in_words(reply), reply, is_refused


def _refused(message: ChatMessage, reply: Reply | None, answer: str) -> None:
    """A no that stays a no: the message is given up, and after a few the hook is paused."""
    hook = message.hook
    with transaction.atomic():
        audit.lock(hook.workspace)
        if not _end(message, Status.GIVEN_UP, reply, answer):
            return
        ChatHook.objects.filter(pk=hook.pk).update(refusals=F("refusals") + 1)
        hook.refresh_from_db(fields=["refusals", "paused_at"])
        if hook.refusals < REFUSALS_UNTIL_PAUSE:
            return
        reason = f"{hook.refusals} messages in a row were refused. {answer}"
        if hooks.pause_hook(hook, reason, None):
            says = f"Nothing is posted to {hook} any more. {answer} Test it on its page to resume."
            paused_at = hook.paused_at or timezone.now()
            _tell(hook, Kind.HOOK_PAUSED, says, f"hook-paused:{hook.uid}:{paused_at.isoformat()}")


def _forget_refusals(hook: ChatHook) -> None:
    ChatHook.objects.filter(pk=hook.pk).exclude(refusals=0).update(refusals=0)


def _given_up(message: ChatMessage, reply: Reply | None, answer: str) -> None:
    hook = message.hook
    with transaction.atomic():
        if not _end(message, Status.GIVEN_UP, reply, answer):
            return
        says = f"“{message.label}” did not reach {hook} in {MAX_TRIES} tries. {answer}"
        _tell(hook, Kind.HOOK_FAILED, says, f"hook-failed:{hook.uid}:{timezone.now().date()}")


def _tell(hook: ChatHook, kind: Kind, says: str, event: str) -> None:
    url = reverse("inbox:hooks", args=[hook.workspace.slug])
    announce(hook.workspace, kind, says, key=event, url=url, roles=_KEEPERS)


def _end(message: ChatMessage, status: Status, reply: Reply | None, answer: str) -> bool:
    message.status, message.ended_at = status, timezone.now()
    return _note(message, reply, answer, due_at=None)


def _note(
    message: ChatMessage, reply: Reply | None, answer: str, *, due_at: datetime | None
) -> bool:
    """Write down what came of a try; whether that is how it stands now."""
    message.answer_status = reply.status if reply else None
    message.answer = answer[:300]
    message.due_at = due_at
    rows = ChatMessage.objects.filter(pk=message.pk)
    if message.status != Status.SENT:
        # What a pause has given up meanwhile stays so; what the chat took was delivered.
        rows = rows.filter(status=Status.WAITING)
    changed = rows.update(
        status=message.status,
        ended_at=message.ended_at,
        answer_status=message.answer_status,
        answer=message.answer,
        due_at=due_at,
    )
    return bool(changed)
