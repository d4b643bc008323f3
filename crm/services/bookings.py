"""Double booking: who could not come at a time, and three times of the period at which everybody can."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.services import cadence_rules, cadences, clock, diaries, review_planning, working_days
from crm.services.cadence_rules import Rule
from crm.services.diaries import Booking, Clash, Span
from models.review import Cadence, Review
from models.unit import BusinessUnit

#: When a review may be offered, by the unit's clock, if its usual time is taken.
OPENS, CLOSES = 9, 17
DAY = timedelta(days=1)
MONTHS_AHEAD = 12


def clashes(session: Session, *, unit_id: int, at: datetime, minutes: int, besides: int | None) -> list[Clash]:
    """Who of those to be there could not come, were the unit to meet at that instant. Three statements.

    ``besides``: the id of the review that is being moved, which does not stand in its own way.
    """
    unit = session.get_one(BusinessUnit, unit_id)
    wanted = _booking(unit, at, minutes, besides)
    # A day more at each end: the same instant can be another day elsewhere.
    diary = diaries.read(session, unit_ids=[unit_id], span=Span(wanted.day - DAY, wanted.day + 2 * DAY))
    return diary.clashes(wanted)


def of_reviews(session: Session, reviews: Sequence[Review]) -> dict[int, list[Clash]]:
    """The clashes of each of these planned reviews that has any, by id. Three statements; their units are loaded."""
    if not reviews:
        return {}
    days = [review.planned_on for review in reviews]
    span = Span(min(days) - DAY, max(days) + 2 * DAY)
    diary = diaries.read(session, unit_ids={review.unit_id for review in reviews}, span=span)
    found = {review.id: diary.clashes(diaries.booking_of(review, "")) for review in reviews}
    return {review_id: each for review_id, each in found.items() if each}


def of_times(
    session: Session, *, unit: BusinessUnit, times: Collection[datetime], minutes: int
) -> dict[datetime, list[Clash]]:
    """The same for a rhythm: which of its times clash, were the unit to meet at these instead of those planned."""
    if not times:
        return {}
    wanted = [_booking(unit, at, minutes) for at in sorted(times)]
    span = Span(wanted[0].day - DAY, wanted[-1].day + 2 * DAY)
    diary = diaries.read(session, unit_ids=[unit.id], span=span, without=[unit.id])
    found = {booking.starts: diary.clashes(booking) for booking in wanted}
    return {at: each for at, each in found.items() if each}


def of_rhythm(
    session: Session, *, unit: BusinessUnit, rule: Rule, since: date, today: date
) -> dict[datetime, list[Clash]]:
    """Which reviews of the next twelve months would clash, were this the unit's rhythm from ``since`` on.

    Raises Invalid for an impossible rule.
    """
    ahead = cadences.preview(session, unit, rule, since=since, today=today, number=MONTHS_AHEAD)
    end = review_planning.horizon(today)
    times = [cadence_rules.instant(slot.day, rule.at, unit.zone) for slot in ahead if slot.ruled < end]
    return of_times(session, unit=unit, times=times, minutes=rule.minutes)


def free_slots(session: Session, *, review: Review, many: int = 3, now: datetime) -> list[datetime]:
    """Times of the review's period at which rep and head are free, in order of time.

    Working days of the unit only, near the planned day, each on another day as long as there are days enough; the usual
    time of the rhythm before any other hour from nine to five.
    """
    return moving(session, review=review, many=many, now=now).free


@dataclass(frozen=True)
class Moving:
    """What to know before moving a review: what stands against its time, and which times are free."""

    clashes: list[Clash]
    free: list[datetime]
    #: Why nobody works in the unit that day: "Sunday", "Christmas Day"; "" on a working day. Who is away clashes.
    day_off: str

    @property
    def suits(self) -> bool:
        return not (self.clashes or self.day_off)


def moving(session: Session, *, review: Review, to: datetime | None = None, many: int = 3, now: datetime) -> Moving:
    """Both at once, in as many statements as one. ``to``: the time it is to move to; None: where it is planned."""
    unit = session.get_one(BusinessUnit, review.unit_id)
    usual = session.get_one(Cadence, review.cadence_id).at
    wanted = _booking(unit, to or review.planned_at, review.minutes, review.id)
    today = clock.local_date(now, unit.time_zone)
    span = Span(max(today, review.period_since), review.period_until)
    around = Span(min(span.since, wanted.day) - DAY, max(span.until, wanted.day + DAY) + DAY)
    diary = diaries.read(session, unit_ids=[unit.id], span=around)
    # Who is away stands in the diary, the head too.
    calendar = working_days.house_calendar(session, unit=unit, since=around.since, until=around.until)
    working = [day for day in working_days.days_between(span.since, span.until) if calendar.is_working(day)]
    days = sorted(working, key=lambda day: (day == today, abs(day - wanted.day), day))
    free = (
        starts
        for at in _times(usual, review.minutes)
        for day in days
        if (starts := cadence_rules.instant(day, at, unit.zone)) > now
        and starts != wanted.starts
        and not diary.clashes(_booking(unit, starts, review.minutes, review.id))
    )
    slots = sorted(_on_different_days(free, unit, many))
    return Moving(diary.clashes(wanted), slots, calendar.why_not(wanted.day) or "")


def _times(usual: time, minutes: int) -> list[time]:
    hours = [time(hour) for hour in range(OPENS, CLOSES) if hour * 60 + minutes <= CLOSES * 60]
    return [usual, *(at for at in hours if at != usual)]


def _on_different_days(free: Iterator[datetime], unit: BusinessUnit, many: int) -> list[datetime]:
    """The first of each day; where there are too few days, further ones of the same days."""
    firsts: dict[date, datetime] = {}
    others: list[datetime] = []
    for starts in free:
        day = starts.astimezone(unit.zone).date()
        if day in firsts:
            others.append(starts)
        else:
            firsts[day] = starts
        if len(firsts) == many:
            break
    return [*firsts.values(), *others][:many]


def _booking(unit: BusinessUnit, at: datetime, minutes: int, review_id: int | None = None) -> Booking:
    return Booking(unit.id, unit.name, at.astimezone(unit.zone).date(), at, minutes, review_id)
