"""Who stands in for whom: what follows from absences for units, for those who cover, and for the CIO."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import words
from models.absence import Absence
from models.person import Person
from models.unit import Assignment, BusinessUnit, Cover

#: How far ahead a gap in the cover is worth a word.
AHEAD = timedelta(days=60)
MOST = 100


def covered_by(session: Session, person_id: int, today: date) -> Sequence[Absence]:
    """Whose absence this person covers today, by name."""
    mine = select(Absence).where(Absence.covered_by_id == person_id, Absence.in_force(today))
    by_end = mine.options(joinedload(Absence.person)).order_by(Absence.until.asc().nulls_last(), Absence.id)
    return session.scalars(by_end).all()


def away(session: Session, person_ids: Collection[int], today: date) -> dict[int, Absence]:
    """Who of these people is away today, with who covers. One statement."""
    theirs = select(Absence).where(Absence.person_id.in_(person_ids), Absence.in_force(today))
    found = session.scalars(theirs.options(joinedload(Absence.person), joinedload(Absence.covered_by)))
    return {absence.person_id: absence for absence in found}


def in_words(absence: Absence, deputies: Sequence[Person], today: date) -> str:
    """ "Ines is away until 30 November, Tom Okafor covers." Without the note: the unit reads this."""
    until = "" if absence.until is None else f" until {words.day(absence.until, today)}"
    covers = [absence.covered_by.name] if absence.covered_by else [deputy.name for deputy in deputies]
    who = f"{words.listed(covers)} {'covers' if len(covers) == 1 else 'cover'}" if covers else "nobody covers"
    return f"{absence.person.given_name} is away{until}, {who}."


@dataclass(frozen=True)
class StandIn:
    """For whom, and until when, a unit is looked after."""

    name: str
    until: date | None

    def in_words(self, today: date) -> str:
        """ "for Ines, until 30 November"."""
        return f"for {self.name.split()[0]}" + ("" if self.until is None else f", until {words.day(self.until, today)}")


def standing_in(session: Session, *, by: Actor) -> dict[int, StandIn]:
    """The units that ``by`` looks after because somebody is away today, by id. One statement."""
    return {row.unit_id: StandIn(row.name, row.day) for row in session.execute(stand_ins(by))}


def stand_ins(by: Actor) -> Select[int, int, str, date | None]:
    """The same as a statement: absence, unit, name of who is away, day of the return."""
    own = aliased(Assignment)
    leads = exists().where(
        own.unit_id == Assignment.unit_id, own.rep_id == by.id, own.cover == Cover.LEAD, own.in_force(by.today)
    )
    chosen = or_(Absence.covered_by_id == by.id, and_(Absence.covered_by_id.is_(None), Assignment.cover == Cover.LEAD))
    return (
        select(Absence.id, Assignment.unit_id, Person.name, Absence.until.label("day"))
        .select_from(Assignment)
        .join(Absence, Absence.person_id == Assignment.rep_id)
        .join(Person, Person.id == Assignment.rep_id)
        .where(
            Assignment.unit_id.in_(by.covers),
            Assignment.in_force(by.today),
            Absence.in_force(by.today),
            Absence.person_id != by.id,
            chosen,
            ~leads,
        )
    )


@dataclass(frozen=True)
class Gap:
    """Units that nobody looks after, from a day on, and the absence that causes it (None: the lead ends)."""

    person_name: str
    since: date
    until: date | None
    units: Sequence[tuple[int, str]]
    absence_id: int | None = None

    def in_words(self, today: date) -> str:
        names = words.listed([name for _, name in self.units])
        if self.absence_id is None:
            return f"Nobody leads {names} from {words.day(self.since, today)} on"
        return f"{self.person_name} is away, and nobody covers {names}"

    def when(self, today: date) -> str:
        if self.absence_id is None:
            return f"{self.person_name} ends there"
        until = "" if self.until is None else f" until {words.day(self.until, today)}"
        return f"from {words.day(self.since, today)}{until}" if self.since > today else f"now{until}"


def gaps(session: Session, *, by: Actor) -> list[Gap]:
    """What is without cover now or within :data:`AHEAD`: for who watches over all relationships. Two statements."""
    policy.require(by, Action.SEE_PORTFOLIO)
    return [*_of_absences(session, by), *_of_endings(session, by)]


def uncovered(session: Session, *, today: date, ahead: timedelta) -> list[Gap]:
    """Every absence, now or within ``ahead``, in which a unit is left alone. For the application itself; one
    statement."""
    soon = Absence.since <= today + ahead, or_(Absence.until.is_(None), Absence.until > today)
    return list(_of_absences(session, policy.application(today), *soon, most=None))


def without_cover(session: Session, *, by: Actor, absence_ids: Collection[int]) -> dict[int, Gap]:
    """Those of these absences in which a unit led is left alone, by id. One statement."""
    ahead = or_(Absence.until.is_(None), Absence.until > by.today)
    found = _of_absences(session, by, Absence.id.in_(absence_ids), ahead)
    return {gap.absence_id: gap for gap in found if gap.absence_id is not None}


def _of_absences(
    session: Session, by: Actor, *conditions: ColumnElement[bool], most: int | None = MOST
) -> Iterator[Gap]:
    rows = session.execute(left_alone(by, *conditions).limit(most)).all()
    for absence_id, found in groupby(rows, key=lambda row: row.id):
        units = list(found)
        first = units[0]
        named = [(row.unit_id, row.unit_name) for row in units]
        yield Gap(first.name, first.since, first.until, named, absence_id)


def left_alone(by: Actor, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Each unit that an absence leaves without anybody: id, since and until of the absence, name of who is away,
    ``unit_id``, ``unit_name``; the soonest first. Without conditions: now or within :data:`AHEAD`."""
    soon = Absence.since <= by.today + AHEAD, or_(Absence.until.is_(None), Absence.until > by.today)
    # Asked of one day: the first that is still ahead. Whoever covers then, covers.
    day = case((Absence.since > by.today, Absence.since), else_=literal(by.today))
    return (
        select(Absence.id, Absence.since, Absence.until, Person.name, BusinessUnit.id.label("unit_id"))
        .add_columns(BusinessUnit.name.label("unit_name"))
        .join(Person, Person.id == Absence.person_id)
        .join(Assignment, Assignment.rep_id == Absence.person_id)
        .join(BusinessUnit, BusinessUnit.id == Assignment.unit_id)
        .where(
            *(conditions or soon),
            or_(Absence.until.is_(None), Absence.until > Absence.since),
            Assignment.cover == Cover.LEAD,
            Assignment.in_force(day),
            BusinessUnit.closed_on.is_(None),
            policy.visible_units(by),
            ~_somebody_covers(day),
        )
        .order_by(Absence.since, Absence.id, BusinessUnit.name, BusinessUnit.id)
    )


