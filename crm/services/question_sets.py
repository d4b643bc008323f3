"""What each instrument asks: the version in force, and what the house begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from crm.services.languages import later
from models.question import Instrument, Per, Question, QuestionKind, QuestionSet

#: The words of each scale, worst first.
SCALES: dict[QuestionKind, dict[int, str]] = {
    QuestionKind.SCORE: {
        1: later("Very poorly"),
        2: later("Poorly"),
        3: later("Neither well nor poorly"),
        4: later("Well"),
        5: later("Very well"),
    },
    QuestionKind.EXTENT: {
        1: later("Not at all"),
        2: later("Rarely"),
        3: later("Partly"),
        4: later("Mostly"),
        5: later("Fully"),
    },
    QuestionKind.CHANCE: {0: later("Certainly not"), **dict.fromkeys(range(1, 10), ""), 10: later("Certainly")},
}
#: How much something matters.
WEIGHTS = {1: later("A little"), 2: later("Much"), 3: later("Most of all")}


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
        _First("understands", later("We understand what {unit} needs"), QuestionKind.EXTENT, is_weighed=True),
        _First("executes", later("We deliver what we agreed"), QuestionKind.EXTENT, is_weighed=True),
        _First("communicates", later("We keep you informed"), QuestionKind.EXTENT, is_weighed=True),
        _First("value", later("What we provide is worth what it costs {unit}"), QuestionKind.EXTENT, is_weighed=True),
        _First("service", later("How well does {service} serve you?"), QuestionKind.SCORE, per=Per.SERVICE),
        _First("person", later("How well does {person} work with you?"), QuestionKind.SCORE, per=Per.PERSON),
        _First("choose", later("If you were free to go elsewhere, would you choose IT?"), QuestionKind.CHANCE),
    ),
    Instrument.PROJECT: (
        _First("quality", later("What was delivered works well"), QuestionKind.EXTENT),
        _First("vision", later("It is what was meant at the beginning"), QuestionKind.EXTENT),
        _First("helped", later("It helps {unit} in its work"), QuestionKind.EXTENT),
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
