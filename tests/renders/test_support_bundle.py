"""The evidence of each take, and the bundle made of it: whole, bounded, and without a secret."""

import io
import json
import re
import zipfile

import pytest
from django.urls import reverse

from studio.accounts import keys
from studio.renders import webhooks
from studio.renders.lifecycle import Status
from studio.renders.models import Exchange, Take
from studio.renders.support import exchanges
from studio.renders.support.bundle import bundle_of
from studio.renders.support.documented import documented_error
from studio.transend import errors
from studio.transend.types import Created, Task, TaskStatus
from tests.builders import take_without_files
from tests.renders.conftest import KEY, posts

What = Exchange.What


def files_in(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def still(workspace):
    return take_without_files(workspace, Status.RUNNING)


def failing(says="Transend is away.", status=500, **more):
    return errors.RenderingFailure(says, status=status, **more)


def kept(take):
    return list(take.exchanges.order_by("pk"))


def test_what_only_repeats_is_counted(still):
    for _ in range(5):
        exchanges.note(still, What.TASK, failing())
    exchanges.note(still, What.TASK, failing("Another trouble."))
    exchanges.note(still, What.TASK, failing())
    assert [(row.says, row.times) for row in kept(still)] == [
        ("Transend is away.", 5),
        ("Another trouble.", 1),
        ("Transend is away.", 1),
    ]
    assert kept(still)[0].last_at


def test_each_order_that_may_have_been_paid_for_stands_for_itself(still):
    for trace in ("vid_1", "vid_2"):
        lost = errors.OutcomeUnknown("It broke off.", status=500, trace_id=trace)
        exchanges.note(still, What.CREATE, lost)
    for _ in range(200):
        exchanges.note(still, What.CREATE, errors.RateLimited("No slot."))
    assert [(row.trace_id, row.times) for row in kept(still)] == [
        ("vid_1", 1),
        ("vid_2", 1),
        ("", 200),
    ]


def test_there_is_an_end_to_it_and_paid_orders_are_never_dropped(still):
    exchanges.note(still, What.CREATE, Created("task_1", "vid_1", {"task_id": "task_1"}))
    for number in range(150):
        exchanges.note(still, What.TASK, failing(f"Trouble {number}."))
    rows = kept(still)
    assert len(rows) <= exchanges.MAX_PER_TAKE
    assert rows[0].what == What.CREATE
    assert rows[-1].says == "Trouble 149."


def test_a_turn_of_many_takes_costs_one_insert(workspace, django_assert_max_num_queries):
    takes = [take_without_files(workspace, Status.RUNNING) for _ in range(25)]
    with django_assert_max_num_queries(5):
        exchanges.keep([exchanges.exchange_of(take, What.TASK, failing()) for take in takes])
    assert Exchange.objects.count() == 25
    with django_assert_max_num_queries(4):
        exchanges.keep([exchanges.exchange_of(take, What.TASK, failing()) for take in takes])
    assert set(Exchange.objects.values_list("times", flat=True)) == {2}
    with django_assert_max_num_queries(0):
        exchanges.keep([])


def test_a_render_leaves_its_whole_way_in_the_books(take, house, vendor):
    vendor.set_scenario({"rules": [{"do": "rate_limited", "when": {"method": "POST", "nth": 1}}]})
    house.until(take, "collecting", "ready")
    rows = [(row.what, row.status) for row in kept(take)]
    assert rows[0] == (What.CREATE, 429)
    assert (What.CREATE, 200) in rows
    assert (What.TASK, 200) in rows
    assert len(rows) < 8  # quiet answers leave no trace
    assert len(posts(vendor)) == 2


def test_the_bundle_tells_the_way_of_a_take(take, house, vendor, creative):
    vendor.set_scenario({"rules": [{"do": "fail_render", "when": {"method": "POST"}}]})
    house.until(take, "failed")
    files = files_in(bundle_of(take))
    assert set(files) == {
        "summary.txt", "payload.json", "take.json", "events.json", "exchanges.json"
    }  # fmt: skip
    sent = dict(posts(vendor)[0].body)
    sent.pop("webhook_url", None)
    assert json.loads(files["payload.json"]) == sent
    assert json.loads(files["take.json"])["trace_id"] == take.trace_id
    assert [event["to"] for event in json.loads(files["events.json"])][-1] == "failed"
    assert json.loads(files["exchanges.json"])[0]["what"] == "Create a generation"
    for said in (take.vendor_task_id, take.trace_id, "Capture trace_id and contact support"):
        assert said in files["summary.txt"]


SIGNATURE, COOKIE = "sigSECRETsig0123456789", "cookieSECRETcookie0123"
BEARER, SECOND = "bearerSECRETbearer0123", "second-SECRET-key-0123456789"
TOLD = ["vendor_task_id", "trace_id", "waits_for", "error_says", "error_resolution", "error_body"]


@pytest.mark.parametrize("secret", ["key", "second", "bearer", "cookie", "link", "hook"])
def test_no_secret_is_in_it_wherever_it_was_put(take, creative, workspace, settings, secret):
    """Keys, the webhook's address, signed links and cookies, in every column that is told."""
    settings.TRANSEND_WEBHOOK_BASE = "http://127.0.0.1:9"
    keys.add_key(workspace, "Second", SECOND, None)
    echo, hidden = {
        "key": (f"Bad key {KEY}.", KEY),
        "second": (f"Bad key {SECOND}.", SECOND),
        "bearer": (f"Authorization: Bearer {BEARER}", BEARER),
        "cookie": (f"Set-Cookie: sessionid={COOKIE}; HttpOnly", COOKIE),
        "link": (f"https://edge.example/a.mp4?signature={SIGNATURE}&x={SIGNATURE}", SIGNATURE),
        "hook": (f"Cannot call {webhooks.url_for(take.pk)}", webhooks.mac_of(take.pk)),
    }[secret]
    payload = json.loads(take.payload)
    payload["prompt"] = f"Rain.\n{echo}"
    payload["webhook_metadata"] = {"audio": echo, echo: [echo]}
    row = Take.objects.filter(pk=take.pk)
    row.update(
        status="failed", attempts=1, error_kind="render_failed", payload=json.dumps(payload),
        **dict.fromkeys(TOLD, echo),
    )  # fmt: skip
    take.events.create(number=99, to_status="failed", says=echo, actor=creative.user)
    take.exchanges.create(what=What.TASK, says=echo, body=echo, trace_id=echo)
    creative.user.name = f"Ada {echo}"[:120]
    creative.user.save()
    assert hidden in json.dumps(list(row.values()), default=str)
    files = files_in(bundle_of(row.get()))
    whole = "\n".join([*files, *files.values()])
    assert hidden not in whole
    assert hidden[: len(hidden) // 2] not in whole
    assert "Rain." in files["payload.json"]
    assert "looked like a secret" in files["summary.txt"]


def test_what_holds_no_secret_is_told_word_for_word(take, house, vendor):
    Take.objects.filter(pk=take.pk).update(
        payload=json.dumps({"prompt": "A cookie: warm.\nThe token of love, a signature dish."})
    )
    take.refresh_from_db()
    files = files_in(bundle_of(take))
    said = json.loads(files["payload.json"])["prompt"]
    assert said == "A cookie: warm.\nThe token of love, a signature dish."
    assert "looked like a secret" not in files["summary.txt"]


def test_answers_are_kept_without_secrets(still):
    body = f'{{"key": "{KEY}", "hook": "{webhooks.mac_of(still.pk)}"}}'
    task = Task("task_1", TaskStatus.FAILED, "failed", trace_id=f"vid {KEY}", excerpt=body)
    exchanges.keep([exchanges.exchange_of(still, What.TASK, task, secret=KEY)])
    (row,) = kept(still)
    told = f"{row.says} {row.body} {row.trace_id}"
    assert KEY not in told
    assert webhooks.mac_of(still.pk) not in told


def test_who_may_fetch_the_bundle(still, viewer, creative, producer, admin, stranger):
    url = reverse("renders:support", args=[still.pk])
    assert viewer.get(url).status_code == 403
    assert stranger.get(url).status_code == 404
    for actor in (creative, producer, admin):
        answer = actor.get(url)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/zip"
        assert "attachment" in answer.headers["Content-Disposition"]
        assert "no-store" in answer.headers["Cache-Control"]
    assert admin.post(url).status_code == 405


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"error_kind": "invalid_request", "error_status": 400}, 400),
        ({"error_kind": "invalid_key", "error_status": 401}, 401),
        ({"error_kind": "rate_limited", "error_status": 429}, 429),
        ({"error_kind": "outcome_unknown", "error_status": 500}, 500),
        ({"error_kind": "render_failed"}, 500),
        ({"error_kind": "unexpected_status", "error_status": 418}, None),
        ({}, None),
    ],
)
def test_the_document_is_quoted_where_it_says_something(still, fields, code):
    for name, value in fields.items():
        setattr(still, name, value)
    row = documented_error(still)
    assert (row.code if row else None) == code


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_drawer_says_what_happened_what_was_tried_and_what_to_do(
    still, creative, viewer, stranger
):
    Take.objects.filter(pk=still.pk).update(
        status="failed", attempts=2, error_kind="render_failed", error_says="It failed."
    )
    exchanges.note(still, What.TASK, failing("Transend is away.", trace_id="vid_9"))
    url = reverse("renders:drawer", args=[still.pk])
    page = text(creative.get(url, headers={"HX-Request": "true"}))
    for said in ("It failed.", "Internal rendering failure.", "Transend is away.", "vid_9"):
        assert said in page
    assert "Support bundle" in page
    assert "Render again…" in page
    assert "Support bundle" not in text(viewer.get(url))
    assert stranger.get(url).status_code == 404
    assert creative.post(url).status_code == 405


def test_the_resolve_forms_are_one_click_away(still, producer, creative):
    Take.objects.filter(pk=still.pk).update(status="uncertain")
    url = reverse("renders:drawer", args=[still.pk])
    page = text(producer.get(url, headers={"HX-Request": "true"}))
    for words in ("Follow this task", "It was not created", "Send again"):
        assert words in page
    assert "A producer or an admin can settle it here." in text(creative.get(url))
