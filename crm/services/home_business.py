"""The start page of a head or key user: my IT. When we meet, who my rep is, what became of what I asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Row, String, case, cast, exists, literal, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import asking, clock, comment_outcomes, minutes_replies, words
from crm.services.engagement import standing
from crm.services.engagement.relations import Relation
from models.action import Action, ActionState
from models.engagement import Called
from models.meeting import Meeting
from models.outbox import OutboxMessage
from models.person import Person
from models.rating import CommentOutcome, Invitation, Response, Round
from models.request import OPEN_STATES, Request, RequestState
from models.review import Review, ReviewState
from models.unit import Assignment, BusinessUnit, Cover, Membership, Part

REQUESTS_SHOWN = 10
ACTIONS_SHOWN = 20
MINUTES_SHOWN = 5
REVIEWS_READ = 200
#: So long it is told what came of a comment.
LATELY = timedelta(days=180)


@dataclass(frozen=True)
class MyUnit:
    """A unit I head, or am a key user of: who looks after it, and when we meet next."""

    unit: BusinessUnit
    part: Part
    lead: Person | None
    next_review: Review | None
    #: What we are to IT.
    relation: Relation


@dataclass(frozen=True)
class MyQuestion:
    """A rating that I am asked for and have not given; ``path`` is my personal link, "" when it went elsewhere."""

    unit_name: str
    time_zone: str
    closes_at: datetime
    path: str

    @property
    def last_day(self) -> date:
        """The last day, there, on which the answer is taken."""
        return asking.last_day(self.closes_at, self.time_zone)


@dataclass(frozen=True)
class MyIt:
    units: Sequence[MyUnit]
    requests: Sequence[Request]
    actions: Sequence[Action]
    questions: Sequence[MyQuestion]
    #: Meetings whose minutes wait for my word.
    unconfirmed: Sequence[Meeting] = ()
    #: What came of what I, or others in my units, said beside a rating.
    outcomes: Sequence[CommentOutcome] = ()

    @property
    def finding(self) -> str:
        """The opening sentence, for who belongs to a unit."""
        if self.questions:
            return f"IT asks how well it serves {self.questions[0].unit_name}."
        return _meeting(self.units[0])

    @property
    def advice(self) -> str:
        """What stands behind it."""
        waiting = sum(request.state in OPEN_STATES for request in self.requests)
        is_open = "is" if waiting == 1 else "are"
        asked = f"{words.counted(waiting, 'request')} {is_open} open." if waiting else ""
        meeting = _meeting(self.units[0]) if self.questions else ""
        return " ".join(sentence for sentence in (meeting, words.capital(asked)) if sentence)


def _meeting(mine: MyUnit) -> str:
    if mine.lead is None:
        return f"Nobody in IT looks after {mine.unit.name} yet."
    if mine.next_review is None:
        return f"{mine.lead.name} looks after {mine.unit.name}; no review is planned."
    at = mine.next_review.planned_at.astimezone(mine.unit.zone)
    return f"You meet {mine.lead.name} on {at:%A} {at.day} {at:%B} at {at:%H:%M}."


def my_it(session: Session, *, by: Actor, now: datetime) -> MyIt:
    """What a business person should know of IT. Eight statements."""
    policy.require(by, policy.Action.SEE_HOME)
    return MyIt(
        units=_units(session, by, now),
        requests=_requests(session, by),
        actions=_actions(session, by),
        questions=_questions(session, by, now),
        unconfirmed=minutes_replies.waiting_for(session, by=by, now=now, most=MINUTES_SHOWN),
        outcomes=comment_outcomes.told_in_units(session, by=by, since=now - LATELY),
    )


def _units(session: Session, by: Actor, now: datetime) -> list[MyUnit]:
    called, since = standing.called(Membership.unit_id), standing.since(Membership.unit_id)
    own: Sequence[Row[Membership, str, date | None]] = session.execute(
        select(Membership, called.label("called"), since.label("since"))
        .join(Membership.unit)
        .where(
            Membership.person_id == by.id,
            Membership.part.in_((Part.HEAD, Part.KEY_USER)),
            Membership.in_force(by.today),
            BusinessUnit.closed_on.is_(None),
        )
        .options(contains_eager(Membership.unit))
        .order_by(BusinessUnit.name, BusinessUnit.id)
    ).all()
    # Being head of a unit and its key user too is one unit.
    units = {row.Membership.unit_id: row for row in sorted(own, key=lambda row: row.Membership.part is Part.HEAD)}
    leads, reviews = _leads(session, by, list(units)), _next_reviews(session, by, list(units), now)
    first: dict[int, None] = dict.fromkeys(row.Membership.unit_id for row in own)
    return [_mine(units[unit], leads.get(unit), reviews.get(unit)) for unit in first]


def _mine(row: Row[Membership, str, date | None], lead: Person | None, review: Review | None) -> MyUnit:
    mine = row.Membership
    return MyUnit(mine.unit, mine.part, lead, review, Relation(Called(row.called), row.since))


def _leads(session: Session, by: Actor, units: Sequence[int]) -> dict[int, Person]:
    rows = session.execute(
        select(Assignment.unit_id, Person)
        .join(Assignment.rep)
        .where(Assignment.unit_id.in_(units), Assignment.cover == Cover.LEAD, Assignment.in_force(by.today))
    )
    return {row[0]: row[1] for row in rows}


def _next_reviews(session: Session, by: Actor, units: Sequence[int], now: datetime) -> dict[int, Review]:
    """The next review of each unit, with its cadence for the place."""
    coming = session.scalars(
        select(Review)
        .where(
            Review.unit_id.in_(units),
            Review.state == ReviewState.PLANNED,
            Review.planned_on >= by.today - timedelta(1),
        )
        .options(joinedload(Review.cadence), joinedload(Review.unit))
        .order_by(Review.planned_at, Review.id)
        .limit(REVIEWS_READ)
    ).all()
    ahead = [review for review in coming if review.planned_on >= clock.local_date(now, review.unit.time_zone)]
    return {review.unit_id: review for review in reversed(ahead)}


def _requests(session: Session, by: Actor) -> Sequence[Request]:
    """Of my units and those below, what is open first, then what was answered last."""
    still_open = case((Request.state.in_(OPEN_STATES), 0), else_=1)
    return session.scalars(
        select(Request)
        .where(Request.unit_id.in_(by.belongs))
        .options(joinedload(Request.unit), joinedload(Request.requester))
        .order_by(still_open, Request.logged_on.desc(), Request.id.desc())
        .limit(REQUESTS_SHOWN)
    ).all()


def _actions(session: Session, by: Actor) -> Sequence[Action]:
    return session.scalars(
        select(Action)
        .where(Action.owner_id == by.id, Action.state == ActionState.OPEN, Action.unit_id.in_(by.belongs))
        .options(joinedload(Action.unit))
        .order_by(Action.due_on.asc().nulls_last(), Action.id)
        .limit(ACTIONS_SHOWN)
    ).all()


def _questions(session: Session, by: Actor, now: datetime) -> list[MyQuestion]:
    """Open rounds I have not answered. The personal link stands in the mail that brought it, if that was mine."""
    mail_key = literal("rating:") + cast(Round.id, String) + literal(f":{by.id}")
    rows = session.execute(
        select(BusinessUnit.name, BusinessUnit.time_zone, Round.closes_at, OutboxMessage.path)
        .select_from(Invitation)
        .join(Invitation.round)
        .join(Round.unit)
        .outerjoin(OutboxMessage, (OutboxMessage.key == mail_key) & (OutboxMessage.to_person_id == by.id))
        .where(
            Invitation.person_id == by.id,
            Invitation.revoked_at.is_(None),
            ~Invitation.is_used,
            Round.closes_at > now,
            ~exists().where(Response.invitation_id == Invitation.id),
        )
        .order_by(Round.closes_at, Round.id)
    )
    return [MyQuestion(row.name, row.time_zone, row.closes_at, row.path or "") for row in rows]


def standing_of(request: Request, *, time_zone: str, today: date) -> str:
    """Where a request stands, in plain words for who asked: with the reason, and with what was offered instead."""
    decided_at = request.decided_at
    decided = f" on {words.day(clock.local_date(decided_at, time_zone), today)}" if decided_at else ""
    reason = f": {_ended(request.reason)}" if request.reason else "."
    match request.state:
        case RequestState.LOGGED:
            return f"Waits for our answer since {words.day(request.logged_on, today)}."
        case RequestState.LOOKING:
            return f"We look into it. You asked on {words.day(request.logged_on, today)}."
        case RequestState.WAITING:
            return "We asked you something, and wait for your answer."
        case RequestState.ACCEPTED:
            return f"We said yes{decided}{reason}"
        case RequestState.DELIVERING:
            return f"We are at it. We said yes{decided}{reason}"
        case RequestState.DELIVERED:
            did = f"We did: {_ended(request.did)}" if request.did else "Done, as we see it."
            return f"{did} Does it do what you needed?"
        case RequestState.CONFIRMED:
            return f"Done, and you said so. We did: {_ended(request.did)}" if request.did else "Done, and you said so."
        case RequestState.DECLINED:
            did = f" We did: {_ended(request.did)}" if request.did else ""
            return f"We said no{decided}{reason} {_instead(request)}{did}"


def _instead(request: Request) -> str:
    return f"Instead: {_ended(request.alternative)}" if request.alternative else "We had nothing to offer instead."


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else sentence + "."