def _somebody_covers(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Who was named, or a deputy of the unit, is a rep and here on that day."""
    cover, deputy = aliased(Person), aliased(Assignment)
    deputises = select(deputy.rep_id).where(
        deputy.unit_id == Assignment.unit_id, deputy.cover == Cover.DEPUTY, deputy.in_force(day)
    )
    theirs = aliased(Absence)
    # Told which tables are meant outside: else the day is of any absence, and one later absence counts as being away.
    is_away = exists().where(theirs.person_id == cover.id, theirs.in_force(day)).correlate(cover, Absence)
    return exists().where(
        or_(cover.id == Absence.covered_by_id, cover.id.in_(deputises.correlate(Assignment, Absence))),
        cover.left_on.is_(None),
        or_(cover.leaves_on.is_(None), cover.leaves_on > day),
        cover.is_rep,
        ~is_away,
    )


def _of_endings(session: Session, by: Actor) -> Iterator[Gap]:
    for row in session.execute(endings(by).limit(MOST)).all():
        if row.until is not None:
            yield Gap(row.name, row.until, None, [(row.unit_id, row.unit_name)])


def endings(by: Actor) -> Select[str, date | None, int, str]:
    """Leads that end soon and nobody follows: name, ``until``, ``unit_id``, ``unit_name``; the soonest first."""
    following = aliased(Assignment)
    goes_on = exists().where(
        following.unit_id == Assignment.unit_id,
        following.cover == Cover.LEAD,
        following.since <= Assignment.until,
        or_(following.until.is_(None), following.until > Assignment.until),
    )
    soon = Assignment.until > by.today, Assignment.until <= by.today + AHEAD
    return (
        select(Person.name, Assignment.until, BusinessUnit.id.label("unit_id"), BusinessUnit.name.label("unit_name"))
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.rep_id)
        .join(BusinessUnit, BusinessUnit.id == Assignment.unit_id)
        .where(
            Assignment.cover == Cover.LEAD,
            Assignment.since <= by.today,
            *soon,
            BusinessUnit.closed_on.is_(None),
            policy.visible_units(by),
            ~goes_on,
        )
        .order_by(Assignment.until, Person.name, BusinessUnit.name, BusinessUnit.id)
    )
