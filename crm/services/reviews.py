"""The duty to meet in a period: where each review stands, and moving, skipping and holding it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, literal, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import cadence_rules, clock, happenings, invitations, words
from crm.services.cadence_rules import LONGEST
from crm.services.review_planning import plan as plan
from crm.services.review_planning import plan_all as plan_all
from models.review import Review, ReviewState
from models.unit import BusinessUnit

REASON_LENGTH = 500


class Standing(StrEnum):
    """Where a review stands on a date. What is stored is only planned, held or skipped."""

    HELD = "held"
    SKIPPED = "skipped"
    PLANNED = "planned"
    TODAY = "today"
    #: The planned day is past, the period is not over: it can still be held.
    OVERDUE = "overdue"
    #: The period is over, and nobody met.
    MISSED = "missed"


def standing(review: Review, today: date) -> Standing:
    """The one place that says where a review stands. ``today`` is the unit's local date. In SQL: :func:`stands`."""
    if review.state is ReviewState.HELD:
        return Standing.HELD
    if review.state is ReviewState.SKIPPED:
        return Standing.SKIPPED
    if review.period_until <= today:
        return Standing.MISSED
    if review.planned_on < today:
        return Standing.OVERDUE
    return Standing.TODAY if review.planned_on == today else Standing.PLANNED


_TIME_ZONES = select(BusinessUnit.time_zone).distinct()


@dataclass(frozen=True)
class LocalToday:
    """Today around the world: ``here`` is SQL, for statements with BusinessUnit in them; the bounds help indexes."""

    here: ColumnElement[date]
    earliest: date
    latest: date
    #: What is behind the SQL, by value: each time zone and its date, where they differ.
    zones: tuple[tuple[str, date], ...] = ()

    @property
    def sight(self) -> Hashable:
        return self.earliest, self.latest, self.zones


Today = date | LocalToday


def local_today(session: Session, now: datetime) -> LocalToday:
    """The date on the wall of each unit at that instant. One small statement."""
    zones = session.scalars(_TIME_ZONES).all()
    dates = {zone: clock.local_date(now, zone) for zone in zones} or {"UTC": now.date()}
    earliest, latest = min(dates.values()), max(dates.values())
    if earliest == latest:
        return LocalToday(literal(latest), earliest, latest)
    here = case(dates, value=BusinessUnit.time_zone, else_=latest)
    return LocalToday(here, earliest, latest, tuple(sorted(dates.items())))


def _around_the_world(today: Today) -> LocalToday:
    return today if isinstance(today, LocalToday) else LocalToday(literal(today), today, today)


def stands(wanted: Standing, today: Today) -> ColumnElement[bool]:
    """:func:`standing` as a condition on Review."""
    days = _around_the_world(today)
    planned, on = Review.state == ReviewState.PLANNED, Review.planned_on
    conditions = {
        Standing.HELD: Review.state == ReviewState.HELD,
        Standing.SKIPPED: Review.state == ReviewState.SKIPPED,
        Standing.MISSED: and_(planned, on < days.latest, Review.period_until <= days.here),
        Standing.OVERDUE: and_(
            planned, on.between(days.earliest - LONGEST, days.latest), on < days.here, Review.period_until > days.here
        ),
        Standing.TODAY: and_(planned, on.between(days.earliest, days.latest), on == days.here),
        Standing.PLANNED: and_(planned, on > days.earliest, on > days.here),
    }
    return conditions[wanted]


def needs_attention(today: Today) -> ColumnElement[bool]:
    """What can be done something about now: overdue, or today. One range, as below."""
    days, on = _around_the_world(today), Review.planned_on
    recent = on.between(days.earliest - LONGEST, days.latest)
    return and_(Review.state == ReviewState.PLANNED, recent, on <= days.here, Review.period_until > days.here)


def lies_ahead(today: Today) -> ColumnElement[bool]:
    """What comes next: today, or later. One range, so that an index gives it in order of days."""
    days = _around_the_world(today)
    return and_(Review.state == ReviewState.PLANNED, Review.planned_on >= days.earliest, Review.planned_on >= days.here)


def period_in_words(review: Review) -> str:
    """ "November 2026", "the fourth quarter of 2026", "the year 2026"."""
    return cadence_rules.period_in_words(review.period, review.period_since)


def shift_in_words(review: Review) -> str:
    """Why it is not on the day of its rule: "Moved from Fri 25 December: Christmas Day."; "" when it is."""
    if not review.shifted_because or review.ruled_on is None:
        return ""
    return words.shift(review.planned_on, review.ruled_on, review.shifted_because)


def get(session: Session, *, by: Actor, review_id: int) -> Review:
    """The review with its unit and rhythm. Raises NotFound when there is none, or the actor may not know of it."""
    seen = select(Review).where(Review.id == review_id, policy.in_visible_units(by, Review.unit_id))
    found = session.scalar(seen.options(joinedload(Review.unit), joinedload(Review.cadence)))
    if found is None:
        raise NotFound("There is no such review.")
    return found


