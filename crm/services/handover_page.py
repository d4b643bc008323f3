"""What the next rep needs to know of a unit: gathered when the page is read, so that it is never out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, case, cast, func, or_, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import clock, projects, unit_page
from crm.services.reviews import Standing, stands
from crm.services.unit_page import Held, Rated
from models.action import Action, ActionState
from models.handover import Handover
from models.meeting import Attendance, Meeting, MeetingKind, Presence
from models.minutes import MinutesReply, MinutesVersion, Reply
from models.person import Person
from models.project import Project
from models.request import OPEN_STATES, Request, RequestState
from models.review import Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

#: How far back the page looks for what went wrong.
BACK = timedelta(days=730)
REVIEWS_SHOWN = 3
MOST = 200

_PARTS: dict[str, Cover | Part] = {part.value: part for part in (*Cover, *Part)}


@dataclass(frozen=True)
class Known(Held):
    """A person around the unit, and when last at a meeting with it."""

    last_seen: date | None


@dataclass(frozen=True)
class Objection:
    """Somebody said that shared minutes do not say it right."""

    meeting: Meeting
    person: Person
    said: str


@dataclass(frozen=True)
class HandoverPage:
    """What ``by`` may not read is empty."""

    handover: Handover
    today: date
    #: Whether the words of the outgoing rep may be read.
    reads_words: bool
    actions: Sequence[Action]
    requests: Sequence[Request]
    people: Sequence[Known]
    reviews: Sequence[Review]
    ratings: Sequence[Rated]
    escalations: Sequence[Meeting]
    objections: Sequence[Objection]
    projects: Sequence[Project]

    @property
    def open_actions(self) -> list[Action]:
        return [action for action in self.actions if action.state is ActionState.OPEN]

    @property
    def we_owe(self) -> list[Action]:
        """What IT promised, and what nobody owns yet."""
        return [action for action in self.open_actions if not self._is_theirs(action)]

    @property
    def they_owe(self) -> list[Action]:
        return [action for action in self.open_actions if self._is_theirs(action)]

    @staticmethod
    def _is_theirs(action: Action) -> bool:
        return action.owner is not None and action.owner.is_business and not action.owner.is_from_it

    @property
    def broken(self) -> list[Action]:
        """Dropped, or done after the day that was promised."""
        zone = self.handover.unit.time_zone
        return [action for action in self.actions if _was_broken(action, zone)]

    @property
    def open_requests(self) -> list[Request]:
        return [request for request in self.requests if request.state in OPEN_STATES]

    @property
    def refused(self) -> list[Request]:
        return [request for request in self.requests if request.state is RequestState.DECLINED]

    @property
    def next_reviews(self) -> list[Review]:
        ahead = [review for review in self.reviews if review.planned_on >= self.today]
        return ahead[:REVIEWS_SHOWN]

    @property
    def missed(self) -> list[Review]:
        return [review for review in self.reviews if review.planned_on < self.today]

    @property
    def went_wrong(self) -> int:
        """How many facts speak of something that went wrong."""
        return len(self.broken) + len(self.refused) + len(self.missed) + len(self.objections)

    def now_in(self, *parts: Cover | Part) -> list[Known]:
        return [known for known in self.people if known.part in parts and known.holds(self.today)]

    @property
    def leads(self) -> list[Known]:
        """Who was rep when, newest first."""
        return [known for known in self.people if known.part is Cover.LEAD and known.since != known.until]


def _was_broken(action: Action, zone: str) -> bool:
    if action.state is ActionState.DROPPED:
        return True
    if action.state is not ActionState.DONE or action.due_on is None or action.settled_at is None:
        return False
    return clock.local_date(action.settled_at, zone) > action.due_on


def read(session: Session, *, by: Actor, handover: Handover, now: datetime) -> HandoverPage:
    """Seven statements. The caller has found the handover through its service."""
    unit = handover.unit
    sees = {action: policy.can(by, action, unit) for action in policy.Action}
    promises, meets = sees[policy.Action.SEE_PROMISES], sees[policy.Action.SEE_MEETINGS]
    since = by.today - BACK
    trouble = _trouble(session, unit, since) if meets else []
    return HandoverPage(
        handover=handover,
        today=by.today,
        reads_words=sees[policy.Action.SEE_INTERNAL_NOTES],
        actions=_actions(session, unit, now) if promises else (),
        requests=_requests(session, unit, since) if promises else (),
        people=_people(session, unit),
        reviews=_reviews(session, unit, by.today, since),
        ratings=unit_page.newest_ratings(session, unit) if sees[policy.Action.SEE_RATINGS] else (),
        escalations=_escalations(trouble),
        objections=[Objection(meeting, reply.person, reply.said) for meeting, reply in trouble if reply],
        projects=projects.under_way(session, unit.id) if promises else (),
    )


def _actions(session: Session, unit: BusinessUnit, now: datetime) -> Sequence[Action]:
    """What is open, the soonest due first; then what was settled lately."""
    is_open = Action.state == ActionState.OPEN
    lately = or_(is_open, Action.settled_at > now - BACK)
    return session.scalars(
        select(Action)
        .where(Action.unit_id == unit.id, lately)
        .options(joinedload(Action.owner))
        .order_by(case((is_open, 0), else_=1), Action.due_on.asc().nulls_last(), Action.id)
        .limit(MOST)
    ).all()


def _requests(session: Session, unit: BusinessUnit, since: date) -> Sequence[Request]:
    refused = (Request.state == RequestState.DECLINED) & (Request.logged_on > since)
    wanted = or_(Request.state.in_(OPEN_STATES), refused)
    return session.scalars(
        select(Request)
        .where(Request.unit_id == unit.id, wanted)
        .options(joinedload(Request.requester))
        .order_by(Request.logged_on.desc(), Request.id.desc())
        .limit(MOST)
    ).all()


def _people(session: Session, unit: BusinessUnit) -> list[Known]:
    """Reps of today, before and to come; head, key users and who is lent, each with the last meeting."""
    cover = select(
        Assignment.rep_id.label("person_id"),
        cast(Assignment.cover, String).label("part"),
        Assignment.since.label("since"),
        Assignment.until.label("until"),
    ).where(Assignment.unit_id == unit.id)
    belongs = select(Membership.person_id, cast(Membership.part, String), Membership.since, Membership.until).where(
        Membership.unit_id == unit.id, Membership.part != Part.MEMBER
    )
    held = union_all(cover, belongs).subquery()
    seen = (
        select(func.max(Meeting.held_on))
        .join(Attendance, Attendance.meeting_id == Meeting.id)
        .where(Meeting.unit_id == unit.id, Attendance.presence == Presence.PRESENT, Attendance.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Person, held.c.part, held.c.since, held.c.until, seen.label("seen"))
        .join(held, held.c.person_id == Person.id)
        .order_by(held.c.since.desc(), Person.name, Person.id)
        .limit(MOST)
    )
    return [Known(row.Person, _PARTS[row.part], row.since, row.until, row.seen) for row in rows]


def _reviews(session: Session, unit: BusinessUnit, today: date, since: date) -> Sequence[Review]:
    """What was missed, and what comes next, with the rhythm behind it."""
    ahead = (Review.state == ReviewState.PLANNED) & (Review.planned_on >= today)
    missed = stands(Standing.MISSED, today) & (Review.planned_on > since) & (Review.planned_on < today)
    return session.scalars(
        select(Review)
        .where(Review.unit_id == unit.id, or_(ahead, missed))
        .options(joinedload(Review.cadence))
        .order_by(Review.planned_on, Review.id)
        .limit(MOST)
    ).all()


def _trouble(session: Session, unit: BusinessUnit, since: date) -> list[tuple[Meeting, MinutesReply | None]]:
    """Escalations, and meetings whose minutes were objected to; newest first."""
    objected = (MinutesReply.version_id == MinutesVersion.id) & (MinutesReply.reply == Reply.OBJECTED)
    rows = session.execute(
        select(Meeting, MinutesReply)
        .outerjoin(MinutesVersion, MinutesVersion.meeting_id == Meeting.id)
        .outerjoin(MinutesReply, objected)
        .outerjoin(MinutesReply.person)
        .where(
            Meeting.unit_id == unit.id,
            Meeting.held_on > since,
            or_(Meeting.kind == MeetingKind.ESCALATION, MinutesReply.id.is_not(None)),
        )
        .options(contains_eager(MinutesReply.person))
        .order_by(Meeting.held_on.desc(), Meeting.id.desc(), MinutesReply.id)
        .limit(MOST)
    )
    return [(row.Meeting, row.MinutesReply) for row in rows]


def _escalations(trouble: Sequence[tuple[Meeting, MinutesReply | None]]) -> list[Meeting]:
    found = {meeting.id: meeting for meeting, _ in trouble if meeting.kind is MeetingKind.ESCALATION}
    return list(found.values())
