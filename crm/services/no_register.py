"""The "No" register: what was refused, what was offered instead, and how the units got along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import after_refusals, organisation, pages
from crm.services.search import contains
from crm.services.stretches import Stretch
from crm.stats.wilson import Share, share_of
from models.request import Request, RequestState
from models.request_part import AfterRefusal, RequestTheme, RequestVerdict, Solved, Verdict
from models.unit import BusinessUnit

#: The theme of what has none yet.
NOT_SORTED = 0


class Outcome(StrEnum):
    """What became of a refusal."""

    ALTERNATIVE = "alternative"
    ELSEWHERE = "elsewhere"
    OURSELVES = "ourselves"
    WITHOUT = "without"
    STILL = "still"
    OUTSIDE = "outside"  # elsewhere, or with a tool of their own: not with IT
    SILENT = "silent"  # asked, and not answered yet
    AHEAD = "ahead"  # not asked yet
    AGAIN = "again"  # looked at again before anybody answered


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    UNIT = "unit"
    THEME = "theme"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Wanted:
    """Which refusals. ``theme_id``: NOT_SORTED for those without one. ``has_alternative``: None for both."""

    unit_id: int | None = None
    covered: bool = False
    theme_id: int | None = None
    outcome: Outcome | None = None
    has_alternative: bool | None = None
    stretch: Stretch | None = None
    #: Only those that stand: not looked at again since.
    stands: bool = False
    #: Only those whose value is given in money.
    has_value: bool = False
    text: str = ""
    order: Order = Order.NEWEST


@dataclass(frozen=True)
class Refusal:
    """One "no": the request with unit, theme and requester; what was said; and what became of it."""

    verdict: RequestVerdict
    request: Request
    after: AfterRefusal | None

    @property
    def outcome(self) -> Outcome:
        """What became of it; of each refusal one."""
        if self.after is None:
            return Outcome.AHEAD
        if self.after.solved is not None:
            return Outcome(self.after.solved.value)
        if self.after.dropped:
            return Outcome.AGAIN
        return Outcome.AHEAD if self.after.asked_at is None else Outcome.SILENT


def listed(
    session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE
) -> pages.Page[Refusal]:
    """Refusals of the units this person sees. Two statements a page at most."""
    statement = refused(by, zoned(session, wanted), RequestVerdict, Request, AfterRefusal)
    loaded = statement.outerjoin(Request.theme).options(
        contains_eager(Request.unit),
        contains_eager(Request.theme),
        joinedload(Request.requester),
        joinedload(RequestVerdict.by),
    )
    found = pages.of_rows(session, loaded.order_by(*_ORDERS[wanted.order]), number, size)
    return pages.Page([Refusal(*row) for row in found.rows], found.number, found.has_next)


def without_alternative(session: Session, *, by: Actor, wanted: Wanted) -> Share:
    """How many of the refusals, whether they offered something or not, left without an alternative. One statement."""
    either = zoned(session, replace(wanted, has_alternative=None))
    counts = (func.count(), func.sum(case((RequestVerdict.no_alternative, 1), else_=0)))
    n, hits = session.execute(refused(by, either, *counts)).one()
    return share_of(int(hits or 0), n)


@dataclass(frozen=True)
class Zoned:
    """The wish, with its days as instants where the house stands."""

    wanted: Wanted
    since: datetime | None = None
    until: datetime | None = None


def zoned(session: Session, wanted: Wanted) -> Zoned:
    if wanted.stretch is None:
        return Zoned(wanted)
    zone = ZoneInfo(organisation.current(session).time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (wanted.stretch.since, wanted.stretch.until))
    return Zoned(wanted, since, until)


def refused(by: Actor, zoned: Zoned, *what: Any) -> Select[*tuple[Any, ...]]:
    """A statement on what was refused, within what this person sees."""
    policy.require(by, Action.SEE_PROMISES)
    return (
        select(*what)
        .select_from(RequestVerdict)
        .join(Request, Request.id == RequestVerdict.request_id)
        .join(Request.unit)
        .outerjoin(AfterRefusal, AfterRefusal.verdict_id == RequestVerdict.id)
        .where(
            RequestVerdict.verdict == Verdict.DECLINE,
            policy.in_visible_units(by, Request.unit_id),
            *_conditions(by, zoned),
        )
    )


def _conditions(by: Actor, zoned: Zoned) -> Iterator[ColumnElement[bool]]:
    wanted = zoned.wanted
    if wanted.unit_id is not None:
        yield Request.unit_id == wanted.unit_id
    if wanted.covered:
        yield Request.unit_id.in_(by.covers)
    if wanted.theme_id is not None:
        yield Request.theme_id == wanted.theme_id if wanted.theme_id else Request.theme_id.is_(None)
    if wanted.has_alternative is not None:
        yield RequestVerdict.no_alternative == (not wanted.has_alternative)
    if wanted.outcome is not None:
        yield became(wanted.outcome)
    if wanted.stands:
        yield and_(*standing())
    if wanted.has_value:
        yield has_value()
    if zoned.since and zoned.until:
        yield and_(RequestVerdict.at >= zoned.since, RequestVerdict.at < zoned.until)
    if wanted.text:
        yield contains(wanted.text, Request.title, Request.business_need, BusinessUnit.name)


def standing() -> tuple[ColumnElement[bool], ...]:
    """The conditions that a refusal still holds: it is the newest, and was not looked at again."""
    return (Request.state == RequestState.DECLINED, after_refusals.is_newest())


def has_value() -> ColumnElement[bool]:
    return or_(Request.value_low.is_not(None), Request.value_high.is_not(None))


def became(outcome: Outcome) -> ColumnElement[bool]:
    """The condition that this became of it."""
    is_open = and_(AfterRefusal.answered_at.is_(None), AfterRefusal.dropped == "")
    special = {
        Outcome.OUTSIDE: AfterRefusal.solved.in_((Solved.ELSEWHERE, Solved.OURSELVES)),
        Outcome.SILENT: and_(is_open, AfterRefusal.asked_at.is_not(None)),
        Outcome.AHEAD: or_(AfterRefusal.id.is_(None), and_(is_open, AfterRefusal.asked_at.is_(None))),
        Outcome.AGAIN: and_(AfterRefusal.answered_at.is_(None), AfterRefusal.dropped != ""),
    }
    return special[outcome] if outcome in special else AfterRefusal.solved == Solved(outcome.value)


_NEWEST = (RequestVerdict.at.desc(), RequestVerdict.id.desc())
_BY_OUTCOME = case({one: place for place, one in enumerate(reversed(Solved))}, value=AfterRefusal.solved, else_=9)
_ORDERS: dict[Order, Sequence[SQLColumnExpression[Any]]] = {
    Order.NEWEST: _NEWEST,
    Order.OLDEST: (RequestVerdict.at.asc(), RequestVerdict.id.asc()),
    Order.UNIT: (func.lower(BusinessUnit.name), BusinessUnit.id, *_NEWEST),
    Order.THEME: (func.lower(RequestTheme.name).nulls_last(), *_NEWEST),
    Order.OUTCOME: (_BY_OUTCOME, *_NEWEST),
}
