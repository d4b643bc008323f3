"""How a unit rated IT: only rounds whose scores may be read, never who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.charts.process import ProcessChart
from crm.documents.content import Bar, Bars, Block, Figure, Line, Section, Text, Tone
from crm.documents.content import Point as Drawn
from crm.services import satisfaction, survey, tallies
from crm.services.measures import CHOOSE, OVERALL
from crm.services.packs.stretch import Stretch
from crm.services.satisfaction import Point
from crm.stats.scale import RATING
from crm.stats.xmr import Judgement
from models.question import Instrument, Question, QuestionKind
from models.rating import Round
from models.total import RoundTotal

#: Points of the line at most: two years of months.
MOST = 24
TONES = {"worse": Tone.WORSE, "better": Tone.BETTER}
JUDGED = {Judgement.CONCERN: Tone.WORSE, Judgement.IMPROVEMENT: Tone.BETTER}
NOT_RATED = "Not rated yet."


@dataclass(frozen=True)
class Rated:
    """``points``: rounds up to the end of the stretch, the oldest first; ``questions``: of the newest survey."""

    points: Sequence[Point]
    chart: ProcessChart | None
    questions: Sequence[tuple[Question, RoundTotal]]

    @property
    def newest(self) -> Point | None:
        return next((point for point in reversed(self.points) if point.tally.n), None)

    @property
    def tone(self) -> Tone:
        judged = self.chart.verdict.judgement if self.chart else None
        return JUDGED.get(judged, Tone.PLAIN) if judged else Tone.PLAIN


def read(session: Session, stretch: Stretch) -> Rated:
    """Three statements: rounds whose scores are shown, their totals, who led."""
    everything = satisfaction.points_of(session, unit=stretch.unit, measure=OVERALL, now=stretch.ended())
    points = [point for point in everything if stretch.day(point.round.opened_at) <= stretch.until]
    chart = satisfaction.chart_of(stretch.unit, OVERALL, points) if points else None
    return Rated(points, chart, _questions(session, points))


def _questions(session: Session, points: Sequence[Point]) -> Sequence[tuple[Question, RoundTotal]]:
    """A total of a question is there only where enough people answered it."""
    surveys = (point.round for point in reversed(points) if point.round.instrument is Instrument.SURVEY)
    newest = next(surveys, None)
    if newest is None or not newest.scores_shown:
        return ()
    mine = (RoundTotal.round_id == newest.id, RoundTotal.about == "", RoundTotal.n > 0)
    rows = session.execute(
        select(Question, RoundTotal)
        .join(Round, Round.set_id == Question.set_id)
        .join(RoundTotal, (RoundTotal.round_id == Round.id) & (RoundTotal.measure == Question.key))
        .where(*mine, Question.kind != QuestionKind.LEVEL)
        .order_by(Question.position, Question.id)
    )
    return [(question, total) for question, total in rows]


def section(rated: Rated, stretch: Stretch) -> Section:
    """The newest figure with its range, the line with what is usual, and question by question."""
    newest = rated.newest
    if newest is None or rated.chart is None:
        return Section("How things are going", (Text(NOT_RATED),))
    figure = newest.tally.told("people")
    opened = stretch.said(stretch.day(newest.round.opened_at))
    blocks: list[Block] = [Figure(figure.text, "of 5", f"{figure.words}, {opened}", rated.tone)]
    blocks.append(_line(rated, rated.chart, stretch))
    blocks += _bars(rated, stretch)
    evidence = (f"Overall, asked on {opened}: {figure.sentence}.", rated.chart.verdict.sentence)
    return Section("How things are going", tuple(blocks), evidence=evidence)


def _line(rated: Rated, chart: ProcessChart, stretch: Stretch) -> Line:
    """Since limits were drawn anew last, for the newest limits say nothing about what was before."""
    anew = max((at for at, point in enumerate(rated.points) if point.anew), default=0)
    first = max(anew, len(rated.points) - MOST)
    both = list(zip(rated.points, chart.lines, strict=True))[first:]
    limits = chart.limits
    return Line(
        says=chart.verdict.sentence,
        points=tuple(_drawn(point, line.reading, stretch) for point, line in both),
        low=RATING.least,
        high=RATING.most,
        mean=limits.mean if limits else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        unit="of 5",
    )


def _drawn(point: Point, reading: str, stretch: Stretch) -> Drawn:
    day = stretch.day(point.round.opened_at)
    return Drawn(f"{day:%b} ’{day:%y}", point.tally.value, TONES.get(reading.partition(":")[0], Tone.PLAIN))


def _bars(rated: Rated, stretch: Stretch) -> list[Block]:
    blocks: list[Block] = []
    bars = [_bar(question, total, stretch) for question, total in rated.questions if not total.is_of_chance]
    if bars:
        blocks.append(Bars("Question by question, in the newest survey:", tuple(bars)))
    for question, total in rated.questions:
        if total.is_of_chance and question.key == CHOOSE:
            told = tallies.of_total(total, asked=total.asked).told("people")
            body = f"{told.sentence}. Those who surely would, less those who would not, in per cent."
            blocks.append(Text(body, survey.worded(question, stretch.unit, "")))
    return blocks


def _bar(question: Question, total: RoundTotal, stretch: Stretch) -> Bar:
    told = tallies.of_total(total, asked=total.asked).told("people")
    low, high = told.interval or (None, None)
    return Bar(survey.worded(question, stretch.unit, ""), told.value or 0, RATING.most, told.sentence, low, high)
