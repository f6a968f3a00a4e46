"""The paid request and the question, against the simulator and against servers without manners."""

import gzip
import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpx
import pytest

from studio.transend import errors
from studio.transend.client import KeyVerdict, TransendClient
from studio.transend.simulator import Simulator
from studio.transend.types import Camera, GenerationRequest, TaskStatus
from studio.transend.wire import encode_body
from tests.transend.conftest import KEY
from tests.transend.rude import Conversation, Manners, RudeServer, answering, saying, seconds_of

BODY = encode_body(GenerationRequest("Rain", 15_000, Camera("orbit")).to_body())
CREATED = b'{"task_id":"task_1","status":"queued","trace_id":"vid_1"}'

Rude = Callable[[Manners], RudeServer]


def running(**change: Any) -> bytes:
    """The document's answer about a task, with something changed."""
    answer = {
        "task_id": "task_1",
        "status": "running",
        "progress": 42,
        "result": None,
        "trace_id": "vid_sora_9f0a",
    }
    return json.dumps(answer | change).encode()


def hurried(url: str, total_s: float = 5.0) -> TransendClient:
    return TransendClient(url, KEY, connect_s=5.0, read_s=total_s, total_s=total_s)


def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


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


def test_the_documents_running_task_is_read(rude: Rude) -> None:
    task = hurried(rude(answering(200, running())).url).get_task("task_1")
    assert (task.status, task.progress) == (TaskStatus.RUNNING, 42)
    assert (task.result, task.trace_id) == (None, "vid_sora_9f0a")


REFUSALS = [
    (400, errors.InvalidRequest, "60 seconds"),
    (401, errors.InvalidKey, "rotate"),
    (429, errors.RateLimited, "quota"),
]


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


def head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def reset(conversation: Conversation) -> None:
    conversation.listen()
    conversation.reset()


def hang_up_unheard(conversation: Conversation) -> None:
    conversation.connection.recv(1)
    conversation.reset()


def silent(conversation: Conversation) -> None:
    conversation.listen()
    conversation.linger()


