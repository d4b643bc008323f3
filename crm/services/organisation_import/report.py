"""What a file would do or did: counts, refused rows with line and reason, and what to know."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.services.organisation_import.changes import Changes
from crm.services.organisation_import.tables import Refusal
from crm.services.organisation_import.wanted import Wanted
from models.unit import Part

#: Kept with the import; a file of 200,000 bad rows need not be shown to the last one.
MOST_REFUSALS_KEPT = 5_000
EXAMPLES = 8


@dataclass(frozen=True)
class Counts:
    """``changed``: for heads and members, memberships that end."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Report:
    """``rows``: rows of the file. ``refused``: the first of them; ``refused_count``: how many there are."""

    kind: str
    rows: int
    units: Counts
    people: Counts
    heads: Counts
    members: Counts
    refused_count: int
    refused: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: Meaning -> header, as it was read.
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    #: Unused headers that are nearly a known word: header -> that word.
    misspelt: dict[str, str] = field(default_factory=dict)
    #: The first rows, in the order of ``columns``.
    examples: list[list[str]] = field(default_factory=list)
    units_without_head: int = 0
    people_without_email: int = 0
    #: Why loading stopped; empty unless it did.
    stopped: str = ""
    #: Tells whether two files list the same codes or ids.
    fingerprint: str = ""

    @property
    def rows_taken(self) -> int:
        return self.rows - self.refused_count

    @property
    def changes_nothing(self) -> bool:
        return not any(
            counts.created or counts.changed for counts in (self.units, self.people, self.heads, self.members)
        )

    def reasons(self) -> list[tuple[str, str]]:
        """The refused rows by reason: ("3–5, 9", why), in the order of the first line."""
        lines: dict[str, list[int]] = {}
        for refusal in self.refused:
            lines.setdefault(refusal.reason, []).append(refusal.line)
        return [(ranges(numbers), reason) for reason, numbers in lines.items()]

    def suspicions(self) -> list[str]:
        """A sentence for each header that is probably misspelt."""
        return [f"“{name}” is not used. Did you mean {word}?" for name, word in self.misspelt.items()]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Report:
        counts = {name: Counts(**kept[name]) for name in ("units", "people", "heads", "members")}
        return cls(**kept | counts | {"refused": [Refusal(**refusal) for refusal in kept["refused"]]})

    def lines(self) -> list[str]:
        """The report as text, for a terminal."""
        table = [("", "new", "changed", "unchanged")]
        table += [
            (label, f"{counts.created:,}", f"{counts.changed:,}", f"{counts.unchanged:,}")
            for label, counts in self.counted()
        ]
        return [
            *(f"{label:<10}{new:>10}{changed:>10}{same:>12}" for label, new, changed, same in table),
            f"{self.rows_taken:,} of {self.rows:,} rows can be taken; {self.refused_count:,} refused.",
            *(f"  line {lines}: {reason}" for lines, reason in self.reasons()),
            *self.suspicions(),
            *self.notes,
            *([f"Columns not used: {', '.join(self.unused)}."] if self.unused else []),
        ]

    def counted(self) -> list[tuple[str, Counts]]:
        return [("Units", self.units), ("People", self.people), ("Heads", self.heads), ("Members", self.members)]


def of(wanted: Wanted, changes: Changes, *, kind: str) -> Report:
    """The report of a comparison; the caller adds what it knows of the columns."""
    begun = Counter(place.part for place in changes.beginning)
    ended = Counter(place.part for place, _ in changes.ending)
    new_units, changed_units = len(changes.new_units), len(changes.changed_units)
    new_people, changed_people = len(changes.new_people), len(changes.changed_people)
    return Report(
        kind=kind,
        rows=wanted.rows,
        units=Counts(new_units, changed_units, len(wanted.units) - new_units - changed_units),
        people=Counts(new_people, changed_people, len(wanted.people) - new_people - changed_people),
        heads=Counts(begun[Part.HEAD], ended[Part.HEAD], changes.heads_kept),
        members=Counts(begun[Part.MEMBER], ended.total() - ended[Part.HEAD], changes.members_kept),
        refused_count=len(wanted.refused),
        refused=wanted.refused[:MOST_REFUSALS_KEPT],
        notes=wanted.notes,
        units_without_head=sum(
            1 for code, unit in wanted.units.items() if unit.is_in_file and code not in wanted.heads
        ),
        people_without_email=_without_email(wanted, changes),
    )


def ranges(numbers: list[int]) -> str:
    """3–5, 9: line numbers in rising order, neighbours joined."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def _without_email(wanted: Wanted, changes: Changes) -> int:
    """How many people named cannot be written to."""
    return sum(
        1
        for key, person in wanted.people.items()
        if not person.email and not (key in changes.people and changes.people[key].email)
    )
