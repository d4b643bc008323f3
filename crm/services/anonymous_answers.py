"""Answers of those who were promised to stay unknown: kept without any path back to the person.

The invitation knows that it was used, the answer its unit, its round and the day. Nothing is written to the audit
trail, whose entries have a time and a person; the answer's id is drawn; and what the database itself notes of each row
(PostgreSQL: the transaction that wrote it) is made the same for all of the round.
"""

from __future__ import annotations

import secrets
from datetime import datetime, time

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from crm.services import clock, survey
from crm.services.survey import Answers
from models.rating import Answer, Invitation, Response, Round


def record(
    session: Session, *, invitation: Invitation, score: int, comment: str, answers: Answers, now: datetime
) -> None:
    """Keep the answer, once. The invitation comes with its round and unit, locked by the caller, and not yet used."""
    round_ = invitation.round
    response_id = _drawn_id()
    session.execute(
        insert(Response),
        {
            "id": response_id,
            "invitation_id": None,
            "round_id": round_.id,
            "unit_id": round_.unit_id,
            "score": score,
            "comment": comment,
            "answered_at": _only_the_day(now, round_),
        },
    )
    if answers:
        rows = [{"response_id": response_id, **values} for values in survey.columns(answers)]
        session.execute(insert(Answer), rows)
    _use(session, invitation)


def _drawn_id() -> int:
    """Below zero, where no counted id is."""
    return -1 - secrets.randbelow(2**31 - 1)


def _only_the_day(now: datetime, round_: Round) -> datetime:
    """Its local midnight."""
    return datetime.combine(clock.local_date(now, round_.unit.time_zone), time(), round_.unit.zone)


def _use(session: Session, invitation: Invitation) -> None:
    """Mark the link, and write every other row of the round anew in the same transaction."""
    core = {"execution_options": {"synchronize_session": False}}
    mine, all_of_it = Invitation.id == invitation.id, Invitation.round_id == invitation.round_id
    session.execute(update(Invitation).where(mine).values(is_used=True), **core)
    session.execute(update(Invitation).where(all_of_it).values(is_used=Invitation.is_used), **core)
    session.execute(
        update(Response).where(Response.round_id == invitation.round_id).values(score=Response.score), **core
    )
    session.expire(invitation, ["is_used"])
