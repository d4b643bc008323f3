"""The mails that carry invitations: each person's own words, and the same as an entry of a calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from crm.services import calendar_objects, outbox
from crm.services.calendar_objects import Entry, Guest, Method, Part
from crm.services.invitations.wanted import Wanted
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.mail import MailKind
from models.person import Person


class News(StrEnum):
    """What one person is told of one review."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    #: It takes place without this person.
    REMOVED = "removed"


@dataclass(frozen=True)
class Letter:
    review: Wanted
    invitation: ReviewInvitation
    guests: Mapping[int, Guest]
    to: Person
    news: News
    #: When calendars had it before; None: in none.
    was: datetime | None = None

    @property
    def key(self) -> str:
        return f"invite:{self.invitation.review_id}:{self.to.id}:{self.invitation.sequence}"

    @property
    def method(self) -> Method:
        return Method.CANCEL if self.news in (News.CANCELLED, News.REMOVED) else Method.REQUEST


def guests(one: Wanted, invitees: Mapping[int, ReviewInvitee], invitation: ReviewInvitation) -> dict[int, Guest]:
    """Those invited, as calendars show them, with what each answered to the time that holds."""
    found = {}
    for person_id, invitee in invitees.items():
        part = one.guests.get(person_id, Part.NEEDED)
        answer = CalendarAnswer.ACCEPTED if part is Part.CHAIR else answer_of(invitee, invitation)
        found[person_id] = Guest(invitee.person.name, invitee.person.email or "", part, answer)
    return found


def answer_of(invitee: ReviewInvitee, invitation: ReviewInvitation) -> CalendarAnswer:
    """What somebody answered to the time that holds: an answer to an earlier one says nothing of it."""
    answered = invitee.answered_sequence
    return invitee.answer if answered is not None and answered >= invitation.told_sequence else CalendarAnswer.NONE


def send(session: Session, letters: Sequence[Letter], now: datetime) -> int:
    """Queue them. Returns how many there are to send."""
    return sum(_queue(session, letter, now) for letter in letters)


def _queue(session: Session, letter: Letter, now: datetime) -> bool:
    message = outbox.queue(
        session,
        key=letter.key,
        to=letter.to,
        subject=_subject(letter),
        body=_body(letter),
        path="",
        now=now,
        kind=MailKind.INVITATION,
        calendar=_calendar(letter),
        calendar_method=letter.method,
    )
    return message is not None


def _calendar(letter: Letter) -> str:
    entry = entry_of(letter.review, letter.invitation, letter.guests)
    if letter.news is News.REMOVED:  # of the one who is to come no more: RFC 5546, 3.2.5
        person = letter.to
        entry = replace(entry, guests=[Guest(person.name, person.email or "")], cancelled=None)
    return calendar_objects.invitation(replace(entry, cancelled=letter.news is News.CANCELLED), letter.method)
