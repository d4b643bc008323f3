"""Next, last held, overdue and missed reviews: of one unit or of many, in as many statements either way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from crm.services.reviews import Standing, Today, lies_ahead, local_today, stands
from models.review import Review, ReviewState
from models.unit import BusinessUnit


@dataclass(frozen=True)
class Figures:
    """Where the reviews of one unit stand."""

    #: The first that is today or later.
    next: Review | None = None
    #: The newest that took place.
    last_held: Review | None = None
    #: The oldest whose day is past while its period is not over.
    overdue: Review | None = None
    #: How many periods of the last twelve months ended without a meeting or a reason.
    missed: int = 0


def of_unit(session: Session, unit_id: int, now: datetime) -> Figures:
    return of_units(session, [unit_id], now)[unit_id]


def of_units(session: Session, unit_ids: Collection[int], now: datetime) -> dict[int, Figures]:
    """The figures of each of the units, by their local dates, in five statements."""
    today = local_today(session, now)
    ahead = next_of(session, unit_ids, today)
    held = last_held_of(session, unit_ids)
    late = overdue_of(session, unit_ids, today)
    missed = missed_of(session, unit_ids, today, since=now.date() - relativedelta(years=1))
    return {
        unit_id: Figures(ahead.get(unit_id), held.get(unit_id), late.get(unit_id), missed.get(unit_id, 0))
        for unit_id in unit_ids
    }


def next_of(session: Session, unit_ids: Collection[int], today: Today) -> dict[int, Review]:
    """The first planned review of each unit that is today or later. ``today``: see ``reviews.stands``."""
    return _first_of_each(session, unit_ids, lies_ahead(today), Review.planned_at)


def last_held_of(session: Session, unit_ids: Collection[int]) -> dict[int, Review]:
    """The newest held review of each unit."""
    return _first_of_each(session, unit_ids, Review.state == ReviewState.HELD, Review.held_on.desc())


def overdue_of(session: Session, unit_ids: Collection[int], today: Today) -> dict[int, Review]:
    """The oldest overdue review of each unit."""
    return _first_of_each(session, unit_ids, stands(Standing.OVERDUE, today), Review.planned_at)


def missed_of(session: Session, unit_ids: Collection[int], today: Today, *, since: date) -> dict[int, int]:
    """How many reviews each unit missed in periods that ended after ``since``; units that missed none are left out."""
    missed = (
        select(Review.unit_id, func.count(Review.id))
        .join(Review.unit)
        .where(Review.unit_id.in_(unit_ids), stands(Standing.MISSED, today), Review.period_until > since)
        .group_by(Review.unit_id)
    )
    return {row[0]: row[1] for row in session.execute(missed)}


def _first_of_each(
    session: Session, unit_ids: Collection[int], condition: ColumnElement[bool], order: Any
) -> dict[int, Review]:
    rank = func.row_number().over(partition_by=Review.unit_id, order_by=(order, Review.id))
    ranked = (
        select(Review.id, rank.label("rank"))
        .join(BusinessUnit, BusinessUnit.id == Review.unit_id)
        .where(Review.unit_id.in_(unit_ids), condition)
        .subquery()
    )
    firsts = select(Review).join(ranked, (ranked.c.id == Review.id) & (ranked.c.rank == 1))
    return {review.unit_id: review for review in session.scalars(firsts)}
