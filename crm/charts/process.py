"""The XmR chart of one measure: the finding in words, the drawings, and the numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.charts.drawing import Drawing, drawing_of, lettered
from crm.charts.paper import NARROW, WIDE
from crm.numerals import number
from crm.stats.series import ROUNDS, Series
from crm.stats.verdict import Verdict, usual_range, verdict_of
from crm.stats.xmr import Judgement, Limits

READINGS = {Judgement.IMPROVEMENT: "better", Judgement.CONCERN: "worse", Judgement.NEITHER: "a change"}
NONE, TOO_FEW = "nothing said", "too few to tell"


@dataclass(frozen=True)
class Period:
    """One point's time: "October 2026"; "Oct" for below the chart, and "’26" where the year has to be said; who stands
    behind its value; who was rep then, where that is told.
    """

    name: str
    short: str
    said: str = ""
    year: str = ""
    rep: str = ""


@dataclass(frozen=True)
class Line:
    """One row of the table: the period, its value, who stands behind it, what it signals ("" for noise), and who was
    rep then."""

    name: str
    text: str
    said: str
    reading: str
    rep: str = ""


@dataclass(frozen=True)
class Turn:
    """From this period on somebody else was rep; ``mark`` is its number on the drawing."""

    mark: int
    name: str
    rep: str


@dataclass(frozen=True)
class Rebasing:
    """From this period on limits were made anew, for this reason."""

    letter: str
    name: str
    reason: str


@dataclass(frozen=True)
class ProcessChart:
    """``title`` says the finding, ``description`` the rest, for those who cannot see the drawings."""

    title: str
    description: str
    verdict: Verdict
    drawings: tuple[Drawing, ...]
    lines: tuple[Line, ...]
    rebasings: tuple[Rebasing, ...]
    #: Of points: plain, better, worse, other.
    kinds: frozenset[str]
    #: Of the newest stretch.
    limits: Limits | None
    gaps: int
    #: What a gap means.
    gap: str
    turns: tuple[Turn, ...] = ()


def process_chart(
    series: Series, periods: Sequence[Period], measure: str, whose: str = "this unit’s scores"
) -> ProcessChart:
    """The chart of a series with one period for each of its values. Raises ValueError for more, fewer, none."""
    if not periods or len(periods) != len(series.values):
        raise ValueError(f"{len(series.values)} values and {len(periods)} periods")
    verdict = verdict_of(series, whose)
    names = [(period.short, period.year) for period in periods]
    turned = _turned(periods)
    drawings = tuple(drawing_of(series, names, paper, turned) for paper in (WIDE, NARROW))
    return ProcessChart(
        title=f"{measure}, {periods[0].name} to {periods[-1].name}. {verdict.sentence}",
        description=_description(series, periods),
        verdict=verdict,
        drawings=drawings,
        lines=tuple(_line(series, period, at) for at, period in enumerate(periods)),
        rebasings=tuple(Rebasing(letter, periods[each.start].name, each.reason) for letter, each in lettered(series)),
        kinds=frozenset(mark.kind for mark in drawings[0].marks),
        limits=series.stretches[-1].limits,
        gaps=series.values.count(None),
        gap=_gap(series),
        turns=tuple(Turn(mark, periods[at].name, periods[at].rep) for mark, at in enumerate(turned, 1)),
    )


def _turned(periods: Sequence[Period]) -> list[int]:
    """Where the rep is another than the one before."""
    return [at for at in range(1, len(periods)) if periods[at].rep != periods[at - 1].rep]


def _description(series: Series, periods: Sequence[Period]) -> str:
    limits = series.stretches[-1].limits
    missing = [period.name for period, value in zip(periods, series.values, strict=True) if value is None]
    said = []
    if limits:
        said.append(f"Usual level {series.scale.text(limits.mean)}, limits {usual_range(limits, series.scale)}.")
    if missing and series.points != ROUNDS:
        said.append(f"Too few to tell in {number(len(missing))} of {number(len(periods))} {series.points}.")
    elif len(missing) == 1:
        said.append(f"No round in {missing[0]}.")
    elif missing:
        said.append(f"{number(len(missing)).capitalize()} periods without a round.")
    return " ".join(said)


def _gap(series: Series) -> str:
    return NONE if series.points == ROUNDS else TOO_FEW


def _line(series: Series, period: Period, at: int) -> Line:
    value, signal, judgement = series.values[at], series.signals[at], series.judgement(at)
    reading = f"{READINGS[judgement]}: {signal.cause}" if signal and judgement else ""
    text = _gap(series) if value is None else series.scale.text(value)
    return Line(
        period.name, text, "" if value is None and series.points == ROUNDS else period.said, reading, period.rep
    )
