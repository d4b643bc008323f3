"""Actions whose day has passed, as other programs are told of them: once, on the morning after."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.services import happenings, reviews, webhooks
from crm.services.webhook_events import Event
from models.action import Action, ActionState
from models.unit import BusinessUnit

#: So far back is looked, for when nobody did meanwhile.
CAUGHT_UP = timedelta(days=3)
MOST = 500


def tell(session: Session, now: datetime) -> int:
    """Tell of actions whose day has passed lately, each once for each day it was due. Returns how many messages."""
    if not webhooks.anybody_wants(session, Event.ACTION_OVERDUE):
        return 0
    days = reviews.local_today(session, now)
    lately = (Action.due_on >= days.earliest - CAUGHT_UP, Action.due_on < days.here)
    overdue = (
        select(Action)
        .join(Action.unit)
        .where(Action.state == ActionState.OPEN, *lately, BusinessUnit.closed_on.is_(None))
        .options(contains_eager(Action.unit), joinedload(Action.owner))
        .order_by(Action.due_on, Action.id)
        .limit(MOST)
    )
    return sum(happenings.action_overdue(session, action, now) for action in session.scalars(overdue))
