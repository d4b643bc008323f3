"""What happens around a rep's units: who is away, what comes to the rep, whose time in a unit ends, and who waits for
a reply to a low rating. One statement for all, so that the start page stays within its twelve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, String, cast, literal, select, union_all
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services import covering, follow_ups, words
from crm.services.covering import StandIn
from crm.services.rep_needs import Kind, Need, Press
from crm.services.statements import put_together_once
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.handover import Handover
from models.meeting import Meeting
from models.person import Person
from models.rating import Round
from models.unit import LENT, BusinessUnit, Membership

#: So many days before the end of somebody's time in a unit, and after a fall, it is worth a word.
NOTICE = timedelta(days=14)
STAND_IN = "stand_in"


@dataclass(frozen=True)
class Changes:
    needs: Sequence[Need]
    #: The units looked after because somebody is away, by id.
    standing_in: Mapping[int, StandIn]


def of(session: Session, *, by: Actor) -> Changes:
    """For this rep, today. One statement."""
    rows = session.execute(_all(by)).all()
    return Changes(
        needs=[_need(row, by) for row in rows if row.kind != STAND_IN],
        standing_in={row.unit_id: StandIn(row.name, row.day) for row in rows if row.kind == STAND_IN},
    )


@put_together_once
def _all(by: Actor) -> Select[Any]:
    found = union_all(_meanwhile(by), _to_read(by), _ending(by), _owed(by), _fell(by)).subquery()
    return select(found).order_by(found.c.day, found.c.kind, found.c.id, found.c.unit_id)


def _meanwhile(by: Actor) -> Select[Any]:
    away = covering.stand_ins(by).subquery()
    unit = BusinessUnit.name.label("unit_name")
    return select(literal(STAND_IN).label("kind"), away.c.id, away.c.unit_id, unit, away.c.name, away.c.day).join(
        BusinessUnit, BusinessUnit.id == away.c.unit_id
    )


def _to_read(by: Actor) -> Select[str, int, int, str, str, date]:
    """Handovers that are not acknowledged. The soonest first."""
    return (
        select(literal(Kind.HANDOVER.value), Handover.id, Handover.unit_id, BusinessUnit.name, Person.name, Handover.on)
        .join(BusinessUnit, BusinessUnit.id == Handover.unit_id)
        .join(Person, Person.id == Handover.to_id)
        .where(Handover.to_id == by.id, Handover.acknowledged_at.is_(None), BusinessUnit.closed_on.is_(None))
    )


def _ending(by: Actor) -> Select[str, int, int, str, str, date | None]:
    return (
        select(
            literal(Kind.LENT.value),
            Membership.id,
            Membership.unit_id,
            BusinessUnit.name,
            Person.name,
            Membership.until,
        )
        .join(BusinessUnit, BusinessUnit.id == Membership.unit_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.unit_id.in_(by.covers),
            Membership.part.in_(LENT),
            Membership.in_force(by.today),
            Membership.until <= by.today + NOTICE,
        )
    )


def _owed(by: Actor) -> Select[str, int, int, str, str, date]:
    """Replies to ratings of the covered units."""
    kind = literal(f"{Kind.FOLLOW_UP}:") + cast(FollowUp.cause, String)
    return (
        select(kind, FollowUp.id, FollowUp.unit_id, BusinessUnit.name, Person.name, FollowUp.due_on)
        .join(BusinessUnit, BusinessUnit.id == FollowUp.unit_id)
        .join(Person, Person.id == FollowUp.person_id)
        .where(FollowUp.unit_id.in_(by.covers), FollowUp.state == FollowUpState.OPEN)
    )


def _fell(by: Actor) -> Select[str, int, int, str, str, date | None]:
    """Rounds without names that fell for real, for two weeks or until somebody has met the unit."""
    met = select(Meeting.id).where(Meeting.unit_id == Round.unit_id, Meeting.held_on >= Round.fell_on)
    return (
        select(literal(Kind.FALL.value), Round.id, Round.unit_id, BusinessUnit.name, literal(""), Round.fell_on)
        .join(BusinessUnit, BusinessUnit.id == Round.unit_id)
        .where(Round.unit_id.in_(by.covers), Round.fell_on > by.today - NOTICE, ~met.exists())
    )


def _need(row: Row[Any], by: Actor) -> Need:
    kind, _, cause = row.kind.partition(":")
    if kind == Kind.FOLLOW_UP:
        is_late = row.day < by.today
        what, why = f"Reply to {row.name}, who {follow_ups.WHY[FollowUpCause(cause)]}", "only they close it"
        when = words.late(row.day, by.today) if is_late else f"due {words.soon(row.day, by.today)}"
        press = Press.LATE if is_late else Press.TODAY
    elif kind == Kind.FALL:
        what, why = f"{row.unit_name} rates IT lower, and it is no noise", "nobody knows who: talk to the unit"
        when, press = f"since {words.day(row.day, by.today)}", Press.DECIDE
    elif kind == Kind.LENT:
        what, why = f"{row.name}’s time in {row.unit_name} ends", "the access ends by itself"
        when, press = words.soon(row.day, by.today), Press.SOON
    elif row.day > by.today:
        what, why = f"{row.unit_name} comes to you {words.soon(row.day, by.today)}", "read the handover"
        when, press = "", Press.SOON
    else:
        what, why = f"{row.unit_name} has come to you", "read the handover"
        when, press = f"since {words.day(row.day, by.today)}", Press.TODAY
    return Need(
        kind=Kind(kind),
        id=row.id,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        what=what,
        why=why,
        when=when,
        press=press,
        since=row.day,
        name=row.name,
        cause=cause,
    )
