"""The paid request and the question, against the simulator and against servers without manners."""

import gzip

import httpx
import pytest

from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.simulator import Simulator
from studio.transend.types import TaskStatus
from tests.transend.answers import (
    BODY,
    BROKEN,
    CREATED,
    MARK,
    NO_TASK,
    REFUSALS,
    Rude,
    dripping_body,
    dripping_head,
    hurried,
    named,
    nobody,
    silent,
)
from tests.transend.conftest import KEY
from tests.transend.rude import Manners, answering, saying, seconds_of


def test_the_very_bytes_arrive_once(simulator: Simulator, client: TransendClient) -> None:
    created = client.create_generation(BODY)
    assert created.task_id == created.raw["task_id"]
    [received] = simulator.requests
    assert received.raw == BODY
    assert (received.method, received.path) == ("POST", "/v1/videos/sora2/generation")
    assert received.headers["content-type"] == "application/json"
    assert received.headers["connection"] == "close"


def test_a_render_is_followed_to_its_links(simulator: Simulator, client: TransendClient) -> None:
    task_id = client.create_generation(BODY).task_id
    task = client.get_task(task_id)
    while task.status is not TaskStatus.SUCCEEDED:
        task = client.get_task(task_id)
    assert task.progress == 100
    assert task.result is not None
    assert task.result.preview_gif == f"{simulator.url}/previews/{task_id}.gif"
    assert task.result.video_url.startswith(f"{simulator.url}/secure/{task_id}.mp4?signature=")
    assert task.result.duration_ms == 15_000
    assert task.trace_id is not None
    assert task.trace_id.startswith("vid_sora_")


@pytest.mark.parametrize(("status", "kind", "resolution"), REFUSALS)
@pytest.mark.parametrize("ask", [False, True])
def test_a_refusal_is_told_with_the_documents_resolution(
    rude: Rude, status: int, kind: type[errors.TransendError], resolution: str, ask: bool
) -> None:
    body = b'{"error":{"code":1,"message":"storyboard[1] is off"},"trace_id":"vid_9"}'
    client = hurried(rude(answering(status, body)).url)
    with pytest.raises(kind) as caught:
        client.get_task("task_1") if ask else client.create_generation(BODY)
    assert isinstance(caught.value, errors.NothingCreated)
    assert caught.value.status == status
    assert caught.value.trace_id == "vid_9"
    assert "storyboard[1] is off" in caught.value.excerpt
    assert resolution in caught.value.resolution


@pytest.mark.parametrize(("header", "wait_s"), [("Retry-After: 7", 7), ("Retry-After: x", None)])
def test_retry_after_comes_along(rude: Rude, header: str, wait_s: float | None) -> None:
    with pytest.raises(errors.RateLimited) as caught:
        hurried(rude(answering(429, b"", header)).url).create_generation(BODY)
    assert caught.value.retry_after_s == wait_s
    assert caught.value.is_repeatable


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_any_2xx_with_a_task_id_is_created(rude: Rude, status: int) -> None:
    created = hurried(rude(answering(status, CREATED)).url).create_generation(BODY)
    assert (created.task_id, created.trace_id) == ("task_1", "vid_1")


def test_an_answer_compressed_against_our_wish_still_names_the_task(rude: Rude) -> None:
    server = rude(answering(200, gzip.compress(CREATED), "Content-Encoding: gzip"))
    assert hurried(server.url).create_generation(BODY).task_id == "task_1"


@pytest.mark.parametrize(
    "manners",
    [
        answering(200, MARK + CREATED),
        answering(200, gzip.compress(MARK + CREATED), "Content-Encoding: gzip"),
    ],
)
def test_a_byte_order_mark_does_not_hide_a_paid_task(rude: Rude, manners: Manners) -> None:
    created = hurried(rude(manners).url).create_generation(BODY)
    assert (created.task_id, created.trace_id) == ("task_1", "vid_1")


@pytest.mark.parametrize("manners", named([*BROKEN, *NO_TASK]))
def test_a_sent_generation_without_a_clear_answer_is_unknown(rude: Rude, manners: Manners) -> None:
    server = rude(manners)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        hurried(server.url, total_s=0.5).create_generation(BODY)
    assert not caught.value.is_repeatable
    assert "console" in caught.value.resolution
    assert server.times_called() == 1, "never sent twice"


@pytest.mark.parametrize("manners", [dripping_head, dripping_body, silent])
def test_the_clock_runs_over_the_whole_request(rude: Rude, manners: Manners) -> None:
    client = TransendClient(rude(manners).url, KEY, read_s=30, total_s=0.5)

    def send() -> None:
        with pytest.raises(errors.OutcomeUnknown, match="in time"):
            client.create_generation(BODY)

    assert 0.4 < seconds_of(send) < 30  # it was the clock over the whole, not that of one read


def test_a_refused_connection_created_nothing() -> None:
    with pytest.raises(errors.Unreachable) as caught:
        hurried(nobody()).create_generation(BODY)
    assert isinstance(caught.value, errors.NothingCreated)
    assert caught.value.is_repeatable
    with pytest.raises(errors.Unreachable):
        hurried(nobody()).get_task("task_1")


def test_a_name_that_does_not_exist_created_nothing() -> None:
    with pytest.raises(errors.Unreachable):
        hurried("http://vendor.invalid").create_generation(BODY)


def test_a_failed_handshake_created_nothing(rude: Rude) -> None:
    server = rude(saying(b"this is no TLS"))
    with pytest.raises(errors.Unreachable):
        hurried(server.url.replace("http:", "https:"), total_s=0.5).create_generation(BODY)


def test_a_connection_that_is_not_taken_in_time_created_nothing() -> None:
    # No address refuses to answer reliably on every machine, so the phase itself is played.
    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("late", request=request)

    client = TransendClient("https://v.example", KEY, transport=httpx.MockTransport(late))
    with pytest.raises(errors.Unreachable, match="in time"):
        client.create_generation(BODY)


@pytest.mark.parametrize("key", ["", "a b", "a\r\nX: y", "schlüssel", "x" * 5_000])
def test_a_key_that_cannot_be_sent_is_refused_here(rude: Rude, key: str) -> None:
    server = rude(answering())
    with pytest.raises(errors.InvalidKey) as caught:
        TransendClient(server.url, key).create_generation(BODY)
    assert server.conversations == []
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize(
    "base_url",
    [
        *("", "api.example.com", "ftp://x", "https://", "https://u:p@x", "https://x?y=1"),
        *(
            "https://x:99999",
            "https://x:0",
            "https://x:port",
            "https://a..b",
            f"https://{'a' * 64}",
        ),
    ],
)
def test_a_vendors_address_is_an_address(base_url: str) -> None:
    with pytest.raises(ValueError, match="look like https"):
        TransendClient(base_url, KEY)


def test_a_slash_at_the_end_of_the_address_does_no_harm(simulator: Simulator) -> None:
    assert TransendClient(simulator.url + "/", KEY).create_generation(BODY).task_id


def test_a_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, simulator: Simulator
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody())
    assert TransendClient(simulator.url, KEY).create_generation(BODY).task_id
