"""Which relationship needs attention, how much, and why: one definition, in SQL and in Python."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case

from crm.services import words
from crm.services.engagement.relations import Relation
from models.engagement import Called

#: A mean below this is low, on the scale of 1 to 5 whose middle is "neither well nor poorly".
LOW = 3
#: A fall that ends at or above this ("well") is no news.
WELL = 4
#: By how much a mean must differ from the one before to be called lower or higher, in points.
STEP = 1
#: So many rounds in a row without any answer are silence.
SILENCE = 2


class Level(enum.IntEnum):
    """How much a relationship needs attention, worst first."""

    NO_REP = 1
    RATED_LOWER = 2
    LOW = 3
    MISSED = 4
    LATE = 5
    ACTIONS = 6
    REQUESTS = 7
    NOT_PLANNED = 8
    SILENT = 9
    NOT_RATED = 10
    STEADY = 11
    RATED_HIGHER = 12

    @property
    def needs_you(self) -> bool:
        return self < Level.NOT_RATED

    @property
    def slug(self) -> str:
        """As it stands in an address: "no-rep"."""
        return self.name.lower().replace("_", "-")

    @property
    def word(self) -> str:
        return WORDS[self]


WORDS = {
    Level.NO_REP: "No rep",
    Level.RATED_LOWER: "Rated lower",
    Level.LOW: "Rated low",
    Level.MISSED: "Review missed",
    Level.LATE: "Review late",
    Level.ACTIONS: "Actions overdue",
    Level.REQUESTS: "Requests late",
    Level.NOT_PLANNED: "No review planned",
    Level.SILENT: "Silent",
    Level.NOT_RATED: "Not rated yet",
    Level.STEADY: "Steady",
    Level.RATED_HIGHER: "Rated higher",
}


@dataclass(frozen=True)
class Signs:
    """What the rules look at in one unit; in SQL, columns of the same names. Whole numbers all, never None."""

    leads: int
    #: Answers and their sum in the latest round that has any, and in the one before it.
    answers: int
    score_sum: int
    before_answers: int
    before_sum: int
    #: Reviews whose period ended without them, since the last one held.
    missed: int
    #: Reviews whose day has passed and whose period has not.
    late: int
    late_actions: int
    #: Requests past their limit, with IT to act.
    late_requests: int
    #: 1 when a review is planned for today or later.
    planned: int
    #: Rounds closed without any answer since the latest that has one.
    silent_rounds: int
    #: 0 when whoever asks may not see ratings.
    ratings_seen: int


# Only comparisons, sums, products and "&": what means the same for numbers and for SQL columns. Means are compared
# by cross-multiplication, so that no rounding can make the two differ.


def _rated_lower(of: Any) -> Any:
    fell = of.before_sum * of.answers - of.score_sum * of.before_answers
    far = fell >= STEP * of.answers * of.before_answers
    return (of.answers > 0) & (of.before_answers > 0) & far & (of.score_sum < WELL * of.answers)


def _rated_higher(of: Any) -> Any:
    rose = of.score_sum * of.before_answers - of.before_sum * of.answers
    return (of.answers > 0) & (of.before_answers > 0) & (rose >= STEP * of.answers * of.before_answers)


#: The first rule that holds names the level; none: steady.
RULES: tuple[tuple[Level, Callable[[Any], Any]], ...] = (
    (Level.NO_REP, lambda of: of.leads == 0),
    (Level.RATED_LOWER, _rated_lower),
    (Level.LOW, lambda of: (of.answers > 0) & (of.score_sum < LOW * of.answers)),
    (Level.MISSED, lambda of: of.missed > 0),
    (Level.LATE, lambda of: of.late > 0),
    (Level.ACTIONS, lambda of: of.late_actions > 0),
    (Level.REQUESTS, lambda of: of.late_requests > 0),
    (Level.NOT_PLANNED, lambda of: of.planned == 0),
    (Level.SILENT, lambda of: of.silent_rounds >= SILENCE),
    (Level.NOT_RATED, lambda of: (of.ratings_seen == 1) & (of.answers == 0)),
    (Level.RATED_HIGHER, _rated_higher),
)


def level_of(signs: Signs) -> Level:
    """The level of one unit."""
    return next((level for level, holds in RULES if holds(signs)), Level.STEADY)


def level_in_sql(signs: Any) -> ColumnElement[int]:
    """The level of many: ``signs`` holds the columns named in :class:`Signs`."""
    return case(*((holds(signs), int(level)) for level, holds in RULES), else_=int(Level.STEADY))


@dataclass(frozen=True)
class Satisfaction:
    """The mean of the latest round that has an answer; on the scale of 1 to 5, with what stands behind it."""

    score_sum: int
    answers: int
    asked: int
    opened_at: datetime

    @property
    def score(self) -> str:
        return words.score(self.score_sum, self.answers)

    @property
    def said(self) -> str:
        """ "4 of 5 from one person": never the naked figure."""
        return f"{self.score} of 5 from {self.behind}"

    @property
    def behind(self) -> str:
        return words.people(self.answers, self.asked)


@dataclass(frozen=True)
class Facts(Signs):
    """One unit as the portfolio knows it."""

    unit_id: int
    name: str
    code: str
    time_zone: str
    parent_name: str | None
    lead_id: int | None
    lead_name: str | None
    #: The day the last lead ended; None when there never was one.
    uncovered_since: date | None
    last_held_on: date | None
    next_review_id: int | None
    next_planned_on: date | None
    next_planned_at: datetime | None
    late_since: date | None
    open_actions: int
    open_requests: int
    rounds: int
    #: Reviews of the last twelve months: see :mod:`crm.services.compliance`.
    reviews_held: int
    reviews_missed: int
    asked: int | None
    rated_at: datetime | None
    #: "customer", "partner", or None before anybody said; since when; and the unit's own word for what it is.
    model: str | None
    model_since: date | None
    called: str
    #: Danger signs nobody answered; 0 for those who may not see them.
    dangers: int

    @property
    def level(self) -> Level:
        return level_of(self)

    @property
    def relation(self) -> Relation:
        return Relation(Called(self.called), self.model_since)

    @property
    def reviews_due(self) -> int:
        return self.reviews_held + self.reviews_missed

    @property
    def open_in_words(self) -> str:
        """ "two requests and one action", "nothing"; what is open with this unit."""
        waiting = ((self.open_requests, "request"), (self.open_actions, "action"))
        return words.listed([words.counted(count, one) for count, one in waiting if count]) or "nothing"

    @property
    def satisfaction(self) -> Satisfaction | None:
        """None when not rated yet, or when whoever asks may not see it."""
        if self.asked is None or self.rated_at is None:
            return None
        return Satisfaction(self.score_sum, self.answers, self.asked, self.rated_at)
