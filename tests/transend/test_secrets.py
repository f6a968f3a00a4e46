"""Neither the key nor a signature gets into an error, whatever it is asked."""

import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.transend import errors
from studio.transend.client import TransendClient
from studio.transend.downloads import download
from studio.transend.redaction import excerpt_of, without_query, without_secrets
from tests.transend.rude import Conversation, Manners, RudeServer, answering, saying

KEY = "demo-SECRETKEY0123456789"
SIGNATURE = "SECRETSIGNATURE"


def everything_about(problem: BaseException) -> Iterator[str]:
    """All that a log, a page or a debugger could show of an error and what it is chained to."""
    yield from traceback.format_exception(problem)
    seen: BaseException | None = problem
    while seen is not None:
        yield repr(seen)
        yield repr(vars(seen))
        request = getattr(seen, "_request", None)
        if request is not None:
            yield f"{request.url} {request.headers.raw}"
        seen = seen.__cause__ or seen.__context__


def echoing(status: int) -> Manners:
    """Answer with all that was heard."""

    def manners(conversation: Conversation) -> None:
        conversation.listen()
        answering(status, conversation.heard + b' "video_url": "https://e/v?signature=SECRETSIG"')(
            Repeated(conversation)
        )

    return manners


class Repeated(Conversation):
    """A conversation whose request has been heard already."""

    def __init__(self, heard: Conversation) -> None:
        super().__init__(heard.connection, heard._over)

    def listen(self) -> None:
        pass


MANNERS: list[Manners] = [
    *(echoing(status) for status in (200, 400, 401, 404, 429, 500, 503)),
    saying(),
    saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
    saying(b"garbage\r\n\r\n"),
]


@pytest.mark.parametrize("manners", MANNERS)
@pytest.mark.parametrize("ask", [False, True])
def test_no_client_error_holds_a_secret(
    rude: Callable[[Manners], RudeServer], manners: Manners, ask: bool
) -> None:
    client = TransendClient(rude(manners).url, KEY)
    with pytest.raises(errors.TransendError) as caught:
        client.get_task("task_1") if ask else client.create_generation(b"{}")
    assert "SECRET" not in "".join(everything_about(caught.value))
    assert "SECRET" not in repr(client)


DOWNLOADS: list[tuple[Manners, str]] = [
    (echoing(403), ""),
    (echoing(500), ""),
    (answering(302, b"", f"Location: https://elsewhere/?{SIGNATURE}"), ""),
    (saying(), ""),
    (saying(b"garbage\r\n\r\n"), ""),
    (answering(200, b"x", "Content-Encoding: br"), ""),
    (answering(), "http://elsewhere.example/a?signature=" + SIGNATURE),
    (answering(), "http://127.0.0.1:bad/a?signature=" + SIGNATURE),
    (answering(), f"http://{SIGNATURE}@127.0.0.1/a"),
    (answering(), "http://[::bad/?signature=" + SIGNATURE),
    (answering(), "http://127.0.0.1:1/?signature=" + SIGNATURE),
    (answering(), f"http://127.0.0.1/{SIGNATURE}\n"),
]


@pytest.mark.parametrize(("manners", "link"), DOWNLOADS)
def test_no_download_error_holds_a_signature(
    rude: Callable[[Manners], RudeServer], tmp_path: Path, manners: Manners, link: str
) -> None:
    server = rude(manners)
    with pytest.raises(errors.CollectingError) as caught:
        download(
            link or f"{server.url}/v.mp4?signature={SIGNATURE}#{SIGNATURE}",
            tmp_path / "out",
            allowed_hosts=[f"127.0.0.1:{server.port}", "127.0.0.1:1"],
            allow_loopback=True,
            max_bytes=10_000,
            timeout_s=5,
        )
    assert "SECRET" not in "".join(everything_about(caught.value))


def test_a_download_says_nothing_to_the_log(
    rude: Callable[[Manners], RudeServer], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = rude(answering(200, b"film"))
    caplog.set_level(logging.INFO, logger="root")
    download(
        f"{server.url}/v.mp4?signature={SIGNATURE}",
        tmp_path / "out",
        allowed_hosts=[f"127.0.0.1:{server.port}"],
        allow_loopback=True,
        max_bytes=100,
        timeout_s=5,
    )
    assert "SECRET" not in caplog.text
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING


ALL_ERRORS: list[errors.TransendError] = [
    errors.RateLimited("Full.", retry_after_s=3, trace_id="vid_1"),
    errors.OutcomeUnknown("Lost.", status=500, excerpt="body", trace_id="vid_1"),
    errors.DownloadFailed("Broke.", is_repeatable=False, resolution="Do that."),
    errors.InvalidKey("No.", status=401),
    errors.LinkMissing("None.", what="the film"),
]


@pytest.mark.parametrize("problem", ALL_ERRORS)
def test_an_error_survives_a_pickle(problem: errors.TransendError) -> None:
    copy = pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own bytes
    assert type(copy) is type(problem)
    assert (str(copy), vars(copy)) == (str(problem), vars(problem))


def test_every_error_tells_what_happened_and_what_to_do() -> None:
    kinds = [errors.TransendError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        problem = kind("It broke.")
        assert str(problem) == f"It broke. {problem.resolution}"
        assert problem.resolution.endswith(".")
    assert len(kinds) == 19


def test_an_excerpt_is_short_one_line_and_harmless() -> None:
    body = b'key demo-1 \x00\r\n\xe2\x80\xae Bearer abc.def "token": "tttt" ' + b"x" * 10_000
    excerpt = excerpt_of(body, "demo-1")
    assert len(excerpt) <= 500
    assert excerpt.isprintable()
    for secret in ("demo-1", "abc.def", "tttt"):
        assert secret not in excerpt


@pytest.mark.parametrize(
    "text",
    [
        "https://e/v.mp4?signature=SECRET&expires=1",
        r"https:\/\/e\/v.mp4?signature=SECRET",
        "see (https://e/v.mp4?a=1&X-Amz-Signature=SECRET)",
        "HTTPS://E/#SECRET",
        "authorization: bearer SECRET",
        '{"api_key":"SECRET"}',
        "sig=SECRET",
    ],
)
def test_secrets_are_taken_out_of_text(text: str) -> None:
    assert "SECRET" not in without_secrets(text)


def test_a_link_without_its_query() -> None:
    assert without_query("https://e/v.mp4?signature=x#y") == "https://e/v.mp4"
