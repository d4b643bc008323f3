"""Who is invited to a review, and what each answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.errors import Invalid, NotFound
from crm.services import words
from crm.services.invitations.news import answer_of
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.person import Person, email_key

SAID_LENGTH = 500
_IN_WORDS = {
    CalendarAnswer.ACCEPTED: "accepted",
    CalendarAnswer.TENTATIVE: "may come",
    CalendarAnswer.DECLINED: "declined",
}


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
    """What somebody's calendar answered. An answer that comes late, after a newer one, changes nothing.

    Raises NotFound when no review is called so, or whoever has that address is not invited; Invalid("sequence") for an
    answer to what was never sent.
    """
    found = session.scalar(
        select(ReviewInvitee)
        .join(ReviewInvitee.invitation)
        .join(ReviewInvitee.person)
        .options(contains_eager(ReviewInvitee.invitation), contains_eager(ReviewInvitee.person))
        .where(ReviewInvitation.uid == uid, Person.email_key == email_key(from_address))
        .with_for_update(of=ReviewInvitee)
    )
    if found is None or found.removed_at is not None:
        raise NotFound("Nobody with that address is invited to such a review.")
    if sequence > found.invitation.sequence:
        raise Invalid("sequence", "This answers an invitation that was never sent.")
    if _is_news(found, sequence, at):
        found.answer, found.answered_at, found.answered_sequence = answer, at, sequence
        found.said = said.strip()[:SAID_LENGTH]
        session.flush()
    return found


def _is_news(found: ReviewInvitee, sequence: int, at: datetime) -> bool:
    if found.answered_at is None or found.answered_sequence is None:
        return True
    return (sequence, at) >= (found.answered_sequence, found.answered_at)


@dataclass(frozen=True)
class Answered:
    person: Person
    answer: CalendarAnswer
    said: str
    is_organiser: bool


def of_review(session: Session, review_id: int) -> list[Answered]:
    """Those who have the review in their calendars, by name, with what they answered to the time that holds.

    One statement; empty when nobody is invited, or it is called off.
    """
    mine = select(ReviewInvitee).join(ReviewInvitee.invitation).join(ReviewInvitee.person)
    present = ReviewInvitee.removed_at.is_(None), ReviewInvitation.cancelled_at.is_(None)
    rows = session.scalars(
        mine.where(ReviewInvitee.review_id == review_id, *present)
        .options(joinedload(ReviewInvitee.invitation), joinedload(ReviewInvitee.person))
        .order_by(Person.name, Person.id)
    )
    return [
        Answered(row.person, answer_of(row, row.invitation), row.said, row.person_id == row.invitation.organiser_id)
        for row in rows
    ]


def names(answered: Sequence[Answered]) -> str:
    """ "Amara and Ines": who is told of a change."""
    return words.listed([one.person.given_name for one in answered])


def in_words(answered: Sequence[Answered]) -> str:
    """ "Amara accepted, Jo may come." Without the organiser, who does not answer; "" when nobody is invited."""
    others = [one for one in answered if not one.is_organiser]
    told = [f"{one.person.given_name} {_IN_WORDS[one.answer]}" for one in others if one.answer in _IN_WORDS]
    waiting = [one.person.given_name for one in others if one.answer is CalendarAnswer.NONE]
    if waiting:
        told.append(f"{words.listed(waiting)} {'has' if len(waiting) == 1 else 'have'} not answered")
    return ", ".join(told) + "." if told else ""
