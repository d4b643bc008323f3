"""All that lies on the desk when a meeting is logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm import policy
from crm.policy import Actor
from crm.services import actions, agenda, attendees, clock, meetings, projects, reviews
from crm.services.attendees import Candidate
from models.action import Action
from models.agenda import AgendaItem
from models.calendar import CalendarAnswer
from models.meeting import Meeting
from models.project import Project
from models.review import Cadence, Review, ReviewState
from models.unit import BusinessUnit, Part

#: Who of a unit signs in to read.
READERS = (Part.HEAD, Part.KEY_USER)


@dataclass(frozen=True)
class Desk:
    unit: BusinessUnit
    #: The date on the unit's wall.
    today: date
    #: The meeting before.
    last: Meeting | None
    candidates: Sequence[Candidate]
    #: Actions that are still open.
    left: Sequence[Action]
    #: The review that is meant, or else the one that a meeting today would hold.
    review: Review | None
    is_meant: bool
    agenda: Sequence[AgendaItem]
    #: Work under way.
    projects: Sequence[Project]

    @property
    def is_due(self) -> bool:
        """Whether the meeting is most likely that review."""
        return self.review is not None and (self.is_meant or self.review.planned_on <= self.today)

    @property
    def held_on(self) -> date:
        """Today; for a review whose period is over, the day it was planned for."""
        if self.review and self.is_meant and self.review.period_until <= self.today:
            return self.review.planned_on
        return self.today

    def present_at_first(self, me: int | None) -> list[int]:
        """Who is ticked: who accepted; who did not answer, as at the meeting before, at the very first the head. And
        whoever writes this."""
        return [one.person.id for one in self.candidates if one.person.id == me or self._comes(one)]

    def _comes(self, one: Candidate) -> bool:
        if self.is_due and one.answer in (CalendarAnswer.ACCEPTED, CalendarAnswer.DECLINED):
            return one.answer is CalendarAnswer.ACCEPTED
        return one.was_at_last if self.last else one.part is Part.HEAD

    def excused_at_first(self, me: int | None) -> list[int]:
        """Who declined, in the calendar."""
        declined = [one.person.id for one in self.candidates if one.answer is CalendarAnswer.DECLINED]
        return [person_id for person_id in declined if self.is_due and person_id != me]


def lay(session: Session, *, by: Actor, unit: BusinessUnit, review_id: int | None, now: datetime) -> Desk:
    """Gather it. ``review_id``: the review that is meant. Seven statements at most."""
    policy.require(by, policy.Action.LOG_MEETING, unit)
    today = clock.local_date(now, unit.time_zone)
    meant = _meant(session, unit, review_id)
    review = meant or reviews.open_review_for(session, unit.id, today)
    last = meetings.last(session, unit=unit)
    return Desk(
        unit=unit,
        today=today,
        last=last,
        candidates=attendees.candidates(session, unit=unit, on=today, last=last, review=review),
        left=actions.left(session, unit=unit),
        review=review,
        is_meant=meant is not None,
        agenda=_agenda(session, by, review),
        projects=projects.under_way(session, unit.id),
    )


def _meant(session: Session, unit: BusinessUnit, review_id: int | None) -> Review | None:
    """The review that was asked for, unless it is another unit's or has its meeting."""
    found = session.get(Review, review_id) if review_id else None
    return found if found and found.unit_id == unit.id and found.state is not ReviewState.HELD else None


def _agenda(session: Session, by: Actor, review: Review | None) -> Sequence[AgendaItem]:
    """The points of a review that was prepared."""
    return agenda.of(session, by=by, review=review) if review and review.prepared_at else ()


def usual_minutes(session: Session, *, desk: Desk) -> int | None:
    """How long one meets: as the review is planned, else as the rhythm says. One statement at most."""
    if desk.review is not None:
        return desk.review.minutes
    in_force = select(Cadence.minutes).where(Cadence.unit_id == desk.unit.id, Cadence.in_force(desk.today))
    return session.scalar(in_force.limit(1))
