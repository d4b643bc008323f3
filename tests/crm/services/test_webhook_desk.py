"""The administrator's webhooks: what is kept, refused, ended, and said about what arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Actor
from crm.services import webhook_desk
from crm.services.webhook_addresses import Addresses
from crm.services.webhook_desk import Told
from models import OutboxMessage, OutboxState, Webhook, WebhookKind
from models.audit import AuditEntry
from tests.cast import Cast
from tests.conftest import StatementCounter

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OUT_THERE = Addresses(resolve=lambda _host, _port: ["93.184.215.14"])
INSIDE = Addresses(resolve=lambda _host, _port: ["10.0.0.1"])
TOLD = Told("Partners", "https://hooks.example/services/T1/B2/verysecret", ["review.moved", "rating.low"])


@pytest.fixture
def by(session: Session, cast: Cast) -> Actor:
    return cast.actor(session, cast.administrator)


def add(session: Session, by: Actor, kind: WebhookKind = WebhookKind.JSON, told: Told = TOLD) -> Webhook:
    return webhook_desk.add(session, by=by, kind=kind, told=told, addresses=OUT_THERE, now=NOW)


def told_to(session: Session, webhook: Webhook, key: str, **given: object) -> OutboxMessage:
    fields = {"subject": key, "body": "{}", "to_address": webhook.name, "queued_at": NOW} | given
    message = OutboxMessage(key=key, webhook_id=webhook.id, **fields)
    session.add(message)
    session.flush()
    return message


def test_a_webhook_for_programs_gets_a_secret_of_its_own_and_a_chat_none(session: Session, by: Actor) -> None:
    one, other = add(session, by), add(session, by, told=replace(TOLD, name="Other"))
    chat = add(session, by, WebhookKind.SLACK, replace(TOLD, name="Chat"))
    assert len(one.secret) >= 43
    assert one.secret != other.secret
    assert chat.secret == ""
    before = one.secret
    assert webhook_desk.new_secret(session, by=by, webhook=one) == one.secret != before
    with pytest.raises(Conflict):
        webhook_desk.new_secret(session, by=by, webhook=chat)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (replace(TOLD, name=""), "name"),
        (replace(TOLD, name="PARTNERS"), "name"),
        (replace(TOLD, events=[]), "events"),
        (replace(TOLD, events=["test", "nonsense"]), "events"),
        (replace(TOLD, unit_id=2**30), "unit_id"),
        (replace(TOLD, url="http://hooks.example"), "url"),
        (replace(TOLD, url="https://127.0.0.1/"), "url"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(session: Session, by: Actor, told: Told, field: str) -> None:
    add(session, by)
    told = told if field == "name" else replace(told, name="Another")
    with pytest.raises(Invalid) as refused:
        webhook_desk.add(
            session, by=by, kind=WebhookKind.JSON, told=told, addresses=INSIDE if field == "url" else OUT_THERE, now=NOW
        )
    assert refused.value.field == field


def test_a_refused_change_leaves_it_as_it_was(session: Session, by: Actor) -> None:
    webhook = add(session, by)
    told = Told("New", "https://inside.example/", ["rating.low"])
    with pytest.raises(Invalid):
        webhook_desk.change(session, by=by, webhook=webhook, told=told, addresses=INSIDE)
    assert (webhook.name, webhook.url) == (TOLD.name, TOLD.url)


def test_an_empty_address_keeps_the_one_there_is(session: Session, by: Actor) -> None:
    webhook = add(session, by)
    webhook_desk.change(session, by=by, webhook=webhook, told=Told("New", "", ["rating.low"]), addresses=INSIDE)
    assert (webhook.name, webhook.url, webhook.wants) == ("New", TOLD.url, {"events": ["rating.low"]})


def test_the_trail_tells_of_changes_but_neither_address_nor_secret(session: Session, by: Actor) -> None:
    webhook = add(session, by)
    webhook_desk.change(
        session, by=by, webhook=webhook, told=replace(TOLD, name="New", url=TOLD.url + "2"), addresses=OUT_THERE
    )
    webhook_desk.new_secret(session, by=by, webhook=webhook)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.entity == "webhook")).all()
    assert len(entries) == 3
    for entry in entries:
        assert {"url", "secret"}.isdisjoint({*entry.before, *entry.after})
        assert "secret" not in f"{entry.before} {entry.after}"


def test_a_test_waits_once(session: Session, by: Actor) -> None:
    webhook = add(session, by)
    message = webhook_desk.send_test(session, by=by, webhook=webhook, now=NOW)
    assert (message.subject, message.to_address) == ("A test from Rapport", "Partners")
    with pytest.raises(Conflict):
        webhook_desk.send_test(session, by=by, webhook=webhook, now=NOW + timedelta(seconds=1))
    message.state = OutboxState.SENT
    webhook_desk.send_test(session, by=by, webhook=webhook, now=NOW + timedelta(seconds=2))


def test_what_waits_for_an_ended_webhook_stays_here(session: Session, by: Actor) -> None:
    webhook = add(session, by)
    waiting, sent = told_to(session, webhook, "a"), told_to(session, webhook, "b", state=OutboxState.SENT)
    assert webhook_desk.end(session, by=by, webhook=webhook, now=NOW) == 1
    assert webhook_desk.end(session, by=by, webhook=webhook, now=NOW) == 0
    session.expire_all()
    assert (waiting.state, sent.state) == (OutboxState.CANCELLED, OutboxState.SENT)
    for refused in (
        lambda: webhook_desk.send_test(session, by=by, webhook=webhook, now=NOW),
        lambda: webhook_desk.new_secret(session, by=by, webhook=webhook),
        lambda: webhook_desk.change(session, by=by, webhook=webhook, told=TOLD, addresses=OUT_THERE),
    ):
        with pytest.raises(Conflict):
            refused()
    add(session, by)  # the name is free again


def test_the_list_says_what_came_of_the_newest_that_was_tried_in_two_statements(
    session: Session, by: Actor, statements: StatementCounter
) -> None:
    for number in range(30):
        webhook = add(session, by, told=replace(TOLD, name=f"Hook {number:02}"))
        told_to(session, webhook, f"old:{number}", tries=1, state=OutboxState.SENT)
        told_to(session, webhook, f"new:{number}", tries=1, state=OutboxState.FAILED, error="404")
        told_to(session, webhook, f"waits:{number}")
    with statements:
        page = webhook_desk.listed(session, by=by)
    assert statements.count == 2
    assert [line.webhook.name for line in page.rows][:2] == ["Hook 00", "Hook 01"]
    assert (len(page.rows), page.has_next) == (25, True)
    assert all(line.last and line.last.subject.startswith("new:") for line in page.rows)
    assert [line.webhook.name for line in webhook_desk.listed(session, by=by, text="29").rows] == ["Hook 29"]
    assert webhook_desk.listed(session, by=by, ended=True).rows == []


def test_nobody_but_the_administrator_has_webhooks(session: Session, cast: Cast, by: Actor) -> None:
    webhook = add(session, by)
    for person in (cast.rep, cast.cio, cast.head):
        other = cast.actor(session, person)
        with pytest.raises(Forbidden):
            webhook_desk.listed(session, by=other)
        with pytest.raises(Forbidden):
            webhook_desk.find(session, by=other, webhook_id=webhook.id)
    with pytest.raises(NotFound):
        webhook_desk.find(session, by=by, webhook_id=2**30)
