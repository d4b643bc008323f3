"""What can be set from outside, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm import config
from crm.config import ConfigurationError

KEY = "k" * 40


def mistakes(**environment: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        config.from_environment(environment)
    return refused.value.mistakes


def test_every_mistake_gets_a_line_of_its_own() -> None:
    found = mistakes(CRM_SECRET_KEY="short", CRM_THREADS="many", CRM_DATABASE_URL="mysql://x", CRM_COLOUR="blue")
    assert [line.partition(":")[0] for line in found] == [
        "CRM_COLOUR",
        "CRM_DATABASE_URL",
        "CRM_SECRET_KEY",
        "CRM_THREADS",
    ]


def test_production_refuses_to_start_without_a_key_and_https() -> None:
    found = mistakes(CRM_ENVIRONMENT="production")
    assert any(line.startswith("CRM_SECRET_KEY: production wants one of its own") for line in found)
    assert any(line.startswith("CRM_BASE_URL: production wants the https://") for line in found)


def test_production_refuses_the_demonstration_and_debugging() -> None:
    found = mistakes(
        CRM_ENVIRONMENT="production",
        CRM_SECRET_KEY=KEY,
        CRM_BASE_URL="https://rapport.example",
        CRM_DEMONSTRATION="1",
        CRM_DEBUG="1",
    )
    assert found == ["CRM_DEMONSTRATION: not in production", "CRM_DEBUG: not in production"]


def test_locally_a_key_is_made_once_and_readable_by_the_owner_alone(tmp_path: Path) -> None:
    first = config.from_environment({"CRM_INSTANCE": str(tmp_path)}).secret_key
    second = config.from_environment({"CRM_INSTANCE": str(tmp_path)}).secret_key
    assert first == second
    assert len(first) == 64
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_postgresql_address_gets_its_driver() -> None:
    settings = config.from_environment({"CRM_DATABASE_URL": "postgresql://u:p@db/rapport", "CRM_SECRET_KEY": KEY})
    assert settings.database_url == "postgresql+psycopg://u:p@db/rapport"


def test_the_address_of_the_mail_server_says_how_to_talk_to_it() -> None:
    given = {"CRM_MAIL_URL": "smtp+starttls://it%40x:p%2Fw@mail.example", "CRM_MAIL_FROM": "IT <it@fernhill.example>"}
    server = config.from_environment({"CRM_SECRET_KEY": "x" * 40, **given}).mail_server
    assert server is not None
    assert (server.host, server.port, server.security, server.user, server.password) == (
        "mail.example", 587, "starttls", "it@x", "p/w"
    )  # fmt: skip
    assert "p/w" not in repr(server)


def test_the_address_of_the_mailbox_says_how_to_talk_to_it() -> None:
    given = {"CRM_MAIL_URL": "smtps://mail.example", "CRM_MAIL_FROM": "IT <it@fernhill.example>"}
    given |= {"CRM_SECRET_KEY": KEY, "CRM_MAILBOX_URL": "imap+starttls://it%40x:p%2Fw@mail.example/Rapport/In%20box"}
    settings = config.from_environment(given)
    found = settings.mailbox
    assert found is not None
    assert (found.host, found.port, found.security, found.user, found.password, found.folder) == (
        "mail.example", 143, "starttls", "it@x", "p/w", "Rapport/In box"
    )  # fmt: skip
    assert "p/w" not in repr(found)
    assert settings.mail_server is not None
    assert settings.mail_server.takes_answers
    plain = config.from_environment(given | {"CRM_MAILBOX_URL": "imap://it:p@127.0.0.1:1143"}).mailbox
    assert plain is not None
    assert (plain.port, plain.folder) == (1143, "INBOX")


@pytest.mark.parametrize(
    ("url", "demonstration", "why"),
    [
        ("pop3://it:secret-word@mail.example", "0", "begins with none of"),
        ("imaps://it:secret-word@", "0", "lacks"),
        ("imaps://mail.example", "0", "lacks"),
        ("imaps://it:secret-word@mail.example:port", "0", "lacks"),
        ("imap://it:secret-word@mail.example", "0", "only on this machine"),
        ("imaps://it:secret-word@mail.example", "1", "not in the demonstration"),
    ],
)
def test_a_wrong_mailbox_is_said_without_its_password(url: str, demonstration: str, why: str) -> None:
    (found,) = mistakes(CRM_MAILBOX_URL=url, CRM_DEMONSTRATION=demonstration, CRM_SECRET_KEY=KEY)
    assert found.startswith("CRM_MAILBOX_URL: ")
    assert why in found
    assert "secret-word" not in found


def test_a_wrong_mail_server_is_said_without_its_password() -> None:
    found = "\n".join(mistakes(CRM_MAIL_URL="https://it:secret-word@mail.example", CRM_MAIL_FROM=""))
    assert "CRM_MAIL_URL" in found
    assert "CRM_MAIL_FROM" in found
    assert "secret-word" not in found
