"""What a file of tickets would do or did: counts, how it is read, what has no match yet, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from crm.services.organisation_import.report import ranges
from crm.services.organisation_import.tables import Refusal

#: Kept with the import, for a page need not list the last of a million.
MOST_KEPT = 2_000
MOST_EXAMPLES = 8


@dataclass(frozen=True)
class Said:
    """A value of the file, in how many rows, and what it stands for."""

    said: str
    rows: int
    ours: str = ""


@dataclass(frozen=True)
class Example:
    """One of the first tickets as it will be read; times on the clock that was chosen."""

    number: str
    title: str
    unit: str
    state: str
    standing: str
    opened: str
    resolved: str
    closed: str
    events: int
    private: int


@dataclass(frozen=True)
class Report:
    """``rows``: of the file; ``left_out``: tickets of units that are left out; ``bad``: rows that are not taken."""

    rows: int
    tickets: int = 0
    events: int = 0
    private: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0
    without_unit: int = 0
    bad: int = 0
    #: Requests that came further because their ticket did, and those that wait for a decision although it is over.
    fed: int = 0
    undecided: int = 0
    refused: list[Refusal] = field(default_factory=list)
    states: list[Said] = field(default_factory=list)
    kinds: list[Said] = field(default_factory=list)
    unmatched: list[Said] = field(default_factory=list)
    #: The file's name -> our unit's, where they differ.
    matched: dict[str, str] = field(default_factory=dict)
    nulls: list[Said] = field(default_factory=list)
    #: By the form of days: a text that rules it out, "" where it is possible.
    forms: dict[str, str] = field(default_factory=dict)
    has_zoneless: bool = False
    examples: list[Example] = field(default_factory=list)
    #: Why it stopped; empty unless it did.
    stopped: str = ""

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed or self.unchanged)

    def reasons(self) -> list[tuple[str, str]]:
        """What is refused by reason: ("3–5, 9", why), in the order of the first line."""
        lines: dict[str, list[int]] = {}
        for refusal in self.refused:
            lines.setdefault(refusal.reason, []).append(refusal.line)
        return [(ranges(numbers), reason) for reason, numbers in lines.items()]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Report:
        shapes = {"refused": Refusal, "examples": Example}
        shapes |= dict.fromkeys(("states", "kinds", "unmatched", "nulls"), Said)
        known = {each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        lists = {name: [shape(**one) for one in known.get(name, ())] for name, shape in shapes.items()}
        return cls(**known | lists)
