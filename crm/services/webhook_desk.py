"""The administrator's webhooks: where to tell what, whether it arrives, and ending it."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages, webhooks
from crm.services.pages import Page
from crm.services.search import contains
from crm.services.webhook_addresses import Addresses
from crm.services.webhook_events import CHOICES, Event
from crm.services.webhook_payloads import News
from models.outbox import OutboxMessage, OutboxState
from models.unit import BusinessUnit
from models.webhook import Webhook, WebhookKind

NAME_LENGTH = 80
ENDED = "The webhook was ended."


@dataclass(frozen=True)
class Told:
    """What is said of a webhook. ``url`` is "" when the one it has stays."""

    name: str
    url: str
    events: Collection[str]
    unit_id: int | None = None


@dataclass(frozen=True)
class Line:
    """A webhook of a list, with its unit, and its newest message that was tried: None when none was."""

    webhook: Webhook
    last: OutboxMessage | None


def listed(session: Session, *, by: Actor, text: str = "", ended: bool = False, number: int = 1) -> Page[Line]:
    """Webhooks at work, or those ended, by name. Two statements a page."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    wanted = select(Webhook).options(joinedload(Webhook.unit))
    wanted = wanted.where(Webhook.ended_at.is_not(None) if ended else Webhook.ended_at.is_(None))
    if text:
        wanted = wanted.where(contains(text, Webhook.name))
    found = pages.of_objects(session, wanted.order_by(func.lower(Webhook.name), Webhook.id), number)
    last = _last_tried(session, [webhook.id for webhook in found.rows])
    return Page([Line(webhook, last.get(webhook.id)) for webhook in found.rows], found.number, found.has_next)


def last_tried(session: Session, *, webhook: Webhook) -> OutboxMessage | None:
    """What came of the newest message that was tried."""
    return _last_tried(session, [webhook.id]).get(webhook.id)


def _last_tried(session: Session, ids: Sequence[int]) -> dict[int, OutboxMessage]:
    tried = and_(OutboxMessage.tries > 0, OutboxMessage.state != OutboxState.SENDING)
    newest = select(func.max(OutboxMessage.id)).where(OutboxMessage.webhook_id.in_(ids), tried)
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(newest.group_by(OutboxMessage.webhook_id))))
    return {row.webhook_id: row for row in rows if row.webhook_id}


def find(session: Session, *, by: Actor, webhook_id: int) -> Webhook:
    """With its unit. Raises NotFound."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    loaded = select(Webhook).where(Webhook.id == webhook_id).options(joinedload(Webhook.unit))
    found = session.scalar(loaded)
    if found is None:
        raise NotFound("There is no such webhook.")
    return found


def add(session: Session, *, by: Actor, kind: WebhookKind, told: Told, addresses: Addresses, now: datetime) -> Webhook:
    """A new webhook; one for programs with a secret of ours. Raises Invalid("name" | "url" | "events" | "unit_id")."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    webhook = Webhook(kind=kind, made_at=now, made_by_id=by.id, secret=_new_secret(kind))
    _write(session, webhook, told, addresses)
    session.add(webhook)
    session.flush()
    return webhook


def change(session: Session, *, by: Actor, webhook: Webhook, told: Told, addresses: Addresses) -> None:
    """Raises as :func:`add`, and Conflict when it has been ended."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    _refuse_ended(webhook)
    _write(session, webhook, told, addresses)
    session.flush()


def _write(session: Session, webhook: Webhook, told: Told, addresses: Addresses) -> None:
    """Everything is checked before anything is written: what is refused leaves the webhook as it was."""
    if not told.name:
        raise Invalid("name", "Give it a name, like the channel it leads to.")
    _refuse_used_name(session, told.name, webhook.id)
    events = [event.value for event in CHOICES if event.value in told.events]
    if not events:
        raise Invalid("events", "Choose at least one thing to tell.")
    if told.unit_id is not None and session.get(BusinessUnit, told.unit_id) is None:
        raise Invalid("unit_id", "There is no such unit.")
    if told.url or not webhook.url:
        addresses.check(told.url)
        webhook.url = told.url
    webhook.name, webhook.unit_id, webhook.wants = told.name, told.unit_id, {"events": events}


def _refuse_used_name(session: Session, name: str, but: int | None) -> None:
    same = (func.lower(Webhook.name) == name.lower(), Webhook.ended_at.is_(None))
    if session.scalar(select(Webhook.id).where(*same, Webhook.id != (but or 0)).limit(1)):
        raise Conflict("name", "Another webhook has that name.")


def new_secret(session: Session, *, by: Actor, webhook: Webhook) -> str:
    """Another secret from now on: the old one no longer signs. Raises Conflict unless it signs at all."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    _refuse_ended(webhook)
    if webhook.kind is not WebhookKind.JSON:
        raise Conflict("secret", "Chats know no signature; only programs do.")
    webhook.secret = _new_secret(webhook.kind)
    session.flush()
    return webhook.secret


def _new_secret(kind: WebhookKind) -> str:
    """256 random bits. Kept as they are, since they sign."""
    return secrets.token_urlsafe(32) if kind is WebhookKind.JSON else ""


def send_test(session: Session, *, by: Actor, webhook: Webhook, now: datetime) -> OutboxMessage:
    """Queue a message that says nothing. Raises Conflict while the one before waits, or when it has been ended."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    _refuse_ended(webhook)
    key = f"hook:{webhook.id}:{Event.TEST}:"
    waits = (OutboxMessage.key.startswith(key, autoescape=True), OutboxMessage.state == OutboxState.QUEUED)
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.webhook_id == webhook.id, *waits).limit(1)):
        raise Conflict("test", "A test waits already. The outbox says when it is tried.")
    news = News(Event.TEST, now.isoformat(), "", "", {})
    at = now.isoformat()
    return webhooks.add(session, webhook=webhook, news=news, path="/", key=f"{Event.TEST}:{at}", now=now)


def end(session: Session, *, by: Actor, webhook: Webhook, now: datetime) -> int:
    """Nothing more goes there; what waits stays here. Returns how many messages waited. Again changes nothing."""
    policy.require(by, Action.MANAGE_WEBHOOKS)
    if webhook.ended_at is not None:
        return 0
    webhook.ended_at = now
    session.flush()
    waiting = (OutboxMessage.webhook_id == webhook.id, OutboxMessage.state == OutboxState.QUEUED)
    kept = update(OutboxMessage).where(*waiting).values(state=OutboxState.CANCELLED, error=ENDED)
    return int(session.execute(kept.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def _refuse_ended(webhook: Webhook) -> None:
    if webhook.ended_at is not None:
        raise Conflict("name", ENDED)
