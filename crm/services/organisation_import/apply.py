"""Writes the changes in bulk, the audit trail with them: 25,000 rows in seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from crm.services import audit
from crm.services.organisation_import.changes import Changes, Values
from crm.services.organisation_import.known import Known
from crm.services.organisation_import.wanted import Progress, WantedPerson, WantedUnit
from models.audit import Change
from models.base import Base
from models.person import Person, email_key
from models.unit import BusinessUnit, Membership

T = TypeVar("T")
AT_ONCE = 1_000


def write(session: Session, changes: Changes, known: Known, *, heads: set[str], time_zone: str, tick: Progress) -> None:
    """Everything in the session's transaction. ``heads``: keys of people who are head of a unit.

    ``tick`` is called with rows written and rows in all.
    """
    writer = _Writer(session, changes, known, tick)
    writer.units(time_zone)
    writer.people(heads)
    writer.places()


class _Writer:
    def __init__(self, session: Session, changes: Changes, known: Known, tick: Progress) -> None:
        self.session = session
        self.changes = changes
        self.tick = tick
        self.done = 0
        self.unit_ids = {unit.code: unit.id for unit in known.units}
        self.unit_ids |= {code: unit.id for code, unit in changes.units.items()}
        self.person_ids = {key: person.id for key, person in changes.people.items()}

    def units(self, time_zone: str) -> None:
        new = self.changes.new_units
        ids = self._insert(BusinessUnit, [_unit_row(unit, time_zone) for unit in new])
        self.unit_ids |= {unit.code: id_ for unit, id_ in zip(new, ids, strict=True)}
        rows = [_unit_row(unit, time_zone) | {"parent_id": self._id_of(unit.parent_code)} for unit in new]
        # Each row was put in without its parent, which may be as new as itself.
        below = [{"id": id_, "parent_id": row["parent_id"]} for id_, row in zip(ids, rows, strict=True)]
        if below:
            self.session.execute(update(BusinessUnit), below)
        self._audit_new(BusinessUnit, ids, rows)
        self._update(
            BusinessUnit, [(unit, self._with_parent_id(values)) for unit, values in self.changes.changed_units]
        )

    def _id_of(self, code: str | None) -> int | None:
        return self.unit_ids[code] if code else None

    def _with_parent_id(self, values: Values) -> Values:
        if "parent_code" not in values:
            return values
        rest = {key: value for key, value in values.items() if key != "parent_code"}
        return rest | {"parent_id": self._id_of(values["parent_code"])}

    def people(self, heads: set[str]) -> None:
        changed = self.changes.changed_people
        moving = [{"id": person.id, "email_key": None} for person, values in changed if "email_key" in values]
        if moving:
            # Two people may swap addresses; each is let go of before the other takes it.
            self.session.execute(update(Person), moving)
        self._update(Person, changed)
        new = self.changes.new_people
        rows = [_person_row(person, is_business=person.key in heads) for person in new]
        ids = self._insert(Person, rows)
        self.person_ids |= {person.key: id_ for person, id_ in zip(new, ids, strict=True)}
        self._audit_new(Person, ids, rows)

    def places(self) -> None:
        """Endings first: the database never sees two heads on one day."""
        ending = [(place, {"until": max(place.since, on)}) for place, on in self.changes.ending]
        self._update(Membership, ending)
        rows = [
            {
                "unit_id": self.unit_ids[place.unit_code],
                "person_id": self.person_ids[place.person_key],
                "part": place.part,
                "since": place.since,
                "until": place.until,
            }
            for place in self.changes.beginning
        ]
        self._audit_new(Membership, self._insert(Membership, rows), rows)

    def _insert(self, table: type[Base], rows: list[Values]) -> list[int]:
        """The new keys, in the order of the rows."""
        ids: list[int] = []
        statement = insert(table).returning(table.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
        for part in _parts(rows):
            ids += self.session.scalars(statement, part)
            self._tick(len(part))
        return ids

    def _update(self, table: type[Base], changed: Sequence[tuple[Any, Values]]) -> None:
        for part in _parts(changed):
            self.session.execute(update(table), [{"id": row.id, **values} for row, values in part])
            entries = [
                audit.entry(table, Change.CHANGED, row.id, {key: getattr(row, key) for key in values}, values)
                for row, values in part
            ]
            audit.write(self.session, entries)
            self._tick(len(part))

    def _audit_new(self, table: type[Base], ids: list[int], rows: list[Values]) -> None:
        pairs = list(zip(ids, rows, strict=True))
        for part in _parts(pairs):
            entries = [audit.entry(table, Change.CREATED, id_, {}, {"id": id_, **row}) for id_, row in part]
            audit.write(self.session, entries)

    def _tick(self, rows: int) -> None:
        self.done += rows
        self.tick(self.done, self.changes.size)


def _unit_row(unit: WantedUnit, time_zone: str) -> Values:
    zone = unit.time_zone or time_zone
    return {"code": unit.code, "name": unit.name, "parent_id": None, "time_zone": zone, "closed_on": None}


def _person_row(person: WantedPerson, *, is_business: bool) -> Values:
    return {
        "name": person.name,
        "job_title": person.job_title,
        "email": person.email,
        "email_key": email_key(person.email),
        "external_id": person.external_id,
        "is_rep": False,
        "is_business": is_business,
        "is_cio": False,
        "is_administrator": False,
        "left_on": None,
        "theme": None,
    }


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
