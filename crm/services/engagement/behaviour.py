"""What units and IT did, as far as it can contradict a model: plain facts, without a judgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from crm.services.cadence_rules import Period, period_of
from crm.services.working_days import DAY
from models.base import Json
from models.engagement import Model
from models.review import Frequency


@dataclass(frozen=True, order=True)
class Fact:
    """One piece of evidence. ``key`` is the same whenever it is found again; it names no person."""

    on: date
    key: str
    says: str
    request_id: int | None = None
    meeting_id: int | None = None
    #: A flag that showed it was acknowledged.
    is_known: bool = False

    @property
    def json(self) -> Json:
        links = {"request_id": self.request_id, "meeting_id": self.meeting_id, "known": self.is_known or None}
        told = {name: value for name, value in links.items() if value is not None}
        return {"key": self.key, "on": self.on.isoformat(), "says": self.says, **told}

    @classmethod
    def of(cls, kept: Json) -> Fact:
        return cls(
            date.fromisoformat(kept["on"]),
            kept["key"],
            kept["says"],
            kept.get("request_id"),
            kept.get("meeting_id"),
            bool(kept.get("known")),
        )


@dataclass(frozen=True)
class Asked:
    """What a unit asked for in a month."""

    requests: int = 0
    tickets: int = 0
    newest_request: int | None = None

    def __add__(self, other: Asked) -> Asked:
        newest = [one for one in (self.newest_request, other.newest_request) if one is not None]
        return Asked(self.requests + other.requests, self.tickets + other.tickets, max(newest, default=None))


@dataclass(frozen=True)
class Behaviour:
    """Of one unit, in any order."""

    unit_id: int
    name: str
    #: The day on the unit's wall.
    today: date
    model: Model | None = None
    model_since: date | None = None
    #: How often they meet; a quarter where nobody said.
    frequency: Frequency = Frequency.QUARTERLY
    #: Refusals without an alternative that still stand.
    refusals: tuple[Fact, ...] = ()
    #: Own choices that were granted, with IT's usual way bent.
    bendings: tuple[Fact, ...] = ()
    #: Changes of the model, the first one left out.
    switches: tuple[Fact, ...] = ()
    #: When the unit last asked for a talk, or IT offered something.
    approached_on: date | None = None
    #: By the first day of the month.
    asked: Mapping[date, Asked] = field(default_factory=dict)
    #: IT's own meetings in which people of the unit sat.
    our_meetings: tuple[Fact, ...] = ()
    #: People of the unit who do a part of IT's work, each from the day on.
    deputised: tuple[Fact, ...] = ()

    def periods(self, count: int) -> list[Period]:
        """The last review periods that are over, oldest first."""
        found: list[Period] = []
        before = period_of(self.frequency, self.today).since
        while len(found) < count:
            found.insert(0, period_of(self.frequency, before - DAY))
            before = found[0].since
        return found

    def asked_in(self, period: Period) -> Asked:
        months = (asked for month, asked in self.asked.items() if period.since <= month < period.until)
        return sum(months, Asked())
