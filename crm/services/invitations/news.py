"""What one person is told of one review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm.services.calendar_objects import Guest, Method, Part
from crm.services.invitations.wanted import Wanted
from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.person import Person


class News(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    #: It takes place without this person.
    REMOVED = "removed"


@dataclass(frozen=True)
class Letter:
    """``invitation`` is as it is sent now, with its organiser."""

    review: Wanted
    invitation: ReviewInvitation
    guests: Mapping[int, Guest]
    to: Person
    news: News
    #: When it was to be, as calendars have it until now; None: none has it.
    was: datetime | None = None

    @property
    def key(self) -> str:
        return f"invite:{self.invitation.review_id}:{self.to.id}:{self.invitation.sequence}"

    @property
    def method(self) -> Method:
        return Method.CANCEL if self.news in (News.CANCELLED, News.REMOVED) else Method.REQUEST

    @property
    def is_to_organiser(self) -> bool:
        return self.to.id == self.invitation.organiser_id


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
