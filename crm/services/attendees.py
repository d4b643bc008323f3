"""Who can be at a meeting with a unit, or owe it something: its own people, its reps, and whoever else is from IT."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from models.calendar import CalendarAnswer, ReviewInvitation, ReviewInvitee
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

#: Whoever was last seen with the unit longer ago than this is not offered as one of the usual people.
REMEMBERED = timedelta(days=365)
#: So many people are offered at most.
MOST = 500

_PARTS = (Part.HEAD, Part.KEY_USER, Part.MEMBER)
_COVERS = (Cover.LEAD, Cover.DEPUTY)


@dataclass(frozen=True)
class Candidate:
    """Somebody to offer as attendee or owner."""

    person: Person
    part: Part | None
    cover: Cover | None
    #: When this person was last at a meeting with the unit.
    last_seen: date | None
    was_at_last: bool
    is_usual: bool
    #: What this person's calendar answered to the invitation.
    answer: CalendarAnswer = CalendarAnswer.NONE

    @property
    def is_from_unit(self) -> bool:
        """Of the business side; also who has moved on to another unit since."""
        return self.part is not None or (self.person.is_business and not self.person.is_from_it)


def candidates(
    session: Session, *, unit: BusinessUnit, on: date, last: Meeting | None, review: Review | None = None
) -> Sequence[Candidate]:
    """Everybody to offer on that day, the usual people first: head, key users, members, then lead, deputies, others.

    A long list loses those at its end, who are never the usual ones.

    ``last`` is the meeting before, if there was one; ``review`` the one they may have been invited to. One statement.
    """
    seen = _last_seen(unit.id)
    at_last = exists().where(
        Attendance.person_id == Person.id,
        Attendance.meeting_id == (last.id if last else None),
        Attendance.presence == Presence.PRESENT,
    )
    part, cover = _part_in(unit.id, on), _cover_of(unit.id, on)
    rows = session.execute(
        select(
            Person,
            part.label("part"),
            cover.label("cover"),
            seen.label("seen"),
            at_last.label("at_last"),
            _answer_to(review).label("answer"),
        )
        .where(Person.left_on.is_(None), _takes_part(unit.id, (on,)))
        .order_by(_unusual(part, cover, seen), seen.desc().nulls_last(), Person.name, Person.id)
        .limit(MOST)
    )
    found = [
        Candidate(
            person=row.Person,
            part=None if row.part is None else _PARTS[row.part],
            cover=None if row.cover is None else _COVERS[row.cover],
            last_seen=row.seen,
            was_at_last=bool(row.at_last),
            is_usual=row.part in (0, 1)
            or row.cover is not None
            or (row.seen is not None and on - row.seen < REMEMBERED),
            answer=row.answer or CalendarAnswer.NONE,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.is_from_unit)


def _unusual(part: ScalarSelect[int], cover: ScalarSelect[int], seen: ScalarSelect[date]) -> ColumnElement[int]:
    """How far down the list: head, key users, lead, deputies, who was seen, members, all others."""
    return case((part < 2, part), (cover.is_not(None), cover + 2), (seen.is_not(None), 4), (part == 2, 5), else_=6)


def admitted(session: Session, *, unit: BusinessUnit, ids: Collection[int], days: Collection[date]) -> frozenset[int]:
    """Which of these people may be named in a meeting with the unit: who belonged to it on any of the days, its reps,
    who is from IT, and who met it before."""
    if not ids:
        return frozenset()
    here = or_(Person.left_on.is_(None), Person.left_on > min(days))
    return frozenset(session.scalars(select(Person.id).where(Person.id.in_(ids), here, _takes_part(unit.id, days))))


def of_units(session: Session, *, unit_ids: Collection[int], on: date) -> Sequence[Person]:
    """Who is from IT, or belongs to any of these units on that day, by name. One statement, none without units."""
    if not unit_ids:
        return ()
    member = select(Membership.person_id).where(Membership.unit_id.in_(unit_ids), Membership.in_force(on))
    here = (Person.left_on.is_(None), or_(Person.id.in_(member), is_from_it()))
    return session.scalars(select(Person).where(*here).order_by(Person.name, Person.id).limit(MOST)).all()


def from_business(session: Session, ids: Collection[int]) -> Sequence[Person]:
    """Which of these people are of the business side and still here, by id. One statement, none without ids."""
    if not ids:
        return ()
    wanted = select(Person).where(Person.id.in_(ids), Person.left_on.is_(None), ~is_from_it())
    return session.scalars(wanted.order_by(Person.id)).all()


def named(session: Session, ids: Collection[int | None]) -> dict[int, Person]:
    """These people by id. One statement."""
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(ids)))}


def _takes_part(unit_id: int, days: Collection[date]) -> ColumnElement[bool]:
    """The condition on Person."""
    member = select(Membership.person_id).where(
        Membership.unit_id == unit_id, or_(*(Membership.in_force(day) for day in days))
    )
    rep = select(Assignment.rep_id).where(
        Assignment.unit_id == unit_id, or_(*(Assignment.in_force(day) for day in days))
    )
    met = select(Attendance.person_id).join(Attendance.meeting).where(Meeting.unit_id == unit_id)
    return or_(Person.id.in_(member), Person.id.in_(rep), Person.id.in_(met), is_from_it())


def is_from_it() -> ColumnElement[bool]:
    """A role in IT; or a specialist: no role, and of no business unit, unless embedded there."""
    of_some_unit = exists().where(Membership.person_id == Person.id, Membership.part != Part.EMBEDDED)
    specialist = and_(Person.is_business.is_(False), ~of_some_unit)
    return or_(Person.is_rep, Person.is_cio, Person.is_administrator, specialist)


def _part_in(unit_id: int, on: date) -> ScalarSelect[int]:
    """The place in ``_PARTS`` of what the person is in the unit."""
    rank = case({part: place for place, part in enumerate(_PARTS)}, value=Membership.part)
    mine = (Membership.unit_id == unit_id, Membership.person_id == Person.id, Membership.in_force(on))
    return select(func.min(rank)).where(*mine).correlate(Person).scalar_subquery()


def _cover_of(unit_id: int, on: date) -> ScalarSelect[int]:
    """The place in ``_COVERS`` of how the person looks after the unit."""
    rank = case({cover: place for place, cover in enumerate(_COVERS)}, value=Assignment.cover)
    mine = (Assignment.unit_id == unit_id, Assignment.rep_id == Person.id, Assignment.in_force(on))
    return select(func.min(rank)).where(*mine).correlate(Person).scalar_subquery()


def _last_seen(unit_id: int) -> ScalarSelect[date]:
    mine = (
        Meeting.unit_id == unit_id,
        Attendance.person_id == Person.id,
        Attendance.presence == Presence.PRESENT,
    )
    newest = select(func.max(Meeting.held_on)).join(Attendance, Attendance.meeting_id == Meeting.id)
    return newest.where(*mine).correlate(Person).scalar_subquery()


def _answer_to(review: Review | None) -> ScalarSelect[CalendarAnswer]:
    """What the person answered to the time of the review that holds."""
    mine = (
        ReviewInvitee.review_id == (review.id if review else None),
        ReviewInvitee.person_id == Person.id,
        ReviewInvitee.removed_at.is_(None),
        ReviewInvitee.answered_sequence >= ReviewInvitation.told_sequence,
    )
    answered = select(ReviewInvitee.answer).join(ReviewInvitee.invitation).where(*mine)
    return answered.correlate(Person).scalar_subquery()
