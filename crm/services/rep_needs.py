"""What waits for a rep: each thing with why, when and how pressing it is."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.policy import Actor
from crm.services import clock, minutes_replies, words
from crm.services.reviews import Standing, standing
from crm.services.statements import NOW, put_together_once
from models.action import Action, ActionState
from models.base import UtcDateTime
from models.person import Person
from models.rating import Response, Round
from models.review import Review, ReviewState
from models.unit import BusinessUnit, Membership, Part

#: Actions due, and reviews planned, within so many days are worth a look now.
SOON = 7
#: A rating asked so many days ago and not answered is worth a word.
PATIENCE = timedelta(days=7)
#: More of one kind than this is a list, not a start page.
MOST = 100


class Kind(enum.StrEnum):
    """What waits; the page knows an icon and a button for each."""

    REVIEW = "review"
    COMING_REVIEW = "coming_review"
    ACTION = "action"
    REQUEST = "request"
    NO_ADDRESS = "no_address"
    UNANSWERED = "unanswered"
    HANDOVER = "handover"
    LENT = "lent"
    OBJECTION = "objection"
    FOLLOW_UP = "follow_up"
    FALL = "fall"


class Press(enum.IntEnum):
    """How much it presses, most first."""

    LATE = 0
    TODAY = 1
    DECIDE = 2
    SOON = 3
    KNOW = 4


@dataclass(frozen=True)
class Need:
    """One thing that waits. ``id``: of the review, action, request, person, round, meeting or reply: see ``kind``."""

    kind: Kind
    id: int
    unit_id: int
    unit_name: str
    what: str
    why: str
    when: str
    press: Press
    since: date  # of two that press alike the older comes first
    is_prepared: bool = False  # of a review: its agenda is kept
    name: str = ""  # who owes the action, or objects; what the request is called
    cause: str = ""  # what makes a reply owed; what to do about a request

    @property
    def is_late(self) -> bool:
        return self.press is Press.LATE

    @property
    def urgency(self) -> tuple[int, date, str, int]:
        return self.press, self.since, self.what, self.id


def planned_reviews(session: Session, by: Actor) -> Sequence[Review]:
    """Reviews of the covered units that can still be held, with their units, the earliest first."""
    return session.scalars(_planned(by)).all()


@put_together_once
def _planned(by: Actor) -> Select[Review]:
    return (
        select(Review)
        .join(Review.unit)
        .where(
            Review.unit_id.in_(by.covers),
            Review.state == ReviewState.PLANNED,
            # A day of slack on either side: each unit's own date is told below.
            Review.period_until >= by.today,
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Review.unit), joinedload(Review.cadence))
        .order_by(Review.planned_at, Review.id)
        .limit(MOST)
    )


def needs(session: Session, *, by: Actor, reviews: Sequence[Review], now: datetime) -> Iterator[Need]:
    """All that waits but requests and changes of cover, in no order. Four statements."""
    yield from _reviews(reviews, now)
    yield from _actions(session, by, now)
    yield from _without_address(session, by)
    yield from _unanswered(session, by, now)
    yield from _objections(session, by, now)


def _reviews(reviews: Sequence[Review], now: datetime) -> Iterator[Need]:
    for review in reviews:
        today = clock.local_date(now, review.unit.time_zone)
        where = standing(review, today)
        if where is Standing.OVERDUE:
            when, press = words.late(review.planned_on, today), Press.LATE
        elif where is Standing.TODAY:
            when, press = "today", Press.TODAY
        elif where is Standing.PLANNED and review.planned_on <= today + timedelta(SOON):
            when, press = words.soon(review.planned_on, today), Press.SOON
        else:
            continue
        yield Need(
            kind=Kind.COMING_REVIEW if press is Press.SOON else Kind.REVIEW,
            id=review.id,
            unit_id=review.unit_id,
            unit_name=review.unit.name,
            what=f"Review with {review.unit.name}",
            why=_hour(review) if press is not Press.LATE else f"planned for {words.day(review.planned_on, today)}",
            when=when,
            press=press,
            since=review.planned_on,
            is_prepared=review.prepared_at is not None,
        )


def _hour(review: Review) -> str:
    at = f"{review.planned_at.astimezone(review.unit.zone):%H:%M}"
    place = "by call" if "://" in review.cadence.place else review.cadence.place
    return f"{at}, {place}" if place else at


def _actions(session: Session, by: Actor, now: datetime) -> Iterator[Need]:
    for action in session.scalars(_due_soon(by)):
        today = clock.local_date(now, action.unit.time_zone)
        if action.due_on is None or action.due_on > today + timedelta(SOON):
            continue
        yield Need(
            kind=Kind.ACTION,
            id=action.id,
            unit_id=action.unit_id,
            unit_name=action.unit.name,
            what=action.text,
            why=_owner(action, by),
            when=_due(action.due_on, today),
            press=_press_of(action.due_on, today),
            since=action.due_on,
            name=action.owner.name if action.owner and action.owner.id != by.id else "",
        )


@put_together_once
def _due_soon(by: Actor) -> Select[Action]:
    return (
        select(Action)
        .join(Action.unit)
        .where(
            or_(Action.unit_id.in_(by.covers), Action.owner_id == by.id),
            Action.state == ActionState.OPEN,
            Action.due_on <= by.today + timedelta(SOON + 1),
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Action.unit), joinedload(Action.owner))
        .order_by(Action.due_on, Action.id)
        .limit(MOST)
    )


def _owner(action: Action, by: Actor) -> str:
    if action.owner is None:
        return "nobody owns it yet"
    return "" if action.owner.id == by.id else f"{action.owner.name} owes it"


def _due(on: date, today: date) -> str:
    return words.late(on, today) if on < today else f"due {words.soon(on, today)}"


def _press_of(on: date, today: date) -> Press:
    if on < today:
        return Press.LATE
    return Press.TODAY if on == today else Press.SOON


def _without_address(session: Session, by: Actor) -> Iterator[Need]:
    for row in session.execute(_heads_without_address(by)):
        yield Need(
            kind=Kind.NO_ADDRESS,
            id=row.id,
            unit_id=row.unit_id,
            unit_name=row.unit_name,
            what=f"{row.name} has no e-mail address",
            why=f"heads {row.unit_name}, and cannot be asked for a rating",
            when="",
            press=Press.KNOW,
            since=by.today,
        )


@put_together_once
def _heads_without_address(by: Actor) -> Select[int, str, int, str]:
    return (
        select(Person.id, Person.name, BusinessUnit.id.label("unit_id"), BusinessUnit.name.label("unit_name"))
        .join(Membership, Membership.person_id == Person.id)
        .join(BusinessUnit, BusinessUnit.id == Membership.unit_id)
        .where(
            Membership.unit_id.in_(by.covers),
            Membership.part == Part.HEAD,
            Membership.in_force(by.today),
            unwritable(),
            BusinessUnit.closed_on.is_(None),
        )
        .order_by(Person.name, BusinessUnit.id)
        .limit(MOST)
    )


def unwritable() -> ColumnElement[bool]:
    """The condition that a person still here cannot be written to."""
    return Person.left_on.is_(None) & (func.coalesce(Person.email, "") == "")


def _unanswered(session: Session, by: Actor, now: datetime) -> Iterator[Need]:
    for asked, count in session.execute(_unanswered_rounds(by), {"now": now, "long_ago": now - PATIENCE}):
        today, opened = (clock.local_date(at, asked.unit.time_zone) for at in (now, asked.opened_at))
        yield Need(
            kind=Kind.UNANSWERED,
            id=asked.id,
            unit_id=asked.unit_id,
            unit_name=asked.unit.name,
            what=f"{asked.unit.name} has not answered yet"
            if not count
            else f"Not everyone in {asked.unit.name} has answered",
            why=f"{words.number(count) if count else 'none'} of {words.number(asked.asked)} so far",
            when=f"asked {words.day(opened, today)}",
            press=Press.KNOW,
            since=opened,
        )


@put_together_once
def _unanswered_rounds(by: Actor) -> Select[Round, int]:
    """Of ``now``, opened before ``long_ago``."""
    answers = select(func.count()).select_from(Response).where(Response.round_id == Round.id)
    answered = answers.correlate(Round).scalar_subquery()
    return (
        select(Round, answered.label("answered"))
        .join(Round.unit)
        .where(
            Round.unit_id.in_(by.covers),
            Round.opened_at <= bindparam("long_ago", type_=UtcDateTime()),
            Round.closes_at > NOW,
            Round.bears_names & (answered < Round.asked),
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Round.unit))
        .order_by(Round.opened_at, Round.id)
        .limit(MOST)
    )


def _objections(session: Session, by: Actor, now: datetime) -> Iterator[Need]:
    for reply in minutes_replies.objections(session, by=by, most=MOST):
        meeting = reply.version.meeting
        today = clock.local_date(now, meeting.unit.time_zone)
        replied = clock.local_date(reply.replied_at or now, meeting.unit.time_zone)
        yield Need(
            kind=Kind.OBJECTION,
            id=meeting.id,
            unit_id=meeting.unit_id,
            unit_name=meeting.unit.name,
            what=f"{reply.person.given_name} objects to the minutes of {words.day(meeting.held_on, today)}",
            why=reply.said,
            when=words.waiting(replied, today),
            press=Press.DECIDE,
            since=replied,
            name=reply.person.name,
        )
