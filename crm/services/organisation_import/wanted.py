"""What a file asks for, whatever kind of file it is: units, people, and who is what where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crm.services.organisation_import.cells import folded
from crm.services.organisation_import.tables import Refusal, Row, Table

#: Between the code of a tree of its own and what lies in it.
BELOW = " › "
#: Called with rows done and rows in all.
Progress = Callable[[int, int], None]


#: How many rows are read between two calls.
ROWS_BETWEEN = 500


def watched(table: Table, progress: Progress) -> Iterator[Row]:
    """The table's rows, with a word on the way every now and then."""
    for done, row in enumerate(table.rows):
        if done % ROWS_BETWEEN == 0:
            progress(done, table.size)
        yield row


def silent(_done: int, _total: int) -> None:
    """Nobody is watching."""


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """``parent_code`` counts when ``says_parent``; otherwise the unit stays where it is, or a new one goes on top.

    ``is_derived``: known by its name only; a unit of that name in the same tree is this one.
    """

    line: int
    code: str
    name: str
    parent_code: str | None = None
    says_parent: bool = True
    time_zone: str | None = None
    is_derived: bool = False

    @property
    def is_in_file(self) -> bool:
        """False for the unit of its own above the file's units, which keeps its name and place once it is here."""
        return self.line > 0


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """``key`` is this person's name within the file's plan. What is "" or None is not said and changes nothing.

    ``heads_named``: the unit whose head this is by name, where the file gives people no ids.
    """

    line: int
    key: str
    name: str
    job_title: str = ""
    email: str | None = None
    external_id: str | None = None
    heads_named: str | None = None


@dataclass(frozen=True)
class Tree:
    """Where the file's units go: on top of everything, or below a unit of their own.

    In a tree of its own, codes and ids begin with the tree's, so that files side by side never meet.
    """

    root: str = ""

    @property
    def code(self) -> str | None:
        return folded(self.root) or None

    def own(self, identifier: str) -> str:
        """The code or id as it is stored."""
        return f"{self.code}{BELOW}{identifier}" if self.code else identifier

    def holds(self, identifier: str) -> bool:
        """Whether a stored code or id belongs to this tree."""
        return identifier.startswith(f"{self.code}{BELOW}") if self.code else BELOW not in identifier

    def root_unit(self) -> WantedUnit | None:
        return WantedUnit(0, self.code, self.root, says_parent=False) if self.code else None


@dataclass
class Wanted:
    """The neutral plan both kinds of file come to."""

    tree: Tree
    rows: int
    units: dict[str, WantedUnit] = field(default_factory=dict)
    people: dict[str, WantedPerson] = field(default_factory=dict)
    #: Unit code -> person key.
    heads: dict[str, str] = field(default_factory=dict)
    #: Person key -> unit code, for everyone who is not the head there.
    members: dict[str, str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Whether the file says where each person belongs, so that somebody named here has left the unit of before.
    places_people: bool = False

    def refuse(self, line: int, reason: str) -> None:
        self.refused.append(Refusal(line, reason))

    def refuse_unit(self, code: str, reason: str) -> None:
        """The unit's row is not taken; nor are its head, unless head elsewhere, and its members' places."""
        self.refuse(self.units.pop(code).line, reason)
        head = self.heads.pop(code, None)
        if head and not self.places_people and head not in self.heads.values():
            del self.people[head]
        self.members = {person: unit for person, unit in self.members.items() if unit != code}

    def refuse_person(self, key: str, reason: str) -> None:
        """The person's row is not taken; where it is the row of the units headed, these are not either."""
        person = self.people.pop(key)
        self.members.pop(key, None)
        headed = [code for code, head in self.heads.items() if head == key]
        for code in headed:
            del self.heads[code]
            if not self.places_people:
                self.refuse(self.units.pop(code).line, reason)
        if self.places_people:
            self.refuse(person.line, reason)
