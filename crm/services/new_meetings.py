"""What is told about a meeting when it is logged, and what cannot be taken of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.errors import Invalid
from crm.services import attendees, clock
from models.action import Action
from models.meeting import MeetingKind, Presence
from models.request import Origin
from models.unit import BusinessUnit

STRANGER = "is neither of this unit nor from IT."


@dataclass(frozen=True)
class NewAction:
    text: str = ""
    owner_id: int | None = None
    due_on: date | None = None

    @property
    def is_blank(self) -> bool:
        return self == NewAction()


@dataclass(frozen=True)
class NewRequest:
    title: str = ""
    business_need: str = ""
    requester_id: int | None = None
    origin: Origin = Origin.ASKED

    @property
    def is_blank(self) -> bool:
        return not (self.title or self.business_need or self.requester_id)


@dataclass(frozen=True)
class NewMeeting:
    """A meeting as told. Blank actions and requests may be among the rows: they are left out."""

    kind: MeetingKind
    held_on: date
    #: The review it is meant to hold; without one, or on a day outside its period, the day decides.
    review_id: int | None = None
    attendees: Mapping[int, Presence] = field(default_factory=dict)
    #: Markdown; the unit reads it.
    minutes: str = ""
    #: Markdown; stays in IT.
    internal_notes: str = ""
    actions: Sequence[NewAction] = ()
    requests: Sequence[NewRequest] = ()
    #: Actions left from before that are done.
    settled: frozenset[int] = frozenset()
    #: Made with the form, so that sending it twice is one meeting.
    form_key: str | None = None

    @property
    def people(self) -> frozenset[int]:
        """Everybody named anywhere."""
        owners = (action.owner_id for action in self.actions)
        requesters = (request.requester_id for request in self.requests)
        named = {*self.attendees, *owners, *requesters}
        return frozenset(person_id for person_id in named if person_id is not None)


def mistakes(session: Session, *, unit: BusinessUnit, new: NewMeeting, now: datetime) -> list[Invalid]:
    """Everything that keeps this meeting from being logged, each with its field.

    Fields: ``held_on``, ``attendees``, ``settled``, ``actions-N-text|owner_id|due_on``,
    ``requests-N-title|business_need|requester_id``, N counting all rows from 0.
    """
    today = clock.local_date(now, unit.time_zone)
    admitted = attendees.admitted(session, unit=unit, ids=new.people, days={new.held_on, today})
    return [
        *_in_the_day(new, today),
        *_in_the_attendees(new, admitted),
        *_in_the_actions(new, admitted),
        *_in_the_requests(new, admitted),
        *_in_the_ticks(session, unit, new),
    ]


def _in_the_day(new: NewMeeting, today: date) -> Iterator[Invalid]:
    if new.held_on > today:
        yield Invalid("held_on", "That day is still to come. Log the meeting once it was held.")


def _in_the_attendees(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    if not admitted.issuperset(new.attendees):
        yield Invalid("attendees", f"Somebody ticked here {STRANGER}")


def _in_the_actions(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    for row, action in enumerate(new.actions):
        if not action.text and not action.is_blank:
            yield Invalid(f"actions-{row}-text", "Say what will be done, or clear the owner and the date.")
        if action.owner_id is not None and action.owner_id not in admitted:
            yield Invalid(f"actions-{row}-owner_id", f"This person {STRANGER}")
        if action.due_on is not None and action.due_on < new.held_on:
            yield Invalid(f"actions-{row}-due_on", "That is before the meeting.")


def _in_the_requests(new: NewMeeting, admitted: frozenset[int]) -> Iterator[Invalid]:
    for row, request in enumerate(new.requests):
        if request.is_blank:
            continue
        if not request.title:
            yield Invalid(f"requests-{row}-title", "Say in a few words what is asked for.")
        if not request.business_need:
            yield Invalid(f"requests-{row}-business_need", "Say what the unit needs it for.")
        if request.requester_id is not None and request.requester_id not in admitted:
            yield Invalid(f"requests-{row}-requester_id", f"This person {STRANGER}")


def _in_the_ticks(session: Session, unit: BusinessUnit, new: NewMeeting) -> Iterator[Invalid]:
    if not new.settled:
        return
    mine = select(func.count(Action.id)).where(Action.id.in_(new.settled), Action.unit_id == unit.id)
    if session.scalar(mine) != len(new.settled):
        yield Invalid("settled", "An action ticked here belongs to another unit.")
