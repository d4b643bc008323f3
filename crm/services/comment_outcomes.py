"""What came of a comment, in the rep's words: "you said, we did".

Whoever wrote a named comment is told. The unit is told where the rep chooses so, and then reads what was said in the
rep's words, never in the writer's. Of a comment without a name only the unit can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import pages
from crm.services.clashes import told_as
from models.person import Person
from models.rating import CommentOutcome, Invitation, Response, Round

LONGEST = 1000
#: So many letters one may have in common with the writer.
PHRASE = 30
#: So many are told at once, the newest.
TOLD = 5


class Only(StrEnum):
    """Which comments a list shows."""

    WAITING = ""
    TOLD = "told"
    ALL = "all"


@dataclass(frozen=True)
class Comment:
    """A comment that may be read (its response comes with round and unit), and what came of it. ``person`` is None
    where it bears no name."""

    response: Response
    person: Person | None
    outcome: CommentOutcome | None

    @property
    def is_named(self) -> bool:
        return self.response.round.bears_names


# ---- Reading, as reps and the CIO do


def listed(
    session: Session,
    *,
    by: Actor,
    only: Only = Only.WAITING,
    unit_id: int | None = None,
    number: int = 1,
    size: int = pages.SIZE,
) -> pages.Page[Comment]:
    """Comments of the units the actor sees, newest first. One statement."""
    policy.require(by, Action.SEE_RATINGS)
    wanted = _comments().where(policy.in_visible_units(by, Response.unit_id.expression))
    if only is not Only.ALL:
        is_told = CommentOutcome.id.is_not(None)
        wanted = wanted.where(is_told if only is Only.TOLD else ~is_told)
    if unit_id is not None:
        wanted = wanted.where(Response.unit_id == unit_id)
    found = pages.of_rows(session, wanted.order_by(Response.answered_at.desc(), Response.id.desc()), number, size)
    return pages.Page([Comment(*row) for row in found.rows], found.number, found.has_next)


def read(session: Session, *, by: Actor, response_id: int) -> Comment:
    """One comment. Raises NotFound where there is none that this person may read, Forbidden."""
    row = session.execute(_comments().where(Response.id == response_id)).one_or_none()
    if row is None or not policy.can(by, Action.SEE_UNIT, row[0]):
        raise NotFound("There is no such comment.")
    policy.require(by, Action.SEE_RATINGS, row[0])
    return Comment(*row)


def _comments() -> Select[Response, Person | None, CommentOutcome | None]:
    """What may be read, with a person only where the round has names."""
    return (
        select(Response, Person, CommentOutcome)
        .join(Response.round)
        .join(Response.unit)
        .outerjoin(Invitation, and_(Invitation.id == Response.invitation_id, Round.bears_names))
        .outerjoin(Person, Person.id == Invitation.person_id)
        .outerjoin(CommentOutcome, CommentOutcome.response_id == Response.id)
        .options(contains_eager(Response.round), contains_eager(Response.unit), joinedload(CommentOutcome.made_by))
        .where(Response.comment != "", Round.comments_shown)
    )


# ---- Writing


def write(
    session: Session,
    *,
    by: Actor,
    response_id: int,
    done: str,
    said: str = "",
    is_for_unit: bool = False,
    now: datetime,
) -> CommentOutcome:
    """Say what came of a comment, or say it better; said twice unchanged, nothing happens.

    ``said`` is the comment in words that give nobody away; without ``is_for_unit`` it is not kept. Raises NotFound,
    Forbidden, Invalid("done" | "said" | "is_for_unit"), Conflict("done") when somebody else wrote meanwhile.
    """
    comment = read(session, by=by, response_id=response_id)
    policy.require(by, Action.ANSWER_RATING, comment.response)
    told = (_checked_done(done), _checked_said(comment, said) if is_for_unit else "", is_for_unit)
    if not is_for_unit and not comment.is_named:
        raise Invalid("is_for_unit", "Nobody knows who wrote this, so only the whole unit can be told.")
    outcome = comment.outcome or CommentOutcome(unit_id=comment.response.unit_id, response_id=response_id)
    if (outcome.done, outcome.said, outcome.is_for_unit) == told:
        return outcome
    with told_as(session, Conflict("done", "Somebody has just written what came of it. Read that first.")):
        outcome.done, outcome.said, outcome.is_for_unit = told
        outcome.made_at, outcome.made_by_id = now, by.id
        session.add(outcome)
    return outcome


def _checked_done(done: str) -> str:
    if not done:
        raise Invalid("done", "Say what came of it.")
    if len(done) > LONGEST:
        raise Invalid("done", f"Keep it under {LONGEST:,} letters.")
    return done


def _checked_said(comment: Comment, said: str) -> str:
    if not said:
        raise Invalid("said", "Say in your own words what was asked for, so that nobody is given away.")
    if len(said) > LONGEST:
        raise Invalid("said", f"Keep it under {LONGEST:,} letters.")
    if _is_copied(said, comment.response.comment):
        raise Invalid("said", "These are the writer’s own words. Say it in yours.")
    return said


def _is_copied(said: str, comment: str) -> bool:
    """The whole of it, or more than a phrase."""
    words, theirs = _alike(said), _alike(comment)
    return words == theirs or (len(words) > PHRASE and words in theirs)


def _alike(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


# ---- Telling the business


def told_to(session: Session, *, invitation: Invitation, since: datetime | None) -> Sequence[CommentOutcome]:
    """What came of what this person said about the unit of this invitation, and what the unit is told; the newest
    first, at most five. Read ``heard`` and ``done`` of them. One statement."""
    unit_id = select(Round.unit_id).where(Round.id == invitation.round_id).scalar_subquery()
    return _told(session, invitation.person_id, CommentOutcome.unit_id == unit_id, since)


def told_in_units(
    session: Session, *, by: Actor, since: datetime | None, unit_id: int | None = None
) -> Sequence[CommentOutcome]:
    """The same for the units of a head or key user, or for one of them. One statement."""
    policy.require(by, Action.SEE_HOME)
    mine: ColumnElement[bool] = CommentOutcome.unit_id.in_(by.belongs)
    if unit_id is not None:
        mine = and_(mine, CommentOutcome.unit_id == unit_id)
    return _told(session, by.id or 0, mine, since)


def _told(
    session: Session, person_id: int, of_units: ColumnElement[bool], since: datetime | None
) -> Sequence[CommentOutcome]:
    own = and_(Invitation.person_id == person_id, Round.bears_names)
    statement = (
        select(CommentOutcome)
        .join(CommentOutcome.response)
        .join(Response.round)
        .join(CommentOutcome.unit)
        .outerjoin(Invitation, Invitation.id == Response.invitation_id)
        .options(contains_eager(CommentOutcome.response), contains_eager(CommentOutcome.unit))
        .where(of_units, Round.comments_shown, or_(CommentOutcome.is_for_unit, own))
        .order_by(CommentOutcome.made_at.desc(), CommentOutcome.id.desc())
        .limit(TOLD)
    )
    if since is not None:
        statement = statement.where(CommentOutcome.made_at > since)
    return session.scalars(statement).all()


def heard(outcome: CommentOutcome) -> str:
    """What was said, as those may read it who are told: in the rep's words where the unit is told, else in the
    writer's own, who alone reads it."""
    return outcome.said if outcome.is_for_unit else outcome.response.comment
