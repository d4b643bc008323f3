"""Replies nobody gave in time reach the CIO, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.services import clock, follow_up_mail, languages, organisation, outbox
from crm.services.follow_ups import loaded
from models.follow_up import FollowUp, FollowUpState
from models.mail import MailKind
from models.person import Person


def raise_late(session: Session, *, now: datetime) -> int:
    """Tell the CIO, once, of each reply whose day is past. Returns how many were told of; none while there is no CIO.
    Safe to repeat."""
    latest = now.date() + timedelta(days=1)
    owed = (FollowUp.state == FollowUpState.OPEN, FollowUp.due_on < latest, FollowUp.raised_at.is_(None))
    found = session.scalars(loaded().where(*owed).order_by(FollowUp.due_on, FollowUp.id)).all()
    overdue = [one for one in found if one.due_on < clock.local_date(now, one.unit.time_zone)]
    chiefs = session.scalars(select(Person).where(Person.is_cio, Person.left_on.is_(None)).order_by(Person.id)).all()
    if not overdue or not chiefs:
        return 0
    for chief in chiefs:
        _tell(session, chief, overdue, now)
    for one in overdue:
        one.raised_at = now
    session.flush()
    return len(overdue)


def _tell(session: Session, chief: Person, overdue: Sequence[FollowUp], now: datetime) -> None:
    """All of them in one mail."""
    house = organisation.current(session)
    say = languages.of(chief, house.language)
    told = follow_up_mail.late(say, to=chief, overdue=overdue, now=now, time_zone=house.time_zone)
    newest = max(one.id for one in overdue)
    outbox.queue(
        session,
        key=f"follow-up-late:{newest}:{chief.id}:{clock.local_date(now, house.time_zone)}",
        to=chief,
        subject=told.subject,
        body=told.body,
        path="/follow-ups?only=late",
        button=told.button,
        kind=MailKind.OTHER,
        say=say,
        now=now,
    )
