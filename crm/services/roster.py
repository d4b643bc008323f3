"""Who is in a unit for a time: embedded from IT, or deputised by the unit; with access that ends by itself."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import attendees, pages, words
from crm.services.pages import Page
from crm.services.search import contains
from models.person import Person
from models.unit import LENT, BusinessUnit, Membership, Part

MONTHS = 12
ACCESS_LENGTH = 300
OFFERED = 30
#: So many days before its end it is worth a word.
NOTICE = timedelta(days=14)


class Show(enum.StrEnum):
    """Which part of the roster a list shows."""

    NOW = "now"  # and ahead
    ENDED = "ended"


@dataclass(frozen=True)
class Told:
    """``until``: the first day without; ``access``: what the person may do meanwhile, in words."""

    person: Person
    part: Part
    since: date
    until: date
    access: str


def lend(session: Session, *, by: Actor, unit: BusinessUnit, told: Told) -> Membership:
    """Put the person on the roster of the unit, which it may read from the first day until the last.

    Raises Invalid for days that cannot be and for a person of the wrong side, Conflict for one who is there already.
    """
    policy.require(by, Action.LEND_PEOPLE, unit)
    _check(told, by.today)
    there = select(Membership.id).where(
        Membership.unit_id == unit.id,
        Membership.person_id == told.person.id,
        Membership.part.in_(LENT),
        Membership.since < told.until,
        Membership.lasts(told.since),
    )
    if session.scalars(there.limit(1)).first() is not None:
        raise Conflict("person_id", f"{told.person.name} is on this roster then already. Extend that instead.")
    lent = Membership(
        unit=unit, person=told.person, part=told.part, since=told.since, until=told.until, access=told.access
    )
    session.add(lent)
    session.flush()
    return lent


def _check(told: Told, today: date) -> None:
    ours, business = told.person.is_from_it, told.person.is_business
    embedded, deputised = told.part is Part.EMBEDDED, told.part is Part.DEPUTISED
    checks = (
        ("person_id", told.person.is_active, f"{told.person.name} has left."),
        ("part", embedded or deputised, "Choose embedded or deputised."),
        ("person_id", ours or not (embedded and business), "Only somebody from IT can be embedded."),
        ("person_id", not (deputised and ours), "Only the unit’s own people can be deputised."),
        ("until", told.until > max(told.since, today), "The end has to be ahead, and after the beginning."),
        ("until", told.until <= _latest(told.since), f"{MONTHS} months at most; it can be extended later."),
        ("access", bool(told.access), "Say what access they have meanwhile."),
        ("access", len(told.access) <= ACCESS_LENGTH, f"Keep it under {ACCESS_LENGTH} letters."),
    )
    for field, holds, message in checks:
        if not holds:
            raise Invalid(field, message)


def _latest(since: date) -> date:
    return since + relativedelta(months=MONTHS)


def extend(session: Session, *, by: Actor, lent: Membership, until: date) -> None:
    """Let it last longer, twelve months from today at most. Raises Invalid("until"); Conflict when it has ended."""
    policy.require(by, Action.LEND_PEOPLE, lent)
    if lent.until is None or lent.until <= by.today:
        raise Conflict("until", "That has ended. Put the person on the roster anew.")
    if until <= lent.until:
        raise Invalid("until", f"It lasts until {words.day(lent.until, by.today)} already. Choose a later day.")
    if until > _latest(by.today):
        raise Invalid("until", f"Choose a day within {MONTHS} months from today.")
    lent.until = until
    session.flush()


def end(session: Session, *, by: Actor, lent: Membership) -> None:
    """Today is the first day without."""
    policy.require(by, Action.LEND_PEOPLE, lent)
    if lent.until is None or lent.until > by.today:
        lent.until = max(lent.since, by.today)
        session.flush()


def find(session: Session, *, by: Actor, unit: BusinessUnit, lent_id: int) -> Membership:
    """One that may be changed. Raises NotFound when it is not on the roster of this unit."""
    policy.require(by, Action.LEND_PEOPLE, unit)
    found = session.scalar(_loaded(Membership.id == lent_id, Membership.unit_id == unit.id))
    if found is None:
        raise NotFound("That is not on the roster any more.")
    return found


def of_unit(session: Session, *, by: Actor, unit: BusinessUnit) -> Sequence[Membership]:
    """Who is on the unit's roster today or later, the one whose time ends first at the top."""
    policy.require(by, Action.SEE_ROSTER, unit)
    return session.scalars(_in_order(_loaded(Membership.unit_id == unit.id, Membership.lasts(by.today)))).all()


def listed(
    session: Session, *, by: Actor, show: Show = Show.NOW, part: Part | None = None, text: str = "", number: int = 1
) -> Page[Membership]:
    """The roster of all units: who is there now or soon, or whose time has ended. One statement a page."""
    policy.require(by, Action.SEE_ROSTER)
    lasts = Membership.lasts(by.today) if show is Show.NOW else Membership.until <= by.today
    wanted = _loaded(lasts, policy.in_visible_units(by, Membership.unit_id), _came_true())
    if part is not None:
        wanted = wanted.where(Membership.part == part)
    if text:
        named = wanted.join(Membership.person).join(Membership.unit)
        wanted = named.where(contains(text, Person.name, BusinessUnit.name))
    order = _in_order(wanted) if show is Show.NOW else wanted.order_by(Membership.until.desc(), Membership.id.desc())
    return pages.of_objects(session, order, number)


def _came_true() -> ColumnElement[bool]:
    return or_(Membership.until.is_(None), Membership.until > Membership.since)


def _loaded(*conditions: ColumnElement[bool]) -> Select[Membership]:
    both = joinedload(Membership.person), joinedload(Membership.unit)
    return select(Membership).where(Membership.part.in_(LENT), *conditions).options(*both)


def _in_order(statement: Select[Membership]) -> Select[Membership]:
    return statement.order_by(Membership.until, Membership.since, Membership.id)


def ends_soon(lent: Membership, today: date) -> bool:
    """Within :data:`NOTICE`, and not yet over."""
    return lent.until is not None and today < lent.until <= today + NOTICE


def candidates(session: Session, *, by: Actor, unit: BusinessUnit, text: str = "") -> Sequence[Person]:
    """Who may be put on the roster: people from IT, and those of the unit itself; by name, found by the text."""
    policy.require(by, Action.LEND_PEOPLE, unit)
    of_unit = exists().where(
        Membership.person_id == Person.id, Membership.unit_id == unit.id, Membership.in_force(by.today)
    )
    wanted = and_(Person.left_on.is_(None), or_(attendees.is_from_it(), of_unit))
    found = select(Person).where(wanted, contains(text, Person.name, Person.job_title) if text else wanted)
    return session.scalars(found.order_by(func.lower(Person.name), Person.id).limit(OFFERED)).all()
