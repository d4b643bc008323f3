"""The outbox: mail that waits, for whom it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import OutboxMessage
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter


@pytest.fixture
def message(client: Client, session: Session, cast: Cast) -> OutboxMessage:
    """The head's mail with a personal link."""
    client.sign_in(cast.rep).submit(f"/units/{cast.finance.id}/ask", {"people": [cast.head.id]})
    return session.scalars(select(OutboxMessage)).one()


@pytest.fixture
def demonstration(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, demonstration=True))


def test_one_reads_the_own_mail_and_its_link(client: Client, cast: Cast, message: OutboxMessage) -> None:
    client.sign_in(cast.head)
    listed = client.get("/outbox").text
    assert "How is IT doing for Finance?" in listed
    assert "No mail server is connected, so no mail leaves." in listed
    shown = client.get(f"/outbox/{message.id}").text
    assert f'href="{message.path}">Open the link</a>' in shown
    assert "Ines Carvalho asks how well IT has served Finance." in shown


def test_nobody_reads_the_mail_of_others(client: Client, cast: Cast, message: OutboxMessage) -> None:
    for person in (cast.rep, cast.cio, cast.outsider):
        client.sign_in(person)
        page = client.get("/outbox").text
        assert "No mail yet" in page
        assert client.get(f"/outbox/{message.id}").status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_in_the_demonstration_everybody_reads_all(client: Client, cast: Cast, message: OutboxMessage) -> None:
    client.sign_in(cast.cio)
    assert "How is IT doing for Finance?" in client.get("/outbox").text
    assert message.path in client.get(f"/outbox/{message.id}").text
    client.submit(message.path, {"score": "2"})
    assert message.path in client.get(f"/outbox/{message.id}").text


def test_the_administrator_passes_a_link_on_until_it_holds_an_answer(
    client: Client, cast: Cast, message: OutboxMessage
) -> None:
    client.sign_in(cast.administrator)
    assert message.path in client.get(f"/outbox/{message.id}").text
    client.submit(message.path, {"score": "2", "comment": "A secret"})
    page = client.get(f"/outbox/{message.id}").text
    assert message.path not in page
    assert "Amara has answered by the link." in page
    assert message.path in client.sign_in(cast.head).get(f"/outbox/{message.id}").text


def test_mail_is_narrowed_and_an_empty_find_says_so(client: Client, cast: Cast, message: OutboxMessage) -> None:
    client.sign_in(cast.administrator)
    assert "How is IT doing" in client.get("/outbox?text=diallo").text
    assert "No message fits" in client.get("/outbox?text=nobody").text


def test_the_outbox_takes_few_statements(
    client: Client, cast: Cast, message: OutboxMessage, statements: StatementCounter
) -> None:
    client.sign_in(cast.administrator)
    for path in ("/outbox", f"/outbox/{message.id}"):
        with statements:
            client.get(path)
        assert statements.count <= 12
