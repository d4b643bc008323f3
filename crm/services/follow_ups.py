"""Replies owed: a low rating, or a wish in a comment, is answered to the person, who alone says that it is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import clock, follow_up_mail, languages, organisation, outbox, pages, working_days
from crm.services.ratings import LOW
from crm.services.secrets import hashed, new_token
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.mail import MailKind
from models.outbox import OutboxMessage
from models.person import Person
from models.rating import Invitation, Response, Round
from models.unit import Assignment, BusinessUnit, Cover

#: A reply is due within so many working days.
DUE_IN = 2
#: Holidays in between are looked for so far ahead.
_REACH = timedelta(days=30)
LONGEST = 4000
LINK = "/f/"


class Only(StrEnum):
    """Which of them a list shows."""

    OWED = ""
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"


# ---- Opening


def rated(session: Session, *, response: Response, person_id: int, now: datetime) -> None:
    """Somebody gave a rating with a name, or corrected it: a low one is owed a reply; one taken back before the reply
    is owed none. At most seven statements; one when the rating is not low."""
    known = session.scalar(select(FollowUp).where(FollowUp.response_id == response.id))
    if response.score <= LOW:
        if known is None:
            _open(session, response, person_id, FollowUpCause.LOW, now)
        elif _is_news(known, response.score):
            _owe_again(session, known, response.score, now)
    elif known and known.cause is FollowUpCause.LOW and known.state is FollowUpState.OPEN and not known.replied_at:
        known.state, known.closed_at = FollowUpState.CLOSED, now
        session.flush()


def _is_news(known: FollowUp, score: int) -> bool:
    """Settled once, and rated low again; or lower than what the reply was to."""
    if known.state is FollowUpState.CLOSED:
        return score != known.score or known.replied_at is None
    return known.state is FollowUpState.ANSWERED and score < known.score


def _owe_again(session: Session, known: FollowUp, score: int, now: datetime) -> None:
    unit = session.get_one(BusinessUnit, known.unit_id)
    known.state, known.score, known.opened_at, known.closed_at = FollowUpState.OPEN, score, now, None
    known.due_on, known.raised_at = due(session, unit, clock.local_date(now, unit.time_zone)), None
    known.not_yet += 1
    session.flush()


def owe(session: Session, *, by: Actor, response_id: int, now: datetime) -> FollowUp:
    """The comment of this answer asks for something. Raises NotFound, and Conflict when a reply is owed already."""
    row = session.execute(
        select(Response, Invitation.person_id)
        .join(Invitation, Invitation.id == Response.invitation_id)
        .join(Round, Round.id == Response.round_id)
        .where(
            Response.id == response_id,
            Round.bears_names,
            policy.in_visible_units(by, Response.unit_id.expression),
        )
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such answer.")
    response, person_id = row
    policy.require(by, Action.ANSWER_RATING, response)
    if session.scalar(select(FollowUp.id).where(FollowUp.response_id == response.id)):
        raise Conflict("response", "A reply to this answer is owed already.")
    return _open(session, response, person_id, FollowUpCause.WISH, now)


def _open(session: Session, response: Response, person_id: int, cause: FollowUpCause, now: datetime) -> FollowUp:
    unit = session.get_one(BusinessUnit, response.unit_id)
    today = clock.local_date(now, unit.time_zone)
    opened = FollowUp(
        unit_id=unit.id,
        response_id=response.id,
        person_id=person_id,
        cause=cause,
        score=response.score,
        owner_id=_lead(session, unit, today),
        opened_at=now,
        due_on=due(session, unit, today),
    )
    session.add(opened)
    session.flush()
    return opened


def _lead(session: Session, unit: BusinessUnit, today: date) -> int | None:
    lead = (Assignment.unit_id == unit.id, Assignment.cover == Cover.LEAD, Assignment.in_force(today))
    return session.scalar(select(Assignment.rep_id).where(*lead))


def due(session: Session, unit: BusinessUnit, today: date) -> date:
    """The second working day after ``today``, there, whoever is away."""
    until = today + _REACH
    calendar = working_days.house_calendar(session, unit=unit, since=today, until=until)
    days = (day for day in working_days.days_between(today + timedelta(days=1), until) if calendar.is_working(day))
    return next((day for number, day in enumerate(days, start=1) if number == DUE_IN), until)


# ---- Reading


def listed(
    session: Session, *, by: Actor, only: Only = Only.OWED, unit_id: int | None = None, number: int = 1
) -> pages.Page[FollowUp]:
    """Those of the units the actor sees, the soonest due first; settled ones the newest first. One statement."""
    policy.require(by, Action.SEE_RATINGS)
    wanted = _loaded().where(policy.in_visible_units(by, FollowUp.unit_id.expression), *_conditions(only, by.today))
    if unit_id is not None:
        wanted = wanted.where(FollowUp.unit_id == unit_id)
    if only is Only.CLOSED:
        return pages.of_objects(session, wanted.order_by(FollowUp.closed_at.desc(), FollowUp.id.desc()), number)
    return pages.of_objects(session, wanted.order_by(FollowUp.due_on, FollowUp.id), number)


def _conditions(only: Only, today: date) -> tuple[ColumnElement[bool], ...]:
    states = {Only.ANSWERED: FollowUpState.ANSWERED, Only.CLOSED: FollowUpState.CLOSED}
    state = FollowUp.state == states.get(only, FollowUpState.OPEN)
    return (state, FollowUp.due_on < today) if only is Only.LATE else (state,)


def late(session: Session, *, by: Actor) -> int:
    """How many replies are overdue in what this person sees. One statement."""
    policy.require(by, Action.SEE_RATINGS)
    mine = policy.in_visible_units(by, FollowUp.unit_id.expression)
    owed = (FollowUp.state == FollowUpState.OPEN, FollowUp.due_on < by.today)
    return session.scalar(select(func.count(FollowUp.id)).where(mine, *owed)) or 0


def read(session: Session, *, by: Actor, follow_up_id: int) -> FollowUp:
    """One, with its unit, people and answer. Raises NotFound, Forbidden."""
    found = session.scalar(_loaded().where(FollowUp.id == follow_up_id))
    if found is None or not policy.can(by, Action.SEE_UNIT, found):
        raise NotFound("There is no such reply.")
    policy.require(by, Action.SEE_RATINGS, found)
    return found


def of_round(session: Session, *, round_id: int) -> dict[int, FollowUp]:
    """Those of a round that the caller may read, by the id of the answer. One statement."""
    rows = session.scalars(
        select(FollowUp).join(Response, Response.id == FollowUp.response_id).where(Response.round_id == round_id)
    )
    return {row.response_id: row for row in rows}


def _loaded() -> Select[FollowUp]:
    return (
        select(FollowUp)
        .join(FollowUp.unit)
        .join(FollowUp.person)
        .join(FollowUp.response)
        .options(
            contains_eager(FollowUp.unit),
            contains_eager(FollowUp.person),
            contains_eager(FollowUp.response),
            joinedload(FollowUp.owner),
        )
    )


# ---- Replying


def reply(session: Session, *, by: Actor, follow_up: FollowUp, text: str, now: datetime) -> None:
    """Send the reply to whoever rated, with the link that closes it. It comes with its unit, person and answer.

    Raises Invalid("text"), Conflict("text") when the person has the word or has closed it.
    """
    policy.require(by, Action.ANSWER_RATING, follow_up)
    session.refresh(follow_up, ["state"], with_for_update=True)
    if follow_up.state is not FollowUpState.OPEN:
        raise Conflict("text", f"{follow_up.person.given_name} has your reply.")
    if not text:
        raise Invalid("text", "Write what you say to it.")
    if len(text) > LONGEST:
        raise Invalid("text", f"Keep it under {LONGEST:,} letters.")
    token = _token(session, follow_up)
    follow_up.state, follow_up.reply, follow_up.replied_at = FollowUpState.ANSWERED, text, now
    follow_up.token_hash = hashed(token)
    session.flush()
    _send(session, by, follow_up, token, now)


def _token(session: Session, follow_up: FollowUp) -> str:
    """The one of the first reply, so that every mail leads to the newest; the outbox has it. Else a new one."""
    first = OutboxMessage.key == _key(follow_up, 0)
    path = session.scalar(select(OutboxMessage.path).where(first))
    return path.removeprefix(LINK) if path else new_token()


def _key(follow_up: FollowUp, times: int) -> str:
    return f"follow-up:{follow_up.id}:{follow_up.person_id}:{times}"


def _send(session: Session, by: Actor, follow_up: FollowUp, token: str, now: datetime) -> None:
    say = languages.of(follow_up.person, organisation.current(session).language)
    told = follow_up_mail.reply(say, follow_up=follow_up, by=by.person, now=now)
    outbox.queue(
        session,
        key=_key(follow_up, follow_up.not_yet),
        to=follow_up.person,
        subject=told.subject,
        body=told.body,
        path=f"{LINK}{token}",
        button=told.button,
        kind=MailKind.RATING,
        say=say,
        now=now,
    )


# ---- Late ones


def raise_late(session: Session, *, now: datetime) -> int:
    """Tell the CIO, once, of each reply whose day is past. Returns how many were told of. Safe to repeat."""
    latest = now.date() + timedelta(days=1)
    owed = (FollowUp.state == FollowUpState.OPEN, FollowUp.due_on < latest, FollowUp.raised_at.is_(None))
    found = session.scalars(_loaded().where(*owed).order_by(FollowUp.due_on, FollowUp.id)).all()
    overdue = [one for one in found if one.due_on < clock.local_date(now, one.unit.time_zone)]
    if not overdue:
        return 0
    for chief in session.scalars(select(Person).where(Person.is_cio, Person.left_on.is_(None))):
        _tell(session, chief, overdue, now)
    for one in overdue:
        one.raised_at = now
    session.flush()
    return len(overdue)


def _tell(session: Session, chief: Person, overdue: Sequence[FollowUp], now: datetime) -> None:
    """All of them in one mail."""
    house = organisation.current(session)
    say = languages.of(chief, house.language)
    told = follow_up_mail.late(say, to=chief, overdue=overdue, now=now, time_zone=house.time_zone)
    newest = max(one.id for one in overdue)
    outbox.queue(
        session,
        key=f"follow-up-late:{newest}:{chief.id}:{clock.local_date(now, house.time_zone)}",
        to=chief,
        subject=told.subject,
        body=told.body,
        path="/follow-ups?only=late",
        button=told.button,
        kind=MailKind.OTHER,
        say=say,
        now=now,
    )
