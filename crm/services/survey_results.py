"""What a round says question by question: how well, how much it matters, from how many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.policy import Actor
from crm.services.confidentiality import may_show
from crm.services.question_sets import WEIGHTS
from crm.services.survey import named, worded
from crm.stats.scores import Score, score_of
from models.question import Per, Question, QuestionKind
from models.rating import Answer, Response, Round

#: An evaluation of one person of IT is shown from so many answers, whoever gave them.
PERSON_FROM = 5


@dataclass(frozen=True)
class Part:
    """One question, of one service or person where it asks about each. ``score``: of those on the scale of 1 to 5."""

    key: str
    text: str
    values: Sequence[int]
    weights: Sequence[int]
    score: Score | None

    @property
    def is_of_chance(self) -> bool:
        return self.score is None

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return fmean(self.values)

    @property
    def weight(self) -> float | None:
        """How much it matters, 1 to 3."""
        return fmean(self.weights) if self.weights else None

    @property
    def weight_words(self) -> str:
        """ "much"; "" when nobody said."""
        return WEIGHTS[round(self.weight)].lower() if self.weight else ""


def of_round(session: Session, *, by: Actor, round_: Round) -> list[Part]:
    """Question by question, in their order; nothing of a pulse, or of a round whose scores are withheld.

    What was said of a person of IT is read by that person and by the CIO alone, from five answers on. The round comes
    with its unit; the caller has checked the right to read it. At most three statements.
    """
    if round_.set_id is None or not round_.scores_shown:
        return []
    rows = session.execute(
        select(Question, Answer)
        .join(Answer, Answer.question_id == Question.id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_.id)
        .order_by(Question.position, Answer.about, Answer.value)
    )
    found: dict[tuple[Question, str], list[Answer]] = defaultdict(list)
    for question, answer in rows:
        found[question, answer.about].append(answer)
    enough = {key: answers for key, answers in found.items() if _may_show(round_, by, *key, len(answers))}
    names = named(session, abouts=[about for _, about in enough])
    return [_part(question, names.get(about, ""), round_, answers) for (question, about), answers in enough.items()]


def _may_show(round_: Round, by: Actor, question: Question, about: str, answers: int) -> bool:
    """Each question stands for itself: whoever left it out does not count towards its threshold."""
    if question.per is not Per.PERSON:
        return may_show(round_, answers)
    reads = about == f"person:{by.id}" or (by.person is not None and by.person.is_cio)
    return reads and may_show(round_, answers) and answers >= PERSON_FROM


def _part(question: Question, name: str, round_: Round, answers: Sequence[Answer]) -> Part:
    values = [answer.value for answer in answers]
    weights = [answer.weight for answer in answers if answer.weight is not None]
    return Part(
        key=question.key,
        text=worded(question, round_.unit, name),
        values=values,
        weights=weights if may_show(round_, len(weights)) else [],
        score=None if question.kind is QuestionKind.CHANCE else score_of(values, max(round_.asked, len(values))),
    )
