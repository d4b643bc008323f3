"""What happened with a unit, as far as health is made from it. Small records, without a database.

Every day is a day of the organisation's seat. What happens on a day counts from the next: the health of a day is made,
early in its morning, from what was so when the day before ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.action import ActionState
from models.engagement import DangerRule, FourQuestion
from models.follow_up import FollowUpState
from models.request import RequestKind, RequestState
from models.review import Frequency, ReviewState


class RoundFact(NamedTuple):
    """One round that is shown: so many answers of so many asked, and their sum, 1 to 5 each."""

    id: int
    closed_on: date
    asked: int
    n: int
    total: int


class ReviewFact(NamedTuple):
    id: int
    period: str
    period_since: date
    period_until: date
    state: ReviewState
    held_on: date | None


class RhythmFact(NamedTuple):
    frequency: Frequency
    since: date
    until: date | None


class ActionFact(NamedTuple):
    """A promise of IT with a day."""

    id: int
    text: str
    due_on: date
    state: ActionState
    settled_on: date | None


class StepFact(NamedTuple):
    """Where a request stood from that day on. ``due_on``: until when it might; None: no limit, or not IT's to act."""

    state: RequestState
    on: date
    due_on: date | None


class RefusalFact(NamedTuple):
    on: date
    offers: bool


@dataclass(frozen=True, slots=True)
class RequestFact:
    id: int
    title: str
    kind: RequestKind
    steps: list[StepFact] = field(default_factory=list)
    refusals: list[RefusalFact] = field(default_factory=list)


class ReplyFact(NamedTuple):
    """A reply owed to a low rating."""

    id: int
    state: FollowUpState
    due_on: date
    replied_on: date | None
    closed_on: date | None


class FlagFact(NamedTuple):
    id: int
    rule: DangerRule
    raised_on: date
    acknowledged_on: date | None
    cleared_on: date | None


class AnswerFact(NamedTuple):
    """One of the four questions, answered in the quarter that begins with ``period_on``."""

    question: FourQuestion
    period_on: date
    on: date


class OfferFact(NamedTuple):
    id: int
    title: str
    on: date


@dataclass(slots=True)
class Facts:
    """Of one unit. ``rounds``, ``reviews`` and the like: whatever may count within the days asked for."""

    rounds: list[RoundFact] = field(default_factory=list)
    rhythms: list[RhythmFact] = field(default_factory=list)
    reviews: list[ReviewFact] = field(default_factory=list)
    actions: list[ActionFact] = field(default_factory=list)
    requests: list[RequestFact] = field(default_factory=list)
    replies: list[ReplyFact] = field(default_factory=list)
    flags: list[FlagFact] = field(default_factory=list)
    answers: list[AnswerFact] = field(default_factory=list)
    offers: list[OfferFact] = field(default_factory=list)
    #: Since when it has an engagement model, an answer to one of the four questions, a request at all; None: never.
    modelled_on: date | None = None
    answered_on: date | None = None
    requested_on: date | None = None
