"""Which requests figures are about: since when, of which units; and how days are counted in both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Date, Integer, String, and_, cast, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import portfolio
from models.request import Request
from models.unit import Assignment, Cover


@dataclass(frozen=True)
class Span:
    """So many months or quarters back, the running one included; its key stands in an address."""

    key: str
    words: str
    months_each: int
    count: int

    @property
    def points(self) -> str:
        return "months" if self.months_each == 1 else "quarters"

    def buckets(self, today: date) -> list[Bucket]:
        """The oldest first; the last is still running."""
        first = today.replace(day=1)
        if self.months_each > 1:
            first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
        begins = [first - relativedelta(months=self.months_each * back) for back in range(self.count - 1, -1, -1)]
        return [Bucket(since, since + relativedelta(months=self.months_each)) for since in begins]


@dataclass(frozen=True)
class Bucket:
    """Days from ``since`` to before ``until``."""

    since: date
    until: date

    @property
    def name(self) -> str:
        last = self.until - timedelta(days=1)
        one = (last - self.since).days < 31
        return f"{self.since:%B %Y}" if one else f"{self.since:%B} to {last:%B %Y}"

    @property
    def short(self) -> str:
        return f"{self.since:%b}"

    @property
    def months(self) -> list[str]:
        """As the database names them: "2026-11"."""
        count = 12 * (self.until.year - self.since.year) + self.until.month - self.since.month
        return [f"{self.since + relativedelta(months=at):%Y-%m}" for at in range(count)]


SPANS = {
    one.key: one
    for one in (
        Span("12-months", "The last twelve months", 1, 13),
        Span("24-months", "The last two years", 1, 25),
        Span("3-years", "The last three years, by quarter", 3, 13),
    )
}
USUAL = SPANS["12-months"]


@dataclass(frozen=True)
class Scope:
    """What an address asks for."""

    span: Span = USUAL
    unit_id: int | None = None
    branch_id: int | None = None
    rep_id: int | None = None

    @property
    def narrows(self) -> bool:
        return any((self.unit_id, self.branch_id, self.rep_id))

    def condition(self, by: Actor) -> ColumnElement[bool]:
        """On Request: the units this person sees, and of them the wanted."""
        return and_(policy.in_visible_units(by, Request.unit_id), *self._units(by.today))

    def _units(self, today: date) -> Iterator[ColumnElement[bool]]:
        if self.unit_id:
            yield Request.unit_id == self.unit_id
        if self.branch_id:
            yield Request.unit_id.in_(portfolio.branch(self.branch_id))
        if self.rep_id:
            led = (Assignment.rep_id == self.rep_id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
            yield Request.unit_id.in_(select(Assignment.unit_id).where(*led))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def day_of(session: Session, moment: Any) -> ColumnElement[date]:
    """The day of a column of days or moments, in UTC."""
    if isinstance(moment.type, Date):
        day: ColumnElement[date] = moment.expression
        return day
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, type_=Date())
    return cast(func.timezone("UTC", moment), Date)


def month_of(session: Session, day: ColumnElement[date]) -> ColumnElement[str]:
    """ "2026-11"."""
    if session.get_bind().dialect.name == "sqlite":
        return func.strftime("%Y-%m", day, type_=String())
    return func.to_char(day, "YYYY-MM", type_=String())


def days_between(session: Session, since: ColumnElement[date], until: ColumnElement[date]) -> ColumnElement[int]:
    """How many days later, never below 0."""
    if session.get_bind().dialect.name == "sqlite":
        days: ColumnElement[int] = cast(func.julianday(until) - func.julianday(since), Integer)
        return func.max(days, 0)
    return func.greatest(cast(until, Date).op("-", return_type=Integer())(cast(since, Date)), 0)
