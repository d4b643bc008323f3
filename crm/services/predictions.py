"""Predict, then reveal: what a rep expects a round to say, entered before anything of it can be known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import words
from crm.stats.foresight import Foresight, foresight
from models.person import Person
from models.rating import WORDS, Prediction, Response, Round


@dataclass(frozen=True)
class Known:
    """How well one rep knows what the units say."""

    rep: Person
    foresight: Foresight

    @property
    def in_words(self) -> str:
        """ "expects 0.5 more than is said", "expects what is said"."""
        bias = self.foresight.bias or 0.0
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


def of_round(session: Session, *, round_id: int) -> Prediction | None:
    """With who expected it. One statement."""
    return session.scalar(
        select(Prediction).where(Prediction.round_id == round_id).options(joinedload(Prediction.person))
    )


def of_reps(session: Session, *, by: Actor) -> Sequence[Known]:
    """Everyone who predicted a round that was answered and may be read, in the order of names. Two statements."""
    policy.require(by, Action.SEE_LOAD)
    rows = session.execute(
        select(Prediction.person_id, Prediction.expected, func.avg(Response.score).label("said"))
        .join(Round, Round.id == Prediction.round_id)
        .join(Response, Response.round_id == Round.id)
        .where(Round.scores_shown, policy.in_visible_units(by, Round.unit_id.expression))
        .group_by(Prediction.round_id, Prediction.person_id, Prediction.expected)
    )
    pairs: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for person_id, expected, said in rows:
        pairs[person_id].append((expected, float(said)))
    reps = session.scalars(select(Person).where(Person.id.in_(pairs)).order_by(func.lower(Person.name), Person.id))
    return [Known(rep, foresight(pairs[rep.id])) for rep in reps]


def finding(known: Sequence[Known]) -> str:
    """The opening sentence."""
    if not known:
        return "Nobody has said yet what they expect."
    rounds = sum(one.foresight.n for one in known)
    return words.capital(f"{words.counted(rounds, 'round')} predicted, by {words.counted(len(known), 'rep')}.")
