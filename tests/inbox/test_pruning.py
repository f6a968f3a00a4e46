"""What was told long ago is forgotten, in batches; what is new, unread or on its way stays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from studio.inbox import pruning
from studio.inbox.models import ChatHook, ChatMessage, Kind, Notice
from studio.operations import queues

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 3)
    monkeypatch.setattr(pruning, "MOST_BATCHES", 2)


def notice(workspace, user, key: str, *, told: timedelta, read: timedelta | None = None, **more):
    """A notice told, and read, so long ago."""
    now = timezone.now()
    return Notice.objects.create(
        workspace=workspace,
        user=user,
        kind=Kind.APPROVED,
        key=key,
        created_at=now - told,
        read_at=None if read is None else now - read,
        **more,
    )


def message(workspace, key: str, *, ordered: timedelta, is_over: bool = True) -> ChatMessage:
    hook, _ = ChatHook.objects.get_or_create(workspace=workspace, name="#films")
    now = timezone.now()
    return ChatMessage.objects.create(
        workspace=workspace,
        hook=hook,
        kind=Kind.APPROVED,
        key=key,
        created_at=now - ordered,
        due_at=None if is_over else now,
    )


def kept(model: type[Notice] | type[ChatMessage]) -> set[str]:
    return set(model.objects.values_list("key", flat=True))


def test_what_was_read_half_a_year_ago_goes_and_what_is_unread_after_a_year(workspace, viewer):
    old, very_old = pruning.KEPT, pruning.UNREAD_KEPT
    for key, told, read in (
        ("read long ago", old + 2 * DAY, old + DAY),
        ("read lately, though old", very_old + DAY, old - DAY),
        ("new", DAY, DAY / 2),
        ("old and unread", very_old - DAY, None),
        ("very old and unread", very_old + DAY, None),
    ):
        notice(workspace, viewer.user, key, told=told, read=read)
    assert pruning.prune() == 2
    assert kept(Notice) == {"read lately, though old", "new", "old and unread"}
    assert pruning.prune() == 0


def test_what_waits_to_be_mailed_or_posted_stays_however_old(workspace, viewer):
    ages = pruning.UNREAD_KEPT + DAY
    notice(workspace, viewer.user, "due", told=ages, read=ages, mail_due_at=timezone.now())
    message(workspace, "due", ordered=ages, is_over=False)
    assert pruning.prune() == 0


def test_chat_messages_go_as_late_as_read_notices(workspace):
    """Not earlier: the row is what keeps its event from being posted again."""
    message(workspace, "old", ordered=pruning.KEPT + DAY)
    message(workspace, "new", ordered=pruning.KEPT - DAY)
    assert pruning.prune() == 1
    assert kept(ChatMessage) == {"new"}


def test_one_call_deletes_a_bounded_number_the_oldest_first(small_batches, workspace, viewer):
    for number in range(8):
        age = pruning.KEPT + (10 - number) * DAY
        notice(workspace, viewer.user, str(number), told=age, read=age)
        message(workspace, str(number), ordered=age)
    assert pruning.prune() == 12
    assert kept(Notice) == kept(ChatMessage) == {"6", "7"}
    assert pruning.prune() == 4


def test_more_rows_cost_no_more_queries_until_a_batch_is_full(
    workspace, viewer, django_assert_num_queries
):
    def old(count: int) -> None:
        for number in range(count):
            age = pruning.KEPT + DAY
            notice(workspace, viewer.user, f"{count}-{number}", told=age, read=age)
            message(workspace, f"{count}-{number}", ordered=age)

    old(4)
    with CaptureQueriesContext(connection) as few:
        assert pruning.prune() == 8
    old(8)
    with django_assert_num_queries(len(few)):
        assert pruning.prune() == 16


def test_the_supervisor_prunes_them_once_an_hour(settings, tmp_path, workspace, viewer):
    settings.STUDIO_VAR = tmp_path
    age = pruning.KEPT + DAY
    notice(workspace, viewer.user, "old", told=age, read=age)
    queues.prune()
    assert not Notice.objects.exists()
