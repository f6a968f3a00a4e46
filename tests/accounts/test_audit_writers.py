"""Many writers at once, on the real database file: no gap, no fork in the chain."""

import threading

import pytest
from django.db import connection

from studio.accounts import audit, keys, members
from studio.accounts.members import MembershipRefused
from studio.accounts.models import ApiKey, AuditEntry, Membership, Role, Workspace

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
