"""Many writers at once, on the real database file: no gap, no fork in the chain."""

import threading
import time

import pytest
from django.db import connection

from studio.accounts import audit, keyring, keys, members, rotation
from studio.accounts.members import MembershipRefused
from studio.accounts.models import ApiKey, AuditEntry, Membership, Role, Workspace
from tests.accounts.conftest import KEY

pytestmark = pytest.mark.django_db(transaction=True)


def together(*jobs) -> list[BaseException]:
    """Run all jobs at the same moment; the errors that they raised."""
    barrier, errors = threading.Barrier(len(jobs)), []

    def run(job) -> None:
        try:
            barrier.wait()
            job()
        except Exception as error:  # noqa: BLE001  (the test looks at every one)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_concurrent_entries_leave_no_gap(workspace):
    def write() -> None:
        for turn in range(12):
            audit.record(Workspace.objects.get(), None, "take.submitted", turn=turn)

    assert together(*[write] * 6) == []
    numbers = AuditEntry.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 73))
    assert list(audit.broken_links(workspace)) == []


def test_keys_added_at_once_leave_one_active(workspace, admin):
    def add() -> None:
        keys.add_key(workspace, "Key", "tsk-live-0123456789", admin.user)

    assert together(*[add] * 5) == []
    states = sorted(ApiKey.objects.values_list("state", flat=True))
    assert states == ["active", *["draining"] * 4]


def test_a_pause_by_many_workers_is_one_entry(workspace):
    key = keys.add_key(workspace, "Key", "tsk-live-0123456789", None)
    assert together(*[lambda: keys.pause_key(key, "401")] * 5) == []
    assert AuditEntry.objects.filter(action="key.paused").count() == 1


def test_two_admins_who_demote_each_other_leave_one(workspace, admin, producer):
    Membership.objects.filter(user=producer.user).update(role=Role.ADMIN)
    first, second = Membership.objects.select_related("user", "workspace").order_by("pk")
    errors = together(
        lambda: members.change_role(first, Role.VIEWER, second.user),
        lambda: members.change_role(second, Role.VIEWER, first.user),
    )
    assert [type(error) for error in errors] == [MembershipRefused]
    assert Membership.objects.filter(role=Role.ADMIN).count() == 1


def pauses(key, user):
    keys.pause_key(key, "401")


def resumes(key, user):
    ApiKey.objects.filter(pk=key.pk).update(paused_at=key.created_at)
    keys.resume_key(key, user)


def checks(key, user):
    keys.test_key(key, user)


def revokes(key, user):
    keys.revoke_key(key, user)


def rotates(key, user):
    rotation._seal_all_again(keyring.load().with_new_key())


@pytest.mark.parametrize("other", [pauses, resumes, checks, revokes, rotates])
def test_whoever_touches_a_key_while_another_is_added_waits(workspace, admin, vendor, other):
    """On PostgreSQL, taking the two locks in another order than `add_key` is a deadlock."""
    key = keys.add_key(workspace, "Key", KEY, None)
    is_adding = threading.Event()

    def linger(execute, sql, params, many, context):
        if sql.startswith('UPDATE "accounts_apikey"'):
            is_adding.set()
            time.sleep(0.3)
        return execute(sql, params, many, context)

    def add() -> None:
        with connection.execute_wrapper(linger):
            keys.add_key(workspace, "Another", KEY, admin.user)

    def touch() -> None:
        assert is_adding.wait(10)
        other(key, admin.user)

    assert together(add, touch) == []
    assert ApiKey.objects.filter(state=ApiKey.State.ACTIVE).count() == 1
    assert list(audit.broken_links(workspace)) == []
