"""What a mail says, as text and as HTML from one source: its words, one thing to do, why it came, how to end it.

No colour is fixed but that of the button, which can be read on white and on black: the rest is as the reader's
program draws it, in the light and in the dark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Protocol

from crm.services import languages, mail_lines, stop_links
from crm.services.mail_kinds import KINDS
from models.mail import MailKind

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{subject}</title>
<style>:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}</style></head>
<body lang="{language}" style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:36em;margin:0 auto">
{parts}
</div></body></html>
"""
PARAGRAPH = '<p style="margin:0 0 16px">{}</p>'
HEADING = '<h2 style="margin:24px 0 8px;font-size:16px;line-height:1.5">{}</h2>'
LIST, ITEM = '<ul style="margin:0 0 16px;padding:0 0 0 20px">{}</ul>', '<li style="margin:0 0 4px">{}</li>'
# The border keeps its shape where colours are taken away.
BUTTON = (
    '<p style="margin:24px 0 32px"><a href="{url}" style="display:inline-block;padding:12px 20px;border-radius:8px;'
    'border:1px solid #2f8f76;background-color:#17614f;color:#ffffff;text-decoration:none;font-weight:600">'
    "{label}</a></p>"
)
FOOT = '<p style="margin:0;font-size:13px;opacity:.75">{}</p>'
LINK = '<a href="{url}" style="color:inherit">{label}</a>'
BULLET = "- "


class Mail(Protocol):
    """A letter, or a message in the outbox."""

    @property
    def kind(self) -> MailKind: ...
    @property
    def to_person_id(self) -> int | None: ...
    @property
    def language(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def button(self) -> str: ...


@dataclass(frozen=True)
class Written:
    """A mail in words. ``stop_url`` ends mail of its kind; "" for what is not optional."""

    text: str
    html: str
    stop_url: str = ""


def write(mail: Mail, *, base_url: str, secret_key: str) -> Written:
    """The mail as it leaves, with whole addresses."""
    url = base_url + mail.path if mail.path else ""
    stops = KINDS[mail.kind].is_optional and mail.to_person_id is not None
    stop_url = base_url + stop_links.path(secret_key, mail.to_person_id or 0, mail.kind) if stops else ""
    return Written(_text(mail, url, stop_url, base_url), _html(mail, url, stop_url, base_url), stop_url)


def preview(mail: Mail) -> str:
    """The HTML as it will look, with links that lead nowhere: a personal one is nobody else's."""
    return _html(mail, "#" if mail.path else "", "#" if KINDS[mail.kind].is_optional else "", None)


def _text(mail: Mail, url: str, stop_url: str, base_url: str) -> str:
    say, why = languages.of(None, mail.language), KINDS[mail.kind].why
    label = mail.button or say("Open it")
    parts = [mail_lines.with_addresses(mail.body.strip("\n"), base_url), f"{label}:\n{url}" if url else ""]
    foot = [say(why) if why else "", say("Stop this kind of mail: {address}", address=stop_url) if stop_url else ""]
    if any(foot):
        parts.append("\n".join(["-- ", *filter(None, foot)]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _html(mail: Mail, url: str, stop_url: str, base_url: str | None) -> str:
    say, why = languages.of(None, mail.language), KINDS[mail.kind].why
    parts = [_paragraph(part, base_url) for part in mail.body.strip("\n").split("\n\n") if part.strip()]
    if url:
        parts.append(BUTTON.format(url=escape(url), label=escape(mail.button or say("Open it"))))
    foot = [escape(say(why)) if why else ""]
    if stop_url:
        foot.append(LINK.format(url=escape(stop_url), label=escape(say("Stop this kind of mail"))))
    if any(foot):
        parts.append(FOOT.format("<br>\n".join(filter(None, foot))))
    return PAGE.format(language=escape(mail.language), subject=escape(mail.subject), parts="\n".join(parts))


def _paragraph(text: str, base_url: str | None) -> str:
    """Lines that begin with "- " are a list; other lines stay lines. ``base_url``: None for links that lead nowhere."""
    heading = mail_lines.heading_in(text.strip("\n"))
    if heading is not None:
        return HEADING.format(escape(heading))
    pieces = groupby(text.strip("\n").split("\n"), key=lambda line: line.startswith(BULLET))
    return "\n".join(_list(lines) if are_bullets else _lines(lines, base_url) for are_bullets, lines in pieces)


def _list(lines: Iterable[str]) -> str:
    return LIST.format("\n".join(ITEM.format(escape(line.removeprefix(BULLET))) for line in lines))


def _lines(lines: Iterable[str], base_url: str | None) -> str:
    return PARAGRAPH.format("<br>\n".join(_line(line, base_url) for line in lines))


def _line(line: str, base_url: str | None) -> str:
    link = mail_lines.link_in(line)
    if link is None:
        return escape(line)
    label, path = link
    url = "#" if base_url is None else base_url + path
    return f"→ {LINK.format(url=escape(url), label=escape(label))}"


def one_line(text: str) -> str:
    """Without line ends and control characters: a line end in a head would begin a new header."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
