"""A unit's satisfaction over time: one point a round, told apart from noise; and what matters to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.charts.matters import MattersChart, matters_chart
from crm.charts.process import Period, ProcessChart, process_chart
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import clock, survey_results, words
from crm.services.confidentiality import may_show
from crm.stats.gaps import Item
from crm.stats.moments import Moments
from crm.stats.scores import score_from
from crm.stats.series import series_of
from crm.stats.told import told
from crm.stats.verdict import verdict_of
from crm.stats.xmr import Judgement
from models.question import Instrument, Question, QuestionKind
from models.rating import Answer, Rebasing, Response, Round
from models.unit import BusinessUnit

OVERALL = "overall"
#: What a chart can show, and how it is named; the keys of questions of the survey.
MEASURES = {
    OVERALL: "Overall satisfaction",
    "understands": "We understand what they need",
    "executes": "We deliver what we agreed",
    "communicates": "We keep them informed",
    "value": "Worth what it costs",
}
#: So many rounds, the newest, are on a chart.
MOST = 60
REASON_LENGTH = 500
#: What a signal says.
DROP, RISE = "drop", "rise"


@dataclass(frozen=True)
class Point:
    """One round of the chart, and what it says."""

    round: Round
    answers: Moments


@dataclass(frozen=True)
class Satisfaction:
    """``chart`` is None before the first round; ``matters`` before the first survey that may be read."""

    measure: str
    points: Sequence[Point]
    chart: ProcessChart | None
    matters: MattersChart | None


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit, now: datetime, measure: str = OVERALL) -> Satisfaction:
    """Pulses and surveys that may be read, the oldest first; a round that closed without an answer is a gap. At most
    seven statements."""
    policy.require(by, Action.SEE_RATINGS, unit)
    points = _points(session, unit, measure, now)
    return Satisfaction(
        measure=measure,
        points=points,
        chart=_chart(session, unit, measure, points) if points else None,
        matters=_matters(session, by, unit),
    )


def _points(session: Session, unit: BusinessUnit, measure: str, now: datetime) -> list[Point]:
    rounds = session.scalars(
        select(Round)
        .where(
            Round.unit_id == unit.id,
            Round.scores_shown,
            Round.speaks_for_unit,
            Round.instrument.in_(_asked_in(measure)),
        )
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(MOST)
    ).all()
    said = _answers(session, [round_.id for round_ in rounds], measure)
    nobody = Moments.of(())
    told = [Point(round_, _enough(round_, said.get(round_.id, nobody))) for round_ in reversed(rounds)]
    return [point for point in told if point.answers.n or point.round.closes_at <= now]


def _asked_in(measure: str) -> tuple[Instrument, ...]:
    return (Instrument.PULSE, Instrument.SURVEY) if measure == OVERALL else (Instrument.SURVEY,)


def _answers(session: Session, round_ids: Sequence[int], measure: str) -> Mapping[int, Moments]:
    """By the round's id. One statement."""
    figures = select(Response.round_id, Response.score).where(Response.round_id.in_(round_ids))
    if measure != OVERALL:
        figures = (
            select(Response.round_id, Answer.value)
            .join(Answer, Answer.response_id == Response.id)
            .join(Question, Question.id == Answer.question_id)
            .where(Response.round_id.in_(round_ids), Question.key == measure, Question.kind == QuestionKind.EXTENT)
        )
    values: dict[int, list[int]] = defaultdict(list)
    for round_id, value in session.execute(figures):
        values[round_id].append(value)
    return {round_id: Moments.of(given) for round_id, given in values.items()}


def _enough(round_: Round, answers: Moments) -> Moments:
    """A question that fewer answered than the round promised stays a gap."""
    return answers if may_show(round_, answers.n) else Moments.of(())