def open_review_for(session: Session, unit_id: int, on: date) -> Review | None:
    """The review that a meeting on that day would hold: planned, and the day within its period.

    Where two rhythms met and there are two, the one planned nearer to the day comes first.
    """
    planned = select(Review).where(Review.unit_id == unit_id, Review.state == ReviewState.PLANNED)
    found = session.scalars(planned.where(Review.period_since <= on, Review.period_until > on)).all()
    return min(found, key=lambda review: (abs(review.planned_on - on), review.id), default=None)


def hold(session: Session, *, review: Review, held_on: date) -> None:
    """A meeting held it. Raises Conflict("review") when another did, Invalid("held_on") outside its period.

    Holding a review that had been skipped is fine: they met after all. The caller has checked the right to log.
    """
    if review.state is ReviewState.HELD:
        raise Conflict("review", f"Another meeting held the review of {period_in_words(review)}.")
    if not review.period_since <= held_on < review.period_until:
        raise Invalid("held_on", f"This is the review of {period_in_words(review)}. Choose a day in there.")
    review.state, review.held_on, review.skip_reason = ReviewState.HELD, held_on, ""
    session.flush()


def let_go(session: Session, *, review: Review) -> None:
    """The meeting turned out not to be this review: it is to be held again. The caller has checked the right to log."""
    review.state, review.held_on = ReviewState.PLANNED, None
    session.flush()


def move(session: Session, *, by: Actor, review: Review, day: date, at: time, now: datetime) -> None:
    """Plan it on another day or at another time of its period, in the unit's time zone, and tell calendars.

    Raises Invalid("day") outside the period or in the past, Conflict("day") unless it is planned.
    """
    replan(session, by=by, review=review, day=day, at=at, now=now)
    invitations.changed(session, reviews=[review], now=now)


def replan(session: Session, *, by: Actor, review: Review, day: date, at: time, now: datetime) -> None:
    """:func:`move` without a word to calendars: who moves many tells them once.

    Raises Invalid("day") outside the period or in the past, Conflict("day") unless it is planned.
    """
    policy.require(by, Action.PLAN_REVIEW, review)
    unit = session.get_one(BusinessUnit, review.unit_id)
    today = clock.local_date(now, unit.time_zone)
    _refuse_settled(review, "day", today)
    if not review.period_since <= day < review.period_until:
        raise Invalid("day", f"This is the review of {period_in_words(review)}. Choose a day in there.")
    if day < today:
        raise Invalid("day", "That day has passed. If you met, log the meeting instead.")
    was, was_on = review.planned_at, review.planned_on
    review.planned_on = day
    review.planned_at = cadence_rules.instant(day, at, unit.zone)
    review.moved, review.ruled_on, review.shifted_because = True, None, ""
    session.flush()
    happenings.review_moved(session, review, was=was, was_on=was_on, now=now)


def skip(session: Session, *, by: Actor, review: Review, reason: str, now: datetime) -> None:
    """Agree not to meet in this period, and tell calendars.

    Raises Invalid("reason") without one, Conflict("reason") unless planned.
    """
    leave_out(session, by=by, review=review, reason=reason, now=now)
    invitations.changed(session, reviews=[review], now=now)


def leave_out(session: Session, *, by: Actor, review: Review, reason: str, now: datetime) -> None:
    """:func:`skip` without a word to calendars: who skips many tells them once. Raises the same."""
    policy.require(by, Action.PLAN_REVIEW, review)
    unit = session.get_one(BusinessUnit, review.unit_id)
    _refuse_settled(review, "reason", clock.local_date(now, unit.time_zone))
    if not reason.strip():
        raise Invalid("reason", "Say why, so that nobody wonders later.")
    if len(reason) > REASON_LENGTH:
        raise Invalid("reason", f"Keep the reason under {REASON_LENGTH} letters.")
    review.state, review.skip_reason = ReviewState.SKIPPED, reason.strip()
    session.flush()
    happenings.review_skipped(session, review, now)


def unskip(session: Session, *, by: Actor, review: Review, now: datetime) -> None:
    """Plan it again, on the day it had, and tell calendars. Pressed twice, it is planned once.

    Raises Conflict("reason") when it is held, or its period is over.
    """
    policy.require(by, Action.PLAN_REVIEW, review)
    unit = session.get_one(BusinessUnit, review.unit_id)
    if standing(review, clock.local_date(now, unit.time_zone)) in (Standing.PLANNED, Standing.TODAY, Standing.OVERDUE):
        return
    if review.state is not ReviewState.SKIPPED:
        raise Conflict("reason", f"The review of {period_in_words(review)} is not skipped.")
    if review.period_until <= clock.local_date(now, unit.time_zone):
        raise Conflict("reason", f"{_sentence(period_in_words(review))} is over: it stays skipped, with its reason.")
    review.state, review.skip_reason = ReviewState.PLANNED, ""
    session.flush()
    invitations.changed(session, reviews=[review], now=now)
    happenings.review_restored(session, review, now)


def _refuse_settled(review: Review, field: str, today: date) -> None:
    where = standing(review, today)
    if where is Standing.MISSED:
        raise Conflict(field, f"{_sentence(period_in_words(review))} is over: this review counts as missed.")
    if where in (Standing.HELD, Standing.SKIPPED):
        raise Conflict(field, f"The review of {period_in_words(review)} is {where} already.")


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
