"""Mails as programs and people send them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid
from itertools import count

from crm.services.incoming.parcels import Parcel

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
AMARA = "Amara Diallo <amara.diallo@fernhill.example>"
INES = "Ines Carvalho <ines.carvalho@fernhill.example>"

REPLY = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VTIMEZONE
TZID:/freeassociation.sourceforge.net/Europe/Lisbon
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Lisbon:20261124T100000
DTSTAMP:{stamp}
ORGANIZER;CN=Ines Carvalho:mailto:ines.carvalho@fernhill.example
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};
 CN="Diallo, Amara":mailto:{address}
SEQUENCE:{sequence}
COMMENT:Five minutes late\\, sorry
SUMMARY:Review
BEGIN:VALARM
UID:of-the-alarm
ATTENDEE:mailto:alarm@fernhill.example
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def reply(
    *,
    uid: str,
    partstat: str = "ACCEPTED",
    address: str = "amara.diallo@fernhill.example",
    sequence: int = 0,
    stamp: str = "20261124T080000Z",
    method: str = "REPLY",
) -> str:
    told = {"uid": uid, "partstat": partstat, "address": address, "sequence": sequence, "stamp": stamp}
    return REPLY.format(method=method, **told)


def mail(
    text: str = "A word.", *, sender: str = AMARA, to: str = "rapport@fernhill.example", **head: str
) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = sender, to
    message["Subject"] = head.pop("subject", "A word")
    message["Message-ID"] = head.pop("message_id", "") or make_msgid(domain="fernhill.example")
    for name, value in head.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def with_calendar(calendar: str, *, sender: str = AMARA, params: dict[str, str] | None = None) -> EmailMessage:
    message = mail("Accepted: Review", sender=sender, subject="Accepted: Review", Auto_Submitted="auto-generated")
    message.add_alternative(calendar, subtype="calendar", params=params or {})
    return message


_uids = count(1)


def parcel(message: EmailMessage | bytes, *, size: int = 0) -> Parcel:
    content = message if isinstance(message, bytes) else message.as_bytes()
    return Parcel(next(_uids), size or len(content), NOW, content, is_whole=not size)


def bounce(message_id: str, *, action: str = "failed", why: str = "smtp; 550 5.1.1 No such person here") -> bytes:
    """As Postfix writes it."""
    return f"""Return-Path: <>
Date: Tue, 24 Nov 2026 09:00:00 +0000
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: rapport@fernhill.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B27.1/mail.example"
Message-Id: <20261124.{action}@mail.example>

This is a MIME-encapsulated message.

--B27.1/mail.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B27.1/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: B27

Final-Recipient: rfc822; jo.lindt@fernhill.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: {why}

--B27.1/mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Fernhill IT <rapport@fernhill.example>
To: Jo Lindt <jo.lindt@fernhill.example>
Subject: How is IT doing for Finance?
Message-ID: {message_id}

Jo,

--B27.1/mail.example--
""".replace("\n", "\r\n").encode()
