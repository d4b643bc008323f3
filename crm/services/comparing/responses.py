"""Who was not heard: of all that were asked in rounds that have closed, how many answered. Says nothing of what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.comparing.wanted import Months, Order, Wanted, months_of, scope
from crm.services.pages import Page
from crm.services.search import contains
from crm.services.stretches import last_year
from crm.stats.wilson import Share, share_of
from models.rating import Response, Round
from models.total import OVERALL, RoundTotal
from models.unit import BusinessUnit

#: A unit's month can begin so much before or after the one at Greenwich.
ASIDE = timedelta(days=1)


@dataclass(frozen=True)
class HeardLine:
    """``share``: of those asked who answered, with its range (Wilson)."""

    unit_id: int
    name: str
    rounds: int
    share: Share


#: An instant, or where it is told later.
Moment = datetime | ColumnElement[datetime]


@dataclass(frozen=True)
class Heard:
    page: Page[HeardLine]
    together: Share


def heard(
    session: Session, *, by: Actor, wanted: Wanted, now: datetime, number: int = 1, size: int = pages.SIZE
) -> Heard:
    """By unit, those least heard first. Two statements."""
    policy.require(by, Action.COMPARE_RATINGS)
    total = session.execute(counted(by, wanted, now)).one()
    units = BusinessUnit.id.label("unit_id"), BusinessUnit.name.label("name")
    each = counted(by, wanted, now, *units).group_by(BusinessUnit.id, BusinessUnit.name)
    found = pages.of_rows(session, each.having(func.sum(Round.asked) > 0).order_by(*_order(wanted)), number, size)
    lines = [HeardLine(row.unit_id, row.name, row.rounds, _share(row)) for row in found.rows]
    return Heard(Page(lines, found.number, found.has_next), _share(total))


def listed(
    session: Session, *, by: Actor, wanted: Wanted, now: datetime, number: int = 1, size: int = pages.SIZE
) -> Page[HeardLine]:
    """The lines alone, for a file."""
    return heard(session, by=by, wanted=wanted, now=now, number=number, size=size).page


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit, now: datetime) -> Share:
    """How many of those asked in the last twelve months answered. One statement."""
    policy.require(by, Action.SEE_RATINGS, unit)
    wanted = Wanted(months_of(last_year(by.today)))
    return _share(session.execute(counted(by, wanted, now).where(BusinessUnit.id == unit.id)).one())


def counted(by: Actor, wanted: Wanted, now: Moment, *keys: Any) -> Select[Any]:
    """Asked and answered, with BusinessUnit in it. Where scores are shown the totals know; the few answers of other
    rounds are counted."""
    statement = (
        select(
            *keys,
            func.count(Round.id).label("rounds"),
            func.coalesce(func.sum(Round.asked), 0).label("asked"),
            func.coalesce(answered(), 0).label("answered"),
        )
        .join_from(Round, BusinessUnit, BusinessUnit.id == Round.unit_id)
        .outerjoin(RoundTotal, (RoundTotal.round_id == Round.id) & (RoundTotal.measure == OVERALL))
        .where(_are_closed(now), BusinessUnit.closed_on.is_(None), _opened_in(wanted.months), *scope(wanted, by))
    )
    if wanted.instrument:
        statement = statement.where(Round.instrument == wanted.instrument)
    return statement.where(contains(wanted.text, BusinessUnit.name, BusinessUnit.code)) if wanted.text else statement


def _are_closed(now: Moment) -> ColumnElement[bool]:
    """Of a round without names not even how many answered is said before it is settled."""
    return and_(Round.closes_at <= now, Round.is_counted)


def answered() -> ColumnElement[int]:
    """Summed over the rounds of such a statement."""
    each = select(func.count(Response.id)).where(Response.round_id == Round.id).correlate(Round).scalar_subquery()
    return func.sum(case((RoundTotal.round_id.is_(None), each), else_=RoundTotal.n))


def _opened_in(months: Months) -> ColumnElement[bool]:
    """By the unit's own month, which the totals know; of rounds without totals by the month at Greenwich."""
    since, until = (_midnight(day) for day in (months.since, months.until))
    by_total = and_(RoundTotal.month >= months.since, RoundTotal.month < months.until)
    without = and_(RoundTotal.round_id.is_(None), Round.opened_at >= since, Round.opened_at < until)
    return and_(Round.opened_at >= since - ASIDE, Round.opened_at < until + ASIDE, or_(by_total, without))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _share(row: Any) -> Share:
    """A link that was cut after its answer came is counted as asked."""
    return share_of(int(row.answered), max(int(row.asked), int(row.answered)))


def _order(wanted: Wanted) -> Sequence[Any]:
    rate = answered() * 1.0 / func.sum(Round.asked)
    by_name = (func.lower(BusinessUnit.name), BusinessUnit.id)
    if wanted.order is Order.NAME:
        return by_name
    return (rate.desc() if wanted.order is Order.STRONGEST else rate, *by_name)
