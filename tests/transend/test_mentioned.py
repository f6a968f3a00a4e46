"""What the document only mentions: what a render has cost, and keeping its files longer."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.mentioned import Metered, ShotCost, checked_path, path_for
from studio.transend.simulator import Simulator
from studio.transend.types import TaskStatus
from tests.transend.answers import BODY, MARK, Rude
from tests.transend.conftest import KEY, MovedClock
from tests.transend.rude import answering

METERS, RETENTION = "/v1/meters?task_id=", "/v1/assets/{task_id}/retention"
GOOD = {"task_id": "t1", "currency": "USD", "amount": "3.05", "shots": []}


def asking(url: str) -> TransendClient:
    return TransendClient(url, KEY, total_s=5, meters_path=METERS, retention_path=RETENTION)


def answer(**changed: Any) -> bytes:
    return json.dumps(GOOD | changed).encode()


def finished(client: TransendClient) -> str:
    task_id = client.create_generation(BODY).task_id
    while client.get_task(task_id).status is not TaskStatus.SUCCEEDED:
        pass
    return task_id


def test_the_simulator_tells_what_a_render_cost(simulator: Simulator) -> None:
    client = asking(simulator.url)
    metered = client.meter(finished(client))
    assert (metered.amount, metered.currency) == (Decimal("1.50"), "USD")
    assert sum(shot.amount for shot in metered.shots) == metered.amount


def test_the_simulator_keeps_files_as_long_as_asked(
    simulate: Callable[..., Simulator], clock: MovedClock
) -> None:
    client = asking(simulate(clock=clock, speed=100).url)
    task_id = client.create_generation(BODY).task_id
    while client.get_task(task_id).status is not TaskStatus.SUCCEEDED:
        clock.now += 1
    kept_until = client.extend_retention(task_id, 48)
    assert kept_until == datetime.fromtimestamp(int(clock.now + 48 * 3600), UTC)


def test_both_are_off_until_their_paths_are_known(simulator: Simulator) -> None:
    client = TransendClient(simulator.url, KEY)
    with pytest.raises(errors.NotConfigured):
        client.meter("t1")
    with pytest.raises(errors.NotConfigured):
        client.extend_retention("t1", 24)
    assert simulator.requests == []


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/v1/meters?task_id=", "/v1/meters?task_id=t%2F1"),
        ("/m/{task_id}/cost", "/m/t%2F1/cost"),
        ("", None),
    ],
)
def test_the_id_goes_where_the_path_wants_it(path: str, whole: str | None) -> None:
    if whole is None:
        with pytest.raises(errors.NotConfigured):
            path_for(path, "t/1", "/meters API")
    else:
        assert path_for(path, "t/1", "/meters API") == whole


@pytest.mark.parametrize(
    "path", ["v1/meters", "//elsewhere/x", "/a b", "/{task_id}/{task_id}", "/#"]
)
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is not a path at the vendor"):
        checked_path(path)


@pytest.mark.parametrize(
    ("amount", "read"),
    [("3.05", "3.05"), (3.05, "3.05"), (3, "3"), ("0", "0"), (1e-05, "0.00001"), (-0.0, "0"),
     ("9999999999.9999", "9999999999.9999")],
)  # fmt: skip
def test_an_amount_is_exact(rude: Rude, amount: object, read: str) -> None:
    metered = asking(rude(answering(200, answer(amount=amount))).url).meter("t1")
    assert metered == Metered(Decimal(read), "USD")


def test_shots_have_their_own_amounts(rude: Rude) -> None:
    shots = [{"id": "a", "amount": "1.80", "seconds": 18}, {"id": None, "amount": 1.25}]
    metered = asking(rude(answering(200, answer(shots=shots, currency="eur"))).url).meter("t1")
    assert metered.currency == "EUR"
    assert metered.shots == (ShotCost("a", Decimal("1.80")), ShotCost(None, Decimal("1.25")))


def test_a_byte_order_mark_changes_no_invoice(rude: Rude) -> None:
    metered = asking(rude(answering(200, MARK + answer(amount="3.05"))).url).meter("t1")
    assert metered.amount == Decimal("3.05")


NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "text": b"free",
    "a list": b"[]",
    "too deep": b"[" * 100_000,
    "another task": answer(task_id="t2"),
    "no amount": answer(amount=None),
    "true": answer(amount=True),
    "negative": answer(amount=-1),
    "negative text": answer(amount="-1"),
    "infinite": b'{"currency":"USD","amount":1e999}',
    "no number": b'{"currency":"USD","amount":NaN}',
    "a word for it": answer(amount="Infinity"),
    "an exponent in text": answer(amount="1e9"),
    "other digits": answer(amount="٣"),
    "with a newline": answer(amount="3\n"),
    "too much": answer(amount=10_000_000_000),
    "far too much": b'{"currency":"USD","amount":' + b"9" * 5_000 + b"}",
    "no currency": answer(currency=None),
    "a shot's id with NUL": answer(shots=[{"id": "a\0", "amount": 1}]),
    "a shot's id that is half a sign": answer(shots=[{"id": "\ud800", "amount": 1}]),
    "a symbol": answer(currency="$"),
    "four letters": answer(currency="USDT"),
    "letters of elsewhere": answer(currency="ÜSD"),
    "shots that are one": answer(shots={"id": "a", "amount": "1"}),
    "a shot that is none": answer(shots=["a"]),
    "a shot without an amount": answer(shots=[{"id": "a"}]),
    "a shot's number as its id": answer(shots=[{"id": 7, "amount": "1"}]),
    "shots without end": answer(shots=[{"id": "a", "amount": 0}] * 1_001),
}


@pytest.mark.parametrize("body", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_about_costs_is_malformed(rude: Rude, body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer, match="about the cost makes no sense"):
        asking(rude(answering(200, body)).url).meter("t1")


@pytest.mark.parametrize(
    ("body", "until"),
    [
        (b"", None),
        (b"{}", None),
        (b'{"expires_at":1800000000}', datetime(2027, 1, 15, 8, tzinfo=UTC)),
        (b'{"expires_at":"2027-01-15T10:00:00+02:00"}', datetime(2027, 1, 15, 8, tzinfo=UTC)),
    ],
)
def test_how_long_files_are_kept_is_read(rude: Rude, body: bytes, until: datetime | None) -> None:
    assert asking(rude(answering(200, body)).url).extend_retention("t1", 24) == until


@pytest.mark.parametrize(
    "body",
    [
        b"[]", b"{", b'{"task_id":"t2"}', b'{"expires_at":"soon"}', b'{"expires_at":true}',
        b'{"expires_at":"2027-01-15T10:00:00"}', b'{"expires_at":1e300}', b'{"expires_at":[]}',
        b'{"expires_at":"9999-12-31T23:59:59-12:00"}',
    ],
)  # fmt: skip
def test_nonsense_about_keeping_is_malformed(rude: Rude, body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer, match="about keeping the files makes no sense"):
        asking(rude(answering(200, body)).url).extend_retention("t1", 24)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.InvalidRequest), (401, errors.InvalidKey), (404, errors.NotFound),
        (429, errors.RateLimited), (500, errors.RenderingFailure), (302, errors.UnexpectedStatus),
    ],
)  # fmt: skip
def test_refusals_are_told_apart(rude: Rude, status: int, kind: type[errors.TransendError]) -> None:
    with pytest.raises(kind) as caught:
        asking(rude(answering(status, b'{"trace_id":"v1"}')).url).meter("t1")
    assert caught.value.trace_id == "v1"
    assert "duration" not in caught.value.says
