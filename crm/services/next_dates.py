"""The next dates of a unit: what a rule gives, and among them the reviews that no rule touches. Read, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm.services.review_planning import UNTOUCHED
from crm.services.review_slots import Slot
from models.review import Review, ReviewState


@dataclass(frozen=True)
class Staying:
    """A review that stays on its own day whatever the rule; ``shift`` says why."""

    day: date
    shift: str


def among(session: Session, *, unit_id: int, slots: Sequence[Slot], since: date, today: date) -> list[Slot | Staying]:
    """These slots of one rule in order of days, each that has such a review given way to it. One statement.

    A moved or prepared review from ``since`` on whose period has no slot is among them. As many as there are slots.
    """
    if not slots:
        return []
    found = session.scalars(_staying(unit_id, since, slots[-1].period.until, today))
    there = {review.period: review for review in found}
    dates: list[Slot | Staying] = []
    for slot in slots:
        review = there.pop(slot.period.key, None)
        dates.append(_said(review, today) if review else slot)
    planned = (review for review in there.values() if review.state is ReviewState.PLANNED)
    dates += [_said(review, today) for review in planned if review.planned_on >= since]
    return sorted(dates, key=lambda one: one.day)[: len(slots)]


def _staying(unit_id: int, since: date, until: date, today: date) -> Select[Review]:
    """What planning leaves alone: at most one review per period."""
    mine = select(Review).where(Review.unit_id == unit_id, Review.period_until > since, Review.period_since < until)
    return mine.where(~UNTOUCHED | (Review.planned_on < today)).order_by(Review.planned_on, Review.id)


def _said(review: Review, today: date) -> Staying:
    if review.state is not ReviewState.PLANNED:
        return Staying(review.held_on or review.planned_on, f"{review.state.value.capitalize()}.")
    if review.moved:
        return Staying(review.planned_on, "Moved by hand.")
    return Staying(review.planned_on, "Overdue." if review.planned_on < today else "Prepared.")
