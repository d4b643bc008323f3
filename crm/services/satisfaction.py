"""A unit's satisfaction over time: one point a round, told apart from noise. Read from totals, never from answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm import policy
from crm.charts.matters import MattersChart
from crm.charts.process import Period, ProcessChart, process_chart
from crm.policy import Action, Actor
from crm.services import clock, rebasings, tallies, unit_matters, words
from crm.services.leads import Leads
from crm.services.measures import END_USERS, OF_UNIT, OVERALL, asked_in, is_of_chance, question_of, scale_of
from crm.services.tallies import Tally
from crm.stats.series import Series, series_of
from crm.stats.xmr import Judgement
from models.person import Person
from models.rating import Audience, Rebasing, Round
from models.total import RoundTotal
from models.unit import BusinessUnit

#: So many rounds, the newest, are on a chart.
MOST = 60
YEAR = timedelta(days=365)
#: What a signal says.
DROP, RISE = "drop", "rise"


@dataclass(frozen=True)
class Point:
    """One round of the chart, what it says (nothing: a gap), and who was lead rep on the day it opened. ``anew``: from
    here on the limits are drawn anew."""

    round: Round
    tally: Tally
    lead: Person | None = None
    anew: Rebasing | None = None


@dataclass(frozen=True)
class Satisfaction:
    """``chart`` is None before the first round; ``matters`` before the first survey that may be read. ``year``: what
    the rounds of the last twelve months say together; ``anew``: where limits begin anew, oldest first."""

    measure: str
    points: Sequence[Point]
    chart: ProcessChart | None
    matters: MattersChart | None
    year: Tally
    anew: Sequence[Rebasing]

    @property
    def newest(self) -> Point | None:
        """The newest round that says something."""
        return next((point for point in reversed(self.points) if point.tally.n), None)


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit, now: datetime, measure: str = OVERALL) -> Satisfaction:
    """Pulses and surveys that may be read, the oldest first; a round that closed without an answer is a gap. At most
    five statements, and sixty rounds."""
    policy.require(by, Action.SEE_RATINGS, unit)
    points = points_of(session, unit=unit, measure=measure, now=now)
    return Satisfaction(
        measure=measure,
        points=points,
        chart=chart_of(unit, measure, points) if points else None,
        matters=unit_matters.of_newest_survey(session, unit=unit),
        year=sum((point.tally for point in points if point.round.opened_at > now - YEAR), Tally()),
        anew=[point.anew for point in points if point.anew],
    )


def points_of(
    session: Session, *, unit: BusinessUnit, measure: str, now: datetime, upto: Round | None = None
) -> list[Point]:
    """The newest sixty rounds (up to one of them), the oldest first. Two statements."""
    said = (RoundTotal.round_id == Round.id) & (RoundTotal.measure == question_of(measure)) & (RoundTotal.about == "")
    rounds = (
        select(Round, RoundTotal, Rebasing)
        .outerjoin(RoundTotal, said & (RoundTotal.is_of_chance == is_of_chance(measure)))
        .outerjoin(Rebasing, rebasings.holds(measure) & (Rebasing.round_id == Round.id))
        .where(
            Round.unit_id == unit.id,
            Round.scores_shown,
            _answered_by(measure),
            Round.instrument.in_(asked_in(measure)),
        )
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(MOST)
    )
    if upto is not None:
        rounds = rounds.where(Round.opened_at <= upto.opened_at)
    leads = Leads(session, {unit.id})
    found = [
        Point(round_, tallies.of_total(total, asked=round_.asked), leads.on(unit, round_.opened_at), anew)
        for round_, total, anew in reversed(session.execute(rounds).all())
    ]
    return [point for point in found if point.tally.n or point.round.closes_at <= now]


def _answered_by(measure: str) -> ColumnElement[bool]:
    return Round.audience == Audience.END_USERS if measure == END_USERS else Round.speaks_for_unit.expression


def signal(session: Session, *, unit_id: int, upto_round: int) -> str | None:
    """Whether overall satisfaction, the unit's or that of its end users, changed for real with this round, among those
    up to it: "drop", "rise", or None. Never under six points. At most four statements, and sixty rounds."""
    unit, upto = session.get_one(BusinessUnit, unit_id), session.get_one(Round, upto_round)
    measure = END_USERS if upto.audience is Audience.END_USERS else OVERALL
    points = points_of(session, unit=unit, measure=measure, now=upto.opened_at, upto=upto)
    at = next((place for place, point in enumerate(points) if point.round.id == upto_round and point.tally.n), None)
    if at is None:
        return None
    judgement = _series(measure, points[: at + 1]).judgement(at)
    return {Judgement.CONCERN: DROP, Judgement.IMPROVEMENT: RISE}.get(judgement) if judgement else None


def _series(measure: str, points: Sequence[Point]) -> Series:
    reasons = {place: point.anew.reason for place, point in enumerate(points) if place and point.anew}
    values = [point.tally.value for point in points]
    return series_of(values, rebased=reasons, scale=scale_of(measure))


def chart_of(unit: BusinessUnit, measure: str, points: Sequence[Point]) -> ProcessChart:
    """Of one point or more, the oldest first."""
    periods = [_period(unit, point) for point in points]
    whose = f"{words.whose(unit.name)} scores"
    return process_chart(_series(measure, points), periods, OF_UNIT[measure], whose)


def _period(unit: BusinessUnit, point: Point) -> Period:
    day = clock.local_date(point.round.opened_at, unit.time_zone)
    lead = point.lead.name if point.lead else "Nobody"
    return Period(f"{day.day} {day:%B %Y}", f"{day:%b}", point.tally.told("people").sentence, f"’{day:%y}", lead)
