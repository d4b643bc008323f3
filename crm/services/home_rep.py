"""A rep's start page: what needs me now, whom I meet next, how my units stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Action, Actor
from crm.services import clock, cover_changes, portfolio, rep_needs, request_needs, words
from crm.services.covering import StandIn
from crm.services.portfolio import Line
from crm.services.rep_needs import Need
from models.review import Review

#: How many reviews, units and needs the page shows; the rest stands one link further.
REVIEWS_SHOWN = 5
UNITS_SHOWN = 12
NEEDS_SHOWN = 50


@dataclass(frozen=True)
class Today:
    """The page. ``needs``: the most pressing first; ``waiting``: how many there are, shown or not."""

    needs: Sequence[Need]
    waiting: int
    next_reviews: Sequence[Review]
    units: Sequence[Line]
    covered: int
    #: The units looked after because somebody is away, by id.
    standing_in: Mapping[int, StandIn] = field(default_factory=dict)

    @property
    def finding(self) -> str:
        """The opening sentence."""
        if not self.covered and not self.waiting:
            return "You look after no unit yet."
        if not self.waiting:
            return "Nothing waits for you."
        waits = "thing waits" if self.waiting == 1 else "things wait"
        return words.capital(f"{words.number(self.waiting)} {waits} for you.")

    @property
    def advice(self) -> str:
        """Where to begin; on a calm day, whom one meets next."""
        if self.needs:
            first = self.needs[0]
            when = f", {first.when}" if first.when else ""
            return f"Begin with “{first.what}”{when}."
        if not self.next_reviews:
            return ""
        review = self.next_reviews[0]
        at = review.planned_at.astimezone(review.unit.zone)
        return f"You meet {review.unit.name} next, on {at:%A} {at.day} {at:%B} at {at:%H:%M}."


def today(session: Session, *, by: Actor, now: datetime) -> Today:
    """What a rep should know this morning: only units looked after today. Eight statements."""
    policy.require(by, Action.START_MEETING)
    planned = rep_needs.planned_reviews(session, by)
    changes = cover_changes.of(session, by=by)
    waiting = rep_needs.needs(session, by=by, reviews=planned, now=now)
    found = (*waiting, *request_needs.needs(session, by=by, now=now), *changes.needs)
    needs = sorted(found, key=lambda need: need.urgency)
    lines = portfolio.lines(session, by=by, units=sorted(by.covers), now=now)
    ranked = sorted(lines.values(), key=lambda line: (line.status.level, line.facts.name, line.facts.unit_id))
    coming = [review for review in planned if review.planned_on >= clock.local_date(now, review.unit.time_zone)]
    return Today(
        needs=needs[:NEEDS_SHOWN],
        waiting=len(needs),
        next_reviews=coming[:REVIEWS_SHOWN],
        units=ranked[:UNITS_SHOWN],
        covered=len(lines),
        standing_in=changes.standing_in,
    )
