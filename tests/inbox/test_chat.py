"""Chat webhooks: each event posted once, tried again, given up, paused; addresses kept secret."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_q.models import OrmQ

from studio.accounts.models import AuditEntry
from studio.inbox import tasks
from studio.inbox.chat import hooks, sending, words
from studio.inbox.models import ChatHook, ChatMessage, Kind, Notice
from studio.inbox.outbox import announce
from tests.inbox.chat import SECRET, heard_by, hook_at
from tests.transend.rude import Manners, RudeServer, answering

pytestmark = pytest.mark.django_db

Rude = Callable[[Manners], RudeServer]
OK = answering(200, b"ok")
Status = ChatMessage.Status


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path):
    settings.STUDIO_KEYRING = tmp_path / "keyring.json"
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = True
    settings.STUDIO_PUBLIC_URL = "https://films.example"


@pytest.fixture
def rude() -> Iterator[Rude]:
    with ExitStack() as running:
        yield lambda manners: running.enter_context(RudeServer(manners))


def tell(workspace, says="Take 3 is ready.", key="1", kind=Kind.TAKE_READY, **more) -> None:
    announce(workspace, kind, says, key=key, url="/takes/3/", **more)


def post_all() -> list[bool]:
    """Do what the queue's worker would."""
    waiting = ChatMessage.objects.filter(status=Status.WAITING).order_by("pk")
    return [sending.post_due(pk) for pk in waiting.values_list("pk", flat=True)]


def comes_due() -> None:
    ChatMessage.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def test_an_event_is_posted_with_where_what_and_a_link(rude, workspace, admin):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    tell(workspace)
    entry = OrmQ.objects.get()
    assert entry.key == "long"
    message = ChatMessage.objects.get()
    assert message.entry == entry.pk
    tasks.post_to_chat(message.pk)
    assert heard_by(server) == [
        "*Kitchen Films* · Take ready to review\nTake 3 is ready.\n"
        "<https://films.example/takes/3/|Open it in Shotboard>"
    ]
    message.refresh_from_db()
    assert (message.status, message.answer_status, message.due_at) == (Status.SENT, 200, None)


def test_a_hook_is_told_of_its_kinds_alone_and_of_its_workspace_alone(
    rude, workspace, other_workspace, admin, stranger
):
    hook_at(rude(OK), workspace, admin.user, kinds=[Kind.APPROVED])
    hook_at(rude(OK), other_workspace, stranger.user)
    tell(workspace)
    assert not ChatMessage.objects.exists()
    tell(workspace, kind=Kind.APPROVED, key="2")
    assert ChatMessage.objects.get().workspace == workspace


def test_the_same_event_told_again_is_posted_once(rude, workspace, admin, producer):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    for users in ([admin.user], [producer.user], []):
        tell(workspace, users=users)
        post_all()
    assert len(heard_by(server)) == 1


def test_what_did_not_happen_is_not_posted(rude, workspace, admin):
    hook_at(rude(OK), workspace, admin.user)

    def fail_after_telling() -> None:
        with transaction.atomic():
            tell(workspace)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_telling()
    assert not ChatMessage.objects.exists()
    assert not OrmQ.objects.exists()


def test_the_words_of_notes_stay_in_the_house(rude, workspace, admin, viewer):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    for kind in (Kind.MENTIONED, Kind.NOTED):
        tell(workspace, "Mia: “the client hates it”", kind, kind, users=[viewer.user])
    post_all()
    assert Notice.objects.filter(says__contains="hates it").count() == 2
    assert not any("hates" in text for text in heard_by(server))
    assert any("Somebody was mentioned" in text for text in heard_by(server))
    assert not any("You were" in text for text in heard_by(server))


@pytest.mark.parametrize(
    ("says", "posted"),
    [
        ("<!channel> hi", "&lt;!channel&gt; hi"),
        ("<@U123> & <https://evil.example|x>", "&lt;@\u200bU123&gt; &amp; &lt;https://evil.example|x&gt;"),
        ("@channel @here @all", "@\u200bchannel @\u200bhere @\u200ball"),
        ("[free](https://evil.example)", "[free]\u200b(https://evil.example)"),
        ("two\nlines\r\n*third*", "two lines *third*"),
    ],
)  # fmt: skip
def test_user_text_calls_nobody_and_links_nowhere(says, posted):
    assert words.escaped(says) == posted