def _chart(session: Session, unit: BusinessUnit, measure: str, points: Sequence[Point]) -> ProcessChart:
    anew = rebasings(session, unit=unit, measure=measure)
    reasons = {
        place: anew[point.round.id].reason for place, point in enumerate(points) if place and point.round.id in anew
    }
    values = [point.answers.mean if point.answers.n else None for point in points]
    periods = [_period(unit, point) for point in points]
    series = series_of(values, rebased=reasons)
    return process_chart(series, periods, MEASURES[measure], f"{words.whose(unit.name)} scores")


def _period(unit: BusinessUnit, point: Point) -> Period:
    day = clock.local_date(point.round.opened_at, unit.time_zone)
    said = told(score_from(point.answers, max(point.round.asked, point.answers.n))).sentence
    return Period(f"{day.day} {day:%B %Y}", f"{day:%b}", said, f"’{day:%y}")


def rebasings(session: Session, *, unit: BusinessUnit, measure: str) -> dict[int, Rebasing]:
    """Where the limits begin anew, by the round's id. One statement."""
    rows = session.scalars(select(Rebasing).where(Rebasing.unit_id == unit.id, Rebasing.measure == measure))
    return {row.round_id: row for row in rows}


def _matters(session: Session, by: Actor, unit: BusinessUnit) -> MattersChart | None:
    """Of the newest survey that may be read and was answered."""
    newest = session.scalar(
        select(Round)
        .where(
            Round.unit_id == unit.id,
            Round.instrument == Instrument.SURVEY,
            Round.scores_shown,
            select(func.count(Response.id)).where(Response.round_id == Round.id).scalar_subquery() > 0,
        )
        .order_by(Round.opened_at.desc(), Round.id.desc())
        .limit(1)
    )
    if newest is None:
        return None
    session.refresh(newest, ["unit"])
    parts = survey_results.of_round(session, by=by, round_=newest)
    items = [Item(part.text, part.weight, part.mean) for part in parts if part.weight is not None]
    return matters_chart(items, unit.name) if items else None


def rebase(
    session: Session, *, by: Actor, unit: BusinessUnit, measure: str, round_id: int | None, reason: str, now: datetime
) -> Rebasing:
    """Draw the limits anew from this round on: something is different now, and everyone can read what.

    Raises NotFound for a round that is not on the chart, Invalid("round_id" | "reason"), Conflict("round_id").
    """
    policy.require(by, Action.REBASE_CHART, unit)
    if measure not in MEASURES:
        raise NotFound("There is no such chart.")
    places = [point.round.id for point in _points(session, unit, measure, now)]
    if round_id not in places[1:]:
        raise Invalid("round_id", "Choose from which round on, the second or a later one.")
    if not reason:
        raise Invalid("reason", "Say what is different since then.")
    if len(reason) > REASON_LENGTH:
        raise Invalid("reason", f"Keep it under {REASON_LENGTH} letters.")
    if round_id in rebasings(session, unit=unit, measure=measure):
        raise Conflict("round_id", "The limits begin anew there already.")
    made = Rebasing(unit_id=unit.id, round_id=round_id, measure=measure, reason=reason, made_at=now, made_by_id=by.id)
    session.add(made)
    session.flush()
    return made


def signal(session: Session, *, unit_id: int, upto_round: int) -> str | None:
    """Whether the unit's overall satisfaction changed for real with this round, among those up to it: "drop", "rise",
    or None. Never under six points. At most four statements."""
    unit, upto = session.get_one(BusinessUnit, unit_id), session.get_one(Round, upto_round)
    points = _points(session, unit, OVERALL, upto.opened_at)
    places = [place for place, point in enumerate(points) if point.round.id == upto_round and point.answers.n]
    if not places:
        return None
    points = points[: places[0] + 1]
    anew = rebasings(session, unit=unit, measure=OVERALL)
    reasons = {at: anew[point.round.id].reason for at, point in enumerate(points) if at and point.round.id in anew}
    values = [point.answers.mean if point.answers.n else None for point in points]
    verdict = verdict_of(series_of(values, rebased=reasons))
    if verdict.judgement is None:
        return None
    return DROP if verdict.judgement is Judgement.CONCERN else RISE
