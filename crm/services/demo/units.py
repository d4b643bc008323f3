"""A unit as its history needs to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from zoneinfo import ZoneInfo

from crm.services.demo import people
from crm.services.demo.people import Known, Term
from crm.services.demo.stories import ORDINARY, Story
from crm.services.demo.wording import Skill, Theme
from crm.services.working_days import Calendar
from models.review import Cadence, Frequency

#: The demonstration is the same each time because all chance comes from here.
SEED = "Fernhill"


@dataclass(frozen=True)
class Character:
    """How an ordinary unit is: what chance plays around."""

    #: The usual score, 1 to 5.
    usual: int = 4
    #: Share of reviews held; half of the rest is skipped with a reason, half missed.
    held: float = 0.9
    #: Talks and calls between reviews, per year.
    talks: int = 3
    #: Share of promises due lately that were not kept.
    slips: float = 0.0
    #: So many key users are asked for a rating beside the head.
    asked: int = 2
    #: The last period passed without a review.
    missed_lately: bool = False


@dataclass(frozen=True)
class Unit:
    id: int
    code: str
    name: str
    time_zone: str
    theme: Theme
    heads: tuple[Term, ...]
    users: tuple[Known, ...]
    leads: tuple[Term, ...]
    deputy: Known | None
    specialists: Mapping[Skill, Known]
    #: Not of any session: only for reckoning.
    rhythms: tuple[Cadence, ...]
    cio: Known
    calendar: Calendar
    character: Character = field(default_factory=Character)
    story: Story = ORDINARY

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def head(self, day: date) -> Known:
        head = people.on(self.heads, day)
        assert head is not None  # noqa: S101 - every unit of the demonstration always has one
        return head

    def pace(self, day: date) -> int:
        """Who does not meet each month gives promises twice the time."""
        rhythm = next((rhythm for rhythm in reversed(self.rhythms) if rhythm.since <= day), self.rhythms[0])
        return 1 if rhythm.frequency is Frequency.MONTHLY else 2

    def lead(self, day: date) -> Known | None:
        return people.on(self.leads, day)

    def chance(self, of: str) -> Random:
        """Chance of its own for each thing, so that a change in one leaves the others as they were."""
        return Random(f"{SEED}/{self.code}/{of}")  # noqa: S311 - nothing secret
