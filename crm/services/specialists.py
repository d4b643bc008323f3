"""Which specialists met a unit, and not only its account reps: who, how often, and when last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import attendees, stretches, words
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.unit import Assignment, BusinessUnit

MOST = 100


@dataclass(frozen=True)
class Met:
    """Somebody from IT who is no account rep, and the meetings with the unit since then."""

    person: Person
    meetings: int
    last_on: date


@dataclass(frozen=True)
class Specialists:
    """``met``: since ``since``, whoever was there last first; ``before``: the last time ever, of anybody."""

    unit_name: str
    since: date
    met: Sequence[Met]
    before: date | None

    def finding(self, today: date) -> str:
        if self.met:
            people = words.counted(len(self.met), "specialist")
            return words.capital(f"{people} met {self.unit_name} in the last twelve months.")
        if self.before is None:
            return f"Nobody but the account reps has ever met {self.unit_name}."
        return f"Nobody but the account reps has met {self.unit_name} since {words.day(self.before, today)}."


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit) -> Specialists:
    """The last twelve months of the unit. One statement."""
    policy.require(by, Action.SEE_MEETINGS, unit)
    since = stretches.last_year(by.today).since
    looked_after = exists().where(
        Assignment.unit_id == unit.id, Assignment.rep_id == Person.id, Assignment.in_force(Meeting.held_on)
    )
    last = func.max(Meeting.held_on)
    rows = session.execute(
        select(Person, func.count(case((Meeting.held_on >= since, 1))).label("meetings"), last.label("last_on"))
        .join(Attendance, Attendance.person_id == Person.id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(
            Meeting.unit_id == unit.id,
            Attendance.presence == Presence.PRESENT,
            attendees.is_from_it(),
            Person.is_rep.is_(False),
            ~looked_after,
        )
        .group_by(Person.id)
        .order_by(last.desc(), Person.name, Person.id)
        .limit(MOST)
    ).all()
    met = [Met(row.Person, row.meetings, row.last_on) for row in rows if row.meetings]
    return Specialists(unit.name, since, met, rows[0].last_on if rows else None)
