"""The list of reviews: those that need attention, those ahead, and those behind us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import bookings, branches, clock, pages
from crm.services.diaries import Clash
from crm.services.reviews import (
    Standing,
    Today,
    lies_ahead,
    local_today,
    needs_attention,
    period_in_words,
    shift_in_words,
    standing,
    stands,
)
from crm.services.search import contains
from crm.services.stretches import Stretch
from models.meeting import Meeting
from models.person import Person
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover

NEAR = timedelta(days=15)
Statement = Select[*tuple[Any, ...]]
#: In place of a rep's id: reviews of a time when nobody led the unit.
NOBODY = 0


class Which(StrEnum):
    """What the list can be narrowed to."""

    ATTENTION = "attention"
    NEXT = "next"
    HELD = "held"
    MISSED = "missed"
    SKIPPED = "skipped"
    #: What a period is judged by: held or missed.
    DUE = "due"


@dataclass(frozen=True)
class Filter:
    """``mine``: only units the reader covers. ``text``: in the unit's name or code. ``unit_id``: that unit alone.

    ``rep_id``: who was the unit's lead on the planned day. ``stretch``: with the planned day in there.
    """

    which: Which = Which.ATTENTION
    mine: bool = False
    text: str = ""
    unit_id: int | None = None
    #: That unit and all below it.
    branch_id: int | None = None
    rep_id: int | None = None
    stretch: Stretch | None = None


@dataclass(frozen=True)
class Line:
    """A review in a list, with the unit's lead rep of today, and the meeting that held it."""

    review: Review
    unit: BusinessUnit
    lead: Person | None
    meeting_id: int | None
    #: The unit's local date.
    today: date
    #: Who could not come; told to IT alone, since it names other units.
    clashes: Sequence[Clash] = ()

    @property
    def standing(self) -> Standing:
        return standing(self.review, self.today)

    @property
    def period(self) -> str:
        return period_in_words(self.review)

    @property
    def days_late(self) -> int:
        return (self.today - self.review.planned_on).days

    @property
    def is_near(self) -> bool:
        """Near enough that one asks whether it is prepared."""
        return self.review.planned_on < self.today + NEAR

    @property
    def shift(self) -> str:
        return shift_in_words(self.review)


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
    statement = of_scope(select(Review, BusinessUnit, Person, Meeting.id), by, wanted)
    statement = statement.outerjoin(Meeting, Meeting.review_id == Review.id).options(joinedload(Review.cadence))
    statement = _with_lead(statement, by.today).where(condition).order_by(*order, Review.id)
    found = pages.of_rows(session, statement, number, size)
    clashes = _clashes(session, by, wanted.which, [row.Review for row in found.rows])
    lines = [
        Line(review, unit, lead, meeting_id, clock.local_date(now, unit.time_zone), clashes.get(review.id, ()))
        for review, unit, lead, meeting_id in found.rows
    ]
    return pages.Page(lines, found.number, found.has_next)


def _clashes(session: Session, by: Actor, which: Which, reviews: Sequence[Review]) -> Mapping[int, Sequence[Clash]]:
    """Of those that lie ahead. A few statements, however many reviews."""
    if which not in (Which.NEXT, Which.ATTENTION) or not policy.sees_all_units(by):
        return {}
    return bookings.of_reviews(session, [review for review in reviews if review.planned_on >= by.today])


def attention(session: Session, *, by: Actor, wanted: Filter, now: datetime) -> Attention:
    """The same scope, whichever part of it is listed."""
    today = local_today(session, now)
    overdue, due = (func.count(Review.id).filter(stands(which, today)) for which in (Standing.OVERDUE, Standing.TODAY))
    counted = of_scope(select(overdue, due), by, wanted).where(needs_attention(today))
    return Attention(*session.execute(counted).one())


def of_scope(statement: Statement, by: Actor, wanted: Filter) -> Statement:
    """Reviews of open units that the actor may see and the filter asks for, wherever they stand."""
    statement = statement.join_from(Review, BusinessUnit, BusinessUnit.id == Review.unit_id).where(
        policy.in_visible_units(by, Review.unit_id), BusinessUnit.closed_on.is_(None)
    )
    if wanted.rep_id is not None:
        statement = statement.where(led_then(wanted.rep_id))
    if wanted.stretch is not None:
        statement = statement.where(planned_in(wanted.stretch))
    if wanted.branch_id is not None:
        statement = statement.where(Review.unit_id.in_(branches.branch(wanted.branch_id)))
    if wanted.unit_id is not None:
        return statement.where(Review.unit_id == wanted.unit_id)
    if wanted.mine:
        statement = statement.where(Review.unit_id.in_(by.covers))
    if wanted.text:
        statement = statement.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code))
    return statement


def planned_in(stretch: Stretch) -> ColumnElement[bool]:
    return and_(Review.planned_on >= stretch.since, Review.planned_on < stretch.until)


def led_then(rep_id: int) -> ColumnElement[bool]:
    """Whether that rep was the unit's lead on the review's planned day; NOBODY: whether none was."""
    if rep_id == NOBODY:
        return ~exists().where(lead_then()).correlate(Review)
    return exists().where(lead_then(), Assignment.rep_id == rep_id).correlate(Review)


def with_lead_then(statement: Statement) -> Statement:
    """With the Person who was lead on the planned day beside each review; none where there was none."""
    return statement.outerjoin(Assignment, lead_then()).outerjoin(Person, Person.id == Assignment.rep_id)


def lead_then(held: Any = Assignment) -> ColumnElement[bool]:
    """The assignment (or another name of it) that was the lead of the review's unit on the planned day."""
    lead = (held.unit_id == Review.unit_id) & (held.cover == Cover.LEAD)
    lasts = held.until.is_(None) | (held.until > Review.planned_on)
    return and_(lead, held.since <= Review.planned_on, lasts)


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
        Which.DUE: (stands(Standing.HELD, today) | stands(Standing.MISSED, today), (Review.planned_on.desc(),)),
    }
    return parts[which]
