"""A key's plaintext is in no answer, context, log, session, audit entry or database file."""

import logging
import pickle
import traceback
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import ContextList
from django.urls import reverse
from django.views.debug import ExceptionReporter

from studio.accounts import keyring, keys
from studio.accounts.models import ApiKey, AuditEntry
from tests.accounts.conftest import KEY


def seen_in(answer) -> str:
    """All that an answer says, its headers, and everything its templates were given."""
    contexts = answer.context if isinstance(answer.context, ContextList) else []
    given = [
        f"{name}={value!r} {value}" for one in contexts for name, value in one.flatten().items()
    ]
    form = answer.context.get("form") if answer.context else None
    typed = repr(form.data) + repr(getattr(form, "cleaned_data", "")) if form else ""
    return answer.content.decode() + repr(answer.headers) + "".join(given) + typed


@pytest.fixture
def everything(admin, workspace, vendor, caplog, capfd) -> str:
    """What there is to read after a key was mistyped, added, tested, refused and revoked."""
    caplog.set_level(logging.DEBUG)
    page = reverse("accounts:keys", args=[workspace.slug])
    answers = [
        admin.post(page, {"label": "", "secret": KEY}),
        admin.post(page, {"label": f"Main {KEY}"[:80], "secret": KEY}),
        admin.post(page, {"label": "mistyped label", "secret": f"{KEY} and more"}),
        admin.post(page, {"label": "Main", "secret": KEY}, follow=True),
    ]
    key = ApiKey.objects.get()
    of_key = [workspace.slug, key.uid]
    for scenario in ({}, {"accept_keys": []}, {"rules": [{"do": "not_json"}]}):
        vendor.set_scenario(scenario)
        answers.append(admin.post(reverse("accounts:test-key", args=of_key), follow=True))
    answers += [
        admin.get(reverse("accounts:revoke-key", args=of_key)),
        admin.get(reverse("accounts:audit", args=[workspace.slug])),
    ]
    assert len(vendor.requests) == 3
    printed = capfd.readouterr()
    return "".join(
        [
            *(seen_in(answer) for answer in answers),
            *(record.getMessage() + repr(record.__dict__) for record in caplog.records),
            *(repr(entry.__dict__) for entry in AuditEntry.objects.all()),
            *(repr(session.get_decoded()) for session in Session.objects.all()),
            repr(key) + str(key) + repr(key.__dict__) + str(pickle.dumps(key)),
            printed.out + printed.err,
        ]
    )


@pytest.mark.django_db
def test_nothing_that_can_be_read_holds_the_key(everything):
    assert "…7Q4d" in everything
    assert "mistyped label" in everything
    assert KEY not in everything


def stored_bytes() -> bytes:
    """All that lies in the database: SQLite's files, or each row of each table of a server."""
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as rows:
                found += [bytes(row) for row in rows]
    return b"".join(found)


@pytest.mark.django_db(transaction=True)
def test_the_database_does_not_hold_the_key(admin, workspace, vendor):
    page = reverse("accounts:keys", args=[workspace.slug])
    admin.post(page, {"label": "Find me in the file", "secret": KEY})
    key = ApiKey.objects.get()
    admin.post(reverse("accounts:test-key", args=[workspace.slug, key.uid]))
    stored = stored_bytes()
    assert b"Find me in the file" in stored
    assert KEY.encode() not in stored


def report_of(crash: pytest.ExceptionInfo, request) -> str:
    """What a debug page, a mail to the operators and a log would tell of it."""
    report = ExceptionReporter(request, crash.type, crash.value, crash.tb)
    told = traceback.format_exception(crash.value)
    return "".join(told) + report.get_traceback_text() + report.get_traceback_html()


@pytest.mark.django_db
def test_a_crash_while_opening_does_not_tell_the_key(workspace, admin, rf):
    key = keys.add_key(workspace, "Main", KEY, admin.user)
    keyring.save(keyring.Keyring("", {}).with_new_key())
    with pytest.raises(keyring.KeyringError) as crash:
        keys.plaintext(key)
    assert KEY not in report_of(crash, rf.get("/")) + repr(crash.value)


@pytest.mark.django_db
def test_a_crash_while_adding_does_not_tell_the_key(workspace, admin, rf, keyring_file):
    keyring_file.mkdir()  # neither a file nor missing
    with pytest.raises(keyring.KeyringError) as crash:
        keys.add_key(workspace, "Main", KEY, admin.user)
    assert "cannot be read" in str(crash.value)
    assert KEY not in report_of(crash, rf.post("/", {"label": "Main"}))
