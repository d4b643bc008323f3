"""A real fall in a round without names: there is nobody to reply to, so the rep's start page says it until they have
met. The day it came to light is kept with the round."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.services import clock, satisfaction
from models.rating import Round

#: Rounds that closed longer ago are no news.
NEWS = timedelta(days=7)


def note(session: Session, *, now: datetime) -> int:
    """Keep the day on which a fall came to light. Returns of how many rounds. Safe to repeat."""
    new = session.scalars(
        select(Round)
        .where(
            ~Round.bears_names,
            Round.scores_shown,
            Round.fell_on.is_(None),
            Round.closes_at <= now,
            Round.closes_at > now - NEWS,
        )
        .options(joinedload(Round.unit))
        .order_by(Round.id)
    ).all()
    fell = [one for one in new if _fell(session, one)]
    for one in fell:
        one.fell_on = clock.local_date(now, one.unit.time_zone)
    session.flush()
    return len(fell)


def _fell(session: Session, one: Round) -> bool:
    return satisfaction.signal(session, unit_id=one.unit_id, upto_round=one.id) == satisfaction.DROP
