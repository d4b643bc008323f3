"""Since the last review: where exactly the evidence of the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, or_, select, true
from sqlalchemy.orm import Session

from crm.services import cadence_rules
from models.meeting import Meeting
from models.review import Review, ReviewState
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Window:
    """From the end of the last review on, besides what was written down with its meeting. All None: never met."""

    since: datetime | None = None
    #: The day of that review.
    on: date | None = None
    meeting_id: int | None = None
    logged_at: datetime | None = None

    def holds(self, instant: SQLColumnExpression[datetime | None]) -> ColumnElement[bool]:
        """The condition that something happened in it; what was ticked while logging happened in that meeting."""
        if self.since is None:
            return instant.is_not(None)
        after = instant >= self.since
        return after if self.logged_at is None else and_(after, instant != self.logged_at)

    def is_new(self, meeting_id: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
        """The condition that something was not written down with the meeting before."""
        return true() if self.meeting_id is None else or_(meeting_id.is_(None), meeting_id != self.meeting_id)


def before(session: Session, review: Review, unit: BusinessUnit) -> Window:
    """The time between the review held last and this one. One statement."""
    held = (Review.unit_id == unit.id, Review.state == ReviewState.HELD, Review.id != review.id)
    found = session.execute(
        select(Review, Meeting.id, Meeting.logged_at)
        .outerjoin(Meeting, Meeting.review_id == Review.id)
        .where(*held, Review.held_on <= (review.held_on or date.max))
        .order_by(Review.held_on.desc(), Review.id.desc())
        .limit(1)
    ).first()
    if found is None:
        return Window()
    last, meeting_id, logged_at = found
    ended = _end(last, unit)
    return Window(min(ended, logged_at or ended), last.held_on, meeting_id, logged_at)


def _end(last: Review, unit: BusinessUnit) -> datetime:
    """When it was over. Held on another day than planned, nobody knows the hour: that whole day counts as after it,
    for what is told twice is better than what is lost."""
    if last.held_on == last.planned_on or last.held_on is None:
        return last.planned_at + timedelta(minutes=last.minutes)
    return cadence_rules.instant(last.held_on, time(), unit.zone)
