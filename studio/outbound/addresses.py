"""Where a call may go: to the public internet, and to listed names alone where there is a list.

A link comes from outside. Without this, an answer of the vendor (or of whoever poses as the
vendor), or an address that somebody typed, could make us call into our own network.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass

import httpx

Resolve = Callable[[str, int], list[str]]
"""Gives the addresses of a host name and port. Raises OSError when there are none."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_URL_CHARS = 8_000

# The only part of IPv6 that is handed out for the public internet.
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")

# `is_global` calls these global, yet they lead to an IPv4 address of anywhere: 6to4, Teredo, and
# the relays of 6to4.
_TUNNELS = tuple(
    ipaddress.ip_network(network) for network in ("2002::/16", "2001::/32", "192.88.99.0/24")
)


class ForbiddenAddress(Exception):
    """The link leads where we do not call; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A link that may be called, and the checked addresses to connect to."""

    url: httpx.URL
    addresses: tuple[str, ...]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that this machine's resolver gives. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_destination(
    url: str,
    *,
    allowed_hosts: Collection[str] | None,
    allow_loopback: bool,
    resolve: Resolve = resolve,
) -> Destination:
    """Return where `url` leads, when we may call there.

    `allowed_hosts` holds "host" (the scheme's own port) or "host:port"; None lets any host through,
    at the scheme's own port. Every resolved address has to be public; with `allow_loopback` it may
    be on this machine instead, and only then may the link be plain http, or to another port of a
    host that nobody listed. Raises ForbiddenAddress, and OSError when the name does not resolve.
    """
    link = _checked_link(url)
    own_port = _DEFAULT_PORTS[link.scheme]
    port = link.port or own_port
    host = _plain_host(link.host)
    if allowed_hosts is not None and not _is_listed(host, port, own_port, allowed_hosts):
        raise ForbiddenAddress(f"{_shown(host, port)} is not among the hosts that are allowed.")
    if link.scheme == "http" and not allow_loopback:
        raise ForbiddenAddress(f"The link to {_shown(host, port)} is not https.")
    if allowed_hosts is None and port != own_port and not allow_loopback:
        raise ForbiddenAddress(f"The link names port {port}; only {own_port} is allowed.")
    addresses = [_address(found) for found in resolve(host, port)]
    if not addresses:
        raise OSError("The name has no address.")
    needs_loopback = link.scheme == "http" or (allowed_hosts is None and port != own_port)
    for address in addresses:
        is_own = allow_loopback and is_loopback(address)
        if not is_own and (needs_loopback or not is_public(address)):
            raise ForbiddenAddress(
                f"{_shown(host, port)} leads to an address where nothing is called: it is not on "
                "the public internet."
            )
    return Destination(link, tuple(str(address) for address in addresses))


def is_reachable(host: str, port: int | None) -> bool:
    """Whether a name and a port can be looked up at all; asking for others breaks the sockets."""
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return bool(host) and (port is None or 0 < port < 65_536)


def is_loopback(address: IPAddress) -> bool:
    """Whether `address` is this machine, also when written as IPv4 inside IPv6."""
    return _unmapped(address).is_loopback


def is_public(address: IPAddress) -> bool:
    """Whether `address` is one host on the public internet, by no detour."""
    address = _unmapped(address)
    if address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in _TUNNELS)


def _unmapped(address: IPAddress) -> IPAddress:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _address(text: str) -> IPAddress:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise ForbiddenAddress("The host has no usable address.") from None


def _checked_link(url: str) -> httpx.URL:
    is_plain = url.isascii() and url.isprintable() and not re.search(r"[\s\\]", url)
    if not is_plain or len(url) > _MAX_URL_CHARS:
        raise ForbiddenAddress("The link has characters that no link has.")
    try:
        link = httpx.URL(url)
    except httpx.InvalidURL:
        raise ForbiddenAddress("This is not a link.") from None
    if link.scheme not in _DEFAULT_PORTS or not is_reachable(link.host, link.port):
        raise ForbiddenAddress("This is not an https link.")
    if link.userinfo:
        raise ForbiddenAddress("The link carries a user name.")
    return link.copy_with(fragment=None)


def _is_listed(host: str, port: int, default_port: int, allowed_hosts: Collection[str]) -> bool:
    listed = {_plain_host(entry.strip()) for entry in allowed_hosts}
    written = f"[{host}]" if ":" in host else host
    names = {f"{written}:{port}"}
    if port == default_port:
        names |= {written, host}
    return bool(names & listed)


def _plain_host(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    if colon and port.isdigit() and not name.endswith(":"):
        return f"{name.removesuffix('.')}:{port}"
    return host.lower().removesuffix(".")


def _shown(host: str, port: int) -> str:
    return f"{host}:{port}"[:200]
