"""What servers say to the client: the document's answers, and everything that is none."""

import codecs
import gzip
import json
import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.types import Camera, GenerationRequest
from studio.transend.wire import encode_body
from tests.transend.conftest import KEY
from tests.transend.rude import Conversation, Manners, RudeServer, answering, saying

BODY = encode_body(GenerationRequest("Rain", 15_000, Camera("orbit")).to_body())
MARK = codecs.BOM_UTF8
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


REFUSALS = [
    (400, errors.InvalidRequest, "60 seconds"),
    (401, errors.InvalidKey, "rotate"),
    (429, errors.RateLimited, "quota"),
]


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
    "links unreadable": running(
        status="succeeded", result={"preview_gif": "file:///etc/passwd", "video_url": "https://["}
    ),
}
