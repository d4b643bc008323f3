"""What the portfolio knows of each unit, as SQL: for a few units with all figures, for all units only what sorts them.

Everything hangs on indexes that begin with the unit, so that a unit costs the same however many there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.policy import Action, Actor
from crm.services import attention, compliance, request_limits, stretches
from crm.services.attention import Facts, Level
from crm.services.engagement import standing
from crm.services.health import reading
from crm.services.reviews import Standing, stands
from crm.services.statements import NOW, put_together_once
from models.action import Action as Promise
from models.action import ActionState
from models.base import UtcDateTime
from models.health import HealthWeek, Movement
from models.person import Person
from models.rating import Response, Round
from models.request import OPEN_STATES, Request
from models.review import Review, ReviewState
from models.total import OVERALL, RoundTotal
from models.unit import Assignment, BusinessUnit, Cover

Parent = aliased(BusinessUnit)
Lead = aliased(Assignment)
BEFORE_ALL = date(1, 1, 1)
NO_ROUND: ColumnElement[Any] = cast(null(), Integer)
NAMES = tuple(field.name for field in fields(Facts))


def of(session: Session, *, by: Actor, units: Collection[int], now: datetime) -> dict[int, Facts]:
    """The facts of these units, by id; closed ones and those the actor may not see are absent. One statement.

    What is due is told by the organisation's day (``by.today``); the unit's own, elsewhere, can differ by one.
    """
    if not units:
        return {}
    seen = [unit for unit in units if policy.sees_all_units(by) or unit in by.belongs]
    open_ones = of_units(by.today, Sees.what(by)).where(BusinessUnit.closed_on.is_(None))
    rows = session.execute(open_ones, {"units": seen, "now": now})
    return {row.unit_id: facts_from(row) for row in rows}


@dataclass(frozen=True)
class Sees:
    """What of a unit's facts somebody may see at all."""

    ratings: bool
    dangers: bool

    @classmethod
    def what(cls, by: Actor) -> Sees:
        return cls(policy.can(by, Action.SEE_RATINGS), policy.can(by, Action.SEE_DANGER))


@put_together_once
def of_units(today: date, sees: Sees) -> Select[Any]:
    """The facts of ``units`` at ``now``. Put together once a day: to say so much costs more than to ask it."""
    condition = BusinessUnit.id.in_(bindparam("units", expanding=True))
    return _with_facts(_signs(today, sees, condition, NOW), today, sees)


def facts_from(row: Any) -> Facts:
    """The facts in a row of :func:`of_units`."""
    return Facts(**{name: getattr(row, name) for name in NAMES})


def named(*, by: Actor, condition: ColumnElement[bool], most: int) -> Select[Any]:
    """All facts, at ``now``, of those few that a sentence about all these units names: the ``most`` that need attention
    most, and one that rates us higher. ``total`` and ``needing`` (those that slip, too) count all of them."""
    known = _signs(by.today, Sees.what(by), condition, NOW)
    level = attention.level_in_sql(known.c)
    levelled = (
        select(known, level.label("level"), HealthWeek.movement)
        .outerjoin(
            HealthWeek, (HealthWeek.unit_id == known.c.unit_id) & (HealthWeek.week_on == reading.week_of(by.today))
        )
        .cte("levelled")
        .prefix_with("MATERIALIZED")
    )
    it = levelled.c
    slips = it.movement == Movement.SLIPPING
    needs = case((it.level < Level.NOT_RATED, 1), (slips, 1), else_=0)
    ranked = select(
        *it,
        func.count().over().label("total"),
        func.sum(needs).over().label("needing"),
        func.row_number().over(order_by=(it.level, it.name, it.unit_id)).label("place"),
        func.row_number().over(order_by=(it.level.desc(), it.name, it.unit_id)).label("from_end"),
    ).subquery()
    best = (ranked.c.from_end == 1) & (ranked.c.level == Level.RATED_HIGHER)
    few = select(ranked).where((ranked.c.place <= most) | best).cte("few")
    return _with_facts(few, by.today, Sees.what(by)).order_by(few.c.place)


