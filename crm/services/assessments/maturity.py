"""How far a relationship has come, as each side sees it: IT says so with a reason; the unit is asked in its survey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import pages, tallies, words
from crm.services.assessments.levels import LEVELS, Level, nearest
from crm.services.question_sets import MATURITY
from crm.services.tallies import Tally
from models.engagement import Maturity
from models.question import Question
from models.rating import Answer, Invitation, Response, Round
from models.total import RoundTotal
from models.unit import BusinessUnit, Membership, Part

LONGEST = 1_000
#: From so many levels apart the two sides see different relationships.
APART = 2


@dataclass(frozen=True)
class Theirs:
    """What the unit's newest survey says; ``of_head``: the head's own answer, where answers bear names."""

    tally: Tally
    asked_at: datetime
    of_head: int | None = None

    @property
    def level(self) -> Level:
        """The one nearest to what all said together."""
        return nearest(self.tally.value or 1)

    @property
    def head_level(self) -> Level | None:
        return LEVELS[self.of_head] if self.of_head else None


@dataclass(frozen=True)
class Both:
    """Both sides of one unit; None where a side has not said."""

    ours: Maturity | None
    theirs: Theirs | None

    @property
    def our_level(self) -> Level | None:
        return LEVELS[self.ours.level] if self.ours else None

    @property
    def gap(self) -> int | None:
        """How many levels IT sees itself above (below: negative) where the unit sees it."""
        return gap_of(self.ours.level if self.ours else None, self.theirs.level.step if self.theirs else None)


def gap_of(ours: int | None, theirs: int | None) -> int | None:
    return None if ours is None or theirs is None else ours - theirs


def gap_in_words(gap: int | None, unit: str) -> str:
    """The sentence about both views; ``unit``: its name."""
    if gap is None:
        return "One side has not said yet how it sees the relationship."
    if gap == 0:
        return f"{unit} and IT see it the same way."
    levels = words.counted(abs(gap), "level")
    return f"IT sees itself {levels} {'higher' if gap > 0 else 'lower'} than {unit} does."


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit) -> Both:
    """Three statements at most. Raises Forbidden."""
    policy.require(by, Action.SEE_ASSESSMENTS, unit)
    mine = select(Maturity).where(Maturity.unit_id == unit.id).options(joinedload(Maturity.by))
    ours = session.scalars(mine.order_by(Maturity.id.desc()).limit(1)).first()
    return Both(ours, _theirs(session, unit))


def _theirs(session: Session, unit: BusinessUnit) -> Theirs | None:
    said = select(RoundTotal).where(
        RoundTotal.unit_id == unit.id, RoundTotal.measure == MATURITY, RoundTotal.speaks_for_unit, RoundTotal.n > 0
    )
    newest = said.order_by(RoundTotal.opened_at.desc(), RoundTotal.round_id.desc()).limit(1)
    total = session.scalars(newest).first()
    if total is None:
        return None
    of_head = _of_head(session, unit, total)
    return Theirs(tallies.of_total(total, asked=total.asked), total.opened_at, of_head)


def _of_head(session: Session, unit: BusinessUnit, total: RoundTotal) -> int | None:
    """What the head of that day answered; None where answers bear no names."""
    was_head = (
        Membership.unit_id == unit.id,
        Membership.part == Part.HEAD,
        Membership.in_force(total.opened_at.date()),
    )
    return session.scalar(
        select(Answer.value)
        .join(Question, Question.id == Answer.question_id)
        .join(Response, Response.id == Answer.response_id)
        .join(Round, Round.id == Response.round_id)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(Membership, Membership.person_id == Invitation.person_id)
        .where(Round.id == total.round_id, Round.bears_names, Question.key == MATURITY, *was_head)
        .limit(1)
    )


def say(session: Session, *, by: Actor, unit: BusinessUnit, level: int | None, why: str, now: datetime) -> Maturity:
    """What IT sees from now on, and why. The same again with the same reason is not kept twice.

    Raises Forbidden, Invalid("level" | "why").
    """
    policy.require(by, Action.ASSESS_UNIT, unit)
    if level not in LEVELS:
        raise Invalid("level", "Choose one of the five.")
    if not why:
        raise Invalid("why", "Say what you see it by.")
    if len(why) > LONGEST:
        raise Invalid("why", f"Keep it under {LONGEST:,} letters.")
    newest = session.scalars(
        select(Maturity).where(Maturity.unit_id == unit.id).order_by(Maturity.id.desc()).limit(1)
    ).first()
    if newest and (newest.level, newest.why) == (level, why):
        return newest
    said = Maturity(unit_id=unit.id, level=level, why=why, at=now, by_id=by.id)
    session.add(said)
    session.flush()
    return said


def history(session: Session, *, by: Actor, unit: BusinessUnit, number: int = 1) -> pages.Page[Maturity]:
    """What IT has said, the newest first. One statement."""
    policy.require(by, Action.SEE_ASSESSMENTS, unit)
    mine = select(Maturity).where(Maturity.unit_id == unit.id).options(joinedload(Maturity.by))
    return pages.of_objects(session, mine.order_by(Maturity.id.desc()), number, 10)
