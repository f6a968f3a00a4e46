"""What happens at the same moment: telling beside removing and pausing, one event by many hands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from django.db import connection, transaction

from studio.accounts.models import AuditEntry
from studio.inbox import letters, mail
from studio.inbox.chat import hooks, sending
from studio.inbox.models import ChatHook, ChatMessage, Kind, Notice
from studio.inbox.outbox import announce
from tests.at_once import at_once
from tests.inbox.chat import heard_by, hook_at
from tests.transend.rude import RudeServer, answering

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4
Status = ChatMessage.Status


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = True


@pytest.fixture
def chat() -> Iterator[RudeServer]:
    with ExitStack() as running:
        yield running.enter_context(RudeServer(answering(200, b"ok")))


def tell(workspace, key="1", *users) -> int:
    return announce(workspace, Kind.APPROVED, "Approved.", key=key, url="/takes/3/", users=users)


def post_all() -> None:
    for pk in ChatMessage.objects.filter(due_at__isnull=False).values_list("pk", flat=True):
        sending.post_due(pk)


class Meanwhile:
    """Has an act begun while a transaction is open, and lets that transaction end after it where
    the database can: SQLite has one writer, and there the act waits for the transaction."""

    def __init__(self, act: Callable[[], object]) -> None:
        self._began, self._ended = threading.Event(), threading.Event()
        self._act = act

    def act(self) -> object:
        self._began.wait(30)
        try:
            return self._act()
        finally:
            self._ended.set()

    def let(self) -> None:
        self._began.set()
        if connection.vendor == "postgresql":
            assert self._ended.wait(30)


def test_what_is_told_while_its_hook_is_removed_is_told_and_not_posted(
    chat, workspace, admin, producer
):
    hook = hook_at(chat, workspace, admin.user)
    meanwhile = Meanwhile(lambda: hooks.remove_hook(hook, admin.user))

    def decide() -> int:
        with transaction.atomic():
            count = tell(workspace, "1", producer.user)
            assert ChatMessage.objects.filter(hook=hook).exists()
            meanwhile.let()
        return count

    assert at_once(decide, meanwhile.act) == [1, None]
    assert Notice.objects.get().user == producer.user
    post_all()
    assert chat.times_called() == 0
    assert not workspace.chat_hooks.exists()
    assert AuditEntry.objects.filter(action="hook.removed").count() == 1


def test_telling_beside_removing_fails_for_nobody(chat, workspace, admin, producer):
    for number in range(ROUNDS):
        hook = hook_at(chat, workspace, admin.user)
        results = at_once(
            lambda hook=hook: hooks.remove_hook(hook, admin.user),
            *[
                lambda key=f"{number}-{each}": tell(workspace, key, producer.user)
                for each in range(3)
            ],
        )
        assert results == [None, 1, 1, 1]
    post_all()
    assert Notice.objects.count() == 3 * ROUNDS
    assert chat.times_called() == 0


def test_a_test_beside_removing_fails_for_nobody(chat, workspace, admin):
    hook = hook_at(chat, workspace, admin.user)
    tested, removed = at_once(
        lambda: sending.test_hook(hook, admin.user),
        lambda: hooks.remove_hook(hook, admin.user),
    )
    assert isinstance(tested, ChatMessage)
    assert removed is None


def test_what_is_told_while_its_hook_is_paused_is_not_posted(chat, workspace, admin):
    hook = hook_at(chat, workspace, admin.user)
    meanwhile = Meanwhile(lambda: hooks.pause_hook(hook, "Enough.", admin.user))

    def decide() -> int:
        with transaction.atomic():
            count = tell(workspace)
            meanwhile.let()
        return count

    assert at_once(decide, meanwhile.act) == [0, True]
    post_all()
    assert chat.times_called() == 0
    message = ChatMessage.objects.get()
    assert (message.status, message.due_at) == (Status.GIVEN_UP, None)
    assert "paused before" in message.answer
    hooks.resume_hook(hook, admin.user)
    assert sending.wake_late() == 0


def test_one_event_told_by_many_at_once_is_one_notice_one_mail_one_post(
    chat, workspace, admin, producer, creative, mailoutbox
):
    people = [admin.user, producer.user, creative.user]
    hook_at(chat, workspace, admin.user)
    told = at_once(*[lambda: tell(workspace, "1", *people)] * 4)
    assert all(isinstance(count, int) for count in told), told
    assert sorted(Notice.objects.values_list("user", flat=True)) == sorted(
        user.pk for user in people
    )
    for _ in range(2):
        for user in people:
            mail.send_due(user.pk)
        post_all()
    assert len(mailoutbox) == len(people)
    assert len(heard_by(chat)) == 1


@pytest.mark.parametrize("kind", [Kind.APPROVED, Kind.RELEASED], ids=["at once", "daily"])
def test_after_a_worker_was_killed_over_it_many_mail_it_once_more(
    workspace, viewer, mailoutbox, kind
):
    """Killed after the mail server's yes and before our row."""
    announce(workspace, kind, "Look.", key="1", users=[viewer.user])
    notice = Notice.objects.get()
    Notice.objects.update(mail_due_at=notice.created_at)
    claimed = mail._claim(viewer.user.pk, in_digest=notice.in_digest)
    letters.letter(claimed.quoted, in_digest=notice.in_digest).send()  # and dies
    assert at_once(*[lambda: mail.send_due(viewer.user.pk)] * 3) == [False] * 3
    Notice.objects.update(mail_due_at=notice.created_at)
    at_once(mail.wake_late, mail.wake_late)
    again = at_once(*[lambda: mail.send_due(viewer.user.pk)] * 3)
    assert sorted(again, key=bool) == [False, False, True]
    assert len(mailoutbox) == 2
    Notice.objects.filter(mail_due_at__isnull=False).update(mail_due_at=notice.created_at)
    assert not mail.send_due(viewer.user.pk)


def test_after_a_worker_was_killed_over_it_many_post_it_once_more(chat, workspace, admin):
    """Killed after the chat's yes and before our row: twice in all, whoever looks at it then."""
    hook_at(chat, workspace, admin.user)
    tell(workspace)
    pk = ChatMessage.objects.get().pk
    message = sending._claim(pk)
    assert message is not None
    sending._call(message)  # and dies
    assert at_once(*[lambda: sending.post_due(pk)] * 3) == [False] * 3
    ChatMessage.objects.update(due_at=message.created_at)
    results = at_once(*[lambda: sending.post_due(pk)] * 3, *[sending.wake_late] * 2)
    assert sorted(results[:3]) == [False, False, True]
    post_all()
    assert len(heard_by(chat)) == 2
    assert ChatMessage.objects.get().status == Status.SENT
    assert not ChatHook.objects.get().is_paused
