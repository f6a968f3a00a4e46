"""No key, signature or webhook address in any log, column, queue row, page or traceback."""

import json
import logging
from pathlib import Path

import pytest
from django.db import connection
from django_q.models import OrmQ

from studio.renders import report, webhooks
from studio.renders.submission import order_take
from studio.vault import storing
from tests.renders.conftest import KEY, House, posts

ECHOES = [
    {"do": "rate_limited", "when": {"method": "POST", "nth": 1}},
    {"do": "error_500", "when": {"path": "/v1/tasks/*", "nth": 2}},
    {"do": "expired_link", "when": {"path": "/secure/*", "nth": 1}},
]


def whole_database():
    """All that is stored: with SQLite every byte of its files, otherwise every row."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            tables = connection.introspection.table_names(cursor)
            return b"".join(rows_of(cursor, table) for table in tables)
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    name = Path(connection.settings_dict["NAME"])
    return b"".join(file.read_bytes() for file in name.parent.glob(f"{name.name}*"))


def rows_of(cursor, table):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - its own name
    return repr(cursor.fetchall()).encode()


@pytest.mark.django_db(transaction=True)
def test_nothing_secret_is_stored_logged_or_shown(
    project, creative, producer, api_key, vendor, settings, caplog
):
    settings.TRANSEND_WEBHOOK_BASE = "http://127.0.0.1:9"
    vendor.set_scenario({"rules": ECHOES})
    queued = []
    with caplog.at_level(logging.DEBUG):
        take = order_take(project, creative.user)
        house = House()
        queued += [bytes(entry.payload, "utf-8") for entry in OrmQ.objects.all()]
        house.until(take, "ready")
        pages = [
            creative.get(f"/takes/{take.pk}/status/").content,
            creative.get(f"/projects/{project.pk}/takes/").content,
            json.dumps(report.describe(take)).encode(),
        ]
    secrets = {
        "key": KEY.encode(),
        "webhook": webhooks.mac_of(take.pk).encode(),
        "signature": b"signature=",
    }
    assert secrets["webhook"].decode() in posts(vendor)[-1].body["webhook_url"]
    stored = whole_database()
    assert take.vendor_task_id.encode() in stored  # the search does see what is there
    kept = [str(storing.path_of(row.asset)) for row in take.assets.select_related("asset")]
    assert len(kept) == 5
    assert "signature" not in "".join(kept)
    for name, secret in secrets.items():
        assert secret not in stored, name
        assert secret not in b"".join(pages), name
        assert secret.decode() not in caplog.text, name
        assert all(secret not in payload for payload in queued), name


def test_a_vendor_that_quotes_our_request_leaks_no_address(take, vendor, settings, monkeypatch):
    settings.TRANSEND_WEBHOOK_BASE = "http://127.0.0.1:9"
    from studio.renders.sending import posting
    from studio.transend import errors

    quoted = f"Bad body: webhook_url {webhooks.url_for(take.pk)}"

    def quoting(claim):
        raise errors.InvalidRequest("Refused.", status=400, excerpt=quoted)

    monkeypatch.setattr(posting, "_post", quoting)
    posting.send_next()
    take.refresh_from_db()
    assert take.error_body.endswith("/[secret]")


def test_a_crash_in_a_worker_shows_no_key(take, vendor, monkeypatch):
    import traceback

    from studio.renders.sending import posting
    from studio.transend.client import TransendClient

    def crash(self, body):
        raise ZeroDivisionError

    monkeypatch.setattr(TransendClient, "create_generation", crash)
    with pytest.raises(ZeroDivisionError) as crashed:
        posting.send_next()
    assert KEY not in "".join(traceback.format_exception(crashed.value))
    claimed = [frame.frame.f_locals.get("claim") for frame in crashed.traceback]
    assert all(KEY not in repr(claim) for claim in claimed)
    assert any(claimed)
