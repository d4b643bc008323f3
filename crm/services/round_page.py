"""What the page of a round says beside its answers: replies owed, what came of comments, what the rep expected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from models.follow_up import FollowUp
from models.person import Person
from models.rating import CommentOutcome, Prediction, Response, Round


@dataclass(frozen=True)
class Beside:
    """Replies and outcomes by the id of the answer; ``prediction`` with who expected it."""

    follow_ups: dict[int, FollowUp]
    outcomes: dict[int, CommentOutcome]
    prediction: Prediction | None


def beside(session: Session, *, round_id: int) -> Beside:
    """Of a round that the caller may read. One statement."""
    rows = session.execute(
        select(FollowUp, CommentOutcome, Prediction)
        .select_from(Round)
        .outerjoin(Response, Response.round_id == Round.id)
        .outerjoin(FollowUp, FollowUp.response_id == Response.id)
        .outerjoin(CommentOutcome, CommentOutcome.response_id == Response.id)
        .outerjoin(Prediction, Prediction.round_id == Round.id)
        .outerjoin(Person, Person.id == Prediction.person_id)
        .options(contains_eager(Prediction.person))
        .where(Round.id == round_id)
    ).all()
    return Beside(
        {row[0].response_id: row[0] for row in rows if row[0]},
        {row[1].response_id: row[1] for row in rows if row[1]},
        next((row[2] for row in rows), None),
    )