def test_two_workers_at_the_same_moment_post_one_message(rude, workspace, admin):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    tell(workspace)
    pk = ChatMessage.objects.get().pk
    assert sending._claim(pk) is not None
    assert sending._claim(pk) is None
    assert not sending.post_due(pk)
    assert server.times_called() == 0


@pytest.mark.django_db(transaction=True)
def test_real_workers_race_for_one_message_and_one_posts_it(rude, workspace, admin):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    tell(workspace)
    pk = ChatMessage.objects.get().pk
    together = threading.Barrier(4)
    sent: list[bool] = []

    def work() -> None:
        try:
            together.wait(20)
            sent.append(sending.post_due(pk))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(sent) == [False, False, False, True]
    assert len(heard_by(server)) == 1


def test_a_worker_that_dies_between_the_call_and_the_row_is_made_good(rude, workspace, admin):
    """At least once: the lease runs out, the watcher wakes it, and the event is posted again."""
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    tell(workspace)
    message = sending._claim(ChatMessage.objects.get().pk)
    assert message is not None
    sending._call(message)  # and dies
    OrmQ.objects.all().delete()
    assert sending.wake_late() == 0  # leased
    comes_due()
    assert sending.wake_late() == 1
    assert sending.wake_late() == 0  # it lies in the queue
    assert post_all() == [True]
    assert len(heard_by(server)) == 2


def test_a_message_over_which_every_worker_dies_ends_too(rude, workspace, admin):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    tell(workspace)
    pk = ChatMessage.objects.get().pk
    for _ in range(sending.MAX_TRIES):
        assert sending._claim(pk) is not None  # and dies
        comes_due()
    assert not sending.post_due(pk)
    assert server.times_called() == 0
    message = ChatMessage.objects.get()
    assert (message.status, message.due_at) == (Status.GIVEN_UP, None)
    assert f"in {sending.MAX_TRIES} tries. Its worker died" in Notice.objects.get().says
    comes_due()
    assert sending.wake_late() == 0


@pytest.mark.parametrize(
    ("answer", "status", "answered"),
    [(OK, Status.SENT, 200), (answering(500, b""), Status.GIVEN_UP, None)],
)
def test_what_had_left_before_a_pause_says_truly_what_came_of_it(
    rude, workspace, admin, answer, status, answered
):
    hook = hook_at(rude(answer), workspace, admin.user)
    tell(workspace)
    message = sending._claim(ChatMessage.objects.get().pk)
    assert message is not None
    hooks.pause_hook(hook, "Enough.", admin.user)
    assert sending._try(message) == (status == Status.SENT)
    message.refresh_from_db()
    assert (message.status, message.answer_status, message.due_at) == (status, answered, None)
    assert sending.wake_late() == 0


def test_trouble_is_tried_again_and_succeeds(rude, workspace, admin):
    answers = iter([answering(500, b"oops"), answering(503, b""), OK])
    server = rude(lambda conversation: next(answers)(conversation))
    hook_at(server, workspace, admin.user)
    tell(workspace)
    for expected in (False, False, True):
        comes_due()
        assert post_all() == [expected]
    assert ChatMessage.objects.get().attempts == 3
    assert not Notice.objects.exists()


def test_a_429_waits_as_long_as_the_chat_asks(rude, workspace, admin):
    hook_at(rude(answering(429, b"rate_limited", "Retry-After: 600")), workspace, admin.user)
    tell(workspace)
    before = timezone.now()
    post_all()
    message = ChatMessage.objects.get()
    assert message.status == Status.WAITING
    assert message.due_at - before >= timedelta(seconds=600)
    assert "asks for a pause" in message.answer


def test_after_enough_tries_it_is_given_up_and_the_admins_told_once_a_day(rude, workspace, admin):
    hook_at(rude(answering(500, b"")), workspace, admin.user)
    for key in ("1", "2"):
        tell(workspace, key=key)
    for _ in range(sending.MAX_TRIES + 2):
        comes_due()
        post_all()
    tried = ChatMessage.objects.values_list("status", "attempts", "due_at")
    assert set(tried) == {(Status.GIVEN_UP, sending.MAX_TRIES, None)}
    notice = Notice.objects.get()
    assert (notice.kind, notice.user, notice.url) == (
        Kind.HOOK_FAILED,
        admin.user,
        "/w/kitchen/hooks/",
    )
    assert not ChatHook.objects.get().is_paused


