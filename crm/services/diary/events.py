"""The reviews and due actions of a span of days, the first few of each day and how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Select, String, Subquery, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services.diary.spans import Span
from crm.services.reviews import Standing, stands
from models.action import Action, ActionState
from models.base import UtcDateTime
from models.meeting import Meeting
from models.person import Person
from models.review import Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover


@dataclass(frozen=True)
class Scope:
    """Which units: all the reader sees, those looked after, those of a rep on the day itself, or one."""

    mine: bool = False
    rep_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Event:
    """A review, or an action that is due. ``standing``: of a review as in ``reviews``; an action is open or overdue."""

    is_review: bool
    id: int
    day: date
    unit_id: int
    unit_name: str
    time_zone: str
    #: When the review is planned for, or was held as planned.
    at: datetime | None
    standing: str
    #: What is to be done, and by whom.
    text: str
    owner: str
    meeting_id: int | None


@dataclass(frozen=True)
class Day:
    """The first events of a day; reviews first, by the clock."""

    events: Sequence[Event] = ()
    reviews: int = 0
    actions: int = 0

    @property
    def many(self) -> int:
        return self.reviews + self.actions


def days(session: Session, *, by: Actor, span: Span, scope: Scope) -> dict[date, Day]:
    """The days of the span on which something is, as far as this person may know of it. One statement."""
    policy.require(by, policy.Action.SEE_CALENDAR)
    found: dict[date, list[Any]] = defaultdict(list)
    for row in session.execute(_first_of_each_day(by, span, scope)):
        found[row.day].append(row)
    return {day: Day([_event(row) for row in rows], rows[0].reviews, rows[0].actions) for day, rows in found.items()}


def _event(row: Any) -> Event:
    return Event(
        is_review=row.rank == 0,
        id=row.id,
        day=row.day,
        unit_id=row.unit_id,
        unit_name=row.unit_name,
        time_zone=row.time_zone,
        at=row.at,
        standing=row.standing,
        text=row.text,
        owner=row.owner,
        meeting_id=row.meeting_id,
    )


def _first_of_each_day(by: Actor, span: Span, scope: Scope) -> Select[Any]:
    every = _named(by, span, scope).cte("every")
    order = (every.c.rank, every.c.at, func.lower(every.c.unit_name), every.c.id)
    numbered = select(
        every,
        func.row_number().over(partition_by=every.c.day, order_by=order).label("number"),
        _count(every, 0).label("reviews"),
        _count(every, 1).label("actions"),
    ).subquery()
    return select(numbered).where(numbered.c.number <= span.shown).order_by(numbered.c.day, numbered.c.number)


def _count(every: CTE, rank: int) -> Any:
    return func.sum(case((every.c.rank == rank, 1), else_=0)).over(partition_by=every.c.day)


def _named(by: Actor, span: Span, scope: Scope) -> Select[Any]:
    """With the unit; only of open units that the person sees and that are asked for."""
    event = union_all(*_kinds(by, span)).subquery()
    found = (
        select(event, BusinessUnit.name.label("unit_name"), BusinessUnit.time_zone)
        .join(BusinessUnit, BusinessUnit.id == event.c.unit_id)
        .where(BusinessUnit.closed_on.is_(None), policy.visible_units(by))
    )
    if scope.unit_id is not None:
        return found.where(event.c.unit_id == scope.unit_id)
    if scope.rep_id is not None:
        return found.join(Assignment, _led_by(scope.rep_id, event))
    return found.where(event.c.unit_id.in_(by.covers)) if scope.mine else found


def _led_by(rep_id: int, event: Subquery) -> Any:
    lead = and_(Assignment.unit_id == event.c.unit_id, Assignment.cover == Cover.LEAD, Assignment.rep_id == rep_id)
    return and_(lead, Assignment.in_force(event.c.day))


def _kinds(by: Actor, span: Span) -> Iterator[Select[Any]]:
    if policy.can(by, policy.Action.SEE_REVIEWS):
        yield _held(span)
        yield _not_held(span, by.today)
    if policy.can(by, policy.Action.SEE_PROMISES):
        yield _due(span, by.today)


def _held(span: Span) -> Select[Any]:
    as_planned = case((Review.planned_on == Review.held_on, Review.planned_at), else_=cast(null(), UtcDateTime()))
    return (
        select(
            literal(0).label("rank"),
            Review.id.label("id"),
            Review.unit_id.label("unit_id"),
            Review.held_on.label("day"),
            as_planned.label("at"),
            literal(Standing.HELD.value).label("standing"),
            literal("").label("text"),
            literal("").label("owner"),
            Meeting.id.label("meeting_id"),
        )
        .outerjoin_from(Review, Meeting, Meeting.review_id == Review.id)
        .where(Review.state == ReviewState.HELD, Review.held_on >= span.since, Review.held_on < span.until)
    )


def _not_held(span: Span, today: date) -> Select[Any]:
    """Planned, overdue, missed or skipped, on the planned day."""
    told = (Standing.SKIPPED, Standing.MISSED, Standing.OVERDUE, Standing.TODAY)
    standing = case(*((stands(one, today), one.value) for one in told), else_=Standing.PLANNED.value)
    return select(
        literal(0),
        Review.id,
        Review.unit_id,
        Review.planned_on,
        Review.planned_at,
        standing,
        literal(""),
        literal(""),
        cast(null(), Meeting.id.type),
    ).where(
        Review.state.in_((ReviewState.PLANNED, ReviewState.SKIPPED)),
        Review.planned_on >= span.since,
        Review.planned_on < span.until,
    )


def _due(span: Span, today: date) -> Select[Any]:
    return (
        select(
            literal(1),
            Action.id,
            Action.unit_id,
            Action.due_on,
            cast(null(), UtcDateTime()),
            case((Action.due_on < today, "overdue"), else_="open"),
            cast(Action.text, String),
            func.coalesce(Person.name, ""),
            cast(null(), Meeting.id.type),
        )
        .outerjoin_from(Action, Person, Person.id == Action.owner_id)
        .where(Action.state == ActionState.OPEN, Action.due_on >= span.since, Action.due_on < span.until)
    )