def dripping_head(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(b"HTTP/1.1 200 OK\r\nX: ")
    conversation.drip((b"x" for _ in range(10_000)), 0.05)


def dripping_body(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(head("Content-Length: 100000"))
    conversation.drip((b" " for _ in range(10_000)), 0.05)


def endless(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(head("Transfer-Encoding: chunked"))
    while True:
        conversation.say(b"10000\r\n" + b"x" * 65536 + b"\r\n")


BOMB = gzip.compress(b"[" + b"0," * 20_000_000 + b"0]")

BROKEN: list[tuple[str, Manners]] = [
    ("no answer", saying()),
    ("reset", reset),
    ("reset while sending", hang_up_unheard),
    ("silent", silent),
    ("dripping head", dripping_head),
    ("dripping body", dripping_body),
    ("endless body", endless),
    ("huge length", saying(head("Content-Length: 2000000"), b"x" * 2_000_000)),
    ("half a head", saying(b"HTTP/1.1 200 OK\r\nContent-Le")),
    ("half a body", saying(head("Content-Length: 50"), CREATED[:20])),
    ("not HTTP", saying(b"SSH-2.0-OpenSSH_9.2\r\n")),
    ("no status", saying(b"HTTP/1.1 abc\r\n\r\n")),
    ("two lengths", saying(head("Content-Length: 1", "Content-Length: 2"), b"{}")),
    ("huge head", saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)),
    ("bad chunks", saying(head("Transfer-Encoding: chunked"), b"zz\r\n{}\r\n")),
]

NO_TASK: list[tuple[str, Manners]] = [
    ("empty", answering(200, b"")),
    ("html", answering(200, b"<html>ok</html>", media_type="text/html")),
    ("list", answering(200, b"[]")),
    ("no task_id", answering(200, b'{"status":"queued"}')),
    ("number", answering(200, b'{"task_id":12345}')),
    ("empty id", answering(200, b'{"task_id":""}')),
    ("null id", answering(200, b'{"task_id":null}')),
    ("long id", answering(200, b'{"task_id":"' + b"x" * 201 + b'"}')),
    ("path as id", answering(200, b'{"task_id":".."}')),
    ("control in id", answering(200, b'{"task_id":"a\\u0000b"}')),
    ("surrogate id", answering(200, b'{"task_id":"\\ud800"}')),
    ("deep", answering(200, b"[" * 100_000)),
    ("deep object", answering(200, b'{"a":' * 100_000)),
    ("NaN", answering(200, b'{"task_id":NaN}')),
    ("bomb", answering(200, BOMB, "Content-Encoding: gzip")),
    ("not gzip", answering(200, CREATED, "Content-Encoding: gzip")),
    ("500", answering(500, b'{"trace_id":"vid_500"}')),
    ("404", answering(404)),
    ("403", answering(403)),
    ("503", answering(503)),
    ("redirect", answering(307, b"", "Location: /v1/elsewhere")),
    ("no content", saying(b"HTTP/1.1 204 No Content\r\n\r\n")),
]


def named(cases: Iterable[tuple[str, Manners]]) -> list[Any]:
    return [pytest.param(manners, id=name) for name, manners in cases]


@pytest.mark.parametrize("manners", named([*BROKEN, *NO_TASK]))
def test_a_sent_generation_without_a_clear_answer_is_unknown(rude: Rude, manners: Manners) -> None:
    server = rude(manners)
    with pytest.raises(errors.OutcomeUnknown) as caught:
        hurried(server.url, total_s=0.5).create_generation(BODY)
    assert not caught.value.is_repeatable
    assert "console" in caught.value.resolution
    assert len(server.conversations) == 1, "never sent twice"


@pytest.mark.parametrize("manners", named(BROKEN))
def test_a_question_without_an_answer_can_be_asked_again(rude: Rude, manners: Manners) -> None:
    with pytest.raises(errors.NoAnswer):
        hurried(rude(manners).url, total_s=0.5).get_task("task_1")


@pytest.mark.parametrize("manners", [dripping_head, dripping_body, silent])
def test_the_clock_runs_over_the_whole_request(rude: Rude, manners: Manners) -> None:
    client = TransendClient(rude(manners).url, KEY, read_s=30, total_s=0.5)

    def send() -> None:
        with pytest.raises(errors.OutcomeUnknown, match="in time"):
            client.create_generation(BODY)

    assert 0.4 < seconds_of(send) < 2


MALFORMED = {
    "list": b"[]",
    "empty": b"",
    "deep": b"[" * 100_000,
    "another task": running(task_id="task_2"),
    "task_id a number": running(task_id=1),
    "status a number": running(status=7),
    "status missing": running(status=None),
    "status empty": running(status=""),
    "progress text": running(progress="42"),
    "progress true": running(progress=True),
    "no result": running(status="succeeded"),
    "result text": running(status="succeeded", result="soon"),
    "result empty": running(status="succeeded", result={}),
    "link a number": running(status="succeeded", result={"preview_gif": 1, "video_url": 2}),
    "link a file": running(
        status="succeeded", result={"preview_gif": "file:///etc/passwd", "video_url": "https://e/"}
    ),
    "link broken": running(
        status="succeeded", result={"preview_gif": "https://[", "video_url": "https://e/"}
    ),
    "duration text": running(
        status="succeeded",
        result={"preview_gif": "https://e/", "video_url": "https://e/", "duration_seconds": "9"},
    ),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_an_answer_that_is_not_the_documents_is_malformed(rude: Rude, body: bytes) -> None:
    with pytest.raises(errors.MalformedAnswer, match="makes no sense"):
        hurried(rude(answering(200, body)).url).get_task("task_1")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, errors.NotFound),
        (500, errors.RenderingFailure),
        (503, errors.UnexpectedStatus),
        (302, errors.UnexpectedStatus),
        (418, errors.UnexpectedStatus),
    ],
)
def test_a_failed_question_is_told_apart(
    rude: Rude, status: int, kind: type[errors.TransendError]
) -> None:
    with pytest.raises(kind) as caught:
        hurried(rude(answering(status, b'{"trace_id":"vid_7"}')).url).get_task("task_1")
    assert (caught.value.status, caught.value.trace_id) == (status, "vid_7")


