"""How a host of files can misbehave: each answer is given in place of one file."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.transend.rude import Conversation, Manners, answering, saying

OK = "HTTP/1.1 200 OK"
# Far above every file that is sent here, far below what would fill a disk (CAP_BYTES).
CAP_BYTES = 31_000_000


@dataclass(frozen=True)
class Case:
    """One hostile asset: what is answered, or which link is given instead, and the settings.

    `tries` is how often it is collected; `allows_loopback` False is how a real vendor is met.
    `addresses` are what the host of the link resolves to, each time another one of them.
    """

    says: str
    manners: Manners | None = None
    link: str = ""
    part: str = "video"
    tries: int = 1
    timeout_s: float = 30.0
    allows_loopback: bool = True
    addresses: list[list[str]] = field(default_factory=list)
    reserve_bytes: int = 0


def head(*lines: str, first: str = OK) -> bytes:
    return "\r\n".join([first, *lines, "", ""]).encode()


def typed(*lines: str) -> bytes:
    return head("Content-Type: video/mp4", *lines)


def redirect(status: int, location: str) -> Manners:
    return answering(status, b"", f"Location: {location}")


def endless(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(typed("Transfer-Encoding: chunked"))
    while True:
        conversation.say(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")


def dripping(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(typed("Content-Length: 100000"))
    conversation.drip((b"x" for _ in range(1000)), 0.05)


def slow_head(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(b"HTTP/1.1 200 OK\r\n")
    conversation.drip((b"X-Slow: y\r\n" for _ in range(1000)), 0.05)


def silent(conversation: Conversation) -> None:
    conversation.listen()
    conversation.linger()


def reset_halfway(conversation: Conversation) -> None:
    conversation.listen()
    conversation.say(typed("Content-Length: 100000") + b"x" * 1000)
    conversation.reset()


def pieces_of_another(conversation: Conversation) -> None:
    """Breaks off; then goes on under the same tag with what never belonged to it."""
    conversation.listen()
    if b"range: bytes=" in conversation.heard.lower():
        rest = "Content-Range: bytes 500-99999/100000"
        first = "HTTP/1.1 206 Partial Content"
        conversation.say(head(rest, 'ETag: "a"', "Content-Length: 99500", first=first))
        conversation.say(b"<script>" * 12_437 + b"abcd")
    else:
        conversation.say(typed('ETag: "a"', "Content-Length: 100000") + b"x" * 500)


def the_same_piece_for_ever(conversation: Conversation) -> None:
    """Whatever is asked for, the beginning comes again."""
    conversation.listen()
    if b"range: bytes=" in conversation.heard.lower():
        part = "Content-Range: bytes 0-499/100000"
        first = "HTTP/1.1 206 Partial Content"
        conversation.say(head(part, 'ETag: "a"', "Content-Length: 500", first=first) + b"x" * 500)
    else:
        conversation.say(typed('ETag: "a"', "Content-Length: 100000") + b"x" * 500)


HTML = b"<!doctype html><title>403</title><script>alert(1)</script>"
MULTIPART = (
    b"--x\r\nContent-Type: video/mp4\r\nContent-Range: bytes 0-9/10\r\n\r\n0123456789\r\n--x--\r\n"
)


def transport(film: Callable[[], bytes]) -> dict[str, Case]:
    """Cases of HTTP itself. `film` is a sound video, so that nothing but the lie is wrong."""
    size = len(film())
    return {
        "length too large": Case("broke", saying(typed(f"Content-Length: {size + 9}"), film())),
        "length too small": Case("refused", saying(typed("Content-Length: 300"), film())),
        "negative length": Case("broke", saying(typed("Content-Length: -1"), film())),
        "length of letters": Case("broke", saying(typed("Content-Length: all"), film())),
        "two lengths": Case("broke", saying(typed("Content-Length: 9", "Content-Length: 8"))),
        "no length": Case("how long", saying(typed(), film())),
        "absurd length": Case("larger", saying(typed("Content-Length: 99999999999999"))),
        "length of nothing": Case("empty", saying(typed("Content-Length: 0"))),
        "chunks without end": Case("larger", endless),
        "chunks without end, picture": Case("larger", endless, part="gif"),
        "broken chunk": Case("broke", saying(typed("Transfer-Encoding: chunked"), b"9\r\nab")),
        "chunks within gzip": Case("broke", saying(typed("Transfer-Encoding: gzip, chunked"))),
        "drip of a byte": Case("in time", dripping, timeout_s=0.5),
        "drip of a byte, picture": Case("in time", dripping, timeout_s=0.5, part="gif"),
        "slow head": Case("in time", slow_head, timeout_s=0.5),
        "silence": Case("in time", silent, timeout_s=0.5, part="gif"),
        "reset halfway": Case("broke", reset_halfway),
        "a head of 1 MB": Case("broke", saying(b"HTTP/1.1 200 OK\r\n" + b"X: yyyyyy\r\n" * 95_000)),
        "one line of 1 MB": Case("broke", saying(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000)),
        "no HTTP at all": Case("broke", saying(b"SSH-2.0-OpenSSH_9\r\n\r\n"), part="gif"),
        "gzip": Case("compressed", answering(200, b"\x1f\x8b", "Content-Encoding: gzip")),
        "deflate": Case("compressed", answering(200, b"x", "Content-Encoding: deflate")),
        "brotli": Case("compressed", answering(200, b"x", "Content-Encoding: br"), part="gif"),
        "301 to this machine": Case("leads on", redirect(301, "http://127.0.0.1:1/")),
        "302 to another host": Case("leads on", redirect(302, "https://evil.example/")),
        "303 to nothing": Case("leads on", redirect(303, "")),
        "307 to a file": Case("leads on", redirect(307, "file:///etc/passwd"), part="gif"),
        "308 to the metadata": Case("leads on", redirect(308, "http://169.254.169.254/latest")),
        "204": Case("204", saying(b"HTTP/1.1 204 No Content\r\n\r\n")),
        "206 unasked": Case("206", answering(206, b"x", "Content-Range: bytes 0-0/9")),
        "416 unasked": Case("416", answering(416, b"", "Content-Range: bytes */9")),
        "parts of ranges": Case(
            "refused", answering(200, MULTIPART, media_type="multipart/byteranges; boundary=x")
        ),
        "a page for a film": Case("refused", answering(200, HTML, media_type="text/html")),
        "a page for a picture": Case(
            "refused", answering(200, HTML, media_type="image/gif"), part="gif"
        ),
        "expired for ever": Case("refused", answering(403, b"expired")),
        "gone for ever, picture": Case("refused", answering(404, b"gone"), part="gif"),
        "too many requests": Case("429", answering(429, b"", "Retry-After: 99999999")),
        "server error": Case("500", answering(500, HTML)),
        "pieces of another file": Case("broke", pieces_of_another, tries=2),
        "the same piece for ever": Case("broke", the_same_piece_for_ever, tries=3),
        "disk at its reserve": Case(
            "disk is full", answering(200, film(), media_type="video/mp4"), reserve_bytes=10**18
        ),
    }


PUBLIC = "https://edge.example/film"


def _leading_to(*addresses: list[str]) -> Case:
    return Case(
        "an address where nothing is called",
        link=PUBLIC,
        allows_loopback=False,
        addresses=list(addresses),
    )


LINKS: dict[str, Case] = {
    "host not on the list": Case(
        "not among the hosts that are allowed", link="https://evil.example/film"
    ),
    "port not on the list": Case(
        "not among the hosts that are allowed", link="https://edge.example:8443/film"
    ),
    "this machine": Case("is not https", link="{url}/good.mp4", allows_loopback=False),
    "a file of ours": Case("no readable link", link="file:///etc/passwd"),
    "a file of ours, picture": Case("no readable link", link="file:///etc/passwd", part="gif"),
    "another protocol": Case("no readable link", link="ftp://edge.example/film"),
    "data in the link": Case("no readable link", link="data:video/mp4;base64,AAAA"),
    "a user name in the link": Case("user name", link="https://edge.example@evil.example/film"),
    "a host beyond ASCII": Case("characters", link="https://edge.ex\u0430mple/film"),
    "a line break in the link": Case("no readable link", link="https://edge.example/a\r\nHost: b"),
    "a link without end": Case("no readable link", link="https://edge.example/" + "a" * 9_000),
    "an address as one number": Case(
        "not among the hosts that are allowed", link="http://2130706433/film"
    ),
    "leads to this machine": _leading_to(["127.0.0.1"]),
    "leads to this machine in IPv6": _leading_to(["::ffff:127.0.0.1"]),
    "leads to a private network": _leading_to(["10.0.0.8"]),
    "leads to the cloud's metadata": _leading_to(["169.254.169.254"]),
    "leads inside by NAT64": _leading_to(["64:ff9b::a00:8"]),
    "leads inside by 6to4": _leading_to(["2002:a00:8::1"]),
    "leads to everybody": _leading_to(["224.0.0.1"]),
    "leads out and in at once": _leading_to(["93.184.216.34", "192.168.1.1"]),
    "leads in, then out": _leading_to(["172.16.0.1"], ["93.184.216.34"]),
    "TLS where plain is spoken": Case("in time", link="{tls}/good.mp4", timeout_s=0.5),
}
