"""Webhooks on pages: added, tried, changed and ended by the administrator; the outbox steers what they are told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import webhooks
from crm.services.webhook_addresses import Addresses
from crm.services.webhook_events import Event
from models import OutboxMessage, OutboxState, Webhook, WebhookKind
from tests.cast import Cast
from tests.client import Client
from tests.conftest import StatementCounter

ADDRESS = "https://hooks.example/services/T1/B2/verysecret"
FORM = {"name": "Partners", "kind": "teams", "url": ADDRESS, "unit_id": "", "events": ["review.moved", "rating.low"]}


@pytest.fixture(autouse=True)
def out_there(app: Flask) -> Iterator[None]:
    """Names lead out of the house, but for one."""
    before = app.extensions["addresses"]
    where = {"inside.example": ["10.0.0.1"], "unknown.example": []}
    app.extensions["addresses"] = Addresses(resolve=lambda host, _port: where.get(host, ["93.184.215.14"]))
    yield
    app.extensions["addresses"] = before


@pytest.fixture
def hook(session: Session, cast: Cast) -> Webhook:
    found = Webhook(
        name="Partners",
        kind=WebhookKind.JSON,
        url=ADDRESS,
        secret="a shared secret",
        wants={"events": ["request.logged"]},
        made_at=datetime.now(UTC),
    )
    session.add(found)
    session.commit()
    return found


@pytest.fixture
def message(session: Session, cast: Cast, hook: Webhook) -> OutboxMessage:
    webhooks.tell(
        session,
        event=Event.REQUEST_LOGGED,
        unit_id=cast.finance.id,
        facts={"title": "A second <approver>"},
        path="/requests/1",
        now=datetime.now(UTC),
    )
    session.commit()
    return session.scalars(select(OutboxMessage)).one()


def test_a_chat_is_added_and_its_address_is_not_shown_again(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    assert "Nobody listens yet" in client.get("/webhooks").text
    answer = client.submit("/webhooks/new", FORM)
    assert answer.status_code == 303
    webhook = session.scalars(select(Webhook)).one()
    assert (webhook.kind, webhook.url, webhook.made_by_id) == (WebhookKind.TEAMS, ADDRESS, cast.administrator.id)
    for path in ("/webhooks", f"/webhooks/{webhook.id}", "/audit"):
        assert "verysecret" not in client.get(path).text
    assert "https://hooks.example/…cret" in client.get(f"/webhooks/{webhook.id}").text


def test_the_secret_of_a_program_is_shown_once(client: Client, session: Session, cast: Cast) -> None:
    client.sign_in(cast.administrator)
    shown = client.submit("/webhooks/new", {**FORM, "kind": "json"})
    webhook = session.scalars(select(Webhook)).one()
    assert shown.status_code == 200
    assert webhook.secret in shown.text
    assert webhook.secret not in client.get(f"/webhooks/{webhook.id}").text
    before = webhook.secret
    again = client.submit(f"/webhooks/{webhook.id}/secret")
    session.refresh(webhook)
    assert webhook.secret != before
    assert webhook.secret in again.text
    assert before not in again.text
    assert shown.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"url": "http://hooks.example/x"}, "The address begins with https://"),
        ({"url": "https://inside.example/x"}, "inside.example is not a public address."),
        ({"url": "https://unknown.example/x"}, "unknown.example is not known"),
        ({"url": ""}, "Copy the address that was given to you there."),
        ({"url": "https://a:b@hooks.example/"}, "Leave out the name and password"),
        ({"events": []}, "Choose at least one thing to tell."),
        ({"name": ""}, "Give it a name"),
        ({"kind": "fax"}, "Not a valid choice"),
        ({"events": ["test"]}, "valid choice"),
    ],
)
def test_what_cannot_be_stands_beside_its_field_and_nothing_typed_is_lost(
    client: Client, session: Session, cast: Cast, said: dict[str, str], why: str
) -> None:
    client.sign_in(cast.administrator)
    answer = client.submit("/webhooks/new", {**FORM, **said})
    assert answer.status_code == 422
    assert why in answer.text.replace("’", "'")
    assert said.get("url", ADDRESS) in answer.text
    assert said.get("name", "Partners") in answer.text
    assert session.scalars(select(Webhook)).all() == []


def test_it_is_changed_and_an_empty_address_stays(client: Client, session: Session, cast: Cast, hook: Webhook) -> None:
    client.sign_in(cast.administrator)
    form = {"name": "Reps", "url": "", "unit_id": cast.finance.id, "events": ["meeting.logged"]}
    assert client.submit(f"/webhooks/{hook.id}", form).status_code == 303
    session.refresh(hook)
    assert (hook.name, hook.url, hook.unit_id) == ("Reps", ADDRESS, cast.finance.id)
    page = client.get("/webhooks").text
    assert "Finance and below" in page
    assert client.submit(f"/webhooks/{hook.id}", {**form, "url": "https://inside.example"}).status_code == 422
    session.refresh(hook)
    assert hook.url == ADDRESS


def test_a_test_goes_through_the_outbox(client: Client, session: Session, cast: Cast, hook: Webhook) -> None:
    client.sign_in(cast.administrator)
    answer = client.submit(f"/webhooks/{hook.id}/test")
    message = session.scalars(select(OutboxMessage)).one()
    assert answer.headers["Location"] == f"/outbox/{message.id}"
    page = client.get(answer.headers["Location"]).text
    assert "A test for Partners leaves in a minute." in page
    assert "Nothing is told but that it happened." in page
    assert client.submit(f"/webhooks/{hook.id}/test").status_code == 409


def test_what_came_of_the_last_message_stands_in_the_list(
    client: Client, session: Session, cast: Cast, message: OutboxMessage
) -> None:
    client.sign_in(cast.administrator)
    assert "nothing told yet" in client.get("/webhooks").text
    message.state, message.tries, message.error = OutboxState.FAILED, 1, "hooks.example said: 404 no_team"
    session.commit()
    page = client.get("/webhooks").text
    assert "Failed" in page
    assert "hooks.example said: 404 no_team" in page


def test_ended_it_is_told_nothing_more_and_stays_to_be_read(
    client: Client, session: Session, cast: Cast, hook: Webhook, message: OutboxMessage
) -> None:
    client.sign_in(cast.administrator)
    assert client.submit(f"/webhooks/{hook.id}/end").status_code == 303
    assert "What waited (1) stays in the outbox." in client.get("/webhooks").text
    assert "Partners" in client.get("/webhooks?ended=1").text
    page = client.get(f"/webhooks/{hook.id}").text
    assert "Nothing more goes there." in page
    assert "/test" not in page
    session.refresh(message)
    assert message.state is OutboxState.CANCELLED


def test_the_outbox_shows_what_a_webhook_is_told_and_steers_it(
    client: Client, session: Session, cast: Cast, message: OutboxMessage
) -> None:
    client.sign_in(cast.administrator)
    for path in ("/outbox", "/outbox?show=webhooks", "/outbox?text=partners"):
        assert "A request was logged: Finance" in client.get(path).text
    page = client.get(f"/outbox/{message.id}").text
    assert "A second &lt;approver&gt;" in page
    assert "verysecret" not in page
    assert "a shared secret" not in page
    assert "It leaves within a minute." in page
    assert client.submit(f"/outbox/{message.id}/cancel").status_code == 303
    assert "It stays here." in client.get(f"/outbox/{message.id}").text
    assert client.submit(f"/outbox/{message.id}/send-again").status_code == 303
    session.refresh(message)
    assert message.state is OutboxState.QUEUED


def test_nobody_else_sees_what_webhooks_are_told(client: Client, cast: Cast, message: OutboxMessage) -> None:
    for person in (cast.rep, cast.cio, cast.head, cast.specialist):
        client.sign_in(person)
        for path in ("/outbox", "/outbox?show=webhooks"):
            assert "A request was logged" not in client.get(path).text
        assert client.get(f"/outbox/{message.id}").status_code == 404
        assert client.get("/webhooks").status_code == 403


def test_in_the_demonstration_only_the_administrator_sees_it_and_nothing_leaves(
    app: Flask, client: Client, cast: Cast, message: OutboxMessage
) -> None:
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, demonstration=True)
    try:
        client.sign_in(cast.rep)
        assert client.get(f"/outbox/{message.id}").status_code == 404
        client.sign_in(cast.administrator)
        assert "in the demonstration nothing leaves" in client.get(f"/outbox/{message.id}").text
    finally:
        app.extensions["settings"] = before


def test_the_pages_take_few_statements(
    client: Client, cast: Cast, hook: Webhook, message: OutboxMessage, statements: StatementCounter
) -> None:
    client.sign_in(cast.administrator)
    for path in ("/webhooks", "/webhooks/new", f"/webhooks/{hook.id}", f"/outbox/{message.id}", "/outbox"):
        with statements:
            page = client.get(path)
        assert statements.count <= 12, path
        assert len(re.findall(r"btn-primary", page.text)) <= 1, path
