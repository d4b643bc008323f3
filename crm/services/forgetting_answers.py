"""What a forgotten person said of IT: the marks stay, without a name, unless asked for; nothing leads to them any more.

In a round without names a mark that went, or a comment, would show by the difference whose it was. So there the marks
stay once the round has closed, and of comments that were shown either all stay or all go.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, delete, literal, select, update
from sqlalchemy.orm import Session

from crm.services import totals
from models.follow_up import FollowUp, FollowUpState
from models.minutes import MinutesReply
from models.person import Person
from models.rating import Answer, CommentOutcome, Invitation, PartialAnswer, Prediction, Response, Round
from models.request import Request

_PAST = {"synchronize_session": False}


def forget(session: Session, *, person: Person, answers_too: bool, now: datetime) -> None:
    """``answers_too``: named answers go, with the replies to them; so do answers of a round without names that is
    still open, and the words of those that has closed; and predictions, and objections to minutes."""
    asked = select(Invitation.id).where(Invitation.person_id == person.id)
    session.execute(delete(PartialAnswer).where(PartialAnswer.invitation_id.in_(asked)), execution_options=_PAST)
    if answers_too:
        _remove_named(session, asked_of(person))
        _remove_unsettled(session, asked_of(person))
        _remove_words(session, asked_of(person))
        session.execute(delete(Prediction).where(Prediction.person_id == person.id), execution_options=_PAST)
        session.execute(update(MinutesReply).where(MinutesReply.person_id == person.id).values(said=""))
    _cut_links(session, person, now)


def asked_of(person: Person) -> ColumnElement[bool]:
    """The condition that an answer is this person's."""
    return Invitation.person_id == person.id


def _remove_named(session: Session, theirs: ColumnElement[bool]) -> None:
    found = _found(session, theirs, Round.bears_names)
    _remove(session, found)
    for response in found:
        fewer = update(Round).where(Round.id == response.round_id).values(asked=Round.asked - 1)
        session.execute(fewer, execution_options=_PAST)
    if found:
        totals.changed(session, round_ids={response.round_id for response in found})


def _remove_unsettled(session: Session, theirs: ColumnElement[bool]) -> None:
    """Nobody has read anything of these yet, not even how many there are."""
    _remove(session, _found(session, theirs, ~Round.bears_names, ~Round.is_settled))


def _remove_words(session: Session, theirs: ColumnElement[bool]) -> None:
    """One comment fewer would say whose it was: the others of the round are shown no longer either."""
    found = _found(session, theirs, ~Round.bears_names, Round.is_settled, Response.comment != "")
    rounds, answers = [one.round_id for one in found], [one.id for one in found]
    hidden = update(Round).where(Round.id.in_(rounds)).values(comments_shown=False)
    session.execute(hidden, execution_options=_PAST)
    session.execute(update(Response).where(Response.id.in_(answers)).values(comment=""), execution_options=_PAST)


def _found(session: Session, *conditions: SQLColumnExpression[bool]) -> Sequence[Response]:
    mine = select(Response).join(Response.invitation).join(Response.round)
    return session.scalars(mine.where(*conditions).with_for_update(of=Round)).all()


def _remove(session: Session, responses: Sequence[Response]) -> None:
    ids = [response.id for response in responses]
    for table in (Answer, CommentOutcome, FollowUp):
        session.execute(delete(table).where(table.response_id.in_(ids)), execution_options=_PAST)
    complaints = update(Request).where(Request.response_id.in_(ids))
    session.execute(complaints.values(response_id=None), execution_options=_PAST)
    session.execute(delete(Response).where(Response.id.in_(ids)), execution_options=_PAST)


def _cut_links(session: Session, person: Person, now: datetime) -> None:
    """No link of theirs opens anything, and no answer without a name leads to one."""
    cut = update(Response).where(
        Response.invitation_id.in_(
            select(Invitation.id).join(Invitation.round).where(asked_of(person), ~Round.bears_names)
        )
    )
    session.execute(cut.values(invitation_id=None), execution_options=_PAST)
    for table in (Invitation, MinutesReply):
        mine = update(table).where(table.person_id == person.id)
        session.execute(mine.values(token_hash=literal("forgotten:") + cast(table.id, String)), execution_options=_PAST)
    waits = update(FollowUp).where(FollowUp.person_id == person.id, FollowUp.state != FollowUpState.CLOSED)
    session.execute(waits.values(state=FollowUpState.CLOSED, closed_at=now), execution_options=_PAST)
    replies = update(FollowUp).where(FollowUp.person_id == person.id)
    session.execute(replies.values(token_hash=None), execution_options=_PAST)
