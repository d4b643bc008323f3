"""A stage on the morning of Friday 20 November 2026, and what people are told then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import reminders
from models import OutboxMessage, Reminder
from tests.cast import Cast
from tests.factories.relationships import Stage

#: Lisbon, where the cast works, is at UTC in winter.
FRIDAY = date(2026, 11, 20)

Remind = Callable[..., list[Reminder]]


def eight(day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time(8), UTC)


@pytest.fixture
def stage(session: Session, cast: Cast) -> Stage:
    return Stage(session)


@pytest.fixture
def remind(session: Session, cast: Cast) -> Remind:
    """``remind(day)``: what was made on that morning, in the order of making."""

    def run(now: date | datetime = FRIDAY) -> list[Reminder]:
        at = now if isinstance(now, datetime) else eight(now)
        before = set(session.scalars(select(Reminder.id)))
        reminders.due(session, now=at)
        session.expire_all()
        made = session.scalars(select(Reminder).where(Reminder.id.not_in(before)).order_by(Reminder.id))
        return list(made)

    return run


def mails(session: Session) -> list[OutboxMessage]:
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))
