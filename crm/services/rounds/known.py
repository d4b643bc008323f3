"""What planning rounds has to know of all open units, read in as many statements for five thousand as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from crm.services import attendees, clock, outbox, working_days
from crm.services.organisation import Organisation
from crm.services.rounds import rules as house_rules
from crm.services.rounds.days import quarter_of
from crm.services.rounds.drawing import Able
from crm.services.rounds.resting import again_on, resting
from crm.services.rounds.rules import Rules
from crm.services.working_days import Calendar
from models.meeting import Attendance, Meeting, Presence
from models.person import Person
from models.project import Project, Stage
from models.question import Instrument
from models.rating import Audience, Confidentiality, Round
from models.review import Review, ReviewState
from models.unit import BusinessUnit, Membership, Part

DAY = timedelta(days=1)
#: What is older is not asked about any more.
TOO_OLD = 14 * DAY
#: Rounds, and reviews, of so long ago still matter to what opens now; and reviews so far ahead.
ROUNDS_BACK, BACK, AHEAD = 200 * DAY, 130 * DAY, 220 * DAY
PARTS = (Part.HEAD, Part.KEY_USER, Part.MEMBER)


@dataclass(frozen=True)
class KnownReview:
    id: int
    unit_id: int
    #: When it was held, else when it is planned.
    on: date
    is_held: bool
    #: The local day its meeting was logged, of one held lately.
    logged_on: date | None
    #: Who of the business was there and has an address.
    present: tuple[int, ...]


@dataclass(frozen=True)
class Known:
    now: datetime
    #: The last day that is looked at.
    until: date
    rules: Rules
    units: Mapping[int, BusinessUnit]
    calendars: Mapping[int, Calendar]
    #: By unit: who has an address, the head first. Each person once for each unit.
    people: Mapping[int, Sequence[Able]]
    #: Occasions that had their round, and its audience.
    done: Mapping[str, Audience]
    #: Units and quarters in which somebody sent the survey by hand.
    by_hand: Collection[tuple[int, str]]
    reviews: Mapping[int, Sequence[KnownReview]]
    #: Delivered, by unit.
    projects: Sequence[Project]
    #: Person id to the first day on which that person may, or since a while ago might, be asked again.
    free_on: Mapping[int, date]

    def able(self, unit_id: int, *parts: Part) -> list[Able]:
        return [able for able in self.people.get(unit_id, ()) if able.part in parts]

    @cached_property
    def below(self) -> Mapping[int, Sequence[int]]:
        """Open units right below each unit."""
        found: dict[int, list[int]] = defaultdict(list)
        for unit in self.units.values():
            if unit.parent_id is not None:
                found[unit.parent_id].append(unit.id)
        return found


def load(session: Session, *, now: datetime, until: date, house: Organisation) -> Known:
    """What opens from now to the end of that day depends on this. Seven statements."""
    rules, today = house_rules.of(house), now.date()
    units = {unit.id: unit for unit in session.scalars(select(BusinessUnit).where(BusinessUnit.closed_on.is_(None)))}
    span = {"since": today - BACK, "until": today + AHEAD}
    people = _people(session, today, rules)
    done, by_hand = _done(session, now)
    return Known(
        now=now,
        until=until,
        rules=rules,
        units=units,
        calendars=working_days.house_calendars(session, units=units.values(), house=house, **span),
        people=people,
        done=done,
        by_hand=by_hand,
        reviews=_reviews(session, units, today),
        projects=_projects(session, today),
        free_on=_free_on(session, now, rules, house),
    )


def _people(session: Session, today: date, rules: Rules) -> dict[int, list[Able]]:
    parts = PARTS if rules.end_users else PARTS[:2]
    rows = session.execute(
        select(Membership.unit_id, Membership.part, Person.id, Person.email)
        .join(Membership.person)
        .where(Membership.part.in_(parts), Membership.in_force(today), *_here(today))
        .order_by(Membership.unit_id, case({part: place for place, part in enumerate(PARTS)}, value=Membership.part))
        .order_by(Person.id)
    )
    found: dict[int, dict[int, Able]] = defaultdict(dict)
    for unit_id, part, person_id, email in rows:
        if outbox.is_address(email):
            found[unit_id].setdefault(person_id, Able(person_id, unit_id, part))
    return {unit_id: list(able.values()) for unit_id, able in found.items()}


def _here(today: date) -> tuple[ColumnElement[bool], ...]:
    return (Person.left_on.is_(None), or_(Person.leaves_on.is_(None), Person.leaves_on > today))


def _done(session: Session, now: datetime) -> tuple[dict[str, Audience], set[tuple[int, str]]]:
    rows = session.execute(
        select(Round.occasion, Round.audience, Round.unit_id, Round.instrument, Round.opened_at, Round.confidentiality)
        .where(Round.opened_at > now - ROUNDS_BACK)
        .where(or_(Round.occasion.is_not(None), Round.instrument == Instrument.SURVEY))
    ).all()
    done = {row.occasion: row.audience for row in rows if row.occasion is not None}
    named = Confidentiality.NAMED
    by_hand = [row for row in rows if row.occasion is None and row.confidentiality is named]
    return done, {(row.unit_id, quarter_of(row.opened_at.date()).key) for row in by_hand}


def _reviews(session: Session, units: Mapping[int, BusinessUnit], today: date) -> dict[int, list[KnownReview]]:
    """By unit, in order; with who was there where it was held so lately that a pulse may follow."""
    lately = (Meeting.review_id == Review.id) & (Meeting.held_on >= today - TOO_OLD - DAY)
    there = (Attendance.meeting_id == Meeting.id) & (Attendance.presence == Presence.PRESENT)
    who = (Person.id == Attendance.person_id) & ~attendees.is_from_it()
    rows = session.execute(
        select(Review.id, Review.unit_id, Review.planned_on, Review.held_on)
        .add_columns(Meeting.held_on, Meeting.logged_at, Person.id, Person.email)
        .join(BusinessUnit, BusinessUnit.id == Review.unit_id)
        .outerjoin(Meeting, lately)
        .outerjoin(Attendance, there)
        .outerjoin(Person, who & Person.left_on.is_(None))
        .where(
            Review.state != ReviewState.SKIPPED,
            Review.planned_on.between(today - BACK, today + AHEAD),
            BusinessUnit.closed_on.is_(None),
        )
        .order_by(Review.id, Person.id)
    )
    found: dict[int, KnownReview] = {}
    for review_id, unit_id, planned_on, held_on, met_on, logged_at, person_id, email in rows:
        on, is_held = met_on or held_on or planned_on, held_on is not None
        logged_on = clock.local_date(logged_at, units[unit_id].time_zone) if logged_at else None
        before = found[review_id].present if review_id in found else ()
        present = (*before, person_id) if outbox.is_address(email) else before
        found[review_id] = KnownReview(review_id, unit_id, on, is_held, logged_on, present)
    by_unit: dict[int, list[KnownReview]] = defaultdict(list)
    for known in sorted(found.values(), key=lambda review: (review.on, review.id)):
        by_unit[known.unit_id].append(known)
    return by_unit


def _projects(session: Session, today: date) -> Sequence[Project]:
    return session.scalars(
        select(Project)
        .join(Project.unit)
        .where(
            Project.stage == Stage.DELIVERED,
            Project.moved_on > today - 2 * ROUNDS_BACK,
            BusinessUnit.closed_on.is_(None),
        )
        .order_by(Project.id)
    ).all()


def _free_on(session: Session, now: datetime, rules: Rules, house: Organisation) -> dict[int, date]:
    # Also whose rest is over lately: what was put off until then is not too old.
    days = rules.rest_days + 2 * TOO_OLD.days
    asked = resting(session, person_ids=None, now=now, days=days)
    return {person_id: again_on(at, rules.rest_days, house.time_zone) for person_id, at in asked.items()}
