"""The four questions of a relationship, answered for a unit in each cycle: what is known of the unit, and of what IT
decided for it. Read by IT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.assessments import cycle, registers
from crm.services.assessments.registers import Suggestion
from models.engagement import Assessment, FourQuestion
from models.review import Review
from models.unit import BusinessUnit

QUESTIONS: dict[FourQuestion, str] = {
    FourQuestion.STRATEGY: "What is the unit’s IT strategy, and how do we know?",
    FourQuestion.INSTALLATION: "What was the last non-standard thing we installed, and why?",
    FourQuestion.REFUSAL: "What did we refuse last, and what was the need behind it?",
    FourQuestion.GAIN: "What last made the unit more productive: whose idea was it, and did it work?",
}
SHORT: dict[FourQuestion, str] = {
    FourQuestion.STRATEGY: "Their IT strategy",
    FourQuestion.INSTALLATION: "Last non-standard installation",
    FourQuestion.REFUSAL: "Last refusal",
    FourQuestion.GAIN: "Last gain in productivity",
}
LONGEST = 2_000
#: So many cycles stand side by side.
SIDE_BY_SIDE = 4


@dataclass(frozen=True)
class Standing:
    """One question as it stands: the newest answer with who gave it, and what the registers suggest."""

    question: FourQuestion
    newest: Assessment | None
    is_stale: bool
    is_of_this_cycle: bool
    suggestion: Suggestion | None

    @property
    def to_begin_with(self) -> str:
        """What stands in the form: the answer of this cycle, or what the registers say."""
        if self.newest and self.is_of_this_cycle:
            return self.newest.answer
        return self.suggestion.text if self.suggestion else ""


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit) -> list[Standing]:
    """The four in their order. Two statements. Raises Forbidden."""
    policy.require(by, Action.SEE_ASSESSMENTS, unit)
    newest_ids = select(func.max(Assessment.id)).where(Assessment.unit_id == unit.id).group_by(Assessment.question)
    of_newest = select(Assessment).where(Assessment.id.in_(newest_ids)).options(joinedload(Assessment.by))
    newest = {found.question: found for found in session.scalars(of_newest)}
    suggested = registers.read(session, unit=unit, today=by.today)
    return [_standing(question, newest.get(question), suggested, by.today) for question in QUESTIONS]


def _standing(
    question: FourQuestion, newest: Assessment | None, suggested: Mapping[FourQuestion, Suggestion], today: date
) -> Standing:
    answered_in = newest.period_on if newest else None
    return Standing(
        question,
        newest,
        is_stale=cycle.is_stale(answered_in, today),
        is_of_this_cycle=answered_in == cycle.cycle_of(today).since,
        suggestion=suggested.get(question),
    )


def stale(unit_id: int, today: date) -> ColumnElement[int]:
    """How many of the four are out of date, as part of a statement."""
    fresh = (Assessment.unit_id == unit_id, Assessment.period_on >= cycle.before(today).since)
    return len(FourQuestion) - select(func.count(Assessment.question.distinct())).where(*fresh).scalar_subquery()


def keep(
    session: Session,
    *,
    by: Actor,
    unit: BusinessUnit,
    answers: Mapping[FourQuestion, str],
    now: datetime,
    review_id: int | None = None,
) -> int:
    """Keep what was answered in this cycle; "" leaves a question as it stands. What is the same already is not kept
    twice. Returns how many answers are new. ``review_id``: the review in which they were talked about.

    Raises Forbidden, Invalid(question | "answers" | "review_id").
    """
    policy.require(by, Action.ASSESS_UNIT, unit)
    for question, answer in answers.items():
        if len(answer) > LONGEST:
            raise Invalid(question.value, f"Keep it under {LONGEST:,} letters.")
    if not any(answers.values()):
        raise Invalid("answers", "Answer at least one of the four.")
    if review_id is not None and not _is_review_of(session, unit, review_id):
        raise Invalid("review_id", "This review is of another unit.")
    new = [standing for standing in of_unit(session, by=by, unit=unit) if _is_new(standing, answers)]
    for standing in new:
        session.add(_row(standing, answers[standing.question], by, unit, now, review_id))
    session.flush()
    return len(new)


def _is_review_of(session: Session, unit: BusinessUnit, review_id: int) -> bool:
    return session.scalar(select(Review.unit_id).where(Review.id == review_id)) == unit.id


def _is_new(standing: Standing, answers: Mapping[FourQuestion, str]) -> bool:
    answer = answers.get(standing.question, "")
    is_kept = standing.newest is not None and standing.is_of_this_cycle and standing.newest.answer == answer
    return bool(answer) and not is_kept


def _row(
    standing: Standing, answer: str, by: Actor, unit: BusinessUnit, now: datetime, review_id: int | None
) -> Assessment:
    suggestion = standing.suggestion
    return Assessment(
        unit_id=unit.id,
        question=standing.question,
        period_on=cycle.cycle_of(by.today).since,
        review_id=review_id,
        answer=answer,
        request_id=suggestion.request_id if suggestion and suggestion.text == answer else None,
        at=now,
        by_id=by.id,
    )


@dataclass(frozen=True)
class Cycle:
    """One cycle, by its first day, with the answer each question had at its end."""

    since: date
    answers: Mapping[FourQuestion, Assessment] = field(default_factory=dict)

    @property
    def words(self) -> str:
        return cycle.in_words(self.since)


def history(session: Session, *, by: Actor, unit: BusinessUnit, number: int = 1) -> pages.Page[Cycle]:
    """Cycles with an answer, the newest first, some to a page. Two statements."""
    policy.require(by, Action.SEE_ASSESSMENTS, unit)
    mine = select(Assessment.period_on).where(Assessment.unit_id == unit.id).distinct()
    found = pages.of_rows(session, mine.order_by(Assessment.period_on.desc()), number, SIDE_BY_SIDE)
    days = [row[0] for row in found.rows]
    answers = _answers(session, unit, days)
    cycles = [Cycle(day, {one.question: one for one in answers if one.period_on == day}) for day in days]
    return pages.Page(cycles, found.number, found.has_next)


def _answers(session: Session, unit: BusinessUnit, days: Sequence[date]) -> Sequence[Assessment]:
    """Those of these cycles, the one that holds last."""
    mine = (Assessment.unit_id == unit.id, Assessment.period_on.in_(days))
    found = select(Assessment).where(*mine).options(joinedload(Assessment.by)).order_by(Assessment.id)
    return session.scalars(found).all()
