"""What can be set from outside: environment variables ``CRM_*``, and ``.env`` beside them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values


@dataclass(frozen=True)
class Variable:
    """One environment variable, as the README's table lists it."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "CRM_DATABASE_URL",
        "sqlite:///instance/crm.db",
        "Where the data live: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    ),
    Variable(
        "CRM_SECRET_KEY",
        "",
        "Signs cookies; 32 characters or more. Locally one is made and kept in the instance folder",
    ),
    Variable(
        "CRM_ENVIRONMENT",
        "local",
        "local or production. Production wants a secret key and https, and marks cookies Secure",
    ),
    Variable(
        "CRM_BASE_URL",
        "",
        "How people reach this application; links in mails begin with it. Locally: http://127.0.0.1:8000",
    ),
    Variable("CRM_INSTANCE", "instance", "Folder for the local secret key, and for files that people attach"),
    Variable(
        "CRM_DEMONSTRATION",
        "0",
        "1: one-click sign-in on the loopback address, and an outbox open to everyone. Refused in production",
    ),
    Variable("CRM_DEBUG", "0", "1: tracebacks in the log, and the page /design. Refused in production"),
    Variable("CRM_TRUSTED_PROXIES", "0", "How many proxies in front may be believed about the caller's address"),
    Variable(
        "CRM_MAIL_URL",
        "",
        "The mail server: smtp+starttls://USER:PASSWORD@HOST:587, smtps://HOST:465 or smtp://HOST:25. "
        "Empty: mail stays in the outbox, and nothing leaves by accident",
    ),
    Variable("CRM_MAIL_FROM", "", "Who mail is from: Fernhill IT <rapport@fernhill.example>"),
    Variable(
        "CRM_MAILBOX_URL",
        "",
        "The mailbox whose mail is read every five minutes: imaps://USER:PASSWORD@HOST/INBOX or "
        "imap+starttls://USER:PASSWORD@HOST/INBOX; imap:// on this machine only. Empty: no mail is read",
    ),
    Variable("CRM_WORKERS", "1", "Web processes"),
    Variable("CRM_THREADS", "8", "Threads in each web process"),
)
DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


class ConfigurationError(Exception):
    """One line per mistake in :attr:`mistakes`."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


#: How each kind of mail address talks, and its usual port.
MAIL_SCHEMES = {"smtp": ("plain", 25), "smtp+starttls": ("starttls", 587), "smtps": ("tls", 465)}


@dataclass(frozen=True)
class MailServer:
    """Where mail goes. ``security``: "plain", "starttls" or "tls"; without ``user`` nobody logs in."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    #: "Fernhill IT <rapport@fernhill.example>"
    sender: str = ""
    #: A mailbox is connected, which reads the answers to invitations: they go to the sender's address.
    takes_answers: bool = False