def _with_facts(known: CTE, today: date, sees: Sees) -> Select[Any]:
    latest, lately = aliased(Round), stretches.last_year(today)
    unit = known.c.unit_id
    return (
        select(
            *(column for column in known.c if column.name != "latest_round"),
            BusinessUnit.code,
            BusinessUnit.time_zone,
            Parent.name.label("parent_name"),
            Lead.rep_id.label("lead_id"),
            Person.name.label("lead_name"),
            _uncovered_since(unit, today).label("uncovered_since"),
            _last_held_on(unit).label("last_held_on"),
            _figure(Review, func.min(Review.planned_on), unit, stands(Standing.OVERDUE, today)).label("late_since"),
            Review.id.label("next_review_id"),
            Review.planned_on.label("next_planned_on"),
            Review.planned_at.label("next_planned_at"),
            _count(Promise, unit, Promise.state == ActionState.OPEN).label("open_actions"),
            _count(Request, unit, Request.state.in_(OPEN_STATES)).label("open_requests"),
            (_count(Round, unit) if sees.ratings else literal(0)).label("rounds"),
            _count(Review, unit, compliance.counts_as(Standing.HELD, today, lately)).label("reviews_held"),
            _count(Review, unit, compliance.counts_as(Standing.MISSED, today, lately)).label("reviews_missed"),
            latest.asked.label("asked"),
            latest.opened_at.label("rated_at"),
            standing.model(unit).label("model"),
            standing.since(unit).label("model_since"),
            standing.called(unit).label("called"),
            (standing.dangers(unit) if sees.dangers else literal(0)).label("dangers"),
        )
        .join_from(known, BusinessUnit, BusinessUnit.id == known.c.unit_id)
        .outerjoin(Parent, Parent.id == BusinessUnit.parent_id)
        .outerjoin(Lead, (Lead.unit_id == unit) & (Lead.cover == Cover.LEAD) & Lead.in_force(today))
        .outerjoin(Person, Person.id == Lead.rep_id)
        .outerjoin(Review, Review.id == _next_review(unit, today))
        .outerjoin(latest, latest.id == known.c.latest_round)
    )


def signs(*, by: Actor, condition: ColumnElement[bool], now: datetime) -> CTE:
    """What :class:`crm.services.attention.Signs` names, of each open or closed unit that meets the condition."""
    return _signs(by.today, Sees.what(by), condition, literal(now, UtcDateTime()))


def _signs(today: date, sees: Sees, condition: ColumnElement[bool], now: ColumnElement[datetime]) -> CTE:
    rated = _latest_rounds(sees, condition)
    unit = rated.c.unit_id
    return (
        select(
            unit,
            rated.c.name,
            rated.c.latest_round,
            _count(Assignment, unit, Assignment.cover == Cover.LEAD, Assignment.in_force(today)).label("leads"),
            _overall(RoundTotal.n, rated.c.latest_round).label("answers"),
            _overall(RoundTotal.total, rated.c.latest_round).label("score_sum"),
            _overall(RoundTotal.n, rated.c.round_before).label("before_answers"),
            _overall(RoundTotal.total, rated.c.round_before).label("before_sum"),
            _missed(unit, today).label("missed"),
            _count(Review, unit, stands(Standing.OVERDUE, today)).label("late"),
            _count(Promise, unit, Promise.state == ActionState.OPEN, Promise.due_on < today).label("late_actions"),
            _count(Request, unit, request_limits.late_with_us(today)).label("late_requests"),
            _planned(unit, today).label("planned"),
            (_silent_rounds(unit, rated.c.latest_round, now) if sees.ratings else literal(0)).label("silent_rounds"),
            literal(int(sees.ratings)).label("ratings_seen"),
        )
        .cte("signs")
        # Without this, each rule that looks at a sign would compute it again.
        .prefix_with("MATERIALIZED")
    )


