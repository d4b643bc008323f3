"""What mail servers report of a mail that did not arrive: RFC 3464."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from crm.services.incoming import headers
from crm.services.incoming.bodies import content, parts

#: As the outbox makes them.
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True)
class Report:
    """``of``: the Message-IDs it may be about; ``action``: "failed", "delayed", "delivered" ...; ``why``: in the mail
    server's words."""

    of: tuple[str, ...]
    action: str
    why: str


def read(message: Message) -> Report | None:
    """The report that this mail is, or None."""
    status = next((part for part in parts(message) if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks = [block for block in _blocks(status) if block.get("Action")]
    # Of several recipients the one that failed; every mail of ours has one.
    told = next((block for block in blocks if _action(block) == "failed"), blocks[0] if blocks else None)
    if told is None:
        return Report(_ids(message), "", "")
    return Report(_ids(message), _action(told), _why(told))


def _action(block: Message) -> str:
    return headers.text(block, "Action").casefold()


def _why(block: Message) -> str:
    diagnostic = headers.text(block, "Diagnostic-Code")
    said = diagnostic.partition(";")[2].strip() or diagnostic
    status = headers.text(block, "Status")
    return said if status and status in said else " ".join(one for one in (status, said) if one)


def _blocks(status: Message) -> Iterator[Message]:
    """The groups of lines in it, one for each recipient after the first."""
    inner = status.get_payload()
    if isinstance(inner, list):
        yield from (block for block in inner if isinstance(block, Message))
    else:
        yield from (message_from_string(block) for block in content(status).split("\n\n")[:50])


def _ids(message: Message) -> tuple[str, ...]:
    """Of the mail that comes with the report, then those that the report itself answers."""
    returned = [headers.text(one, "Message-ID") for part in parts(message) for one in _returned(part)]
    answered = " ".join(headers.text(message, name) for name in ("In-Reply-To", "References"))
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(" ".join([*returned, answered]))))


def _returned(part: Message) -> Iterator[Message]:
    inner = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(inner, list):
        yield from (one for one in inner if isinstance(one, Message))
    elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
        yield message_from_string(content(part))
