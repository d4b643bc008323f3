"""Telling chats and other programs what happens: one message in the outbox for each webhook that wants to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from crm.services import languages, organisation, outbox
from crm.services.webhook_events import Event
from crm.services.webhook_payloads import News
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.unit import BusinessUnit
from models.webhook import Webhook


def tell(
    session: Session,
    *,
    event: Event,
    unit_id: int,
    facts: Mapping[str, str],
    path: str,
    now: datetime,
    period: str = "",
) -> int:
    """Queue what happened for every webhook that wants it, of this unit or one above. Returns for how many.

    ``facts`` are named as in ``webhook_events.FACTS``; nothing that stays in IT, no comment, nobody who rated.
    ``path`` is the page about it within this application; with ``period`` it makes the message one of its kind: what
    can happen to the same thing again says when. One statement; more only where somebody listens.
    """
    listening = [row for row in session.execute(_around(unit_id)) if event in row.Webhook.wants["events"]]
    for webhook, code, name in listening:
        news = News(event, now.isoformat(), code, name, facts)
        add(session, webhook=webhook, news=news, path=path, key=f"{event}:{path}:{period}", now=now)
    return len(listening)


def _around(unit_id: int) -> Select[Webhook, str, str]:
    """Webhooks at work that hear of this unit, with its code and name."""
    own = select(BusinessUnit.id, BusinessUnit.parent_id).where(BusinessUnit.id == unit_id).cte("above", recursive=True)
    parent = select(BusinessUnit.id, BusinessUnit.parent_id).join(own, BusinessUnit.id == own.c.parent_id)
    above = own.union(parent)
    hears = or_(Webhook.unit_id.is_(None), Webhook.unit_id.in_(select(above.c.id)))
    return (
        select(Webhook, BusinessUnit.code, BusinessUnit.name)
        .join(BusinessUnit, BusinessUnit.id == unit_id)
        .where(Webhook.ended_at.is_(None), hears)
        .order_by(Webhook.id)
    )


def anybody_wants(session: Session, event: Event) -> bool:
    """Whether it is worth looking for what could be told. One statement."""
    wishes: Iterable[Mapping[str, list[str]]] = session.scalars(select(Webhook.wants).where(Webhook.ended_at.is_(None)))
    return any(event in wants["events"] for wants in wishes)


def add(session: Session, *, webhook: Webhook, news: News, path: str, key: str, now: datetime) -> OutboxMessage:
    """One message to one webhook, in the language of the house; the same key twice is one message."""
    say = languages.of(None, organisation.current(session).language)
    message = OutboxMessage(
        key=f"hook:{webhook.id}:{key}",
        kind=MailKind.HOOK,
        webhook_id=webhook.id,
        to_address=webhook.name,
        subject=news.title(say),
        language=say.code,
        body=news.kept(),
        path=path,
        queued_at=now,
    )
    return outbox.add_once(session, message)
