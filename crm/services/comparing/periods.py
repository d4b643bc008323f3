"""All units together, period by period: months of up to two years, otherwise quarters; told apart from noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from crm import policy
from crm.charts.process import Period, ProcessChart, process_chart
from crm.policy import Action, Actor
from crm.services.comparing.wanted import Months, Wanted, sums, tally_of
from crm.services.measures import MEASURES, scale_of
from crm.services.tallies import Tally
from crm.stats.series import Series, series_of
from crm.stats.xmr import Judgement
from models.total import PeriodTotal

#: Longer times are told in quarters; nothing further back than so many of them.
MOST_MONTHS, MOST_PERIODS = 24, 60
VERDICTS: dict[Judgement | None, str] = {
    Judgement.IMPROVEMENT: "A real change for the better",
    Judgement.CONCERN: "A real change for the worse",
}


@dataclass(frozen=True)
class PeriodLine:
    """One month or quarter; a quarter counts as far as it lies in the time that was chosen."""

    name: str
    tally: Tally
    verdict: str


@dataclass(frozen=True)
class Periods:
    """``lines``: newest first; ``chart`` is None without any answer."""

    lines: Sequence[PeriodLine]
    chart: ProcessChart | None
    each: str
    together: Tally


def over_time(session: Session, *, by: Actor, wanted: Wanted) -> Periods:
    """What all units say in each period of the time chosen. One statement."""
    policy.require(by, Action.COMPARE_RATINGS)
    step = 1 if wanted.months.many <= MOST_MONTHS else 3
    months = {
        row.month: tally_of(row, wanted.measure)
        for row in session.execute(sums(wanted, by, wanted.months, PeriodTotal.month, measure=wanted.measure))
    }
    each = _said([(start, _together(months, start, step)) for start in _starts(wanted.months, step)])
    series = series_of([tally.value for _, tally in each], scale=scale_of(wanted.measure))
    lines = [
        PeriodLine(_name(start, step), tally, _verdict(series, at) if tally.n else "")
        for at, (start, tally) in enumerate(each)
    ]
    return Periods(
        lines=lines[::-1],
        chart=_chart(series, each, step, wanted.measure) if each else None,
        each="month" if step == 1 else "quarter",
        together=sum(months.values(), Tally()),
    )


def _starts(months: Months, step: int) -> list[date]:
    """The first day of each period, the oldest first."""
    first = months.since if step == 1 else months.since.replace(month=3 * ((months.since.month - 1) // 3) + 1)
    many = -(-((months.until.year - first.year) * 12 + months.until.month - first.month) // step)
    return [first + relativedelta(months=step * at) for at in range(max(0, many - MOST_PERIODS), many)]


def _together(months: dict[date, Tally], start: date, step: int) -> Tally:
    wanted = (start + relativedelta(months=at) for at in range(step))
    return sum((months.get(month, Tally()) for month in wanted), Tally())


def _said(each: list[tuple[date, Tally]]) -> list[tuple[date, Tally]]:
    """From the first period that says something to the last; silence in between is a gap."""
    heard = [at for at, (_, tally) in enumerate(each) if tally.n]
    return each[heard[0] : heard[-1] + 1] if heard else []


def _name(start: date, step: int) -> str:
    return f"{start:%B %Y}" if step == 1 else f"{start:%B} to {start + relativedelta(months=2):%B %Y}"


def _verdict(series: Series, at: int) -> str:
    if series.stretch_at(at).limits is None:
        return "Too few periods to tell"
    return VERDICTS.get(series.judgement(at), "No real change")


def _chart(series: Series, each: list[tuple[date, Tally]], step: int, measure: str) -> ProcessChart:
    periods = [
        Period(_name(start, step), f"{start:%b}", tally.told().sentence, f"’{start:%y}") for start, tally in each
    ]
    return process_chart(series, periods, MEASURES[measure], "these scores")
