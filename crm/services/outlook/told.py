"""What the lower half of the portfolio says: six blocks, each a figure with both its numbers and its first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.services.comparing.wanted import Months
from crm.services.compliance import Figure
from crm.services.engagement.behaviour import Fact
from crm.services.engagement.signs import NAMES
from crm.services.load import Hours
from crm.services.stretches import Stretch
from crm.stats.wilson import Share
from models.engagement import DangerRule
from models.request import Severity


@dataclass(frozen=True)
class RepLine:
    """What one rep carries today. ``minutes`` of the last 30 days, of ``asked`` that the rhythms of the units led ask
    for in 30 days. ``overdue``: reviews, actions, requests and replies past their day in those units."""

    rep_id: int
    name: str
    units: int
    minutes: int
    asked: int
    overdue: int
    #: Away today, until the day of the return (None: not known), and who was named to cover.
    is_away: bool = False
    away_until: date | None = None
    covered_by: str = ""

    @property
    def initials(self) -> str:
        parts = self.name.split()
        return (parts[0][:1] + parts[-1][:1]).upper() if len(parts) > 1 else self.name[:2].upper()

    @property
    def is_from_it(self) -> bool:
        return True

    @property
    def share(self) -> float:
        """0 to 1; 1 where nothing is asked."""
        return min(self.minutes / self.asked, 1) if self.asked else 1

    @property
    def is_short(self) -> bool:
        """Less than half of what is asked."""
        return self.minutes * 2 < self.asked

    @property
    def hours(self) -> str:
        return Hours(self.minutes).text

    @property
    def hours_asked(self) -> str:
        return Hours(self.asked).text


@dataclass(frozen=True)
class Row:
    """One thing of a block. ``key``: its id; ``on``: the day it waits since, or was due; ``who``: whose turn it is."""

    key: int
    unit_id: int
    unit_name: str
    title: str = ""
    on: date | None = None
    who: str = ""
    number: int | None = None


@dataclass(frozen=True)
class Gap:
    """A unit that nobody looks after, now or soon. ``person``: who is away or ends; "" where nobody leads today."""

    row: Row
    person: str = ""
    until: date | None = None
    absence_id: int | None = None


@dataclass(frozen=True)
class Coverage:
    """``reps``: those with the most overdue first. ``nobody``: how many units have no lead today."""

    reps: Sequence[RepLine]
    nobody: int
    without: Sequence[Row]
    gaps: Sequence[Gap]

    @property
    def away(self) -> int:
        return sum(rep.is_away for rep in self.reps)


@dataclass(frozen=True)
class Reviews:
    """Held of due in the time looked back on, and in as long a time before it; what is past its day or missing."""

    now: Figure
    before: Figure
    late: int
    unplanned: int
    rows_late: Sequence[Row]
    rows_unplanned: Sequence[Row]


@dataclass(frozen=True)
class Sign:
    """A danger sign that is up and unanswered: the newest of what shows it, and what clears it."""

    row: Row
    rule: DangerRule
    fact: Fact | None
    facts: int
    clears: str

    @property
    def what(self) -> str:
        """ "refused without an alternative"."""
        name = NAMES[self.rule]
        return name[:1].lower() + name[1:]


@dataclass(frozen=True)
class Danger:
    """``units`` of ``of`` units have such a sign."""

    signs: int
    units: int
    of: int
    rows: Sequence[Sign]


@dataclass(frozen=True)
class Replies:
    """Low ratings that nobody has replied to; the soonest due first."""

    owed: int
    late: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class Complaints:
    """Open ones, the oldest first."""

    open: int
    late: int
    with_the_cio: int
    rows: Sequence[tuple[Row, Severity | None]]


@dataclass(frozen=True)
class Heard:
    """How many of those asked answered, by whole months; the units in which nobody did, the most asked first."""

    months: Months
    share: Share
    silent: int
    rows: Sequence[Row]

    @property
    def behind(self) -> str:
        """ "75 %, between 60 and 86": of those asked, with the range (Wilson)."""
        low, high = (round(100 * edge) for edge in (self.share.low or 0, self.share.high or 0))
        return f"{round(100 * (self.share.value or 0))} %, between {low} and {high}"


@dataclass(frozen=True)
class Outlook:
    branch_id: int | None
    stretch: Stretch
    today: date
    cover: Coverage
    reviews: Reviews
    danger: Danger
    replies: Replies
    complaints: Complaints
    heard: Heard
    #: How many open units there are in this branch.
    units: int
    #: As long as the stretch, and just before it; and the 30 days of which hours are told.
    before: Stretch
    lately: Stretch
