"""Mail as it leaves: one message in text, HTML and, where it holds a date, calendar; handed to the mail server."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import replace
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import formatdate, make_msgid, parseaddr
from typing import Self

from email_validator import validate_email

from crm.config import MailServer
from crm.services import calendar_objects, mail_text
from crm.services.sending import Letter, NotNow, Refused, Unclear, Unreachable

#: Seconds for each step of the conversation with the mail server.
PATIENCE = 30
#: One long word in a header, such as a signed address, stays whole: folded it would be encoded, and no longer work.
POLICY = default.clone(max_line_length=900)
#: The value of List-Unsubscribe-Post, and the body of the request that a mail program then sends.
ONE_CLICK = "List-Unsubscribe=One-Click"


def compose(letter: Letter, *, sender: str, base_url: str, secret_key: str) -> EmailMessage:
    """The mail: plain text with the address of the one thing to do, and the same as HTML with a button.

    Raises ValueError or HeaderParseError for an address that is none, Refused for one that mail servers do not take.
    """
    written = mail_text.write(letter, base_url=base_url, secret_key=secret_key)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = mail_text.one_line(letter.subject)
    message["From"] = _address(*parseaddr(sender))
    message["To"] = _address(letter.to_name, letter.to_address)
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    if written.stop_url:
        message["List-Unsubscribe"] = f"<{written.stop_url}>"  # RFC 2369, 3.2
        message["List-Unsubscribe-Post"] = ONE_CLICK  # RFC 8058
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    if letter.calendar:  # the last and richest of the three alternatives: RFC 6047, 2.4
        message.add_alternative(letter.calendar, subtype="calendar", params={"method": letter.calendar_method})
    message["Content-Language"] = letter.language  # last: what begins with Content- moves into the first part
    return message


def _address(name: str, address: str) -> Address:
    """The address as stored; a domain in another script goes as mail servers know it (RFC 5891)."""
    if address != mail_text.one_line(address):
        raise ValueError(f"{address!r} is not on one line")
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise Refused(f"{address} has letters before the @ that mail servers do not take.")
    if not domain.isascii():
        address = (
            f"{local}@{validate_email(f'x@{domain}', check_deliverability=False, test_environment=True).ascii_domain}"
        )
    return Address(mail_text.one_line(name), addr_spec=address)


class SmtpPost:
    """Hands letters to the mail server over one connection, opened with the first and again when it broke."""

    def __init__(self, server: MailServer, *, base_url: str, secret_key: str) -> None:
        self._server, self._base_url, self._secret_key = server, base_url, secret_key
        self._smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._hang_up()

    def send(self, letter: Letter) -> None:
        """Raises Refused, NotNow, Unclear or Unreachable."""
        try:
            message = self._compose(letter)
        except (ValueError, IndexError, HeaderParseError) as error:
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

    def _compose(self, letter: Letter) -> EmailMessage:
        if letter.calendar and self._server.takes_answers:
            _, address = parseaddr(self._server.sender)
            letter = replace(letter, calendar=calendar_objects.answered_to(letter.calendar, address))
        return compose(letter, sender=self._server.sender, base_url=self._base_url, secret_key=self._secret_key)

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


def send_test(server: MailServer, *, base_url: str, secret_key: str, address: str) -> None:
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
    with SmtpPost(server, base_url=base_url, secret_key=secret_key) as post:
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
