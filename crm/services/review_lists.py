"""The list of reviews: those that need attention, those ahead, and those behind us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import clock, pages
from crm.services.reviews import (
    Standing,
    Today,
    lies_ahead,
    local_today,
    needs_attention,
    period_in_words,
    standing,
    stands,
)
from crm.services.search import contains
from models.meeting import Meeting
from models.person import Person
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover

Statement = Select[*tuple[Any, ...]]


class Which(StrEnum):
    """What the list can be narrowed to."""

    ATTENTION = "attention"
    NEXT = "next"
    HELD = "held"
    MISSED = "missed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Filter:
    """``mine``: only units the reader covers. ``text``: in the unit's name or code. ``unit_id``: that unit alone."""

    which: Which = Which.ATTENTION
    mine: bool = False
    text: str = ""
    unit_id: int | None = None


@dataclass(frozen=True)
class Line:
    """A review in a list, with the unit's lead rep of today, and the meeting that held it."""

    review: Review
    unit: BusinessUnit
    lead: Person | None
    meeting_id: int | None
    #: The unit's local date.
    today: date

    @property
    def standing(self) -> Standing:
        return standing(self.review, self.today)

    @property
    def period(self) -> str:
        return period_in_words(self.review)

    @property
    def days_late(self) -> int:
        return (self.today - self.review.planned_on).days


@dataclass(frozen=True)
class Attention:
    """How many reviews something can be done about now."""

    overdue: int
    today: int


def listed(
    session: Session, *, by: Actor, wanted: Filter, number: int, now: datetime, size: int = pages.SIZE
) -> pages.Page[Line]:
    """A page of the reviews of open units the actor may see. What waits longest, comes next or is newest first."""
    policy.require(by, Action.SEE_REVIEWS)
    condition, order = _narrowed(wanted.which, local_today(session, now))
    statement = _of_scope(select(Review, BusinessUnit, Person, Meeting.id), by, wanted)
    statement = statement.outerjoin(Meeting, Meeting.review_id == Review.id).options(joinedload(Review.cadence))
    statement = _with_lead(statement, by.today).where(condition).order_by(*order, Review.id)
    found = pages.of_rows(session, statement, number, size)
    lines = [
        Line(review, unit, lead, meeting_id, clock.local_date(now, unit.time_zone))
        for review, unit, lead, meeting_id in found.rows
    ]
    return pages.Page(lines, found.number, found.has_next)


def attention(session: Session, *, by: Actor, wanted: Filter, now: datetime) -> Attention:
    """The same scope, whichever part of it is listed."""
    today = local_today(session, now)
    overdue, due = (func.count(Review.id).filter(stands(which, today)) for which in (Standing.OVERDUE, Standing.TODAY))
    counted = _of_scope(select(overdue, due), by, wanted).where(needs_attention(today))
    return Attention(*session.execute(counted).one())


def _of_scope(statement: Statement, by: Actor, wanted: Filter) -> Statement:
    statement = statement.join_from(Review, BusinessUnit, BusinessUnit.id == Review.unit_id).where(
        policy.in_visible_units(by, Review.unit_id), BusinessUnit.closed_on.is_(None)
    )
    if wanted.unit_id is not None:
        return statement.where(Review.unit_id == wanted.unit_id)
    if wanted.mine:
        statement = statement.where(Review.unit_id.in_(by.covers))
    if wanted.text:
        statement = statement.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code))
    return statement


def _with_lead(statement: Statement, today: date) -> Statement:
    leads = and_(Assignment.unit_id == Review.unit_id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
    return statement.outerjoin(Assignment, leads).outerjoin(Person, Person.id == Assignment.rep_id)


def _narrowed(which: Which, today: Today) -> tuple[ColumnElement[bool], tuple[Any, ...]]:
    """The condition and the order of each part of the list."""
    parts: dict[Which, tuple[ColumnElement[bool], tuple[Any, ...]]] = {
        Which.ATTENTION: (needs_attention(today), (Review.planned_on, Review.planned_at)),
        Which.NEXT: (lies_ahead(today), (Review.planned_on, Review.planned_at)),
        Which.HELD: (stands(Standing.HELD, today), (Review.held_on.desc(),)),
        Which.MISSED: (stands(Standing.MISSED, today), (Review.planned_on.desc(),)),
        Which.SKIPPED: (stands(Standing.SKIPPED, today), (Review.planned_on.desc(),)),
    }
    return parts[which]
