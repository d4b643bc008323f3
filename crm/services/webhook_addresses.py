"""Where a webhook may lead: out of the house only. A name is looked up once, every address it has must be public, and
the address that was checked is the one to connect to, so that a name cannot answer differently a moment later.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from crm.errors import Invalid

LONGEST = 2000
#: Seconds to wait for the answer to a name.
PATIENCE = 5
USUAL_PORTS = {"https": 443, "http": 80}
FIRST_FREE_PORT = 1024
#: Above 1023 too some ports belong to databases, desktops and the inside of clusters, where no webhook is.
FOREIGN_PORTS = frozenset(
    {1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5672, 5900, 6379, 6443, 8500, 9200, 9300, 10250}
    | {11211, 27017}
)

#: The part of IPv6 that is given out. All that carries an IPv4 address within (mapped, NAT64) lies outside of it.
GIVEN_OUT = ip_network("2000::/3")
#: Within it: 6to4 and Teredo, which carry an IPv4 address, and documentation, which older Pythons do not know.
NOT_IN_USE = (ip_network("2002::/16"), ip_network("2001::/23"), ip_network("3fff::/20"))
#: Public by number, but the inside of a cloud (the first two), or a relay of 6to4.
INSIDE_BY_USE = (ip_network("168.63.129.16/32"), ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))

Resolve = Callable[[str, int], Sequence[str]]


class Unresolved(Invalid):
    """The name is not known, or nobody says so in time: it may be another time."""


@dataclass(frozen=True)
class Address:
    """A checked place: connect to one of ``ips``, then speak to ``host``."""

    host: str
    port: int
    #: Path and query, as the request names them.
    target: str
    ips: tuple[str, ...]
    is_secure: bool = True


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, numbers in any notation included. Raises OSError, also when it takes too long."""
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(timeout=PATIENCE)
    finally:
        pool.shutdown(wait=False)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def is_public(ip: str) -> bool:
    """Whether the address belongs to somebody out there: neither this machine, nor this house, nor a group."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return _is_ordinary_v6(address) if isinstance(address, IPv6Address) else _is_ordinary_v4(address)


def _is_ordinary_v6(address: IPv6Address) -> bool:
    return address in GIVEN_OUT and not any(address in network for network in NOT_IN_USE)


def _is_ordinary_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in INSIDE_BY_USE)


@dataclass(frozen=True)
class Addresses:
    """Checks where webhooks lead. Only tests say anything but the defaults."""

    resolve: Resolve = look_up
    is_allowed: Callable[[str], bool] = is_public
    schemes: frozenset[str] = frozenset({"https"})

    def check(self, url: str) -> Address:
        """Raises Invalid("url") for what no webhook may have, Unresolved("url") when the name has no address now."""
        parts = _split(url)
        if parts.scheme not in self.schemes:
            raise Invalid("url", "The address begins with https://, so that nobody on the way reads what is told.")
        if parts.username is not None or parts.password is not None:
            raise Invalid("url", "Leave out the name and password before the @.")
        host, port = (parts.hostname or "").rstrip("."), _port(parts)
        if not host or "%" in host:
            raise Invalid("url", "The address names no host.")
        ips = self._public_ips(host, port)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Address(host, port, target, ips, is_secure=parts.scheme == "https")

    def _public_ips(self, host: str, port: int) -> tuple[str, ...]:
        try:
            ips = tuple(self.resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise Unresolved("url", f"{host} is not known: no address belongs to that name.") from error
        if not ips:
            raise Unresolved("url", f"{host} is not known: no address belongs to that name.")
        if not all(self.is_allowed(ip) for ip in ips):
            raise Invalid("url", f"{host} is not a public address. A webhook leads out of the house.")
        return ips


def _split(url: str) -> SplitResult:
    if len(url) > LONGEST:
        raise Invalid("url", f"Keep the address under {LONGEST:,} letters.")
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        raise Invalid("url", "Copy the address as it was given: it has letters that no address has.")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for what is no port
    except ValueError as error:
        raise Invalid("url", "That is not an address.") from error
    return parts


def _port(parts: SplitResult) -> int:
    usual = USUAL_PORTS.get(parts.scheme, 0)
    port = parts.port if parts.port is not None else usual
    if port != usual and (port < FIRST_FREE_PORT or port in FOREIGN_PORTS):
        raise Invalid("url", f"Port {port} belongs to something else. A webhook has 443, or a port of its own.")
    return port


def masked(url: str) -> str:
    """What may be shown of an address, whose rest is a secret: "https://hooks.slack.com/…7f2x"."""
    parts = urlsplit(url)
    ending = url[-4:] if len(parts.path + parts.query) > 12 else ""
    return f"{parts.scheme}://{parts.netloc}/…{ending}"
