"""Reviews that come near without an agenda, and reviews nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from crm.services import working_days
from crm.services.languages import Language
from crm.services.reminders.due import BYGONE, FURTHER, Due, Ground, Told
from crm.services.working_days import DAY, Calendar
from models.mail import MailKind
from models.review import Review, ReviewState
from models.unit import BusinessUnit

#: So many working days before a review its agenda is missed; in a calendar with holidays at most so many days.
WORKING_DAYS_AHEAD, DAYS_AHEAD = 5, timedelta(days=21)
#: So many days after a review it is missed in the log.
SOON_LOGGED = timedelta(days=2)


def without_agenda(session: Session, ground: Ground) -> Iterator[Due]:
    """A planned review in five working days whose agenda nobody kept. Five statements."""
    last = ground.today + DAYS_AHEAD + FURTHER
    found = _planned(session, Review.planned_on.between(ground.today, last), Review.prepared_at.is_(None))
    ahead = [review for review in found if review.planned_at > ground.now and review.unit_id in ground.reps]
    since, unit_ids = ground.today - DAYS_AHEAD, {review.unit_id for review in ahead}
    calendars = working_days.calendars(session, unit_ids=unit_ids, since=since, until=last + DAY) if ahead else {}
    for review in ahead:
        calendar = calendars[review.unit_id].house
        yield _agenda(review, ground, working_days_before(calendar, review.planned_on, WORKING_DAYS_AHEAD))


def working_days_before(calendar: Calendar, day: date, count: int) -> date:
    """The working day that lies so many working days before ``day``; at most DAYS_AHEAD before."""
    farthest = day - DAYS_AHEAD
    while count and day > farthest:
        day -= DAY
        count -= calendar.is_working(day)
    return day


def _agenda(review: Review, ground: Ground, falls_on: date) -> Due:
    def tell(say: Language) -> Told:
        return Told(
            what=say("No agenda yet: {review} with {unit}", review=say.review(review.unit), unit=review.unit.name),
            why=say("You meet on {moment}.", moment=say.moment(review.planned_at, review.unit.zone, ground.today)),
            button=say("Prepare it"),
        )

    return Due(
        kind=MailKind.AGENDA,
        about=review.id,
        person=ground.reps[review.unit_id],
        unit=review.unit,
        period=review.planned_on.isoformat(),
        falls_on=falls_on,
        lies_ahead=True,
        path=f"/reviews/{review.id}/prepare",
        tell=tell,
    )


def not_logged(session: Session, ground: Ground) -> Iterator[Due]:
    """A review planned two days ago, and no meeting that held it. One statement."""
    passed = Review.planned_on.between(ground.today - BYGONE, ground.today - SOON_LOGGED)
    for review in _planned(session, passed):
        if review.unit_id in ground.reps:
            yield _log(review, ground)


def _log(review: Review, ground: Ground) -> Due:
    def tell(say: Language) -> Told:
        return Told(
            what=say("Not logged yet: {review} with {unit}", review=say.review(review.unit), unit=review.unit.name),
            why=say("It was planned for {day}.", day=say.weekday(review.planned_on, ground.today)),
            button=say("Log it"),
        )

    return Due(
        kind=MailKind.LOG,
        about=review.id,
        person=ground.reps[review.unit_id],
        unit=review.unit,
        period=review.planned_on.isoformat(),
        falls_on=review.planned_on + SOON_LOGGED,
        lies_ahead=False,
        path=f"/units/{review.unit_id}/meetings/new?review={review.id}",
        tell=tell,
    )


def _planned(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Review]:
    wanted = select(Review).join(Review.unit).options(contains_eager(Review.unit))
    open_ones = wanted.where(Review.state == ReviewState.PLANNED, BusinessUnit.closed_on.is_(None), *conditions)
    return session.scalars(open_ones.order_by(Review.planned_on, Review.id)).all()
