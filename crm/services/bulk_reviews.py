"""Many reviews at once: some working days later or earlier, or left out for one reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import bookings, bulk, invitations, reviews, words, working_days
from crm.services.bulk import Outcome
from crm.services.working_days import Calendar
from models.review import Review

#: So many working days at most, either way.
FARTHEST = 60
#: The calendar days in which that many working days lie, holidays included.
_REACH = timedelta(days=2 * FARTHEST)


def find(session: Session, *, by: Actor, ids: Collection[int]) -> Sequence[Review]:
    """Those of these reviews that this person sees, with unit and rhythm, in the order of days. One statement."""
    policy.require(by, Action.SEE_REVIEWS)
    seen = (Review.id.in_(sorted(ids)[: bulk.MOST]), policy.in_visible_units(by, Review.unit_id))
    loaded = (
        select(Review).join(Review.unit).where(*seen).options(contains_eager(Review.unit), joinedload(Review.cadence))
    )
    fresh = loaded.execution_options(populate_existing=True)  # after a trial that was taken back
    return session.scalars(fresh.order_by(Review.planned_at, Review.id)).all()


def move(session: Session, *, by: Actor, chosen: Sequence[Review], days: int, now: datetime) -> Outcome:
    """Each as many working days of its unit later (earlier when negative), at its own time of day.

    Refused: outside its period, in the past, and where somebody would be in two meetings. Raises Invalid("days").
    """
    if not 0 < abs(days) <= FARTHEST:
        raise Invalid("days", f"Say by how many working days: 1 to {FARTHEST}, with − for earlier.")
    calendars = _calendars(session, chosen)

    def change(review: Review) -> str:
        day = shifted(calendars[review.unit_id], review.planned_on, days)
        at = review.planned_at.astimezone(review.unit.zone).time()
        reviews.replan(session, by=by, review=review, day=day, at=at, now=now)
        _refuse_clash(session, review)
        return f"to {day:%a} {words.day(day, by.today)}"

    # Those that lead the way go first, so that none runs into the one before it.
    in_order = sorted(chosen, key=lambda review: review.planned_at, reverse=days > 0)
    outcome = bulk.each(session, in_order, change)
    invitations.changed(session, reviews=outcome.done.keys(), now=now)
    return outcome


def _calendars(session: Session, chosen: Sequence[Review]) -> dict[int, Calendar]:
    if not chosen:
        return {}
    planned = [review.planned_on for review in chosen]
    unit_ids = {review.unit_id for review in chosen}
    return working_days.calendars(session, unit_ids=unit_ids, since=min(planned) - _REACH, until=max(planned) + _REACH)


def shifted(calendar: Calendar, day: date, days: int) -> date:
    """The day so many working days after ``day``, or before it when negative; as far as the calendar was read."""
    step = timedelta(days=1 if days > 0 else -1)
    left, other = abs(days), day
    while left and abs(other - day) < _REACH:
        other += step
        left -= calendar.is_working(other)
    return other


def _refuse_clash(session: Session, review: Review) -> None:
    unit_id, at, minutes = review.unit_id, review.planned_at, review.minutes
    if bookings.clashes(session, unit_id=unit_id, at=at, minutes=minutes, besides=review.id):
        raise Conflict("days", "Somebody would be in two meetings then. Move this one by itself.")


def skip(session: Session, *, by: Actor, chosen: Sequence[Review], reason: str, now: datetime) -> Outcome:
    """Each is left out, for the same reason. Raises Invalid("reason") without one."""
    if not reason:
        raise Invalid("reason", "Say why, so that nobody wonders later.")

    def change(review: Review) -> str:
        reviews.leave_out(session, by=by, review=review, reason=reason, now=now)
        return f"skips {reviews.period_in_words(review)}"

    outcome = bulk.each(session, chosen, change)
    invitations.changed(session, reviews=outcome.done.keys(), now=now)
    return outcome
