"""Who is to be left in peace: nobody is asked more than once in so many days, whatever the unit and the instrument."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.services import clock
from models.person import Person
from models.rating import Invitation, Round

DAY = timedelta(days=1)


def resting(session: Session, *, person_ids: Collection[int] | None, now: datetime, days: int) -> dict[int, datetime]:
    """Who of these (None: of all) was asked within so many days of 24 hours: person id to when that was.

    About whatever unit. A link that was withdrawn does not count. One statement.
    """
    asked = (
        select(Invitation.person_id, func.max(Round.opened_at))
        .join(Invitation.round)
        .where(Invitation.revoked_at.is_(None), Round.opened_at > now - days * DAY)
        .group_by(Invitation.person_id)
    )
    if person_ids is not None:
        asked = asked.where(Invitation.person_id.in_(person_ids))
    return {row[0]: row[1] for row in session.execute(asked)}


def hold(session: Session, *, person_ids: Collection[int], now: datetime, days: int) -> dict[int, datetime]:
    """:func:`resting`, and nobody else asks any of these until the transaction ends. Two statements."""
    locked = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(locked.with_for_update(key_share=True))
    return resting(session, person_ids=person_ids, now=now, days=days)


def again_on(asked_at: datetime, days: int, time_zone: str) -> date:
    """The first local day on which somebody asked then may be asked from morning to night."""
    return clock.local_date(asked_at + days * DAY, time_zone) + DAY
