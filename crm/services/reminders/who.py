"""Who looks after each unit on a day, for all units at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from crm.services import covering
from models.absence import Absence
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover


def looks_after(session: Session, today: date) -> dict[int, Person]:
    """By unit: the lead; while away whoever covers, else a deputy who is there. Where nobody is, the lead all the same,
    who reads it on coming back. Two statements."""
    rows = session.execute(
        select(Assignment.unit_id, Person)
        .join(Person, Person.id == Assignment.rep_id)
        .join(BusinessUnit, BusinessUnit.id == Assignment.unit_id)
        .where(Assignment.in_force(today), Person.left_on.is_(None), Person.is_rep, BusinessUnit.closed_on.is_(None))
        .order_by(
            Assignment.unit_id, case((Assignment.cover == Cover.LEAD, 0), else_=1), Assignment.since, Assignment.id
        )
    ).all()
    away = covering.away(session, {person.id for _, person in rows}, today)
    return {
        unit_id: first_there([person for _, person in found], away)
        for unit_id, found in groupby(rows, key=lambda row: row[0])
    }


def first_there(reps: Sequence[Person], away: Mapping[int, Absence]) -> Person:
    """Of the lead and the deputies, in this order, and of who covers for the first."""
    first, *deputies = reps
    absence = away.get(first.id)
    cover = absence.covered_by if absence else None
    others = [cover, *deputies] if cover and cover.is_active and cover.is_rep else deputies
    return next((person for person in (first, *others) if person.id not in away), first)
