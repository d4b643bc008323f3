"""What each instrument asks: the version in force, and what the house begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.question import Instrument, Per, Question, QuestionKind, QuestionSet

#: The words of each scale, worst first.
SCALES: dict[QuestionKind, dict[int, str]] = {
    QuestionKind.SCORE: {1: "Very poorly", 2: "Poorly", 3: "Neither well nor poorly", 4: "Well", 5: "Very well"},
    QuestionKind.EXTENT: {1: "Not at all", 2: "Rarely", 3: "Partly", 4: "Mostly", 5: "Fully"},
    QuestionKind.CHANCE: {0: "Certainly not", **dict.fromkeys(range(1, 10), ""), 10: "Certainly"},
}
#: How much something matters.
WEIGHTS = {1: "A little", 2: "Much", 3: "Most of all"}


@dataclass(frozen=True)
class _First:
    """A question of the first version."""

    key: str
    text: str
    kind: QuestionKind
    per: Per = Per.ONCE
    is_weighed: bool = False


FIRST: dict[Instrument, tuple[_First, ...]] = {
    Instrument.SURVEY: (
        _First("understands", "We understand what {unit} needs", QuestionKind.EXTENT, is_weighed=True),
        _First("executes", "We deliver what we agreed", QuestionKind.EXTENT, is_weighed=True),
        _First("communicates", "We keep you informed", QuestionKind.EXTENT, is_weighed=True),
        _First("value", "What we provide is worth what it costs {unit}", QuestionKind.EXTENT, is_weighed=True),
        _First("service", "How well does {service} serve you?", QuestionKind.SCORE, per=Per.SERVICE),
        _First("person", "How well does {person} work with you?", QuestionKind.SCORE, per=Per.PERSON),
        _First("choose", "If you were free to go elsewhere, would you choose IT?", QuestionKind.CHANCE),
    ),
    Instrument.PROJECT: (
        _First("quality", "What was delivered works well", QuestionKind.EXTENT),
        _First("vision", "It is what was meant at the beginning", QuestionKind.EXTENT),
        _First("helped", "It helps {unit} in its work", QuestionKind.EXTENT),
    ),
}


def current(session: Session, *, instrument: Instrument, now: datetime) -> QuestionSet | None:
    """The version in force with its questions in order; None for the pulse, which asks one question and a comment.

    The first version is written when it is first asked for.
    """
    if instrument not in FIRST:
        return None
    newest = session.scalar(
        select(QuestionSet)
        .where(QuestionSet.instrument == instrument)
        .order_by(QuestionSet.version.desc())
        .limit(1)
        .options(selectinload(QuestionSet.questions))
    )
    return newest or _begin(session, instrument, now)


def _begin(session: Session, instrument: Instrument, now: datetime) -> QuestionSet:
    first = QuestionSet(instrument=instrument, version=1, made_at=now, reason="What the house begins with.")
    first.questions = [
        Question(
            position=place,
            key=one.key,
            text=one.text,
            kind=one.kind,
            per=one.per,
            is_weighed=one.is_weighed,
        )
        for place, one in enumerate(FIRST[instrument], start=1)
    ]
    session.add(first)
    session.flush()
    return first
