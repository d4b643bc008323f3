"""Replies owed: a low rating, or a wish in a comment, is answered to the person, who alone says that it is settled."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import branches, follow_up_mail, languages, organisation, outbox, pages
from crm.services.secrets import hashed, new_token
from models.follow_up import FollowUp, FollowUpCause, FollowUpState
from models.mail import MailKind
from models.outbox import OutboxMessage

LONGEST = 4000
LINK = "/f/"


class Only(StrEnum):
    """Which of them a list shows."""

    OWED = ""
    LOW = "low"  # owed to a low rating
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"
    DISMISSED = "dismissed"


#: Why a reply is owed, after the person's name.
WHY = {
    FollowUpCause.LOW: "rated IT low",
    FollowUpCause.WISH: "asked for something",
    FollowUpCause.DROP: "rated IT lowest when it really fell",
}
STATES = {
    Only.ANSWERED: FollowUpState.ANSWERED,
    Only.CLOSED: FollowUpState.CLOSED,
    Only.DISMISSED: FollowUpState.DISMISSED,
}


# ---- Reading


def listed(
    session: Session,
    *,
    by: Actor,
    only: Only = Only.OWED,
    unit_id: int | None = None,
    branch_id: int | None = None,
    is_mine: bool = False,
    number: int = 1,
    size: int = pages.SIZE,
) -> pages.Page[FollowUp]:
    """Those of the units the actor sees (of a branch: a unit and all below), the soonest due first; settled ones the
    newest first. One statement.

    ``is_mine``: of the units the actor looks after today, for somebody who is away too, and those the actor owes.
    """
    policy.require(by, Action.SEE_RATINGS)
    wanted = loaded().where(policy.in_visible_units(by, FollowUp.unit_id.expression), *conditions(only, by.today))
    if unit_id is not None:
        wanted = wanted.where(FollowUp.unit_id == unit_id)
    if branch_id is not None:
        wanted = wanted.where(FollowUp.unit_id.in_(branches.branch(branch_id)))
    if is_mine:
        wanted = wanted.where(or_(FollowUp.unit_id.in_(by.covers), FollowUp.owner_id == by.id))
    newest = (FollowUp.closed_at.desc(), FollowUp.id.desc())
    order = newest if only in (Only.CLOSED, Only.DISMISSED) else (FollowUp.due_on, FollowUp.id)
    return pages.of_objects(session, wanted.order_by(*order), number, size)


def conditions(only: Only, today: date) -> tuple[ColumnElement[bool], ...]:
    """On FollowUp: which replies these are."""
    state = FollowUp.state == STATES.get(only, FollowUpState.OPEN)
    if only is Only.LOW:
        return state, FollowUp.cause != FollowUpCause.WISH
    return (state, FollowUp.due_on < today) if only is Only.LATE else (state,)


def late(session: Session, *, by: Actor) -> int:
    """How many replies are overdue in what this person sees. One statement."""
    policy.require(by, Action.SEE_RATINGS)
    mine = policy.in_visible_units(by, FollowUp.unit_id.expression)
    owed = (FollowUp.state == FollowUpState.OPEN, FollowUp.due_on < by.today)
    return session.scalar(select(func.count(FollowUp.id)).where(mine, *owed)) or 0


def read(session: Session, *, by: Actor, follow_up_id: int) -> FollowUp:
    """One, with its unit, people and answer. Raises NotFound, Forbidden."""
    found = session.scalar(loaded().where(FollowUp.id == follow_up_id))
    if found is None or not policy.can(by, Action.SEE_UNIT, found):
        raise NotFound("There is no such reply.")
    policy.require(by, Action.SEE_RATINGS, found)
    return found


def loaded() -> Select[FollowUp]:
    """Each with its unit, people and answer."""
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
    follow_up.owner_id = by.id or follow_up.owner_id
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
