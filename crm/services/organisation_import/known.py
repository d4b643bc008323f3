"""What is here already, read in four statements however many rows a file has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from crm.services import clock
from crm.services.organisation_import.cells import folded
from crm.services.organisation_import.wanted import Tree
from models.base import Base
from models.person import Person
from models.unit import BusinessUnit, Membership, Part

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    id: int
    code: str
    name: str
    parent_id: int | None
    time_zone: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    id: int
    name: str
    job_title: str
    email: str | None
    email_key: str | None
    external_id: str | None
    is_business: bool
    left_on: date | None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A membership that has not ended."""

    id: int
    unit_id: int
    person_id: int
    part: Part
    since: date
    until: date | None


class Known:
    """Units, people and places, by everything they are looked up by."""

    def __init__(self, session: Session, *, tree: Tree, now: datetime) -> None:
        self.units = _rows(session, KnownUnit, BusinessUnit)
        self.unit = {unit.id: unit for unit in self.units}
        self.unit_by_code = {unit.code: unit for unit in self.units}
        self.people = _rows(session, KnownPerson, Person)
        self.person_by_external_id = {person.external_id: person for person in self.people if person.external_id}
        self.person_by_email = {person.email_key: person for person in self.people if person.email_key}
        self.person = {person.id: person for person in self.people}
        self._now = now
        self._tree = tree
        self._today: dict[str, date] = {}
        self._names = self._names_in_tree()
        self.places_of: dict[int, list[KnownPlace]] = defaultdict(list)
        self.head_of: dict[int, KnownPlace] = {}
        self.next_head_on: dict[int, date] = {}
        for place in self._places(session):
            self._sort_in(place)

    def today(self, time_zone: str) -> date:
        """The date on the wall there."""
        if time_zone not in self._today:
            self._today[time_zone] = clock.local_date(self._now, time_zone)
        return self._today[time_zone]

    def today_in(self, unit_id: int) -> date:
        return self.today(self.unit[unit_id].time_zone)

    def unit_named(self, name: str) -> KnownUnit | None:
        """The one open unit of that name in the tree; None when there is none, or more than one."""
        found = self._names.get(folded(name), [])
        return found[0] if len(found) == 1 else None

    def _names_in_tree(self) -> dict[str, list[KnownUnit]]:
        names: dict[str, list[KnownUnit]] = defaultdict(list)
        for unit in self.units:
            if unit.closed_on is None and self._tree.holds(unit.code):
                names[folded(unit.name)].append(unit)
        return names

    def _places(self, session: Session) -> list[KnownPlace]:
        # A day's grace, for which day it is depends on the unit's time zone.
        not_ended = Membership.until.is_(None) | (Membership.until > self._now.date() - timedelta(days=1))
        places = _rows(session, KnownPlace, Membership, not_ended)
        return [place for place in places if place.until is None or place.until > self.today_in(place.unit_id)]

    def _sort_in(self, place: KnownPlace) -> None:
        begun = place.since <= self.today_in(place.unit_id)
        if begun:
            self.places_of[place.person_id].append(place)
        if place.part is Part.HEAD and begun:
            self.head_of[place.unit_id] = place
        elif place.part is Part.HEAD:
            earlier = self.next_head_on.get(place.unit_id, place.since)
            self.next_head_on[place.unit_id] = min(earlier, place.since)


def _rows(session: Session, shape: type[T], table: type[Base], *conditions: ColumnElement[bool]) -> list[T]:
    """The columns that the shape names, without the weight of mapped objects."""
    columns = [getattr(table, column) for column in shape.__annotations__]
    return [shape(*row) for row in session.execute(select(*columns).where(*conditions).order_by(columns[0]))]
