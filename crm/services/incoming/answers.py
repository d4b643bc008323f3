"""What somebody invited answers to the invitation of a review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Invalid, NotFound
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.person import Person, email_key


def answer(
    session: Session,
    *,
    uid: str,
    from_address: str,
    answer: CalendarAnswer,
    sequence: int,
    said: str,
    at: datetime,
) -> ReviewInvitee:
    """Keep it. Raises NotFound for an invitation nobody sent, Invalid when that address was not invited, when the
    review was taken out of the calendars, or when a newer answer is known."""
    invitation = session.scalar(select(ReviewInvitation).where(ReviewInvitation.uid == uid))
    if invitation is None:
        raise NotFound("It answers an invitation that was not sent from here.")
    invitee = session.scalar(
        select(ReviewInvitee)
        .join(ReviewInvitee.person)
        .where(ReviewInvitee.review_id == invitation.review_id, Person.email_key == email_key(from_address))
        .with_for_update(of=ReviewInvitee)
    )
    if invitee is None or invitee.removed_at is not None:
        raise Invalid("from_address", f"{from_address} was not invited to this review.")
    if invitation.cancelled_at is not None:
        raise Invalid("uid", "It answers a review that was called off.")
    if invitee.answered_at is not None and (invitee.answered_sequence or 0, invitee.answered_at) > (sequence, at):
        raise Invalid("sequence", "A newer answer is known already.")
    invitee.answer, invitee.said = answer, said
    invitee.answered_at, invitee.answered_sequence = at, sequence
    session.flush()
    return invitee
