"""The reviews of the next weeks as they stand in people's calendars, with what most have answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from crm.services import invitations
from models.calendar import CalendarAnswer, ReviewInvitee

AT_ONCE = 1000


def invite(session: Session, now: datetime) -> None:
    """As though all had left long ago: nothing is queued. A few statements for each thousand reviews."""
    told = invitations.differing(session, now=now)
    for start in range(0, len(told), AT_ONCE):
        invitations.remember(session, reviews=told[start : start + AT_ONCE], now=now)
        session.flush()
        session.expunge_all()
    _answer(session, ReviewInvitee.review_id % 5 > 1, CalendarAnswer.ACCEPTED, now)
    _answer(session, ReviewInvitee.review_id % 5 == 1, CalendarAnswer.TENTATIVE, now)


def _answer(session: Session, who: ColumnElement[bool], answer: CalendarAnswer, now: datetime) -> None:
    answered = update(ReviewInvitee).where(who).execution_options(synchronize_session=False)
    session.execute(answered.values(answer=answer, answered_at=now, answered_sequence=0))
