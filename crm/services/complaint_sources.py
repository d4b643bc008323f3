"""What a complaint can be made of, beside a request: a comment, or a low rating that is owed a reply.

What somebody wrote beside a rating is for IT. It is shown to whoever writes the complaint, and never copied into it:
the unit reads that page.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm import policy
from crm.errors import NotFound
from crm.policy import Action, Actor
from crm.services import comment_outcomes, follow_ups
from models.rating import Response
from models.request import Request


@dataclass(frozen=True)
class Source:
    """``who`` is "" where the rating bears no name; then nothing of it is kept with the complaint either."""

    unit_id: int
    quote: str
    who: str
    response_id: int | None


def of_comment(session: Session, *, by: Actor, response_id: int) -> Source:
    """Raises NotFound, Forbidden for a comment this person may not read."""
    found = comment_outcomes.read(session, by=by, response_id=response_id)
    response, person = found.response, found.person
    kept = response.id if found.is_named else None
    return Source(response.unit_id, response.comment, person.name if person else "", kept)


def of_reply(session: Session, *, by: Actor, follow_up_id: int) -> Source:
    """A rating that is owed a reply: those bear names. Raises NotFound, Forbidden."""
    found = follow_ups.read(session, by=by, follow_up_id=follow_up_id)
    return Source(found.unit_id, found.response.comment, found.person.name, found.response_id)


def read(
    session: Session, *, by: Actor, unit_id: int, comment: int | None = None, reply: int | None = None
) -> Source | None:
    """What the address names; None when it names nothing. Raises NotFound for what is of another unit."""
    if comment is None and reply is None:
        return None
    if comment is not None:
        found = of_comment(session, by=by, response_id=comment)
    else:
        found = of_reply(session, by=by, follow_up_id=reply or 0)
    if found.unit_id != unit_id:
        raise NotFound("That was said about another unit.")
    return found


def round_of(session: Session, *, by: Actor, complaint: Request) -> int:
    """The id of the round of the rating it was made of. Raises NotFound, Forbidden."""
    policy.require(by, Action.SEE_RATINGS, complaint)
    response = session.get(Response, complaint.response_id) if complaint.response_id else None
    if response is None:
        raise NotFound("It was made of no rating, or of one that is gone.")
    return response.round_id
