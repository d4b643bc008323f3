"""The rhythm of many units at once: what it would mean for each week, before anything is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import cadence_rules, cadences, clock, diaries, review_load, review_planning, spreading, working_days
from crm.services.cadence_rules import LONGEST, Rule
from crm.services.diaries import Booking, Clash, Diary, Span
from crm.services.review_load import Load
from crm.services.review_planning import UNTOUCHED
from crm.services.review_slots import slots
from crm.services.spreading import Weeks
from crm.services.working_days import Calendar
from models.person import Person
from models.review import Cadence, Review
from models.unit import Assignment, BusinessUnit, Cover


@dataclass(frozen=True)
class Choice:
    """A unit whose rhythm the actor may set, with its lead and its rhythm of today."""

    unit: BusinessUnit
    lead: Person | None
    rhythm: Cadence | None

    def fits(self, text: str) -> bool:
        """Whether all words are in the name, the code or the lead's name."""
        whole = f"{self.unit.name} {self.unit.code} {self.lead.name if self.lead else ''}".casefold()
        return all(word in whole for word in text.casefold().split())


@dataclass(frozen=True)
class Wish:
    """What is to hold for all the units. ``spread``: each gets a weekday of its own."""

    rule: Rule
    place: str
    since: date
    spread: bool = False


@dataclass(frozen=True)
class Proposal:
    """What the wish would mean. ``load`` counts what the same reps have planned already."""

    rules: dict[int, Rule]
    reviews: Sequence[Booking]
    load: Load
    #: The new reviews that not everybody can come to, in order of time.
    clashing: Sequence[tuple[Booking, Sequence[Clash]]] = field(default_factory=tuple)


def to_choose(session: Session, *, by: Actor) -> list[Choice]:
    """The open units whose rhythm the actor may set, by name. One statement."""
    policy.require(by, Action.SET_CADENCE)
    leads = (Assignment.unit_id == BusinessUnit.id) & (Assignment.cover == Cover.LEAD) & Assignment.in_force(by.today)
    found = session.execute(
        select(BusinessUnit, Person, Cadence)
        .outerjoin(Assignment, leads)
        .outerjoin(Person, Person.id == Assignment.rep_id)
        .outerjoin(Cadence, (Cadence.unit_id == BusinessUnit.id) & Cadence.in_force(by.today))
        .where(policy.visible_units(by), BusinessUnit.closed_on.is_(None))
        .order_by(func.lower(BusinessUnit.name), BusinessUnit.id)
    )
    return [Choice(*row) for row in found if policy.can(by, Action.SET_CADENCE, row.BusinessUnit)]


def propose(session: Session, *, by: Actor, units: Sequence[BusinessUnit], wish: Wish) -> Proposal:
    """The reviews of the next twelve months and the load they make; nothing is stored. Eight statements.

    Raises Invalid for an impossible rule or a beginning in the past, Forbidden for a unit of somebody else.
    """
    for unit in units:
        policy.require(by, Action.SET_CADENCE, unit)
    cadences.refuse_impossible(wish.rule, wish.place, wish.since, by.today)
    draft = _Draft(session, units, wish, by.today)
    rules = {unit.id: draft.settle(unit) for unit in units}
    return draft.proposal(rules)


def keep(session: Session, *, by: Actor, units: Sequence[BusinessUnit], wish: Wish, now: datetime) -> int:
    """Set the rhythm of all of them, as :func:`cadences.set_cadence` would. Returns how many reviews that gives.

    Raises what it raises, on the field "units" with the unit's name where one unit alone is the reason.
    """
    proposal = propose(session, by=by, units=units, wish=wish)
    begun: dict[date, list[int]] = defaultdict(list)
    for unit in units:
        today = clock.local_date(now, unit.time_zone)
        _begin(session, by, unit, proposal.rules[unit.id], wish, today)
        begun[today].append(unit.id)
    for today, unit_ids in begun.items():
        review_planning.plan_many(session, unit_ids, today)
    return len(proposal.reviews)