def _latest_rounds(sees: Sees, condition: ColumnElement[bool]) -> CTE:
    """Each unit with its latest round that has an answer, and the one before."""
    return (
        select(
            BusinessUnit.id.label("unit_id"),
            BusinessUnit.name.label("name"),
            (_answered_round(0) if sees.ratings else NO_ROUND).label("latest_round"),
            (_answered_round(1) if sees.ratings else NO_ROUND).label("round_before"),
        )
        .where(condition)
        .cte("rated")
        .prefix_with("MATERIALIZED")
    )


def _answered_round(skip: int) -> ScalarSelect[int]:
    return (
        select(RoundTotal.round_id)
        .where(
            RoundTotal.unit_id == BusinessUnit.id,
            RoundTotal.measure == OVERALL,
            RoundTotal.speaks_for_unit,
            RoundTotal.n > 0,
        )
        .order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc())
        .limit(1)
        .offset(skip)
        .correlate(BusinessUnit)
        .scalar_subquery()
    )


def _overall(figure: SQLColumnExpression[int], round_id: ColumnElement[Any]) -> ColumnElement[int]:
    """Of the totals of one round; 0 without one."""
    found = select(figure).where(RoundTotal.round_id == round_id, RoundTotal.measure == OVERALL)
    return func.coalesce(found.correlate_except(RoundTotal).scalar_subquery(), 0)


def _figure(table: Any, figure: ColumnElement[Any], unit: ColumnElement[int], *conditions: Any) -> ScalarSelect[Any]:
    found = select(figure).select_from(table).where(table.unit_id == unit, *conditions)
    return found.correlate_except(table).scalar_subquery()


def _count(table: Any, unit: ColumnElement[int], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return _figure(table, func.count(), unit, *conditions)


def _missed(unit: ColumnElement[int], today: date) -> ScalarSelect[int]:
    """How many periods ended without a review since the last one held."""
    held = aliased(Review)
    last_held = _figure(held, func.max(held.planned_on), unit, held.state == ReviewState.HELD)
    return _count(
        Review,
        unit,
        stands(Standing.MISSED, today),
        # Follows from the line above; said again it spares reading all that is planned ahead.
        Review.planned_on < today,
        Review.planned_on > func.coalesce(last_held, literal(BEFORE_ALL, Date)),
    )


def _last_held_on(unit: ColumnElement[int]) -> ScalarSelect[date | None]:
    """The state stands in the figure: as a condition it would lead SQLite to the held reviews of all units."""
    return _figure(Review, func.max(case((Review.state == ReviewState.HELD, Review.held_on))), unit)


def _planned(unit: ColumnElement[int], today: date) -> ColumnElement[int]:
    ahead = exists().where(Review.unit_id == unit, *_ahead(today)).correlate_except(Review)
    return case((ahead, 1), else_=0)


def _ahead(today: date) -> tuple[ColumnElement[bool], ...]:
    return (Review.state == ReviewState.PLANNED, Review.planned_on >= today)


def _next_review(unit: ColumnElement[int], today: date) -> ScalarSelect[int]:
    coming = aliased(Review)
    return (
        select(coming.id)
        .where(coming.unit_id == unit, coming.state == ReviewState.PLANNED, coming.planned_on >= today)
        .order_by(coming.planned_on, coming.id)
        .limit(1)
        .correlate_except(coming)
        .scalar_subquery()
    )


def _uncovered_since(unit: ColumnElement[int], today: date) -> ScalarSelect[date]:
    ended = (Assignment.cover == Cover.LEAD, Assignment.until <= today)
    return _figure(Assignment, func.max(Assignment.until), unit, *ended)


def _silent_rounds(
    unit: ColumnElement[int], latest_round: ColumnElement[int], now: ColumnElement[datetime]
) -> ScalarSelect[int]:
    """Rounds that closed without an answer, since the latest that has one."""
    latest = aliased(Round)
    since = select(latest.opened_at).where(latest.id == latest_round).correlate_except(latest).scalar_subquery()
    return _count(
        Round,
        unit,
        Round.speaks_for_unit.expression,
        Round.closes_at <= now,
        Round.opened_at > func.coalesce(since, literal(datetime.combine(BEFORE_ALL, time(), UTC), UtcDateTime)),
        ~exists().where(Response.round_id == Round.id).correlate(Round),
    )