#: The same for mailboxes. In plain text a password would travel for everybody to read: on this machine only.
MAILBOX_SCHEMES = {"imap": ("plain", 143), "imap+starttls": ("starttls", 143), "imaps": ("tls", 993)}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailboxServer:
    """Where mail is read. ``security``: "plain", "starttls" or "tls"."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


@dataclass(frozen=True)
class Settings:
    """The settings, checked."""

    database_url: str
    secret_key: str
    production: bool = False
    base_url: str = "http://127.0.0.1:8000"
    demonstration: bool = False
    debug: bool = False
    trusted_proxies: int = 0
    workers: int = 1
    threads: int = 8
    mail_server: MailServer | None = None
    mailbox: MailboxServer | None = None
    #: Where files lie that people attach: below the instance folder, outside of what is served.
    files: Path = Path("instance/files")
    testing: bool = False


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``CRM_*``; what the environment does not say, ``.env`` says, then the defaults.

    Raises ConfigurationError with a line for each mistake.
    """
    if environment is None:
        environment = {**{key: value or "" for key, value in dotenv_values(".env").items()}, **os.environ}
    return _Reader(environment).settings()


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self.given = {name: value.strip() for name, value in environment.items() if name.startswith("CRM_")}
        self.mistakes: list[str] = []

    def settings(self) -> Settings:
        self._refuse_unknown()
        production = self._choice("CRM_ENVIRONMENT", ("local", "production")) == "production"
        settings = Settings(
            database_url=self._database_url(),
            secret_key=self._secret_key(production),
            production=production,
            base_url=self._base_url(production),
            demonstration=self._switch("CRM_DEMONSTRATION", production),
            debug=self._switch("CRM_DEBUG", production),
            trusted_proxies=self._number("CRM_TRUSTED_PROXIES", 0, 10),
            workers=self._number("CRM_WORKERS", 1, 64),
            threads=self._number("CRM_THREADS", 1, 64),
            mail_server=self._mail_server(),
            mailbox=self._mailbox(),
            files=Path(self._get("CRM_INSTANCE")).absolute() / "files",
        )
        if settings.demonstration and settings.mail_server:
            self.mistakes.append("CRM_MAIL_URL: not in the demonstration, whose people do not exist")
        if settings.demonstration and settings.mailbox:
            self.mistakes.append("CRM_MAILBOX_URL: not in the demonstration, whose people write to nobody")
        if self.mistakes:
            raise ConfigurationError(self.mistakes)
        return settings

    def _get(self, name: str) -> str:
        return self.given.get(name) or DEFAULTS[name]

    def _refuse_unknown(self) -> None:
        # CRM_TEST_* belongs to the test suite.
        unknown = sorted(name for name in self.given if name not in DEFAULTS and not name.startswith("CRM_TEST_"))
        self.mistakes += [f"{name}: there is no such setting" for name in unknown]

    def _choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self._get(name)
        if value not in choices:
            self.mistakes.append(f"{name}: {value!r} is not one of {', '.join(choices)}")
        return value

    def _switch(self, name: str, production: bool) -> bool:
        on = self._choice(name, ("0", "1")) == "1"
        if on and production:
            self.mistakes.append(f"{name}: not in production")
        return on

    def _number(self, name: str, least: int, most: int) -> int:
        value = self._get(name)
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        self.mistakes.append(f"{name}: {value!r} is not a whole number from {least} to {most}")
        return least

    def _database_url(self) -> str:
        url = self._get("CRM_DATABASE_URL")
        if url.startswith(("postgresql://", "postgres://")):
            return "postgresql+psycopg://" + url.partition("://")[2]
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            self.mistakes.append(f"CRM_DATABASE_URL: {url.partition(':')[0]!r} is neither sqlite:/// nor postgresql://")
        return url

    def _mail_server(self) -> MailServer | None:
        url, sender = self._get("CRM_MAIL_URL"), self._get("CRM_MAIL_FROM")
        if not url:
            return None
        if "@" not in parseaddr(sender)[1]:
            self.mistakes.append("CRM_MAIL_FROM: mail needs a sender, such as Fernhill IT <rapport@fernhill.example>")
        try:
            found = urlsplit(url)
            security, port = MAIL_SCHEMES[found.scheme]
            if not found.hostname:
                raise KeyError(url)
            return MailServer(
                host=found.hostname,
                port=found.port or port,
                security=security,
                user=unquote(found.username or ""),
                password=unquote(found.password or ""),
                sender=sender,
                takes_answers=bool(self._get("CRM_MAILBOX_URL")),
            )
        except (KeyError, ValueError):
            # Not shown: it may hold a password.
            self.mistakes.append(f"CRM_MAIL_URL: begins with none of {', '.join(MAIL_SCHEMES)}, or names no host")
            return None

    def _mailbox(self) -> MailboxServer | None:
        url = self._get("CRM_MAILBOX_URL")
        if not url:
            return None
        try:
            found = urlsplit(url)
            security, port = MAILBOX_SCHEMES[found.scheme]
            if not found.hostname or not found.username or not found.password:
                raise KeyError(url)
            mailbox = MailboxServer(
                host=found.hostname,
                port=found.port or port,
                security=security,
                user=unquote(found.username),
                password=unquote(found.password),
                folder=unquote(found.path.strip("/")) or "INBOX",
            )
        except (KeyError, ValueError):
            # Not shown: it holds a password.
            self.mistakes.append(
                f"CRM_MAILBOX_URL: begins with none of {', '.join(MAILBOX_SCHEMES)}, or lacks a user, password or host"
            )
            return None
        if mailbox.security == "plain" and mailbox.host not in LOOPBACK:
            self.mistakes.append("CRM_MAILBOX_URL: imap:// only on this machine; elsewhere imaps://")
        return mailbox

    def _base_url(self, production: bool) -> str:
        url = self.given.get("CRM_BASE_URL", "").rstrip("/")
        if production and not url.startswith("https://"):
            self.mistakes.append("CRM_BASE_URL: production wants the https:// address under which people reach this")
        return url or "http://127.0.0.1:8000"

    def _secret_key(self, production: bool) -> str:
        key = self.given.get("CRM_SECRET_KEY", "")
        if key and len(key) < 32:
            self.mistakes.append("CRM_SECRET_KEY: shorter than 32 characters; try `openssl rand -hex 32`")
        if production and not key:
            self.mistakes.append("CRM_SECRET_KEY: production wants one of its own; try `openssl rand -hex 32`")
        return key or ("" if production else _local_secret_key(Path(self._get("CRM_INSTANCE"))))


def _local_secret_key(instance: Path) -> str:
    """A key of this folder's own, made once, so that a restart does not sign everybody out."""
    file = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text().strip()