def test_refusals_in_a_row_pause_the_hook_and_tell_the_admins(rude, workspace, admin, viewer):
    server = rude(answering(404, b"no_service"))
    hook = hook_at(server, workspace, admin.user)
    for key in range(sending.REFUSALS_UNTIL_PAUSE + 1):
        tell(workspace, key=str(key))
    post_all()
    assert len(heard_by(server)) == sending.REFUSALS_UNTIL_PAUSE
    hook.refresh_from_db()
    assert hook.is_paused
    assert "switched off or removed in the chat (status 404, “no_service”)" in hook.pause_reason
    assert Notice.objects.get().kind == Kind.HOOK_PAUSED
    assert AuditEntry.objects.filter(action="hook.paused").count() == 1
    assert set(ChatMessage.objects.values_list("status", flat=True)) == {Status.GIVEN_UP}
    tell(workspace, key="later")
    assert not ChatMessage.objects.filter(key="later").exists()


def test_a_success_between_refusals_begins_the_count_anew(rude, workspace, admin):
    answers = [answering(400, b""), answering(400, b""), OK, answering(400, b"")]
    left = iter(answers)
    hook = hook_at(rude(lambda talk: next(left)(talk)), workspace, admin.user)
    for key in range(len(answers)):
        tell(workspace, key=str(key))
        post_all()
    hook.refresh_from_db()
    assert (hook.refusals, hook.is_paused) == (1, False)


def test_a_redirect_inward_is_refused(rude, workspace, admin):
    inside = rude(OK)
    hook_at(rude(answering(302, b"", f"Location: {inside.url}/")), workspace, admin.user)
    tell(workspace)
    post_all()
    assert ChatMessage.objects.get().status == Status.GIVEN_UP
    assert "leads on to another" in ChatMessage.objects.get().answer
    assert inside.times_called() == 0


def test_an_address_that_leads_inward_by_now_is_refused(rude, workspace, admin, settings):
    server = rude(OK)
    hook_at(server, workspace, admin.user)
    settings.STUDIO_CHAT_ALLOW_LOOPBACK = False
    tell(workspace)
    post_all()
    assert server.times_called() == 0
    assert "is not https" in ChatMessage.objects.get().answer


def test_a_test_says_what_the_chat_answered_and_a_yes_resumes(rude, workspace, admin):
    server = rude(OK)
    hook = hook_at(server, workspace, admin.user)
    hooks.pause_hook(hook, "Enough.", admin.user)
    message = sending.test_hook(hook, admin.user)
    assert message.answer == "The chat took it (status 200)."
    assert "is testing this webhook" in heard_by(server)[0]
    hook.refresh_from_db()
    assert not hook.is_paused


def test_tests_are_throttled(rude, workspace, admin):
    server = rude(OK)
    hook = hook_at(server, workspace, admin.user)
    for _ in range(sending.TESTS_A_MINUTE):
        sending.test_hook(hook, admin.user)
    with pytest.raises(sending.TooManyTests, match="Wait a minute"):
        sending.test_hook(hook, admin.user)
    assert len(heard_by(server)) == sending.TESTS_A_MINUTE


def test_the_address_is_sealed_and_stands_nowhere(rude, workspace, admin, caplog):
    server = rude(answering(403, SECRET.encode()))
    hook = hook_at(server, workspace, admin.user)
    tell(workspace)
    post_all()
    assert SECRET not in hook.ciphertext
    assert hook.shows == f"127.0.0.1:{server.port}/…WxYz"
    assert hooks.address_of(hook) == f"{server.url}/services/{SECRET}"
    rows = [*ChatMessage.objects.values_list(), *Notice.objects.values_list()]
    told = f"{rows} {list(AuditEntry.objects.values_list())} {caplog.text} {hook!r}"
    assert "SEKRET" not in told


def test_more_hooks_cost_no_more_queries_when_nothing_is_wanted(
    rude, workspace, admin, django_assert_max_num_queries
):
    server = rude(OK)
    for _ in range(5):
        hook_at(server, workspace, admin.user, kinds=[Kind.APPROVED])
    with django_assert_max_num_queries(8):
        tell(workspace, roles=["admin"])
