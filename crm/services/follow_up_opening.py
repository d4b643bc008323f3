"""What makes a reply owed for an answer that bears a name: a low rating, a comment that asks for something, or the
lowest answer of a round that fell for real. What made it owed may be taken back until somebody replied."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict, NotFound
from crm.policy import Action, Actor
from crm.services import follow_up_owing, satisfaction
from crm.services.ratings import LOW
from crm.services.wishes import asks_for_something
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.rating import Invitation, Response, Round


def rated(session: Session, *, response: Response, person_id: int, now: datetime, said_before: str = "") -> None:
    """Somebody gave a rating with a name, or corrected it; ``said_before`` is the comment it had then. At most
    sixteen statements."""
    known = session.scalar(select(FollowUp).where(FollowUp.response_id == response.id))
    is_new_wish = response.comment != said_before and asks_for_something(response.comment)
    if response.score <= LOW:
        _low(session, response, known, person_id, now)
    elif known is None and is_new_wish:
        follow_up_owing.begin(session, response, person_id, FollowUpCause.WISH, now)
    elif known is not None:
        _no_longer_low(session, response, known, is_new_wish, now)
    look_for_drop(session, round_id=response.round_id, now=now)


def _low(session: Session, response: Response, known: FollowUp | None, person_id: int, now: datetime) -> None:
    if known is None:
        follow_up_owing.begin(session, response, person_id, FollowUpCause.LOW, now)
    elif known.state is FollowUpState.OPEN:
        if known.is_untouched:
            known.cause, known.score = FollowUpCause.LOW, response.score
            session.flush()
    elif _is_news(known, response.score):
        follow_up_owing.again(session, known, score=response.score, cause=FollowUpCause.LOW, now=now)


def _is_news(known: FollowUp, score: int) -> bool:
    """Settled once, and rated low again; or lower than what the reply was to."""
    if known.state is FollowUpState.ANSWERED:
        return score < known.score
    return score != known.score or known.replied_at is None


def _no_longer_low(session: Session, response: Response, known: FollowUp, is_new_wish: bool, now: datetime) -> None:
    if known.is_over:
        if is_new_wish:
            follow_up_owing.again(session, known, score=response.score, cause=FollowUpCause.WISH, now=now)
    elif known.is_untouched and known.cause is FollowUpCause.LOW and asks_for_something(response.comment):
        known.cause, known.score = FollowUpCause.WISH, response.score
        session.flush()
    elif known.is_untouched and (known.cause is FollowUpCause.LOW or _asked_and_took_it_back(known, response)):
        follow_up_owing.withdraw(session, known, now)


def _asked_and_took_it_back(known: FollowUp, response: Response) -> bool:
    """Without words there is no wish. Other words may still hold one that only a rep understands."""
    return known.cause is FollowUpCause.WISH and not response.comment


def look_for_drop(session: Session, *, round_id: int, now: datetime) -> None:
    """Of a round with names that fell for real, whoever rated lowest is owed a reply, once; of one that did so no
    more, nobody. At most nine statements."""
    round_ = session.get_one(Round, round_id)
    if not round_.bears_names:
        return
    fell = satisfaction.signal(session, unit_id=round_.unit_id, upto_round=round_id) == satisfaction.DROP
    rows = session.execute(
        select(Response, Invitation.person_id, FollowUp)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .outerjoin(FollowUp, FollowUp.response_id == Response.id)
        .where(Response.round_id == round_id)
        .order_by(Response.score, Response.answered_at, Response.id)
    ).all()
    drops = [row[2] for row in rows if row[2] and row[2].cause is FollowUpCause.DROP]
    lowest, person_id, known = rows[0] if rows else (None, 0, None)
    for drop in drops:
        if drop.is_untouched and not (fell and drop is known):
            follow_up_owing.withdraw(session, drop, now)
    if lowest is None or not fell or any(drop.replied_at or drop.state is FollowUpState.DISMISSED for drop in drops):
        return
    if known is None:
        follow_up_owing.begin(session, lowest, person_id, FollowUpCause.DROP, now)
    elif known.state is FollowUpState.CLOSED and not known.replied_at:
        follow_up_owing.again(session, known, score=lowest.score, cause=FollowUpCause.DROP, now=now)


def owe(session: Session, *, by: Actor, response_id: int, now: datetime) -> FollowUp:
    """The comment of this answer asks for something, as a rep reads it. Raises NotFound, and Conflict when a reply is
    owed already."""
    row = session.execute(
        select(Response, Invitation.person_id, FollowUp)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(FollowUp, FollowUp.response_id == Response.id)
        .where(
            Response.id == response_id,
            Round.bears_names,
            policy.in_visible_units(by, Response.unit_id.expression),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such answer.")
    response, person_id, known = row
    policy.require(by, Action.ANSWER_RATING, response)
    if known is None:
        return follow_up_owing.begin(session, response, person_id, FollowUpCause.WISH, now)
    if not known.is_over:
        raise Conflict("response", "A reply to this answer is owed already.")
    follow_up_owing.again(session, known, score=response.score, cause=FollowUpCause.WISH, now=now)
    return known


def dismiss(session: Session, *, by: Actor, follow_up: FollowUp, now: datetime) -> None:
    """The comment asks for nothing after all; the audit trail keeps who says so. Twice is once.

    Raises Conflict("text") for a low rating or a real fall, which are owed a reply whatever the comment says, and for
    one that was replied to.
    """
    policy.require(by, Action.ANSWER_RATING, follow_up)
    session.refresh(follow_up, ["state"], with_for_update=True)
    if follow_up.state is FollowUpState.DISMISSED:
        return
    if follow_up.cause is not FollowUpCause.WISH or not follow_up.is_untouched:
        raise Conflict("text", "A reply to this is owed. Only a wish that nobody answered can be set aside.")
    follow_up.state, follow_up.closed_at = FollowUpState.DISMISSED, now
    session.flush()
