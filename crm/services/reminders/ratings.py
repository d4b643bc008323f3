"""Ratings that were asked for and not given: two reminders at the most, and none after an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import ColumnElement, String, cast, exists, literal, select
from sqlalchemy.orm import Session, aliased, contains_eager

from crm.services import asking, clock, rating_mail
from crm.services.languages import Language
from crm.services.reminders.due import Due, Ground, Told
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.project import Project
from models.rating import Invitation, Response, Round
from models.unit import BusinessUnit

#: So long after asking comes the first reminder, and the second.
AFTER = (timedelta(days=4), timedelta(days=9))


def not_answered(session: Session, ground: Ground) -> Iterator[Due]:
    """To whoever was sent a link that still works, in the newest round about the unit. One statement.

    The link is the one of the first mail: so there is one link, and one answer, however often somebody is reminded.
    """
    # The outbox keeps the path it was sent with: see ``asking``.
    first = literal("rating:") + cast(Round.id, String) + ":" + cast(Invitation.person_id, String)
    rows = session.execute(
        select(Invitation, OutboxMessage.path, Project.name)
        .join(Invitation.round)
        .outerjoin(Project, Project.id == Round.project_id)
        .join(Round.unit)
        .join(Invitation.person)
        .join(OutboxMessage, OutboxMessage.key == first)
        .where(
            Invitation.revoked_at.is_(None),
            ~Invitation.is_used,
            Round.closes_at > ground.now,
            # A day of slack: each unit's own day is told below.
            Round.opened_at <= ground.now - AFTER[0] + timedelta(days=1),
            BusinessUnit.closed_on.is_(None),
            ~exists().where(Response.invitation_id == Invitation.id),
            ~_asked_again(),
        )
        .options(contains_eager(Invitation.round).contains_eager(Round.unit), contains_eager(Invitation.person))
        .order_by(Round.closes_at, Invitation.id)
    )
    for invitation, path, project in rows:
        yield from _due(invitation, path, project or "", ground)


def _asked_again() -> ColumnElement[bool]:
    later, newer = aliased(Invitation), aliased(Round)
    return (
        exists()
        .where(
            later.person_id == Invitation.person_id,
            later.round_id == newer.id,
            newer.unit_id == Round.unit_id,
            newer.id > Round.id,
        )
        .correlate(Invitation, Round)
    )


def _due(invitation: Invitation, path: str, project: str, ground: Ground) -> Iterator[Due]:
    asked, unit = invitation.round, invitation.round.unit
    opened = clock.local_date(asked.opened_at, unit.time_zone)
    until = asking.last_day(asked.closes_at, unit.time_zone)
    number = sum(opened + after <= ground.today for after in AFTER)
    if number and ground.today <= until:
        yield Due(
            kind=MailKind.RATING_REMINDER,
            about=invitation.id,
            person=invitation.person,
            unit=unit,
            period=str(number),
            falls_on=opened + AFTER[number - 1],
            lies_ahead=False,
            path=path,
            tell=lambda say: _told(asked, unit, project, until, ground.today, say),
        )


def _told(asked: Round, unit: BusinessUnit, project: str, until: date, today: date, say: Language) -> Told:
    still = say(
        "You were asked and have not answered yet. You can until {day}.",
        day=say.weekday(until, today),
    )
    return Told(
        what=say("Still open: {question}", question=rating_mail.subject(say, unit, asked.instrument, project)),
        why=f"{still} {rating_mail.takes(say, asked.instrument)}",
        button=say("Rate IT"),
    )
