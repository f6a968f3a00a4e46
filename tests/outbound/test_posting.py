"""One POST to an address from outside: pinned, bounded, not led on, its failures in sentences."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from studio.outbound.addresses import ForbiddenAddress
from studio.outbound.posting import NotReached, Reply, post_json
from tests.transend.rude import Conversation, Manners, RudeServer, answering, seconds_of

Rude = Callable[[Manners], RudeServer]


@pytest.fixture
def rude() -> Iterator[Rude]:
    with ExitStack() as running:
        yield lambda manners: running.enter_context(RudeServer(manners))


def post(url: str, **options: object) -> Reply:
    given = {"allow_loopback": True, "total_s": 5.0} | options
    return post_json(url, {"text": "hällo"}, **given)


def hangs_up(conversation: Conversation) -> None:
    conversation.listen()
    conversation.reset()


def test_the_json_arrives_whole_and_the_answer_comes_back(rude: Rude) -> None:
    server = rude(answering(200, b"ok", "Retry-After: 3"))
    reply = post(f"{server.url}/hook")
    assert (reply.status, reply.body) == (200, b"ok")
    assert reply.headers["retry-after"] == "3"
    head, _, body = server.conversations[0].heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook HTTP/1.1")
    assert b"connection: close" in head.lower()
    assert b"cookie" not in head.lower()
    assert json.loads(body) == {"text": "hällo"}


# What resolves is asked of this machine's own resolver, so that its ways of reading numbers count.
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "017700000001", "0", "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.0.0.1", "10.255.255.254", "172.16.0.1", "192.168.0.1",
        "169.254.169.254", "100.64.0.1", "192.0.0.170", "224.0.0.1", "255.255.255.255", "localhost",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]", "[64:ff9b:1::1]", "[2002:7f00:1::]", "[2001::1]", "[fe80::1]",
        "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[::127.0.0.1]",
    ],
)  # fmt: skip
def test_an_address_of_our_own_network_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((ForbiddenAddress, NotReached)) as refused:
        post(f"https://{host}/hook", allow_loopback=False)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://chat.example/hook", "not https"),
        ("https://chat.example:8443/hook", "only 443"),
        ("https://chat.example:22/hook", "only 443"),
        ("https://user:word@chat.example/hook", "user name"),
        ("https://chat.example\\@evil.example/", "characters"),
        ("ftp://chat.example/hook", "not an https link"),
        ("file:///etc/passwd", "not an https link"),
        ("chat.example/hook", "not an https link"),
        ("", "not an https link"),
    ],
)
def test_a_link_that_is_no_plain_https_is_refused_in_a_sentence(url: str, says: str) -> None:
    with pytest.raises(ForbiddenAddress, match=says):
        post(url, allow_loopback=False, resolve=lambda host, port: ["93.184.216.34"])


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "64:ff9b::a00:1", "::1"])
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress, match="not on the public internet"):
        post("https://chat.example/hook", allow_loopback=False, resolve=lambda h, p: [address])


def test_one_inward_address_among_good_ones_is_enough() -> None:
    found = ["93.184.216.34", "127.0.0.1"]
    with pytest.raises(ForbiddenAddress):
        post("https://chat.example/hook", allow_loopback=False, resolve=lambda h, p: found)


def test_the_name_is_asked_once_and_the_call_goes_where_the_check_was(rude: Rude) -> None:
    """Rebinding: a good answer for the check and another one for the call."""
    server = rude(answering(200, b"ok"))
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    assert post(f"http://chat.test:{server.port}/hook", resolve=rebinding).status == 200
    assert asked == ["chat.test"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_told_and_not_followed(rude: Rude, status: int) -> None:
    inside = rude(answering(200, b"secret"))
    server = rude(answering(status, b"", f"Location: {inside.url}/admin"))
    assert post(f"{server.url}/hook").status == status
    assert inside.times_called() == 0


def test_with_loopback_allowed_no_other_network_is(rude: Rude) -> None:
    for url in ("http://chat.example/hook", "https://chat.example:8443/hook"):
        with pytest.raises(ForbiddenAddress):
            post(url, resolve=lambda h, p: ["93.184.216.34"])


def test_an_answer_without_end_is_cut(rude: Rude) -> None:
    server = rude(answering(200, b"x" * 1_000_000))
    assert len(post(f"{server.url}/hook").body) == 4096


def test_a_byte_a_while_does_not_last_longer_than_the_call_may(rude: Rude) -> None:
    def drips(conversation: Conversation) -> None:
        conversation.listen()
        conversation.drip([b"H", b"T", b"T", b"P"] * 100, 0.1)

    url = f"{rude(drips).url}/hook"

    def call() -> None:
        with pytest.raises(NotReached, match="in time") as late:
            post(url, total_s=0.5)
        assert late.value.is_unknown

    assert seconds_of(call) < 20  # it would drip for 40


def test_who_hangs_up_is_told_apart_from_who_is_not_there(rude: Rude) -> None:
    url = rude(hangs_up).url
    with pytest.raises(NotReached, match="connection broke") as broken:
        post(f"{url}/hook")
    assert broken.value.is_unknown
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotReached, match="cannot be reached") as absent:
        post(f"http://127.0.0.1:{port}/hook")
    assert not absent.value.is_unknown


def test_a_name_that_nobody_knows() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    with pytest.raises(NotReached, match="cannot be found"):
        post("https://chat.example/hook", resolve=resolve)


def test_no_failure_quotes_the_address(rude: Rude) -> None:
    url = rude(hangs_up).url
    with pytest.raises(NotReached) as broken:
        post(f"{url}/hook/T0/B0/sekret")
    assert "sekret" not in repr(broken.value)
    assert broken.value.__cause__ is None
    assert broken.value.__context__ is None
