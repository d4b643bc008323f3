"""Answers to invitations, as calendar programs send them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.errors import Invalid, NotFound
from crm.services import clock, invitations, words
from crm.services.incoming import calendars, outcomes
from crm.services.incoming.calendars import Answer, Unreadable
from crm.services.incoming.outcomes import Outcome
from crm.services.incoming.reading import Mail
from models.calendar import CalendarAnswer, ReviewInvitee
from models.person import email_key
from models.review import Review
from models.unit import BusinessUnit

SAYS = {
    CalendarAnswer.ACCEPTED: "comes to",
    CalendarAnswer.TENTATIVE: "may come to",
    CalendarAnswer.DECLINED: "does not come to",
    CalendarAnswer.NONE: "has not decided about",
}


def take(session: Session, mail: Mail, *, now: datetime) -> Outcome:
    """Keep the answer of whoever is invited; a mail's sender proves nothing, so nobody else's is taken."""
    try:
        told = calendars.read(mail.calendar or "", mail.calendar_method)
        address, said = _who(told, mail)
        invitee = invitations.answer(
            session,
            uid=told.uid,
            from_address=address,
            answer=said,
            sequence=told.sequence,
            said=told.said,
            # A clock that is ahead would keep every later answer out.
            at=min(told.at or now, now),
        )
    except (Unreadable, NotFound, Invalid) as error:
        return outcomes.aside(str(error))
    return _in_words(session, invitee, now)


def _who(told: Answer, mail: Mail) -> tuple[str, CalendarAnswer]:
    """Whose answer it is: of several people named in it, the sender's."""
    if len(told.people) == 1:
        return told.people[0]
    sender = email_key(mail.from_address)
    found = next((one for one in told.people if one[0] == sender), None)
    if found is None:
        raise Unreadable("It names several people, and its sender is none of them.")
    return found


def _in_words(session: Session, invitee: ReviewInvitee, now: datetime) -> Outcome:
    """``invitee`` with its person and its invitation."""
    invitation, person = invitee.invitation, invitee.person
    unit, planned_on = session.execute(
        select(BusinessUnit, Review.planned_on)
        .outerjoin(Review, Review.id == invitation.review_id)
        .where(BusinessUnit.id == invitation.unit_id)
    ).one()
    today = clock.local_date(now, unit.time_zone)
    day = f" on {words.day(planned_on, today)}" if planned_on else ""
    is_old = (invitee.answered_sequence or 0) < invitation.told_sequence
    said = "answered for an earlier time of" if is_old else SAYS[invitee.answer]
    return outcomes.taken(
        f"{person.name} {said} the review with {unit.name}{day}.", person_id=person.id, unit_id=unit.id
    )
