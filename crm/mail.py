"""Mail as it leaves: one message in text and HTML, from one source, handed to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from html import escape
from typing import Self

from crm.config import MailServer
from crm.services.sending import Letter, NotNow, Refused, Unclear, Unreachable

#: Seconds for each step of the conversation with the mail server.
PATIENCE = 30

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:36em;margin:0 auto">
{paragraphs}
{button}
</div></body></html>
"""
BUTTON = (
    '<p style="margin:24px 0"><a href="{url}" style="display:inline-block;padding:12px 20px;border-radius:8px;'
    'background:#1f5c4d;color:#ffffff;text-decoration:none;font-weight:600">{label}</a></p>'
)


def compose(letter: Letter, *, sender: str, base_url: str) -> EmailMessage:
    """The mail: plain text with the address of the one thing to do, and the same as HTML with a button."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    name, address = parseaddr(sender)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(letter.to_name, addr_spec=letter.to_address)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    url = base_url + letter.path if letter.path else ""
    message.set_content(f"{letter.body}\n\n{url}\n" if url else f"{letter.body}\n")
    message.add_alternative(_html(letter, url), subtype="html")
    if letter.calendar:  # the last and richest of the three alternatives: RFC 6047, 2.4
        message.add_alternative(letter.calendar, subtype="calendar", params={"method": letter.calendar_method})
    return message


def _html(letter: Letter, url: str) -> str:
    paragraphs = (escape(part).replace("\n", "<br>\n") for part in letter.body.split("\n\n"))
    return PAGE.format(
        subject=escape(letter.subject),
        paragraphs="\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        button=BUTTON.format(url=escape(url), label=escape(letter.button or "Open it")) if url else "",
    )


class SmtpPost:
    """Hands letters to the mail server over one connection, opened with the first and again when it broke."""

    def __init__(self, server: MailServer, *, base_url: str) -> None:
        self._server, self._base_url = server, base_url
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, letter: Letter) -> None:
        """Raises Refused, NotNow, Unclear or Unreachable."""
        try:
            message = compose(letter, sender=self._server.sender, base_url=self._base_url)
        except (ValueError, IndexError) as error:
            raise Refused(f"{letter.to_address} is not an address that mail can go to.") from error
        smtp = self._connected()
        try:
            smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _answer(code, said) from refused
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(str(error)) from error
        except smtplib.SMTPResponseException as error:
            if not isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
                self._hang_up()
            raise _answer(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._hang_up()
            raise Unclear(f"The mail server was gone before it answered ({error}).") from error

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = _connect(self._server)
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(f"The mail server cannot be reached ({error}).") from error
        return self._smtp

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def send_test(server: MailServer, *, base_url: str, address: str) -> None:
    """One message at once, past the outbox. Raises Refused or NotNow."""
    letter = Letter(
        id=0,
        message_id=make_msgid(domain="rapport"),
        to_name="",
        to_address=address,
        subject="Rapport can send mail",
        body=f"This is the test of the mail server {server.host}. Nothing is left to do.",
        path="/",
        button="Open Rapport",
    )
    with SmtpPost(server, base_url=base_url) as post:
        post.send(letter)


def _connect(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    if server.security == "starttls":
        smtp.starttls(context=context)
    if server.user:
        smtp.login(server.user, server.password)
    return smtp


def _answer(code: int, said: bytes | str) -> Refused | NotNow:
    """4xx: another time (RFC 5321, 4.2.1). 5xx: never."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    reason = f"The mail server said: {code} {words}"
    return NotNow(reason) if 400 <= code < 500 else Refused(reason)
