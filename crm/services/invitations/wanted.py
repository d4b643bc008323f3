"""What the invitation of each review should say, and who should have it: read for many at once."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from crm.services import clock, outbox
from crm.services.calendar_objects import Part
from models.absence import Absence
from models.calendar import ReviewInvitation
from models.person import Person
from models.review import Cadence, Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover, Membership
from models.unit import Part as InUnit

#: Only reviews this near are invited to; a job brings in those that come near.
HORIZON = timedelta(days=60)
#: As what people come, the first that fits: who leads the unit chairs.
PARTS = (Part.CHAIR, Part.NEEDED, Part.NEEDED, Part.WELCOME)
_LEAD, _HEAD, _COVERS, _DEPUTY = range(len(PARTS))


@dataclass(frozen=True)
class Wanted:
    """A review as people's calendars should have it."""

    review_id: int
    unit_id: int
    unit_name: str
    #: What the unit calls its reviews; "": a review.
    calls_review: str
    zone: ZoneInfo
    state: ReviewState
    planned_on: date
    planned_at: datetime
    minutes: int
    place: str
    held_on: date | None = None
    #: Who should come, with an address, as what; the lead first.
    guests: dict[int, Part] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)

    @property
    def lead_id(self) -> int | None:
        """Who organises it; None while nobody leads the unit, or who does has no address."""
        return next((person_id for person_id, part in self.guests.items() if part is Part.CHAIR), None)

    @property
    def ends_at(self) -> datetime:
        return self.planned_at + timedelta(minutes=self.minutes)

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is to take place: planned, and its day is not over there."""
        return self.state is ReviewState.PLANNED and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        return self.planned_on < clock.local_date(now, self.zone.key)

    def is_called_off(self, now: datetime) -> bool:
        """Nobody is to come: left out, or held before its day."""
        return self.state is ReviewState.SKIPPED or (self.state is ReviewState.HELD and self.planned_at > now)

    def is_near(self, now: datetime) -> bool:
        return now < self.planned_at <= now + HORIZON

    def fingerprint(self, organiser_id: int) -> str:
        """What calendars are told, in a few letters: time and length to be read again, the rest as a hash."""
        rest = f"{organiser_id}\n{self.place}\n{self.calls_review}\n{self.unit_name}\n{self.zone.key}"
        return f"{self.planned_at:%Y-%m-%dT%H:%M:%S%z} {self.minutes} {hashlib.sha256(rest.encode()).hexdigest()[:24]}"


def time_of(fingerprint: str) -> datetime:
    """The time that a fingerprint speaks of."""
    return datetime.fromisoformat(fingerprint.split(" ")[0])


def read(session: Session, chosen: ColumnElement[bool]) -> dict[int, Wanted]:
    """The chosen reviews (a condition on Review) by id, in order of time. Two statements."""
    people: dict[int, dict[int, Any]] = defaultdict(dict)
    for row in session.execute(_people(chosen)):
        if row.Person.is_here(row.planned_on) and outbox.has_address(row.Person):
            people[row.review_id].setdefault(row.Person.id, row)
    return {row.id: _wanted(row, people[row.id]) for row in session.execute(_reviews(chosen))}


def planned(session: Session, chosen: ColumnElement[bool], *, most: int) -> dict[int, Wanted]:
    """The same without people, the first so many. One statement."""
    return {row.id: _wanted(row, {}) for row in session.execute(_reviews(chosen).limit(most))}


def _wanted(row: Any, people: dict[int, Any]) -> Wanted:
    return Wanted(
        review_id=row.id,
        unit_id=row.unit_id,
        unit_name=row.name,
        calls_review=row.calls_review,
        zone=ZoneInfo(row.time_zone),
        state=row.state,
        planned_on=row.planned_on,
        planned_at=row.planned_at,
        minutes=row.minutes,
        place=row.place,
        held_on=row.held_on,
        guests={person_id: PARTS[found.rank] for person_id, found in people.items()},
        people={person_id: found.Person for person_id, found in people.items()},
    )


def _reviews(chosen: ColumnElement[bool]) -> Select[Any]:
    unit = (BusinessUnit.name, BusinessUnit.calls_review, BusinessUnit.time_zone)
    review = (
        Review.id,
        Review.unit_id,
        Review.state,
        Review.planned_on,
        Review.planned_at,
        Review.minutes,
        Review.held_on,
    )
    columns: tuple[Any, ...] = (*review, *unit, Cadence.place)
    found = select(*columns).join_from(Review, BusinessUnit, BusinessUnit.id == Review.unit_id)
    return found.join(Cadence, Cadence.id == Review.cadence_id).where(chosen).order_by(Review.planned_at, Review.id)


def _people(chosen: ColumnElement[bool]) -> Select[Any]:
    """From both sides, on the day itself: lead, head, who covers for an absent lead, deputies."""
    who = union_all(*_sides(chosen)).subquery()
    found = select(Person, who.c.review_id, who.c.planned_on, who.c.rank).join(who, who.c.person_id == Person.id)
    return found.order_by(who.c.review_id, who.c.rank, Person.name, Person.id)


def _sides(chosen: ColumnElement[bool]) -> Iterator[Select[*tuple[Any, ...]]]:
    of_unit = and_(Assignment.unit_id == Review.unit_id, Assignment.in_force(Review.planned_on))
    reps = select(Review.id.label("review_id"), Review.planned_on, Assignment.rep_id.label("person_id"))
    for cover, rank in ((Cover.LEAD, _LEAD), (Cover.DEPUTY, _DEPUTY)):
        yield (
            reps.add_columns(literal(rank).label("rank"))
            .join_from(Review, Assignment, of_unit)
            .where(chosen, Assignment.cover == cover)
        )
    heads = (
        Membership.unit_id == Review.unit_id,
        Membership.part == InUnit.HEAD,
        Membership.in_force(Review.planned_on),
    )
    yield (
        select(Review.id, Review.planned_on, Membership.person_id, literal(_HEAD))
        .join_from(Review, Membership, and_(*heads))
        .where(chosen)
    )
    away = and_(Absence.person_id == Assignment.rep_id, Absence.in_force(Review.planned_on))
    yield (
        select(Review.id, Review.planned_on, Absence.covered_by_id, literal(_COVERS))
        .join_from(Review, Assignment, of_unit)
        .join(Absence, away)
        .where(chosen, Assignment.cover == Cover.LEAD, Absence.covered_by_id.is_not(None))
    )


def gone(invitation: ReviewInvitation) -> Wanted:
    """A review that is no more, as far as its invitation knows it. The invitation has its unit loaded."""
    at, minutes, _ = invitation.fingerprint.split(" ")
    unit, planned_at = invitation.unit, datetime.fromisoformat(at)
    return Wanted(
        review_id=invitation.review_id,
        unit_id=unit.id,
        unit_name=unit.name,
        calls_review=unit.calls_review,
        zone=unit.zone,
        state=ReviewState.SKIPPED,
        planned_on=planned_at.astimezone(unit.zone).date(),
        planned_at=planned_at,
        minutes=int(minutes),
        place="",
    )
