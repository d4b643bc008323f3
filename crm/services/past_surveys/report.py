"""What a file of a past survey would do or did: counts, what has no match yet, and what cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crm.services.organisation_import.report import ranges
from crm.services.organisation_import.tables import Refusal

#: Kept with the survey, for a page need not list the last of a million.
MOST_KEPT = 2_000
MOST_EXAMPLES = 8


@dataclass(frozen=True)
class Question:
    """A question as the file has it. ``ours``: our wording, "" where it is left out; ``least`` to ``most``: of its
    figures, None where it has none."""

    said: str
    ours: str
    scale: str
    figures: int = 0
    least: float | None = None
    most: float | None = None
    #: Whether an earlier survey asked it.
    is_known: bool = False


@dataclass(frozen=True)
class Unmatched:
    """A name or code of the file without a unit here. ``beside``: the name that stands beside the code."""

    said: str
    beside: str
    rows: int


@dataclass(frozen=True)
class Nothing:
    """A text that may say nothing. ``why``: what else it is taken for."""

    text: str
    times: int
    why: str


@dataclass(frozen=True)
class Marked:
    """A figure that cannot be true, taken all the same."""

    line: int
    unit: str
    question: str
    period: str
    mark: str


@dataclass(frozen=True)
class Report:
    """``refused``: rows and cells that are not taken, the first of them; ``refused_count``: how many there are."""

    rows: int
    figures: int
    units: int
    periods: list[str]
    left_out: int
    empty: int
    refused_count: int
    marked_count: int
    refused: list[Refusal] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    #: The file's name -> our unit's, where they differ.
    matched: dict[str, str] = field(default_factory=dict)
    nulls: list[Nothing] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    examples: list[list[str]] = field(default_factory=list)
    #: The same file, loaded before: it is replaced.
    replaces: int = 0
    #: Why loading stopped; empty unless it did.
    stopped: str = ""

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
        shapes = {"refused": Refusal, "marked": Marked, "questions": Question, "unmatched": Unmatched, "nulls": Nothing}
        lists = {name: [shape(**one) for one in kept[name]] for name, shape in shapes.items()}
        return cls(**{**kept, **lists})
