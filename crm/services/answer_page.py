"""What stands on the page behind a personal link besides the questions: what the round is about, what came of what was
said before, who may read the answer, and who owes a reply to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import comment_outcomes
from crm.services.rounds import days
from models.follow_up import FollowUp, FollowUpState
from models.person import Person
from models.project import Project
from models.rating import CommentOutcome, Invitation, Response, Round
from models.request import Request
from models.review import Review
from models.unit import Assignment, BusinessUnit, Cover

NEWS_SHOWN = 5
#: What is still told to somebody who was not asked before.
LATELY = timedelta(days=180)


@dataclass(frozen=True)
class Occasion:
    """What a round is about, besides the unit: a project, so many months after its delivery; or the day of a review.
    Nothing when somebody asked by hand."""

    project: Project | None = None
    months: int | None = None
    reviewed_on: date | None = None


def occasion(session: Session, round_: Round) -> Occasion:
    """One statement at most."""
    if round_.project_id is not None:
        return Occasion(project=session.get(Project, round_.project_id), months=days.months_of(round_.occasion))
    if round_.review_id is not None and (review := session.get(Review, round_.review_id)):
        return Occasion(reviewed_on=review.held_on or review.planned_on)
    return Occasion()


def last_told(session: Session, invitation: Invitation) -> Response | None:
    """What this person said about this unit the time before; None the first time."""
    return session.scalar(
        select(Response)
        .join(Response.invitation)
        .where(
            Invitation.person_id == invitation.person_id,
            Response.unit_id == invitation.round.unit_id,
            Response.round_id != invitation.round_id,
        )
        .order_by(Response.answered_at.desc(), Response.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class News:
    """What came of what was said: the own requests that were decided or delivered, and comments."""

    requests: Sequence[Request]
    outcomes: Sequence[CommentOutcome]


def news(session: Session, invitation: Invitation, told: Response | None, now: datetime) -> News:
    """What happened since this person answered last; for whoever answers the first time, what the unit was told of
    late. Newest first. Two statements."""
    since = told.answered_at if told else now - LATELY
    outcomes = comment_outcomes.told_to(session, invitation=invitation, since=since)
    return News(_requests(session, invitation, since) if told else [], outcomes)


def _requests(session: Session, invitation: Invitation, since: datetime) -> Sequence[Request]:
    """What this person asked for in this unit and was decided or delivered since."""
    happened = func.coalesce(Request.delivered_at, Request.decided_at)
    return session.scalars(
        select(Request)
        .where(
            Request.unit_id == invitation.round.unit_id,
            Request.requester_id == invitation.person_id,
            or_(Request.decided_at > since, Request.delivered_at > since),
        )
        .order_by(happened.desc(), Request.id.desc())
        .limit(NEWS_SHOWN)
    ).all()


@dataclass(frozen=True)
class Readers:
    """Everyone who may read a named answer about a unit. ``other_reps``: how many more account reps may."""

    covering: Sequence[Person]
    cios: Sequence[Person]
    other_reps: int


def readers(session: Session, unit: BusinessUnit, today: date) -> Readers:
    """Who may read the answers about this unit, the lead rep first: what the policy says, not a list beside it."""
    assigned = (Assignment.rep_id == Person.id) & (Assignment.unit_id == unit.id) & Assignment.in_force(today)
    rows = session.execute(
        select(Person, Assignment.cover)
        .outerjoin(Assignment, assigned)
        .where(Person.left_on.is_(None), Person.is_rep | Person.is_cio | Person.is_administrator)
        .order_by(case((Assignment.cover == Cover.LEAD, 0), else_=1), func.lower(Person.name), Person.id)
    )
    covering: dict[int, Person] = {}
    others: dict[int, Person] = {}
    for person, cover in rows:
        actor = Actor(person, today, covers=frozenset({unit.id} if cover else ()))
        if policy.can(actor, Action.SEE_RATINGS, unit):
            (covering if cover and person.is_rep else others).setdefault(person.id, person)
    rest = [person for person in others.values() if person.id not in covering]
    cios = [person for person in rest if person.is_cio]
    return Readers(list(covering.values()), cios, len(rest) - len(cios))


def reply_owed(session: Session, response: Response) -> FollowUp | None:
    """The reply that somebody owes to this answer, with whoever does; None when none is, or it was given."""
    return session.scalar(
        select(FollowUp)
        .where(FollowUp.response_id == response.id, FollowUp.state == FollowUpState.OPEN)
        .options(joinedload(FollowUp.owner))
    )
