"""Predict, then reveal: what a rep expects a round to say, entered before anything of it can be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.charts.spark import Spark
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import stretches, words
from crm.services.stretches import Stretch
from crm.stats.foresight import Foresight, foresight
from models.person import Person
from models.rating import WORDS, Prediction, Response, Round
from models.total import OVERALL, RoundTotal

#: What quarters are told of: the newest rounds of a rep; and so many quarters are drawn.
MOST_ROUNDS, MOST_QUARTERS = 400, 12


@dataclass(frozen=True)
class Pair:
    """What was expected of one round of that quarter, and the mean of what was said."""

    quarter: Stretch
    expected: int
    said: float

    @property
    def both(self) -> tuple[float, float]:
        return self.expected, self.said


@dataclass(frozen=True)
class Quarter:
    """The rounds of one quarter, that opened in it."""

    stretch: Stretch
    foresight: Foresight

    @property
    def in_words(self) -> str:
        return _in_words(self.foresight)


@dataclass(frozen=True)
class Known:
    """How well one rep knows what the units say: on the whole, and quarter by quarter, the oldest first."""

    rep: Person
    foresight: Foresight
    quarters: Sequence[Quarter] = ()

    @property
    def spark(self) -> Spark:
        """The mean gap of each quarter; 0 is what was said."""
        gaps = tuple(quarter.foresight.bias for quarter in self.quarters[-MOST_QUARTERS:])
        said = ", ".join(f"{quarter.foresight.bias or 0:+.1f}" for quarter in self.quarters[-MOST_QUARTERS:])
        return Spark(gaps, f"{self.rep.name}, quarter by quarter: {said}", -1, 1, (-0.25, 0.25), "plain")

    @property
    def in_words(self) -> str:
        """ "expects 0.5 more than is said", "expects what is said"."""
        return _in_words(self.foresight)


def _in_words(found: Foresight) -> str:
    bias = found.bias or 0.0
    if round(abs(bias), 1) == 0:
        return "expects what is said"
    return f"expects {abs(bias):.1f} {'more' if bias > 0 else 'less'} than is said"


def enter(session: Session, *, by: Actor, round_id: int, expected: int | None, now: datetime) -> Prediction:
    """Keep what the actor expects of this round; until the first answer it can be changed, or until the round closes
    where nobody may know before whether somebody has answered.

    Raises NotFound, Forbidden, Invalid("expected"), Conflict("expected") once somebody has answered.
    """
    # The round is locked: an answer that comes at the same time waits, or is seen.
    opened = session.get(Round, round_id, with_for_update=True)
    if opened is None or not policy.can(by, Action.SEE_UNIT, opened):
        raise NotFound("There is no such round.")
    policy.require(by, Action.ASK_RATING, opened)
    if expected not in WORDS:
        raise Invalid("expected", "Choose one of the five.")
    answers = select(func.count(Response.id)).where(Response.round_id == round_id)
    if session.scalar(answers) if opened.bears_names else opened.closes_at <= now:
        raise Conflict("expected", "Somebody has answered: what you expected would be known too late.")
    kept = session.get(Prediction, round_id) or Prediction(round_id=round_id)
    kept.person_id, kept.expected, kept.entered_at = by.id or 0, expected, now
    session.add(kept)
    session.flush()
    return kept


def of_reps(session: Session, *, by: Actor) -> Sequence[Known]:
    """Everyone who predicted a round that was answered and may be read, in the order of names. Two statements."""
    policy.require(by, Action.SEE_LOAD)
    rows = session.execute(
        select(Prediction.person_id, Prediction.expected, RoundTotal)
        .join(RoundTotal, (RoundTotal.round_id == Prediction.round_id) & (RoundTotal.measure == OVERALL))
        .where(RoundTotal.n > 0, policy.in_visible_units(by, RoundTotal.unit_id.expression))
        .order_by(RoundTotal.opened_at, RoundTotal.round_id)
    )
    pairs: dict[int, list[Pair]] = defaultdict(list)
    for person_id, expected, total in rows:
        pairs[person_id].append(Pair(stretches.quarter_of(total.month), expected, total.total / total.n))
    reps = session.scalars(select(Person).where(Person.id.in_(pairs)).order_by(func.lower(Person.name), Person.id))
    return [_known(rep, pairs[rep.id]) for rep in reps]


def _known(rep: Person, pairs: Sequence[Pair]) -> Known:
    quarters = [
        Quarter(when, foresight(pair.both for pair in those))
        for when, those in groupby(pairs[-MOST_ROUNDS:], key=lambda pair: pair.quarter)
    ]
    return Known(rep, foresight(pair.both for pair in pairs), quarters)


def finding(known: Sequence[Known]) -> str:
    """The opening sentence."""
    if not known:
        return "Nobody has said yet what they expect."
    rounds = sum(one.foresight.n for one in known)
    return words.capital(f"{words.counted(rounds, 'round')} predicted, by {words.counted(len(known), 'rep')}.")