def test_an_unknown_status_is_carried(rude: Rude) -> None:
    task = hurried(rude(answering(200, running(status="moderating"))).url).get_task("task_1")
    assert (task.status, task.raw_status) == (None, "moderating")


@pytest.mark.parametrize(
    ("progress", "read"), [(-5, 0), (0, 0), (41.9, 41), (100, 100), (4200, 100), (None, None)]
)
def test_progress_is_kept_in_its_range(rude: Rude, progress: object, read: int | None) -> None:
    task = hurried(rude(answering(200, running(progress=progress))).url).get_task("task_1")
    assert task.progress == read


def test_a_result_without_its_duration_still_has_its_links(rude: Rude) -> None:
    result = {"preview_gif": "https://e/p.gif", "video_url": "https://e/v.mp4?signature=x"}
    body = running(status="succeeded", result=result)
    task = hurried(rude(answering(200, body)).url).get_task("task_1")
    assert task.result is not None
    assert task.result.duration_ms is None


@pytest.mark.parametrize("task_id", ["a/b", "a?b#c", "ü %2e", "task 1"])
def test_an_id_is_quoted_in_the_path(rude: Rude, task_id: str) -> None:
    server = rude(answering(200, running(task_id=task_id)))
    assert hurried(server.url).get_task(task_id).task_id == task_id
    path = server.conversations[0].heard.split()[1]
    assert path.count(b"/") == 3
    assert b"?" not in path


@pytest.mark.parametrize("task_id", ["", ".", "..", "x" * 201, "a\nb", "\ud800"])
def test_what_cannot_be_an_id_is_not_asked_for(task_id: str) -> None:
    with pytest.raises(errors.NotFound):
        hurried(nobody()).get_task(task_id)


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


def test_a_good_key_is_accepted_without_spending(
    simulator: Simulator, client: TransendClient
) -> None:
    assert client.test_key().verdict is KeyVerdict.ACCEPTED
    assert [request.method for request in simulator.requests] == ["GET"]


def test_a_bad_key_is_refused(simulator: Simulator) -> None:
    test = TransendClient(simulator.url, "demo-wrong").test_key()
    assert test.verdict is KeyVerdict.REFUSED
    assert "rotate" in test.resolution.lower()


@pytest.mark.parametrize("status", [302, 403, 429, 500, 503])
def test_an_answer_that_says_nothing_about_the_key(rude: Rude, status: int) -> None:
    test = hurried(rude(answering(status)).url).test_key()
    assert test.verdict is KeyVerdict.NOT_KNOWN
    assert str(status) in test.says


@pytest.mark.parametrize("status", [200, 400, 404, 410])
def test_an_answer_about_the_task_means_an_accepted_key(rude: Rude, status: int) -> None:
    test = hurried(rude(answering(status)).url).test_key()
    assert test.verdict is KeyVerdict.ACCEPTED


def test_a_key_cannot_be_tested_while_the_vendor_is_away() -> None:
    test = hurried(nobody()).test_key()
    assert (test.verdict, test.says) == (KeyVerdict.NOT_KNOWN, "Transend cannot be reached.")


def test_a_key_that_no_header_can_carry_is_refused() -> None:
    assert TransendClient(nobody(), "a b").test_key().verdict is KeyVerdict.REFUSED


def test_a_proxy_of_the_environment_is_not_used(
    monkeypatch: pytest.MonkeyPatch, simulator: Simulator
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, nobody())
    assert TransendClient(simulator.url, KEY).create_generation(BODY).task_id
