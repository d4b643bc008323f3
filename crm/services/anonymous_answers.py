"""Answers of those who were promised to stay unknown.

Anonymous: without any path back to the person. The invitation knows that it was used; the answer its unit, its round
and the day the round opened. Confidential: the answer knows its invitation, so that whoever gave it can correct it.

Of neither is anything written to the audit trail, whose entries have a time. Their ids are drawn; and as a database
also notes where a row lies and which transaction wrote it, each anonymous answer writes all of its round anew, in the
order of the drawn ids.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, time
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from crm.services import clock, confidentiality
from crm.services.survey import Answers
from models.rating import Answer, Invitation, Response, Round

#: Rows are written past the session, which would put them into the audit trail.
_PAST = {"synchronize_session": False}
Row = dict[str, Any]


def record(session: Session, *, invitation: Invitation, score: int, comment: str, answers: Answers) -> None:
    """Keep an anonymous answer, once. The invitation comes with its round and unit, locked by the caller, and not yet
    used. Raises Gone when the round is settled."""
    confidentiality.refuse_settled(session, invitation.round)
    response = _response(session, invitation.round, score, comment)
    said = _answers(session, response["id"], answers)
    mine = Response.round_id == invitation.round_id
    of_mine = Answer.response_id.in_(select(Response.id).where(mine))
    responses, rows = [*_read(session, Response, mine), response], [*_read(session, Answer, of_mine), *said]
    session.execute(delete(Answer).where(of_mine), execution_options=_PAST)
    session.execute(delete(Response).where(mine), execution_options=_PAST)
    _write(session, responses, rows)
    _use(session, invitation)


def keep(
    session: Session, *, invitation: Invitation, response: Response | None, score: int, comment: str, answers: Answers
) -> None:
    """Keep a confidential answer, or correct the one given before. The invitation comes with its round and unit, locked
    by the caller. Raises Gone when the round is settled."""
    confidentiality.refuse_settled(session, invitation.round)
    if response is None:
        row = _response(session, invitation.round, score, comment) | {"invitation_id": invitation.id}
        _write(session, [row], _answers(session, row["id"], answers))
        return
    session.execute(delete(Answer).where(Answer.response_id == response.id), execution_options=_PAST)
    said = update(Response).where(Response.id == response.id).values(score=score, comment=comment)
    session.execute(said, execution_options=_PAST)
    _write(session, [], _answers(session, response.id, answers))
    session.expire(response)


def _response(session: Session, round_: Round, score: int, comment: str) -> Row:
    return {
        "id": _drawn_ids(session, Response, 1)[0],
        "invitation_id": None,
        "round_id": round_.id,
        "unit_id": round_.unit_id,
        "score": score,
        "comment": comment,
        "answered_at": _opening_day(round_),
        "corrected_at": None,
    }


def _opening_day(round_: Round) -> datetime:
    """Its local midnight. The day of the answer would do for whoever knows who had been reminded by then."""
    return datetime.combine(clock.local_date(round_.opened_at, round_.unit.time_zone), time(), round_.unit.zone)


def _answers(session: Session, response_id: int, answers: Answers) -> list[Row]:
    ids = _drawn_ids(session, Answer, len(answers))
    return [
        {"id": number, "response_id": response_id, "question_id": question_id, "about": about} | asdict(said)
        for number, ((question_id, about), said) in zip(ids, answers.items(), strict=True)
    ]


def _drawn_ids(session: Session, table: type[Response | Answer], many: int) -> list[int]:
    """So many below zero, where no counted id is, that are not taken."""
    free = set[int]()
    while len(free) < many:
        drawn = {-1 - secrets.randbelow(2**31 - 1) for _ in range(many - len(free))}
        free |= drawn - set(session.scalars(select(table.id).where(table.id.in_(drawn))))
    return list(free)


def _read(session: Session, table: type[Response | Answer], condition: ColumnElement[bool]) -> list[Row]:
    return [dict(row) for row in session.execute(select(*table.__table__.columns).where(condition)).mappings()]


def _write(session: Session, responses: Sequence[Row], answers: Sequence[Row]) -> None:
    for table, rows in ((Response, responses), (Answer, answers)):
        if rows:
            session.execute(insert(table), sorted(rows, key=itemgetter("id")))


def _use(session: Session, invitation: Invitation) -> None:
    """Mark the link, and write all others of the round anew with it."""
    all_of_it = update(Invitation).where(Invitation.round_id == invitation.round_id)
    used = or_(Invitation.is_used, Invitation.id == invitation.id)
    session.execute(all_of_it.values(is_used=used), execution_options=_PAST)
    session.expire(invitation, ["is_used"])
