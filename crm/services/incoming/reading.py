"""A mail as it came over the wire, read as far as it can be."""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from crm.services.incoming import bodies, headers, reports
from crm.services.incoming.parcels import Parcel
from crm.services.incoming.reports import Report

log = logging.getLogger("crm.incoming")

#: Letters of the text that are kept.
BODY_LENGTH = 20_000
SUBJECT_LENGTH = 300
ADDRESS_LENGTH = 320
#: Where servers say for whom a mail was, besides its own To and Cc.
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
#: Bytes of a head; a longer one is there to keep somebody busy.
MOST_HEAD = 300_000
_END_OF_HEAD = re.compile(rb"\n\r?\n")
CALENDARS = ("text/calendar", "application/ics")
_BULK = frozenset(("bulk", "junk", "list", "auto_reply"))


@dataclass(frozen=True)
class Mail:
    """What can be known of a mail by itself."""

    #: The same for every copy of it.
    key: str
    message_id: str = ""
    from_name: str = ""
    #: "" when it does not say.
    from_address: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    #: Of an iCalendar part: its text, and the method its own head names; or None.
    calendar: str | None = None
    calendar_method: str = ""
    report: Report | None = None
    #: No person wrote it: a holiday reply, a newsletter, a list.
    is_automatic: bool = False
    #: Nothing of it could be read.
    is_broken: bool = False


def read(parcel: Parcel) -> Mail:
    """Never raises."""
    try:
        if _END_OF_HEAD.search(parcel.content[:MOST_HEAD]) is None and len(parcel.content) > MOST_HEAD:
            return Mail(key=_hash(parcel.content), is_broken=True)
        return _read(message_from_bytes(parcel.content), parcel)
    except Exception:  # the libraries raise what they like over hostile mail; one such mail must not hold up others
        log.exception("a mail could not be read")
        return Mail(key=_hash(parcel.content), is_broken=True)


def _read(message: Message, parcel: Parcel) -> Mail:
    senders = headers.addresses(message, "From") or [("", "")]
    calendar = _calendar(message)
    return Mail(
        key=_key(message, parcel),
        message_id=headers.text(message, "Message-ID"),
        from_name=senders[0][0][:ADDRESS_LENGTH],
        from_address=senders[0][1][:ADDRESS_LENGTH],
        to=tuple(dict.fromkeys(address for _, address in headers.addresses(message, *RECIPIENTS))),
        subject=headers.text(message, "Subject")[:SUBJECT_LENGTH],
        text=bodies.words(message),
        calendar=bodies.content(calendar) if calendar else None,
        calendar_method=_method(calendar) if calendar else "",
        report=reports.read(message),
        is_automatic=_is_automatic(message),
    )


def _calendar(message: Message) -> Message | None:
    """Its first iCalendar part; the one that programs read, when it comes as an attachment too."""
    found = [part for part in bodies.parts(message) if part.get_content_type() in CALENDARS]
    return min(found, key=lambda part: CALENDARS.index(part.get_content_type()), default=None)


def _method(calendar: Message) -> str:
    method = calendar.get_param("method")
    return method.upper() if isinstance(method, str) else ""


def _is_automatic(message: Message) -> bool:
    """RFC 3834, and what was usual before it."""
    submitted = headers.text(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    precedence = headers.text(message, "Precedence").casefold()
    return (
        submitted not in ("", "no")
        or precedence in _BULK
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id"))
        or headers.text(message, "Return-Path") == "<>"
    )


def _key(message: Message, parcel: Parcel) -> str:
    """Its Message-ID with a hash: of two mails under one Message-ID both are read, of two copies of one mail one.

    The hash leaves out what servers write on the way.
    """
    names = ("From", "To", "Cc", "Date", "Subject")
    head = "\n".join(str(message.get(name)) for name in names).encode("utf-8", "surrogateescape")
    _, _, body = parcel.content.replace(b"\r\n", b"\n").partition(b"\n\n")
    return f"{headers.text(message, 'Message-ID')[:200]} {_hash(head + body + str(parcel.size).encode() * (not body))}"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
