"""The audit address: plain words, newest first, and an honest verdict on the chain."""

import pytest
from django.urls import reverse

from studio.accounts import audit
from studio.accounts.audit_words import data_in_words, deed_in_words, verdict
from studio.accounts.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(workspace) -> str:
    return reverse("accounts:audit", args=[workspace.slug])


def written(workspace, actor, times: int) -> None:
    for number in range(times):
        audit.record(workspace, actor.user, "take.submitted", f"take {number + 1}", cost=number)


@pytest.mark.parametrize(
    ("action", "target", "sentence"),
    [
        ("key.added", "Main (…7Q4d)", "added the API key Main (…7Q4d)"),
        ("member.role_changed", "mia@example.com", "changed the role of mia@example.com"),
        ("take.submitted", "take 3 of Tokyo", "submitted take 3 of Tokyo"),
        ("take.collected_again", "take 3 of Tokyo", "collected take 3 of Tokyo again"),
        ("release.opened", "take 3 of Tokyo", "opened the release of take 3 of Tokyo"),
        ("take.changes_requested", "take 3", "asked for changes to take 3"),
        ("preset.accepted", "orbit", "accepted the preset orbit"),
        ("restarted", "", "restarted"),
    ],
)
def test_actions_read_as_english(action, target, sentence):
    before, after = deed_in_words(AuditEntry(action=action, target=target))
    assert f"{before} {target} {after}".strip() == sentence


def test_data_reads_as_labels_and_values():
    entry = AuditEntry(
        data={"trace_id": "t-1", "b": True, "off": False, "list": [1, "ü"], "cost": 12500, "n": 0}
    )
    assert [(fact.name, fact.value) for fact in data_in_words(entry)] == [
        ("B", "yes"),
        ("Cost", "12,500"),
        ("List", '[1, "ü"]'),
        ("N", "0"),
        ("Off", "no"),
        ("Trace ID", "t-1"),
    ]


def test_what_says_nothing_is_left_out():
    assert data_in_words(AuditEntry(data={"note": "", "key": None, "shots": [], "more": {}})) == []


def test_a_hash_is_cut_and_stands_whole_in_its_title(admin, address, workspace):
    seal = "0123456789abcdef" * 4
    audit.record(workspace, admin.user, "take.approved", "take 1", seal=seal, note="")
    text = admin.get(address).content.decode()
    assert f'<dt>Seal</dt><dd><code title="{seal}">0123456789ab…</code></dd>' in text
    assert "<dt>Note</dt>" not in text


def test_an_empty_log_says_so(admin, address):
    assert "Nothing has happened yet" in admin.get(address).content.decode()


def test_the_newest_entry_comes_first_with_actor_and_data(admin, address, workspace):
    written(workspace, admin, 3)
    text = admin.get(address).content.decode()
    assert text.index("take 3") < text.index("take 1")
    assert "Admin (admin@kitchen.example)" in text
    assert "submitted <span" in text
    assert "<dt>Cost</dt><dd>2</dd>" in text
    assert "The log is intact: 3 entries." in text


def test_one_entry_is_one_entry(admin, address, workspace):
    written(workspace, admin, 1)
    assert "The log is intact: 1 entry." in admin.get(address).content.decode()


def test_tampering_is_told_in_place_of_the_verdict(admin, address, workspace):
    written(workspace, admin, 3)
    AuditEntry.objects.filter(number=2).update(target="take 99")
    text = admin.get(address).content.decode()
    assert "The log was tampered with" in text
    assert "Entry 2 of kitchen was changed after it was written." in text
    assert "intact" not in text


def test_a_long_list_of_problems_is_cut(workspace, admin):
    written(workspace, admin, 12)
    AuditEntry.objects.update(target="all changed")
    assert len(verdict(workspace).problems) == 5


def test_a_long_log_is_checked_from_its_end_and_says_so(workspace, admin):
    written(workspace, admin, 8)
    checked = verdict(workspace, limit=3)
    assert (checked.entries, checked.checked) == (8, 3)
    assert checked.is_intact
    assert not checked.is_whole


def test_pages_turn_and_an_impossible_page_is_the_nearest(admin, address, workspace):
    written(workspace, admin, 60)
    first = admin.get(address).content.decode()
    assert "Page 1 of 2" in first
    assert 'rel="next"' in first
    last = admin.get(f"{address}?page=99").content.decode()
    assert "Page 2 of 2" in last
    assert "take 1<" in last
    assert admin.get(f"{address}?page=x").status_code == 200


def test_the_log_of_another_workspace_is_not_shown(admin, address, other_workspace):
    audit.record(other_workspace, None, "key.paused", "Their key")
    assert "Their key" not in admin.get(address).content.decode()


def test_more_entries_cost_no_more_queries(
    admin, address, workspace, django_assert_num_queries, django_assert_max_num_queries
):
    written(workspace, admin, 5)
    with django_assert_max_num_queries(10) as few:
        admin.get(address)
    written(workspace, admin, 20)
    with django_assert_num_queries(len(few)):
        admin.get(address)
