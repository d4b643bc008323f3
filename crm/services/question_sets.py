"""What each instrument asks: the version in force, and what the house begins with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.errors import NotFound
from crm.services import pages
from crm.services.languages import later
from models.question import Instrument, Per, Question, QuestionKind, QuestionSet
from models.rating import Round

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
    QuestionKind.LEVEL: {
        1: later("Ad hoc: IT is called when something breaks"),
        2: later("Order taker: IT does what it is asked, one thing at a time"),
        3: later("Service provider: IT runs agreed services and keeps its promises"),
        4: later("Trusted advisor: IT is asked before things are decided"),
        5: later("Strategic partner: IT and the business plan together and answer for it together"),
    },
    QuestionKind.CHANCE: {0: later("Certainly not"), **dict.fromkeys(range(1, 10), ""), 10: later("Certainly")},
}
#: The key of the question how far the relationship has come.
MATURITY = "maturity"
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
        _First(MATURITY, later("What is IT to {unit} today?"), QuestionKind.LEVEL),
    ),
    Instrument.PROJECT: (
        _First("quality", later("What was delivered works well"), QuestionKind.EXTENT),
        _First("vision", later("It is what was meant at the beginning"), QuestionKind.EXTENT),
        _First("helped", later("It helps {unit} in its work"), QuestionKind.EXTENT),
    ),
}


@dataclass(frozen=True)
class Asking:
    """How often a version was asked, and from when to when."""

    rounds: int
    first: datetime
    last: datetime


def current(session: Session, *, instrument: Instrument, now: datetime) -> QuestionSet | None:
    """The version in force with its questions in order; None for the pulse, which asks one question and a comment.

    The first version is written when it is first asked for.
    """
    if instrument not in FIRST:
        return None
    newest = _newest(session, instrument)
    if newest is None:
        newest = _first(instrument, now)
        session.add(newest)
        session.flush()
    return newest


def in_force(session: Session, *, instrument: Instrument, now: datetime) -> QuestionSet:
    """The same for reading: a first version that nobody has asked yet is of no session. Raises NotFound for the
    pulse. Two statements."""
    if instrument not in FIRST:
        raise NotFound("A pulse is one question and a comment.")
    return _newest(session, instrument) or _first(instrument, now)


def _newest(session: Session, instrument: Instrument) -> QuestionSet | None:
    return session.scalar(_of(instrument).limit(1))


def _of(instrument: Instrument) -> Select[QuestionSet]:
    """Its versions, the newest first, with their questions and authors."""
    return (
        select(QuestionSet)
        .where(QuestionSet.instrument == instrument)
        .order_by(QuestionSet.version.desc())
        .options(selectinload(QuestionSet.questions), joinedload(QuestionSet.made_by))
    )


def versions(session: Session, *, instrument: Instrument, number: int, size: int = pages.SIZE) -> list[QuestionSet]:
    """A page of versions, the newest first, and one more where there is one: the last shown is compared with it."""
    return list(session.scalars(_of(instrument).limit(size + 1).offset((number - 1) * size)))


def version(session: Session, *, instrument: Instrument, number: int, now: datetime) -> QuestionSet:
    """One version with its questions. Raises NotFound."""
    newest = in_force(session, instrument=instrument, now=now)
    found = newest if newest.version == number else session.scalar(_of(instrument).where(QuestionSet.version == number))
    if found is None:
        raise NotFound("There is no such version.")
    return found


def asked_in(session: Session, *, set_ids: Collection[int]) -> Mapping[int, Asking]:
    """By the id of the set; one that was never asked is absent. One statement."""
    first, last = func.min(Round.opened_at), func.max(Round.opened_at)
    rows = session.execute(
        select(Round.set_id, func.count(Round.id), first, last).where(Round.set_id.in_(set_ids)).group_by(Round.set_id)
    )
    return {row[0]: Asking(row[1], row[2], row[3]) for row in rows if row[0] is not None}


def _first(instrument: Instrument, now: datetime) -> QuestionSet:
    first = QuestionSet(
        instrument=instrument, version=1, made_at=now, made_by=None, reason="What the house begins with."
    )
    first.questions = [
        Question(
            position=place,
            key=one.key,
            text=one.text,
            kind=one.kind,
            per=one.per,
            is_weighed=one.is_weighed,
            has_zone=False,
        )
        for place, one in enumerate(FIRST[instrument], start=1)
    ]
    return first
