"""A webhook leads out of the house, whatever its address is spelled like and whatever its name answers."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.errors import Invalid
from crm.services import webhook_addresses
from crm.services.webhook_addresses import Addresses, Unresolved, is_public, masked

PUBLIC = ("93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e")
INSIDE = (
    "127.0.0.1",
    "127.8.8.8",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "0.1.2.3",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::10.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::a00:1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c:0:0:f5ff:fffe",
    "2001:20::1",
    "2001:db8::1",
    "2002:0a00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00::8",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "not an address",
    "",
)


def known(*ips: str) -> Addresses:
    """A world in which every name has these addresses."""
    return Addresses(resolve=lambda _host, _port: ips)


@pytest.mark.parametrize("ip", PUBLIC)
def test_an_address_out_there_is_public(ip: str) -> None:
    assert is_public(ip)


@pytest.mark.parametrize("ip", INSIDE)
def test_an_address_inside_is_not(ip: str) -> None:
    assert not is_public(ip)
    with pytest.raises(Invalid, match="not a public address"):
        known(ip).check("https://hooks.example/x")


@given(st.ip_addresses(v=4))
def test_no_way_of_packing_an_ipv4_address_into_ipv6_is_public(ip: object) -> None:
    number = int(ip)  # type: ignore[call-overload]
    low = f"{number >> 16:x}:{number & 0xFFFF:x}"
    for packed in (f"::{low}", f"::ffff:{low}", f"64:ff9b::{low}", f"2002:{low}::1", f"2001:0:0:0:0:0:{low}"):
        assert not is_public(packed)


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    for ips in (("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("2606:4700:4700::1111", "::1")):
        with pytest.raises(Invalid, match="not a public address"):
            known(*ips).check("https://hooks.example/x")


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost.", "LOCALHOST", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]"),
    ],
)
def test_this_machine_is_found_out_in_every_spelling(host: str) -> None:
    with pytest.raises(Invalid):
        Addresses().check(f"https://{host}/x")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/x", "begins with https"),
        ("ftp://hooks.example/x", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("hooks.example/x", "begins with https"),
        ("", "begins with https"),
        ("https:///x", "no host"),
        ("https://./x", "no host"),
        ("https://[fe80::1%25eth0]/x", "letters|no host|not an address"),
        ("https://user:secret@hooks.example/x", "before the @"),
        ("https://8.8.8.8@127.0.0.1/", "before the @"),
        ("https://hooks.example\\@127.0.0.1/", "letters that no address has"),
        ("https://hooks.example/a b", "letters that no address has"),
        ("https://hooks.example/\r\nHost: inside", "letters that no address has"),
        ("https://hooks.example/\t", "letters that no address has"),
        ("https://höoks.example/", "letters that no address has"),
        ("https://hooks.example:99999/", "not an address"),
        ("https://hooks.example:x/", "not an address"),
        ("https://[::1/", "not an address"),
        ("https://hooks.example:22/", "Port 22"),
        ("https://hooks.example:0/", "Port 0"),
        ("https://hooks.example:80/", "Port 80"),
        ("https://hooks.example:5432/", "Port 5432"),
        ("https://hooks.example/" + "x" * 2000, "2,000 letters"),
    ],
)
def test_what_no_webhook_has_is_refused_with_a_reason(url: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        known("8.8.8.8").check(url)
    assert refused.value.field == "url"


@given(st.text(max_size=60))
def test_nothing_typed_is_more_than_refused(text: str) -> None:
    for url in (text, "https://" + text):
        with suppress(Invalid):
            known("8.8.8.8").check(url)


def test_a_good_address_is_taken_apart_once() -> None:
    address = known("8.8.8.8", "2606:4700:4700::1111").check("https://Hooks.Example.:8443/a/b?sig=1&x=%2F#part")
    assert (address.host, address.port, address.target) == ("hooks.example", 8443, "/a/b?sig=1&x=%2F")
    assert address.ips == ("8.8.8.8", "2606:4700:4700::1111")
    assert known("8.8.8.8").check("https://hooks.example").target == "/"
    assert known("8.8.8.8").check("https://hooks.example?x").target == "/?x"


@pytest.mark.parametrize("error", [OSError("no such name"), TimeoutError(), UnicodeError("label too long")])
def test_a_name_nobody_knows_is_told_apart_from_a_refusal(error: Exception) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise error

    with pytest.raises(Unresolved, match=r"hooks\.example is not known"):
        Addresses(resolve=unknown).check("https://hooks.example/x")
    with pytest.raises(Unresolved):
        known().check("https://hooks.example/x")


def test_a_name_that_takes_too_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Event()
    monkeypatch.setattr(webhook_addresses, "PATIENCE", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(10))
    with pytest.raises(Unresolved):
        Addresses().check("https://hooks.example/x")
    answered.set()


def test_of_a_secret_address_only_the_place_and_its_last_letters_are_shown() -> None:
    assert masked("https://hooks.slack.com/services/T1/B2/secretsecret7f2x") == "https://hooks.slack.com/…7f2x"
    assert masked("https://hooks.example/short") == "https://hooks.example/…"
