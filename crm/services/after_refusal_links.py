"""The link three months after a "no": whoever is asked says how it was solved, or has it looked at again. Looking
records nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Conflict, Gone, Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import after_refusals, audit, clock, requests
from crm.services.languages import later
from crm.services.secrets import hashed
from models.person import Person
from models.request import Request, RequestState
from models.request_part import AfterRefusal, Solved

#: A link works for so long after the last mail, when nobody answers.
LASTS = timedelta(days=90)

MISSING = later("Write what is different now.")
ELSEWHERE = later("It stands elsewhere by now.")


class LinkState(StrEnum):
    OPEN = "open"
    DROPPED = "dropped"  # it is looked at again, or the unit was closed
    OVER = "over"  # too late to answer, or to say it otherwise
    REVOKED = "revoked"  # whoever it was sent to has left


@dataclass(frozen=True)
class Link:
    """What a link leads to: the refusal, the request with its unit, and whose link it is."""

    state: LinkState
    row: AfterRefusal
    request: Request
    person: Person


def find(session: Session, *, token: str, now: datetime) -> Link | None:
    """None for a link nobody sent. Reads only. One statement, whether the token is known or not."""
    secret = hashed(token)
    found = session.execute(
        select(AfterRefusal, Request, Person)
        .join(Request, Request.id == AfterRefusal.request_id)
        .join(Request.unit)
        .join(Person, Person.id == AfterRefusal.person_id)
        .where(or_(AfterRefusal.token_hash == secret, AfterRefusal.reminder_hash == secret))
        .options(contains_eager(Request.unit), joinedload(AfterRefusal.verdict))
    ).first()
    return Link(_state(found[0], found[2], now), *found) if found else None


def _state(row: AfterRefusal, person: Person, now: datetime) -> LinkState:
    if not person.is_active:
        return LinkState.REVOKED
    if row.dropped:
        return LinkState.DROPPED
    if row.answered_at is not None:
        return LinkState.OPEN
    last = row.reminded_at or row.asked_at or now
    return LinkState.OPEN if now < last + LASTS else LinkState.OVER


def say(session: Session, *, token: str, solved: Solved | None, words: str, now: datetime) -> None:
    """How it was solved.

    Raises NotFound, Gone, and what ``after_refusals.keep_answer`` raises.
    """
    link = _open(session, token, now)
    audit.act_as(session, link.person.id)
    after_refusals.keep_answer(session, link.row, by_id=link.person.id, solved=solved, words=words, now=now)


def look_again(session: Session, *, token: str, why: str, now: datetime) -> None:
    """It is still needed: the unit has it looked at again, by the way that is open to it (``request_states``).

    Raises NotFound, Gone, Forbidden for whoever does not speak for the unit, Invalid("why"), Conflict("why").
    """
    link = _open(session, token, now)
    if not why:
        raise Invalid("why", MISSING)
    if link.request.state is not RequestState.DECLINED:
        raise Conflict("why", ELSEWHERE)
    by = actor(session, link, now)
    policy.require(by, Action.CONFIRM_REQUEST, link.request)
    audit.act_as(session, link.person.id)
    requests.move(session, by=by, request=link.request, to=RequestState.LOOKING, why=why, now=now)


def _open(session: Session, token: str, now: datetime) -> Link:
    link = find(session, token=token, now=now)
    if link is None:
        raise NotFound("This link is not known here.")
    if link.state is not LinkState.OPEN:
        raise Gone("This link has had its day.")
    return link


def actor(session: Session, link: Link, now: datetime) -> Actor:
    """Whoever has the link, with what they may do for the unit today. Two statements."""
    return policy.actor_for(session, link.person, clock.local_date(now, link.request.unit.time_zone))


def may_have_it_looked_at(session: Session, link: Link, now: datetime) -> bool:
    """Whether it was said that it is still needed, and whoever has the link speaks for the unit. Two statements."""
    if link.row.solved is not Solved.STILL or link.request.state is not RequestState.DECLINED:
        return False
    return policy.can(actor(session, link, now), Action.CONFIRM_REQUEST, link.request)
