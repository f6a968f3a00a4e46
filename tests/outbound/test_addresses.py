"""Where a call may go."""

import ipaddress
from collections.abc import Callable

import pytest

from studio.outbound.addresses import ForbiddenAddress, checked_destination, is_public

PUBLIC = "93.184.216.34"

INWARD = [
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001::1",
    "2001:db8::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "4000::1",
    "ff02::1",
    "ff0e::1",
]


def resolving(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda host, port: list(addresses)


def check(
    url: str,
    *addresses: str,
    hosts: tuple[str, ...] = ("edge.example",),
    allow_loopback: bool = False,
) -> tuple[str, ...]:
    destination = checked_destination(
        url,
        allowed_hosts=hosts,
        allow_loopback=allow_loopback,
        resolve=resolving(*(addresses or (PUBLIC,))),
    )
    return destination.addresses


@pytest.mark.parametrize("address", INWARD)
def test_an_inward_address_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(ForbiddenAddress, match="leads to an address"):
        check("https://edge.example/v.mp4", address)


@pytest.mark.parametrize("address", INWARD)
def test_one_inward_address_among_public_ones_is_enough(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check("https://edge.example/v.mp4", PUBLIC, address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_let_through(address: str) -> None:
    assert check("https://edge.example/v.mp4", address) == (str(ipaddress.ip_address(address)),)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_only_when_allowed(address: str) -> None:
    url = "http://edge.example:9000/v.mp4"
    assert check(url, address, hosts=("edge.example:9000",), allow_loopback=True)
    with pytest.raises(ForbiddenAddress):
        check(url, address, hosts=("edge.example:9000",))


@pytest.mark.parametrize("address", [a for a in INWARD if "127" not in a and a != "::1"])
def test_allowing_this_machine_opens_no_other_network(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check("https://edge.example/v.mp4", address, allow_loopback=True)


def test_plain_http_never_leaves_this_machine() -> None:
    with pytest.raises(ForbiddenAddress, match="not https"):
        check("http://edge.example/v.mp4")
    with pytest.raises(ForbiddenAddress):
        check("http://edge.example/v.mp4", PUBLIC, allow_loopback=True)


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://edge.example/v", ["edge.example"]),
        ("https://edge.example:443/v", ["edge.example"]),
        ("https://EDGE.Example./v", ["edge.example"]),
        ("https://edge.example/v", [" Edge.EXAMPLE. "]),
        ("https://edge.example/v", ["edge.example:443"]),
        ("https://edge.example:8443/v", ["other", "edge.example:8443"]),
        ("https://[2606:4700::1]/v", ["[2606:4700::1]"]),
        ("https://[2606:4700::1]/v", ["2606:4700::1"]),
        ("https://[2606:4700::1]:8443/v", ["[2606:4700::1]:8443"]),
    ],
)
def test_a_listed_host_is_let_through(url: str, hosts: list[str]) -> None:
    assert check(url, hosts=tuple(hosts)) == (PUBLIC,)


@pytest.mark.parametrize(
    "url",
    [
        "https://edge.example:8443/v",
        "https://edge.example:80/v",
        "https://edge.example:0/v",
        "https://edge.example.evil.example/v",
        "https://sub.edge.example/v",
        "https://xedge.example/v",
        "https://edge.exampl/v",
        "https://evil.example/edge.example",
        "https://evil.example/?edge.example",
        "https://evil.example#edge.example",
        "https://edge.example@evil.example/v",
        "https://user@edge.example/v",
        "https://user:word@edge.example/v",
        "https://evil.example\\@edge.example/v",
        "https://edge.example\\.evil.example/v",
        "https://edge.example /v",
        "https://edge.example/v\r\nX: y",
        "https://edge.example/v\t",
        "https://еdge.example/v",
        "https://edge.example:99999/v",
        "https://edge.example:port/v",
        "https://[edge.example/v",
        "https://127.0.0.1/v",
        "https://2130706433/v",
        "https://0x7f.1/v",
        "https:///v",
        "https:edge.example/v",
        "//edge.example/v",
        "/v",
        "edge.example/v",
        "",
        "file:///etc/passwd",
        "file://edge.example/etc/passwd",
        "ftp://edge.example/v",
        "gopher://edge.example/v",
        "data:video/mp4;base64,AAAA",
        "javascript:alert(1)",
        "https://edge.example/" + "x" * 9_000,
    ],
)
def test_a_hostile_link_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check(url)


@pytest.mark.parametrize("host", ["edge.example:99999", f"{'a' * 64}.example", "edge..example"])
def test_what_no_socket_can_reach_is_refused_even_if_listed(host: str) -> None:
    with pytest.raises(ForbiddenAddress):
        check(f"https://{host}/v", hosts=(host,))


def test_an_empty_list_lets_nothing_through() -> None:
    with pytest.raises(ForbiddenAddress):
        check("https://edge.example/v", hosts=())


def test_a_resolver_that_gives_nonsense_is_refused() -> None:
    with pytest.raises(ForbiddenAddress, match="usable"):
        check("https://edge.example/v", "not-an-address")


def test_a_name_without_addresses_is_no_place() -> None:
    with pytest.raises(OSError, match="no address"):
        checked_destination(
            "https://edge.example/v",
            allowed_hosts=["edge.example"],
            allow_loopback=False,
            resolve=lambda host, port: [],
        )
