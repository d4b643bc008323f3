"""The ratios of requests over time: each with how many stand behind it, its range, and whether it really changed.

Complaints are left out here and told apart: see ``complaint_figures``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.charts.process import Period, ProcessChart, process_chart
from crm.policy import Action, Actor
from crm.services import request_scope
from crm.services.request_scope import Bucket, Scope, midnight
from crm.stats import rates
from crm.stats.durations import Durations, durations
from crm.stats.scale import PERCENT, Scale
from crm.stats.series import series_of
from crm.stats.wilson import Share, share_of
from crm.stats.xmr import Direction
from models.request import DONE, OPEN_STATES, Origin, Request, RequestKind, RequestState

#: Month, how many, how many of them are hits.
Row = tuple[str, int, int]
#: Times are told in days of the calendar.
DAYS = Scale(0, 100_000, "days", 0)


@dataclass(frozen=True)
class Ratio:
    """A share over time: which requests count on which day, and which of them are the hits."""

    key: str
    name: str
    #: In the verdict: what "… usually do".
    whose: str
    #: A column of days or of moments.
    on: Any
    counts: ColumnElement[bool]
    hits: ColumnElement[bool]
    better: Direction
    #: What its rows are called.
    of: str


_NO_COMPLAINT = Request.kind != RequestKind.COMPLAINT
_DECIDED = and_(Request.decided_at.is_not(None), _NO_COMPLAINT)
_REFUSED = Request.state == RequestState.DECLINED
RATIOS = {
    one.key: one
    for one in (
        Ratio(
            "offered",
            "Offered by us, of all that came up",
            "offers",
            Request.logged_on,
            _NO_COMPLAINT,
            Request.origin == Origin.OFFERED,
            Direction.NEITHER,
            "requests and offers",
        ),
        Ratio(
            "refused",
            "Refused, of all decided",
            "refusals",
            Request.decided_at,
            _DECIDED,
            _REFUSED,
            Direction.NEITHER,
            "decisions",
        ),
        Ratio(
            "bare",
            "Refused without an alternative, of all refused",
            "refusals without an alternative",
            Request.decided_at,
            and_(_DECIDED, _REFUSED),
            Request.no_alternative.expression,
            Direction.DOWN,
            "refusals",
        ),
        Ratio(
            "confirmed",
            "Confirmed by the unit, of all delivered",
            "confirmations",
            Request.delivered_at,
            and_(Request.delivered_at.is_not(None), Request.state.in_(DONE), _NO_COMPLAINT),
            Request.state == RequestState.CONFIRMED,
            Direction.UP,
            "deliveries",
        ),
    )
}


@dataclass(frozen=True)
class Line:
    """One month or quarter of a share."""

    bucket: Bucket
    share: Share

    @property
    def text(self) -> str:
        return rates.text(self.share)

    @property
    def behind(self) -> str:
        return rates.behind(self.share)


@dataclass(frozen=True)
class Trend:
    """A ratio: over all, by month, and on a chart of the months that are over; None before there is any."""

    ratio: Ratio
    share: Share
    lines: Sequence[Line]
    chart: ProcessChart | None

    @property
    def text(self) -> str:
        return rates.text(self.share)

    @property
    def range(self) -> str:
        """ ", 9–24 %"; ": too few to tell"."""
        return rates.span(self.share)


@dataclass(frozen=True)
class Times:
    """How long decisions took, over all and by month."""

    all: Durations
    lines: Sequence[tuple[Bucket, Durations]]
    chart: ProcessChart | None


@dataclass(frozen=True)
class Figures:
    """``open``: how old what is open is today, in days."""

    buckets: Sequence[Bucket]
    trends: Sequence[Trend]
    decided_after: Times
    open: Durations


def read(session: Session, *, by: Actor, scope: Scope) -> Figures:
    """All figures. Four statements, however many requests there are."""
    policy.require(by, Action.SEE_REQUEST_FIGURES)
    buckets = scope.span.buckets(by.today)
    mine = scope.condition(by)
    decided = _decisions(session, mine, buckets)
    rows = {
        "offered": _counted(session, RATIOS["offered"], mine, buckets),
        "refused": [(month, many, no) for month, _, many, no, _ in decided],
        "bare": [(month, no, bare) for month, _, _, no, bare in decided],
        "confirmed": _counted(session, RATIOS["confirmed"], mine, buckets),
    }
    took = [(month, days, many) for month, days, many, _, _ in decided]
    return Figures(
        buckets=buckets,
        trends=[_trend(ratio, rows[key], buckets, scope) for key, ratio in RATIOS.items()],
        decided_after=times_of(took, buckets, "Days until a decision", "decisions", scope),
        open=_ages(session, mine, by.today),
    )


def within(ratio: Ratio, since: date, until: date) -> ColumnElement[bool]:
    """What counts for the ratio from one day to before another."""
    if ratio.on is Request.logged_on:
        return and_(ratio.counts, Request.logged_on >= since, Request.logged_on < until)
    return and_(ratio.counts, ratio.on >= midnight(since), ratio.on < midnight(until))


def _counted(session: Session, ratio: Ratio, mine: ColumnElement[bool], buckets: Sequence[Bucket]) -> list[Row]:
    """By month, how many count and how many are hits. One statement."""
    month = request_scope.month_of(session, request_scope.day_of(session, ratio.on))
    counted = select(month, func.count(), func.count().filter(ratio.hits)).where(mine)
    rows = session.execute(counted.where(within(ratio, buckets[0].since, buckets[-1].until)).group_by(month))
    return [(row[0], row[1], row[2]) for row in rows]


def _trend(ratio: Ratio, rows: Sequence[Row], buckets: Sequence[Bucket], scope: Scope) -> Trend:
    n, hits, place = Counter[Bucket](), Counter[Bucket](), places(buckets)
    for month, many, of_them in rows:
        n[place[month]] += many
        hits[place[month]] += of_them
    lines = [Line(bucket, share_of(hits[bucket], n[bucket])) for bucket in buckets]
    values = [rates.percent(line.share) for line in lines[:-1]]
    chart = chart_of(lines, values, ratio.name, ratio.whose, ratio.better, PERCENT, scope)
    return Trend(ratio, share_of(hits.total(), n.total()), lines, chart)


def places(buckets: Sequence[Bucket]) -> dict[str, Bucket]:
    """The bucket of each month."""
    return {month: bucket for bucket in buckets for month in bucket.months}


def chart_of(
    lines: Sequence[Line],
    values: Sequence[float | None],
    name: str,
    whose: str,
    better: Direction,
    scale: Scale,
    scope: Scope,
) -> ProcessChart | None:
    """The chart of what is over: the running month would be judged before its time."""
    if not any(value is not None for value in values):
        return None
    periods = [period_of(line.bucket, line.behind) for line in lines[:-1]]
    series = series_of(values, better=better, scale=scale, points=scope.span.points)
    return process_chart(series, periods, name, whose)


def period_of(bucket: Bucket, said: str) -> Period:
    return Period(bucket.name, bucket.short, said, f"’{bucket.since:%y}")


# ---- How long


def _decisions(
    session: Session, mine: ColumnElement[bool], buckets: Sequence[Bucket]
) -> list[tuple[str, int, int, int, int]]:
    """By month and by how many days they took: how many decisions, refusals, and refusals that offered nothing. One
    statement for all that is told of decisions."""
    refused, bare = RATIOS["refused"], RATIOS["bare"]
    decided = request_scope.day_of(session, Request.decided_at)
    month = request_scope.month_of(session, decided)
    days = request_scope.days_between(session, Request.logged_on.expression, decided)
    no = func.count().filter(refused.hits)
    counted = select(month, days, func.count(), no, func.count().filter(and_(refused.hits, bare.hits))).where(mine)
    rows = counted.where(within(refused, buckets[0].since, buckets[-1].until)).group_by(month, days)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(rows)]


def times_of(
    rows: Sequence[tuple[str, int, int]], buckets: Sequence[Bucket], name: str, whose: str, scope: Scope
) -> Times:
    """From (month, how long, how many)."""
    by_bucket: dict[Bucket, Counter[int]] = {bucket: Counter() for bucket in buckets}
    place = places(buckets)
    for month, long, many in rows:
        by_bucket[place[month]][long] += many
    lines = [(bucket, durations(by_bucket[bucket])) for bucket in buckets]
    whole = durations(sum(by_bucket.values(), Counter[int]()))
    return Times(whole, lines, _chart_of_times(lines, name, whose, scope))


def _chart_of_times(
    lines: Sequence[tuple[Bucket, Durations]], name: str, whose: str, scope: Scope
) -> ProcessChart | None:
    told = [one.median if one.n >= rates.LEAST else None for _, one in lines[:-1]]
    if not any(value is not None for value in told):
        return None
    periods = [period_of(bucket, behind(one)) for bucket, one in lines[:-1]]
    series = series_of(told, better=Direction.DOWN, scale=DAYS, points=scope.span.points)
    return process_chart(series, periods, f"{name}, the middle one", whose)


def behind(one: Durations) -> str:
    """ "of 80, 4–7 days; nine in ten within 21"; "3: too few to tell"."""
    if one.n < rates.LEAST:
        return f"{one.n}: {rates.TOO_FEW}" if one.n else "none so far"
    said = f"of {one.n:,}"
    if one.low is not None and one.high is not None:
        said += f", {DAYS.span(one.low, one.high)}"
    return said + (f"; nine in ten within {one.ninetieth:,}" if one.ninetieth is not None else "")


def median_text(one: Durations) -> str:
    """ "6 days", or "?" of too few."""
    if one.median is None or one.n < rates.LEAST:
        return "?"
    return "1 day" if one.median == 1 else DAYS.text(one.median)


def _ages(session: Session, mine: ColumnElement[bool], today: date) -> Durations:
    open_ = select(Request.logged_on, func.count()).where(mine, _NO_COMPLAINT, Request.state.in_(OPEN_STATES))
    ages = Counter[int]()
    for on, many in session.execute(open_.group_by(Request.logged_on)):
        ages[max((today - on) // timedelta(days=1), 0)] += many
    return durations(ages)
