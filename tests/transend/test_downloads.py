"""Fetching finished files, from honest and from hostile hosts."""

import errno
import hashlib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from studio.transend import downloads
from studio.transend.client import TransendClient
from studio.transend.downloads import Downloaded, download
from studio.transend.errors import DownloadFailed, ForbiddenAddress, LinkExpired
from studio.transend.simulator import Simulator
from studio.transend.types import Result
from tests.transend.answers import BODY, nobody
from tests.transend.conftest import KEY
from tests.transend.rude import Conversation, Manners, RudeServer, answering, saying

Rude = Callable[[Manners], RudeServer]
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4_000


def fetch(url: str, out: Path, **options: Any) -> Downloaded:
    host = url.split("/")[2]
    defaults = {
        "allowed_hosts": [host],
        "allow_loopback": True,
        "max_bytes": 5_000_000,
        "timeout_s": 10,
    }
    return download(url, out, **(defaults | options))


def test_a_full_disk_of_ours_is_no_failed_download(
    rude: Rude, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def on_a_full_disk(_: Path) -> Iterator[BinaryIO]:
        with Path("/dev/full").open("wb") as file:
            yield file

    monkeypatch.setattr(downloads, "_new_file", on_a_full_disk)
    server = rude(answering(200, FILM))
    with pytest.raises(OSError, match="No space left") as caught:
        fetch(f"{server.url}/v.mp4?signature=s", out)
    assert caught.value.errno == errno.ENOSPC
    assert "signature" not in f"{caught.value.__cause__!r} {caught.value.__context__!r}"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "film.mp4"


def finished(client: TransendClient) -> Result:
    task_id = client.create_generation(BODY).task_id
    while (result := client.get_task(task_id).result) is None:
        pass
    return result


def test_both_files_of_a_render_arrive(client: TransendClient, tmp_path: Path) -> None:
    result = finished(client)
    video = fetch(result.video_url, tmp_path / "v")
    preview = fetch(result.preview_gif, tmp_path / "p")
    assert (video.media_type, preview.media_type) == ("video/mp4", "image/gif")
    for name, downloaded in (("v", video), ("p", preview)):
        data = (tmp_path / name).read_bytes()
        assert downloaded.sha256 == hashlib.sha256(data).hexdigest()
        assert downloaded.size_bytes == len(data)


def test_the_key_and_the_environment_stay_at_home(
    rude: Rude, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", nobody())
    monkeypatch.setenv("ALL_PROXY", nobody())
    server = rude(answering(200, FILM, media_type="Video/MP4; codecs=avc1"))
    downloaded = fetch(f"{server.url}/v.mp4?signature=s", out)
    heard = server.conversations[0].heard.lower()
    assert downloaded.media_type == "video/mp4"
    assert b"authorization" not in heard
    assert b"cookie" not in heard
    assert b"accept-encoding: identity" in heard
    assert heard.startswith(b"get /v.mp4?signature=s http/1.1")


def test_chunks_arrive_whole(rude: Rude, out: Path) -> None:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (FILM, b"end")) + b"0\r\n\r\n"
    server = rude(saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body))
    assert fetch(f"{server.url}/v", out).size_bytes == len(FILM) + 3


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refused_link_has_expired(rude: Rude, out: Path, status: int) -> None:
    with pytest.raises(LinkExpired, match="fresh link") as caught:
        fetch(f"{rude(answering(status)).url}/v", out)
    assert caught.value.status == status
    assert not out.exists()


def test_the_simulators_expired_link_is_renewed_by_the_task(
    simulator: Simulator, client: TransendClient, out: Path
) -> None:
    finished(client)
    simulator.set_scenario({"rules": [{"when": {"path": "/v1/tasks/*"}, "do": "expired_link"}]})
    task_id = simulator.requests[0].response["task_id"]
    stale = client.get_task(task_id).result
    assert stale is not None
    with pytest.raises(LinkExpired):
        fetch(stale.video_url, out)
    simulator.set_scenario({})
    fresh = client.get_task(task_id).result
    assert fresh is not None
    assert fetch(fresh.video_url, out).size_bytes


