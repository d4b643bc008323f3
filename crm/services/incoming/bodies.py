"""The words of a mail: its plain text, or what its HTML says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape

from crm.services.incoming.headers import with_charset

#: Letters of one part that are read.
MOST = 200_000
#: Parts of one mail that are looked at.
MOST_PARTS = 200

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | {"br", "dd", "div", "dl", "dt", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"}
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(head|script|style|template|title)\b.*?(?:</\1\s*+>|\Z)", re.I | re.S)
_TAG = re.compile(r"<[!/]?([a-z][a-z0-9]*+)[^<>]*+>", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def parts(message: Message) -> Iterator[Message]:
    """Its leaves, in order; not those of a mail within the mail."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(), seen + 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


def content(part: Message) -> str:
    """A part of text as text, in whatever charset, cut after MOST letters."""
    raw = part.get_payload(decode=True)
    return with_charset(raw[: 4 * MOST], _charset(part))[:MOST] if isinstance(raw, bytes) else ""


def _charset(part: Message) -> str:
    found = part.get_content_charset()
    return found if found and found != "us-ascii" else "utf-8"


def words(message: Message) -> str:
    """What it says: all its plain text, else its HTML as text. Attachments are left out."""
    shown = [part for part in parts(message) if part.get_content_disposition() != "attachment"]
    plain = [content(part) for part in shown if part.get_content_type() == "text/plain"]
    told = "\n\n".join(text for text in plain if text.strip())
    if not told:
        html = next((content(part) for part in shown if part.get_content_type() == "text/html"), "")
        told = text_of_html(html)
    return _tidy(told)


def text_of_html(html: str) -> str:
    """What a reader of the page would see, block by block. In time that grows with its length and no faster, which
    neither html.parser nor html5ever can promise over hostile pages."""
    seen = _UNSEEN.sub(" ", html[:MOST])
    return unescape(_TAG.sub(_as_text, " ".join(seen.split())))


def _as_text(tag: re.Match[str]) -> str:
    return "\n" if tag[1].lower() in _BLOCKS else ""


def _tidy(text: str) -> str:
    """Lines without blanks at their ends and without control characters, never two empty ones together."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    clean = [_CONTROL.sub("", line).replace("\xa0", " ").rstrip() for line in lines]
    kept = [line for at, line in enumerate(clean) if line or (at and clean[at - 1])]
    return "\n".join(kept).strip("\n")