def _begin(session: Session, by: Actor, unit: BusinessUnit, rule: Rule, wish: Wish, today: date) -> None:
    since = max(wish.since, today)  # where the next day has begun already, it begins then
    try:
        cadences.begin(session, by=by, unit=unit, rule=rule, place=wish.place, since=since, today=today)
    except Invalid as error:
        raise type(error)("units", f"{unit.name}: {error}") from error


class _Draft:
    """The diaries of everybody concerned while the new reviews are written into them, unit by unit."""

    def __init__(self, session: Session, units: Sequence[BusinessUnit], wish: Wish, today: date) -> None:
        ids = [unit.id for unit in units]
        self.wish = wish
        self.span = Span(wish.since, max(review_planning.horizon(today), wish.since))
        self.diary: Diary = diaries.read(session, unit_ids=ids, span=self.span, without=ids)
        since, until = wish.since - LONGEST, self.span.until + LONGEST
        self.calendars = working_days.calendars(session, unit_ids=ids, since=since, until=until)
        self.settled = _settled(session, ids, wish.since)
        #: Most units share a calendar, and with it their days.
        self._days = cache(self._days_of)
        self.reviews: list[Booking] = []
        self.weeks = Weeks()
        for booking in self.diary.bookings:
            self.weeks.add(self._rep(booking), booking)

    def settle(self, unit: BusinessUnit) -> Rule:
        """Choose the unit's rule and write its reviews down."""
        rule = self.wish.rule
        if self.wish.spread:
            rule = spreading.choose(
                rule,
                rep=self._rep_of(unit),
                reviews=cache(lambda one: self.due(unit, one)),
                diary=self.diary,
                weeks=self.weeks,
            )
        for booking in self.due(unit, rule):
            self.diary.put(booking)
            self.weeks.add(self._rep(booking), booking)
            self.reviews.append(booking)
        return rule

    def due(self, unit: BusinessUnit, rule: Rule) -> list[Booking]:
        """The reviews that planning would add or move, were this the unit's rule."""
        return [
            Booking(unit.id, unit.name, day, cadence_rules.instant(day, rule.at, unit.zone), rule.minutes)
            for key, day in self._days(replace(rule, at=time()), self.calendars[unit.id])
            if (unit.id, key) not in self.settled
        ]

    def _days_of(self, rule: Rule, calendar: Calendar) -> list[tuple[str, date]]:
        """(period, day) of each review, whatever the time of the day."""
        found = slots([Cadence(since=self.wish.since, **vars(rule))], self.span.since, self.span.until, calendar)
        return [(key, slot.day) for key, slot in found.items()]

    def proposal(self, rules: dict[int, Rule]) -> Proposal:
        clashing = [(booking, found) for booking in self.reviews if (found := self.diary.clashes(booking))]
        clashing.sort(key=lambda pair: (pair[0].starts, pair[0].unit_name))
        reps = {self._rep(booking) for booking in self.reviews}
        named = [
            (booking, rep[1] if rep else "")
            for booking in self.diary.bookings
            if (rep[0] if (rep := self.diary.rep(booking.unit_id, booking.day)) else None) in reps
        ]
        load = review_load.of(named, [booking for booking, _ in clashing])
        return Proposal(rules, self.reviews, load, clashing)

    def _rep_of(self, unit: BusinessUnit) -> int | None:
        rep = self.diary.rep(unit.id, self.wish.since)
        return rep[0] if rep else None

    def _rep(self, booking: Booking) -> int | None:
        rep = self.diary.rep(booking.unit_id, booking.day)
        return rep[0] if rep else None


def _settled(session: Session, unit_ids: Collection[int], since: date) -> set[tuple[int, str]]:
    """(unit, period) of the reviews that planning leaves where they are."""
    theirs = select(Review.unit_id, Review.period).where(Review.unit_id.in_(unit_ids), Review.period_until > since)
    return {
        (row.unit_id, row.period) for row in session.execute(theirs.where(~UNTOUCHED | (Review.planned_on < since)))
    }
