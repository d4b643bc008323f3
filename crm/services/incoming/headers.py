"""Heads of mails as words and addresses, whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

#: Letters of one header line that are looked at: parsing a longer one takes time and tells nothing.
MOST = 4_000
MOST_LINES = 50


def text(message: Message, name: str) -> str:
    """One line of a head, decoded, without line ends and control characters; "" when it is missing."""
    return one_line(decoded(next(_values(message, name), "")))


def _values(message: Message, *names: str) -> Iterator[str]:
    """As they were sent; the mail itself would put question marks in place of what is not ASCII."""
    wanted = {name.lower() for name in names}
    return (str(value)[:MOST] for name, value in message.raw_items() if name.lower() in wanted)


def decoded(value: str) -> str:
    """ "=?iso-8859-1?q?M=E4rz?=" as "März"; what cannot be decoded stays as it is."""
    try:
        chunks = decode_header(value)
    except (HeaderParseError, ValueError):
        return with_charset(value, "utf-8")
    return "".join(with_charset(chunk, charset or "utf-8") for chunk, charset in chunks)


def with_charset(raw: bytes | str, charset: str) -> str:
    """Bytes as text; with a charset nobody knows, as far as UTF-8 goes. Holds no NUL and no lone surrogates."""
    octets = raw if isinstance(raw, bytes) else raw.encode("utf-8", "surrogateescape" if _escaped(raw) else "replace")
    try:
        found = octets.decode(charset, "replace")
    except (LookupError, ValueError):
        found = octets.decode("utf-8", "replace")
    return found.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _escaped(value: str) -> bool:
    """Whether all its surrogates are bytes that the parser kept."""
    return all(not "\ud800" <= letter <= "\udfff" or "\udc80" <= letter <= "\udcff" for letter in value)


def one_line(value: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """(name, address) of everybody in these lines; addresses as written."""
    try:
        found = getaddresses(list(_values(message, *names))[:MOST_LINES])
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    return [(one_line(decoded(name)), one_line(with_charset(address, "utf-8"))) for name, address in found if address]
