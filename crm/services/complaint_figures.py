"""Complaints over time, told apart from requests: how many, how long until solved, how often not solved, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from crm import policy
from crm.charts.process import ProcessChart, process_chart
from crm.policy import Action, Actor
from crm.services import request_scope
from crm.services.request_figures import Times, period_of, places, times_of
from crm.services.request_scope import Bucket, Scope, midnight
from crm.stats import poisson, rates
from crm.stats.scale import Scale, figure
from crm.stats.series import series_of
from crm.stats.wilson import Share, share_of
from crm.stats.xmr import Direction
from models.request import Cause, Request, RequestKind, RequestState, RequestStep, Severity

COUNT = Scale(0, 1_000_000, decimals=0)


@dataclass(frozen=True)
class Line:
    """One month or quarter: how many of each severity came."""

    bucket: Bucket
    by_severity: Counter[Severity]

    @property
    def n(self) -> int:
        return self.by_severity.total()

    @property
    def behind(self) -> str:
        """Between which numbers the usual one lies, if this month is all there is to go by: "of a usual 2–12"."""
        low, high = poisson.interval(self.n)
        return f"of a usual {figure(low, 1)}–{figure(high, 1)}"


@dataclass(frozen=True)
class Figures:
    """``again``: of those we called solved, how many the unit said were not. ``causes``: the most frequent first."""

    lines: Sequence[Line]
    chart: ProcessChart | None
    solved_after: Times
    again: Share
    causes: Sequence[tuple[Cause | None, int]]

    @property
    def n(self) -> int:
        return sum(line.n for line in self.lines)

    @property
    def again_text(self) -> str:
        return rates.text(self.again)

    @property
    def again_behind(self) -> str:
        return rates.behind(self.again)


_COMPLAINT = Request.kind == RequestKind.COMPLAINT
_SINCE: ColumnElement[object] = func.coalesce(Request.complained_on, Request.logged_on)


def read(session: Session, *, by: Actor, scope: Scope) -> Figures:
    """All of them. Four statements."""
    policy.require(by, Action.SEE_REQUEST_FIGURES)
    buckets = scope.span.buckets(by.today)
    mine = and_(scope.condition(by), _COMPLAINT)
    lines = _lines(session, mine, buckets)
    return Figures(
        lines=lines,
        chart=_chart(lines, scope),
        solved_after=_solved_after(session, mine, buckets, scope),
        again=_again(session, mine, buckets),
        causes=_causes(session, mine, buckets),
    )


def _came(buckets: Sequence[Bucket]) -> ColumnElement[bool]:
    return and_(buckets[0].since <= _SINCE, buckets[-1].until > _SINCE)


def _lines(session: Session, mine: ColumnElement[bool], buckets: Sequence[Bucket]) -> list[Line]:
    month = request_scope.month_of(session, _SINCE)  # type: ignore[arg-type]
    counted = select(month, Request.severity, func.count()).where(mine, _came(buckets))
    place, found = places(buckets), {bucket: Counter[Severity]() for bucket in buckets}
    for at, severity, many in session.execute(counted.group_by(month, Request.severity)):
        found[place[at]][severity or Severity.SERIOUS] += many
    return [Line(bucket, found[bucket]) for bucket in buckets]


def _chart(lines: Sequence[Line], scope: Scope) -> ProcessChart | None:
    """Of what is over, from the first month with a complaint on: before that nobody may have counted them here."""
    first = next((at for at, line in enumerate(lines[:-1]) if line.n), None)
    if first is None:
        return None
    told = lines[first:-1]
    series = series_of([line.n for line in told], better=Direction.DOWN, scale=COUNT, points=scope.span.points)
    periods = [period_of(line.bucket, line.behind) for line in told]
    return process_chart(series, periods, "Complaints", "complaints")


def _solved_after(session: Session, mine: ColumnElement[bool], buckets: Sequence[Bucket], scope: Scope) -> Times:
    solved = request_scope.day_of(session, Request.delivered_at)
    month = request_scope.month_of(session, solved)
    days = request_scope.days_between(session, _SINCE, solved)  # type: ignore[arg-type]
    since, until = midnight(buckets[0].since), midnight(buckets[-1].until)
    counted = select(month, days, func.count()).where(mine, Request.delivered_at >= since, Request.delivered_at < until)
    found = [(row[0], row[1], row[2]) for row in session.execute(counted.group_by(month, days))]
    return times_of(found, buckets, "Days until solved", "solutions", scope)


def _again(session: Session, mine: ColumnElement[bool], buckets: Sequence[Bucket]) -> Share:
    """Of those that came in this time and were ever called solved, how many the unit sent back."""
    solved, back = aliased(RequestStep), aliased(RequestStep)
    was_solved = exists().where(solved.request_id == Request.id, solved.state == RequestState.DELIVERED)
    came_back = exists().where(
        solved.request_id == Request.id,
        solved.state == RequestState.DELIVERED,
        back.request_id == Request.id,
        back.id > solved.id,
        back.state == RequestState.DELIVERING,
    )
    counted = select(func.count(), func.count().filter(came_back))
    row = session.execute(counted.select_from(Request).where(mine, _came(buckets), was_solved)).one()
    return share_of(row[1], row[0])


def _causes(session: Session, mine: ColumnElement[bool], buckets: Sequence[Bucket]) -> list[tuple[Cause | None, int]]:
    told = select(Request.cause, func.count()).where(mine, _came(buckets), Request.root_cause != "")
    rows = [(row[0], row[1]) for row in session.execute(told.group_by(Request.cause))]
    return sorted(rows, key=lambda row: (-row[1], row[0] or ""))