def head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def endless(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(head("Transfer-Encoding: chunked"))
    while True:
        conversation.say(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def dripping(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(head("Content-Length: 100000"))
    conversation.drip((b"x" for _ in range(10_000)), 0.05)


def dripping_head(conversation: Conversation) -> None:
    conversation.listen()
    conversation.drip((b"H" for _ in range(10_000)), 0.05)


def reset_halfway(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(head("Content-Length: 100000") + b"x" * 1000)
    conversation.reset()


def silent(conversation: Conversation) -> None:
    conversation.listen()
    conversation.linger()


HOSTILE: dict[str, tuple[Manners, str]] = {
    "nothing": (saying(), "broke"),
    "garbage": (saying(b"SSH-2.0\r\n\r\n"), "broke"),
    "half a head": (saying(b"HTTP/1.1 200 OK\r\nContent-L"), "broke"),
    "half a file": (saying(head("Content-Length: 100"), b"x" * 50), "broke"),
    "reset halfway": (reset_halfway, "broke"),
    "two lengths": (saying(head("Content-Length: 1", "Content-Length: 2"), b"xx"), "broke"),
    "negative length": (saying(head("Content-Length: -1"), b"xx"), "broke"),
    "length of letters": (saying(head("Content-Length: many"), b"xx"), "broke"),
    "broken chunk": (saying(head("Transfer-Encoding: chunked"), b"5\r\nab"), "broke"),
    "no last chunk": (saying(head("Transfer-Encoding: chunked"), b"2\r\nab\r\n"), "broke"),
    "bad chunk size": (saying(head("Transfer-Encoding: chunked"), b"zz\r\nab\r\n"), "broke"),
    "huge head": (saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000), "broke"),
    "length and chunks": (
        saying(head("Content-Length: 2", "Transfer-Encoding: chunked"), b"2\r\nab\r\n1\r\nc\r\n"),
        "broke",
    ),
    "silence": (silent, "in time"),
    "dripping": (dripping, "in time"),
    "dripping head": (dripping_head, "in time"),
    "no length": (saying(head(), b"film"), "how long"),
    "announced too large": (saying(head("Content-Length: 9000000")), "larger than"),
    "endless": (endless, "larger than"),
    "absurd length": (saying(head("Content-Length: 99999999999999999999")), "larger|broke"),
    "empty": (answering(200, b""), "empty"),
    "no content": (saying(b"HTTP/1.1 204 No Content\r\n\r\n"), "204"),
    "partial": (answering(206, b"x", "Content-Range: bytes 0-0/9"), "206"),
    "moved": (answering(301, b"", "Location: http://127.0.0.1/"), "leads on"),
    "found": (answering(302, b"", "Location: file:///etc/passwd"), "leads on"),
    "temporary": (answering(307, b"", "Location: http://169.254.169.254/"), "leads on"),
    "permanent": (answering(308, b"", "Location: /again"), "leads on"),
    "no location": (answering(302, b""), "leads on"),
    "gzip": (answering(200, b"\x1f\x8b", "Content-Encoding: gzip"), "compressed"),
    "brotli": (answering(200, b"x", "Content-Encoding: br"), "compressed"),
    "made up": (answering(200, b"x", "Content-Encoding: gzip, identity"), "compressed"),
    "bad request": (answering(400, b"no"), "400"),
    "too many": (answering(429, b"no"), "429"),
    "server error": (answering(500, b"no"), "500"),
    "unavailable": (answering(503, b"no"), "503"),
    "made-up status": (answering(799, b"no"), "799"),
}


@pytest.mark.parametrize(("manners", "says"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_host_leaves_nothing_behind(
    rude: Rude, out: Path, manners: Manners, says: str
) -> None:
    server = rude(manners)

    def attempt() -> None:
        with pytest.raises(DownloadFailed, match=says):
            fetch(f"{server.url}/v.mp4", out, timeout_s=0.7)

    attempt()
    assert list(out.parent.iterdir()) == []
    assert len(server.conversations) == 1


def test_exactly_the_allowed_size_is_let_through(rude: Rude, out: Path) -> None:
    server = rude(answering(200, FILM))
    assert fetch(f"{server.url}/v", out, max_bytes=len(FILM)).size_bytes == len(FILM)
    out.unlink()
    with pytest.raises(DownloadFailed, match="larger") as caught:
        fetch(f"{server.url}/v", out, max_bytes=len(FILM) - 1)
    assert not caught.value.is_repeatable


def test_a_file_that_is_there_is_not_overwritten(rude: Rude, out: Path) -> None:
    out.write_bytes(b"mine")
    server = rude(answering(200, FILM))
    with pytest.raises(FileExistsError):
        fetch(f"{server.url}/v", out)
    assert out.read_bytes() == b"mine"


def test_a_link_on_disk_is_not_followed(rude: Rude, out: Path, tmp_path: Path) -> None:
    out.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        fetch(f"{rude(answering(200, FILM)).url}/v", out)
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_is_for_its_owner_alone(rude: Rude, out: Path) -> None:
    fetch(f"{rude(answering(200, FILM)).url}/v", out)
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_forbidden_host_is_not_even_looked_up(out: Path) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise AssertionError("looked up")

    with pytest.raises(ForbiddenAddress, match="TRANSEND_ASSET_HOSTS"):
        fetch("https://evil.example/v", out, allowed_hosts=["edge.example"], resolve=resolve)
    assert not out.exists()


def test_a_host_that_cannot_be_found(out: Path) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(DownloadFailed, match="cannot be found"):
        fetch("https://edge.example/v", out, resolve=resolve)


def test_a_closed_port_is_a_failed_download(out: Path) -> None:
    with pytest.raises(DownloadFailed):
        fetch(f"{nobody()}/v", out)


def test_the_connection_goes_to_the_checked_address(rude: Rude, out: Path) -> None:
    """A name that answers with a good address once and a bad one after gains nothing."""
    server = rude(answering(200, FILM))
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    url = f"http://edge.test:{server.port}/v"
    assert fetch(url, out, resolve=rebinding).size_bytes == len(FILM)
    assert asked == ["edge.test"]
    assert f"host: edge.test:{server.port}".encode() in server.conversations[0].heard.lower()


def test_the_next_address_is_tried(rude: Rude, out: Path) -> None:
    server = rude(answering(200, FILM))
    url = f"http://edge.test:{server.port}/v"
    # Nothing listens on the first: the server is bound to 127.0.0.1 alone.
    assert fetch(url, out, resolve=lambda h, p: ["127.0.0.9", "127.0.0.1"]).size_bytes


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for edge.test, good for itself alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "edge.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("edge.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "edge.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def secured(certificate: Path) -> Iterator[tuple[RudeServer, list[str]]]:
    """A server for edge.test behind TLS, and the names that it was asked for."""
    names: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda connection, name, _: names.append(name)
    with RudeServer(answering(200, FILM), trust=context) as server:
        yield server, names


def test_tls_uses_the_name_and_the_checked_address(
    secured: tuple[RudeServer, list[str]], certificate: Path, out: Path
) -> None:
    server, names = secured
    downloaded = fetch(
        f"https://edge.test:{server.port}/v",
        out,
        resolve=lambda host, port: ["127.0.0.1"],
        trust=ssl.create_default_context(cafile=str(certificate)),
    )
    assert downloaded.size_bytes == len(FILM)
    assert names == ["edge.test"]


@pytest.mark.parametrize("host", ["other.test", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    secured: tuple[RudeServer, list[str]], certificate: Path, out: Path, host: str
) -> None:
    with pytest.raises(DownloadFailed):
        fetch(
            f"https://{host}:{secured[0].port}/v",
            out,
            resolve=lambda host, port: ["127.0.0.1"],
            trust=ssl.create_default_context(cafile=str(certificate)),
        )


def test_a_certificate_that_nobody_vouches_for_is_refused(
    secured: tuple[RudeServer, list[str]], out: Path
) -> None:
    with pytest.raises(DownloadFailed):
        fetch(
            f"https://edge.test:{secured[0].port}/v",
            out,
            resolve=lambda host, port: ["127.0.0.1"],
        )


def test_an_interrupted_download_leaves_nothing(simulator: Simulator, out: Path) -> None:
    with TransendClient(simulator.url, KEY) as client:
        result = finished(client)
    simulator.set_scenario({"rules": [{"when": {"path": "/secure/*"}, "do": "half_body"}]})
    with pytest.raises(DownloadFailed, match="broke"):
        fetch(result.video_url, out)
    assert not out.exists()
