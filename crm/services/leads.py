"""Who was the lead rep of a unit when something happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.services import clock
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover


class Leads:
    """Who led which unit when: read once, asked for many days."""

    def __init__(self, session: Session, unit_ids: Iterable[int]) -> None:
        self._by_unit: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in session.scalars(
            select(Assignment)
            .where(Assignment.unit_id.in_(set(unit_ids)), Assignment.cover == Cover.LEAD)
            .options(joinedload(Assignment.rep))
        ):
            self._by_unit[assignment.unit_id].append(assignment)

    def on(self, unit: BusinessUnit, at: datetime) -> Person | None:
        """The lead on the unit's own date at that instant."""
        day = clock.local_date(at, unit.time_zone)
        return next((held.rep for held in self._by_unit[unit.id] if _holds(held, day)), None)


def _holds(held: Assignment, day: date) -> bool:
    return held.since <= day and (held.until is None or held.until > day)
