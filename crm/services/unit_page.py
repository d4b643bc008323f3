"""One unit at a glance: what each part of its page shows, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, case, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import attention, unit_facts
from crm.services.attention import Facts, Status
from crm.stats.scores import Score, score_of
from models.action import Action, ActionState
from models.meeting import Meeting
from models.person import Person
from models.rating import Response, Round
from models.request import OPEN_STATES, Request
from models.review import Cadence
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

MEETINGS_SHOWN = 5
PROMISES_SHOWN = 5
ROUNDS_SHOWN = 12
PEOPLE_READ = 200
UNITS_SHOWN = 50


@dataclass(frozen=True)
class Held:
    """A person in a part, from a day until a day (None: still)."""

    person: Person
    part: Cover | Part
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or self.until > on)


@dataclass(frozen=True)
class Rated:
    """One round of asking and what came of it."""

    round_id: int
    opened_at: datetime
    score: Score


@dataclass(frozen=True)
class UnitPage:
    unit: BusinessUnit
    facts: Facts
    #: None for those who do not read the portfolio: it is IT's view of itself.
    status: Status | None
    rhythm: Cadence | None
    parent: BusinessUnit | None
    children: Sequence[BusinessUnit]
    people: Sequence[Held]
    #: Newest first.
    ratings: Sequence[Rated]
    actions: Sequence[Action]
    requests: Sequence[Request]
    meetings: Sequence[Meeting]
