"""The audit chain: unbroken as written, and every kind of tampering shows."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from studio.accounts import audit
from studio.accounts.models import AuditEntry, AuditHead

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(workspace, admin):
    """Five entries, with data of every kind."""
    for number, data in enumerate(
        [
            {},
            {"words": "ü \u2028 “q”"},
            {"n": 1.5, "big": 1e20},
            {"deep": {"a": [1, None]}},
            {"b": True},
        ]
    ):
        audit.record(workspace, admin.user, "take.submitted", f"take {number + 1}", **data)
    return AuditEntry.objects.filter(workspace=workspace)


def broken(workspace) -> list[str]:
    return list(audit.broken_links(workspace))


def test_entries_are_numbered_and_linked(log, workspace):
    entries = list(log.order_by("number"))
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[0].previous_hash == audit.GENESIS
    for before, after in zip(entries, entries[1:], strict=False):
        assert after.previous_hash == before.entry_hash
    assert broken(workspace) == []


def test_an_empty_log_is_intact(workspace):
    assert broken(workspace) == []


def test_each_workspace_has_a_chain_of_its_own(log, workspace, other_workspace):
    assert audit.record(other_workspace, None, "key.paused").number == 1
    assert broken(workspace) == broken(other_workspace) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "Somebody else"},
        {"action": "take.cancelled"},
        {"target": "take 9"},
        {"data": {"words": "other"}},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"entry_hash": "f" * 64},
    ],
)
def test_a_changed_entry_shows(log, workspace, change):
    log.filter(number=2).update(**change)
    assert "Entry 2 of kitchen was changed after it was written." in broken(workspace)


def test_an_entry_changed_together_with_its_hash_breaks_the_next_link(log, workspace):
    forged = log.get(number=2)
    forged.actor_name = "Somebody else"
    log.filter(number=2).update(actor_name=forged.actor_name, entry_hash=audit.fingerprint(forged))
    assert broken(workspace) == ["Entry 3 of kitchen does not follow the one before it."]


def test_a_deleted_entry_shows(log, workspace):
    log.filter(number=3).delete()
    assert broken(workspace) == ["Entry 3 of kitchen is missing: the log jumps to 4."]


def test_deleted_first_entries_show(log, workspace):
    log.filter(number__lte=2).delete()
    assert broken(workspace) == ["Entry 1 of kitchen is missing: the log jumps to 3."]


def test_a_cut_off_end_shows(log, workspace):
    log.filter(number__gte=4).delete()
    assert broken(workspace) == ["The log of kitchen ends before entry 5, the newest one written."]


def test_a_deleted_log_shows(log, workspace):
    log.delete()
    assert broken(workspace) == ["The log of kitchen ends before entry 5, the newest one written."]


def test_a_rewritten_last_entry_shows(log, workspace):
    forged = log.get(number=5)
    forged.target = "take 99"
    log.filter(number=5).update(target="take 99", entry_hash=audit.fingerprint(forged))
    assert broken(workspace) == ["Entry 5 of kitchen is not the one that was written last."]


def test_an_entry_slipped_in_behind_the_newest_shows(log, workspace):
    last = log.get(number=5)
    extra = AuditEntry(
        workspace=workspace,
        number=6,
        at=last.at,
        actor_name="Nobody",
        action="take.released",
        previous_hash=last.entry_hash,
    )
    extra.entry_hash = audit.fingerprint(extra)
    extra.save()
    assert broken(workspace) == ["Entry 6 of kitchen was slipped in behind the newest one."]


def test_reordered_entries_show(log, workspace):
    log.filter(number=2).update(number=50)
    log.filter(number=3).update(number=2)
    log.filter(number=50).update(number=3)
    found = broken(workspace)
    assert "Entry 2 of kitchen does not follow the one before it." in found
    assert "Entry 3 of kitchen was changed after it was written." in found


def test_checking_the_end_only_still_sees_what_changed_there(log, workspace):
    assert list(audit.broken_links(workspace, since=4)) == []
    log.filter(number=3).update(entry_hash="f" * 64)
    assert list(audit.broken_links(workspace, since=4)) == [
        "Entry 4 of kitchen does not follow the one before it."
    ]


def test_two_entries_never_share_a_number(log, workspace):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry.objects.create(
            workspace=workspace, number=5, at=dt.datetime.now(dt.UTC), action="x"
        )


def test_an_entry_goes_with_the_transaction_it_tells_of(log, workspace, admin):
    def spend_and_fail() -> None:
        with transaction.atomic():
            audit.record(workspace, admin.user, "take.submitted")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spend_and_fail()
    assert AuditHead.objects.get(workspace=workspace).number == 5
    assert broken(workspace) == []


def test_the_studio_acts_under_its_own_name_and_people_with_their_address(workspace, admin):
    assert audit.record(workspace, None, "key.paused").actor_name == "Shotboard"
    named = audit.record(workspace, admin.user, "key.added")
    assert named.actor_name == "Admin (admin@kitchen.example)"


def test_an_account_that_is_deleted_leaves_its_name(workspace, admin, other_workspace):
    audit.record(workspace, admin.user, "key.added")
    admin.user.delete()
    entry = AuditEntry.objects.get(workspace=workspace)
    assert (entry.actor, entry.actor_name) == (None, "Admin (admin@kitchen.example)")
    assert broken(workspace) == []


def test_an_overlong_target_is_cut_and_still_verifies(workspace):
    entry = audit.record(workspace, None, "key.paused", "x" * 500)
    assert len(entry.target) == 120
    assert broken(workspace) == []


@pytest.mark.parametrize("data", [{"x": float("nan")}, {"x": object()}])
def test_data_that_is_not_json_is_refused(workspace, data):
    with pytest.raises((ValueError, TypeError)):
        audit.record(workspace, None, "key.paused", **data)
