"""What stands in the lines of a comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from crm.services.comparing import Line
from crm.services.compliance import Figure
from crm.services.outlook.told import RepLine
from crm.services.pages import Page
from crm.stats import rates
from crm.stats.health import Level
from crm.stats.wilson import Share, share_of

#: Fewer units, reviews or answers than so many are marked.
FEW = 5

T = TypeVar("T")


@dataclass(frozen=True)
class Health:
    """Of several units: the mean score of those ``known``, of ``units``, and how many stand at each level."""

    total: int = 0
    known: int = 0
    units: int = 0
    levels: Counter[Level] = field(default_factory=Counter)

    @property
    def score(self) -> int | None:
        """0 to 100, rounded half up; None where none is known."""
        return (2 * self.total + self.known) // (2 * self.known) if self.known else None

    @property
    def behind(self) -> str:
        """ "mean of 5 of 6 units"."""
        return f"mean of {self.known} of {self.units} unit{'' if self.units == 1 else 's'}"


@dataclass(frozen=True)
class Held:
    """Reviews held of due, with the range of the share (Wilson)."""

    figure: Figure = field(default_factory=Figure)

    @property
    def share(self) -> Share:
        return share_of(self.figure.held, self.figure.due)

    @property
    def text(self) -> str:
        return f"{self.figure.held} of {self.figure.due}" if self.figure.due else "none due"

    @property
    def behind(self) -> str:
        return rates.span(self.share).lstrip(",: ") if self.figure.due else ""


@dataclass(frozen=True)
class RepBeside:
    """A rep: what is carried, beside how the relationships stand. ``said``: what the units said under this lead."""

    load: RepLine
    said: Line
    held: Held
    health: Health

    @property
    def is_few(self) -> bool:
        return 0 < self.said.tally.n < FEW


@dataclass(frozen=True)
class BranchLine:
    """A unit and all below it. ``is_own``: the unit whose branches these are, for itself."""

    unit_id: int
    name: str
    health: Health
    said: Line
    held: Held
    heard: Share
    overdue: int
    is_own: bool = False

    @property
    def is_few(self) -> bool:
        return 0 < self.said.tally.n < FEW

    @property
    def heard_behind(self) -> str:
        return rates.behind(self.heard) if self.heard.n else "nobody asked"


@dataclass(frozen=True)
class PeriodLine:
    """One figure in both times, with what stands behind each. ``way``: 1 better, -1 worse for real, 0 otherwise."""

    name: str
    now: str
    now_behind: str
    then: str
    then_behind: str
    verdict: str
    way: int = 0
    #: Which page lists what is behind it.
    key: str = ""


@dataclass(frozen=True)
class Beside(Generic[T]):
    """A page of lines, how many there are in all, and those that differ for real."""

    page: Page[T]
    many: int
    above: Sequence[str] = ()
    below: Sequence[str] = ()
    #: How many said enough to be told from the others.
    tellable: int = 0
    #: Who carries the most, in words; "" where that says nothing.
    heaviest: str = ""
