"""What is to be written: the outcome of comparing a file with what is here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from crm.services.organisation_import.known import KnownPerson, KnownPlace, KnownUnit
from crm.services.organisation_import.wanted import WantedPerson, WantedUnit
from models.unit import Part

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A membership to begin. Unit and person may not be here yet, so both are named by the file's keys."""

    unit_code: str
    person_key: str
    part: Part
    since: date
    until: date | None = None


@dataclass
class Changes:
    """Everything to write. Codes and keys are the file's; ``units`` and ``people`` say which of them are here."""

    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    new_units: list[WantedUnit] = field(default_factory=list)
    #: With the new values; a parent is given as its code here, "parent_code".
    changed_units: list[tuple[KnownUnit, Values]] = field(default_factory=list)
    new_people: list[WantedPerson] = field(default_factory=list)
    changed_people: list[tuple[KnownPerson, Values]] = field(default_factory=list)
    #: With the date on which they end.
    ending: list[tuple[KnownPlace, date]] = field(default_factory=list)
    beginning: list[NewPlace] = field(default_factory=list)
    #: Places that stay as they are.
    heads_kept: int = 0
    members_kept: int = 0

    @property
    def are_none(self) -> bool:
        return not (
            self.new_units
            or self.changed_units
            or self.new_people
            or self.changed_people
            or self.ending
            or self.beginning
        )

    @property
    def size(self) -> int:
        """How many rows will be written."""
        writes = (
            self.new_units,
            self.changed_units,
            self.new_people,
            self.changed_people,
            self.ending,
            self.beginning,
        )
        return sum(len(rows) for rows in writes)
