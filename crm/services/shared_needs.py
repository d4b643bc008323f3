"""The same need of several units: joined under one facilitator. Each unit keeps its own request, in its own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Forbidden, Invalid, NotFound
from crm.policy import Action, Actor
from models.person import Person
from models.request import Request
from models.request_part import SharedNeed

LONGEST = 200


def join(
    session: Session, *, by: Actor, requests: Sequence[Request], title: str, facilitator_id: int | None, now: datetime
) -> SharedNeed:
    """One need of those requests, the first of which is the one at hand: to join is the right of who looks after its
    unit; the others only have to be visible.

    Raises Forbidden, Conflict("requests") for one that is part of another need, Invalid("requests" | "title" |
    "facilitator_id").
    """
    policy.require(by, Action.SHARE_NEED, requests[0])
    if len({request.unit_id for request in requests}) < 2:
        raise Invalid("requests", "Choose at least one request of another unit.")
    _check_visible(by, requests)
    need = SharedNeed(
        title=_checked_title(title, requests),
        facilitator_id=_checked_facilitator(session, by, facilitator_id),
        made_at=now,
    )
    session.add(need)
    session.flush()
    _put(session, need, requests)
    return need


def add(session: Session, *, by: Actor, need: SharedNeed, requests: Sequence[Request]) -> None:
    """Further requests of the same need: by whom it is to change, or by who may join these requests to anything.

    Raises what ``join`` raises for requests.
    """
    if not requests:
        raise Invalid("requests", "Choose a request.")
    if not all(policy.can(by, Action.SHARE_NEED, request) for request in requests):
        require_right(session, by=by, need=need)
    _check_visible(by, requests)
    _put(session, need, requests)


def change(session: Session, *, by: Actor, need: SharedNeed, title: str, facilitator_id: int | None) -> None:
    """Another title, or somebody else who brings it together. Raises Forbidden, Invalid("title" | "facilitator_id")."""
    require_right(session, by=by, need=need)
    need.title = _checked_title(title, _of(session, need))
    if facilitator_id != need.facilitator_id:  # who left since may stay until somebody else is named
        need.facilitator_id = _checked_facilitator(session, by, facilitator_id)
    session.flush()


def leave(session: Session, *, by: Actor, request: Request) -> None:
    """The request is on its own again. A need that is left with one unit is none: it ends.

    Raises Forbidden; nothing happens to a request that is part of none.
    """
    policy.require(by, Action.SHARE_NEED, request)
    if request.shared_need_id is None:
        return
    need = session.get_one(SharedNeed, request.shared_need_id)
    request.shared_need_id = None
    session.flush()
    left = _of(session, need)
    if len({one.unit_id for one in left}) < 2:
        for one in left:
            one.shared_need_id = None
        session.flush()
        session.delete(need)
    session.flush()


def find(session: Session, *, by: Actor, need_id: int) -> SharedNeed:
    """The need with who brings it together. Raises Forbidden for the business, NotFound."""
    policy.require(by, Action.SHARE_NEED)
    found = session.scalar(
        select(SharedNeed).where(SharedNeed.id == need_id).options(joinedload(SharedNeed.facilitator))
    )
    if found is None:
        raise NotFound("There is no such need.")
    return found


def chosen(session: Session, *, by: Actor, ids: Collection[int]) -> Sequence[Request]:
    """Those requests, as far as this person may read them. Raises NotFound for any other."""
    seen = (Request.id.in_(ids), policy.in_visible_units(by, Request.unit_id))
    found = session.scalars(select(Request).where(*seen).order_by(Request.id)).all()
    if len(found) < len(set(ids)):
        raise NotFound("There is no such request.")
    return found


def require_right(session: Session, *, by: Actor, need: SharedNeed) -> None:
    """To change a need is the right of its facilitator and of who may join one of its requests. Raises Forbidden."""
    if need.facilitator_id != by.id and not any(policy.can(by, Action.SHARE_NEED, one) for one in _of(session, need)):
        raise Forbidden("You may not change what several units need: its facilitator may, and their reps.")


def facilitators(session: Session) -> list[tuple[int, str]]:
    """Whom of IT one can name, by name."""
    here = (Person.left_on.is_(None), Person.is_rep | Person.is_cio)
    rows = session.execute(select(Person.id, Person.name).where(*here).order_by(Person.name, Person.id))
    return [(row.id, row.name) for row in rows]


def _of(session: Session, need: SharedNeed) -> Sequence[Request]:
    return session.scalars(select(Request).filter_by(shared_need_id=need.id).order_by(Request.id)).all()


def _put(session: Session, need: SharedNeed, requests: Sequence[Request]) -> None:
    for request in requests:
        session.refresh(request, ["shared_need_id"], with_for_update=True)  # of two who join it at once one is told
        if request.shared_need_id not in (None, need.id):
            raise Conflict("requests", f"“{request.title}” is part of another need by now.")
        request.shared_need_id = need.id
    session.flush()


def _check_visible(by: Actor, requests: Sequence[Request]) -> None:
    for request in requests:
        if not policy.can(by, Action.SEE_PROMISES, request):
            raise NotFound("There is no such request.")


def _checked_title(title: str, requests: Sequence[Request]) -> str:
    """IT's own words: a unit's are for that unit to say."""
    if not title:
        raise Invalid("title", "Say in your own words what they all need.")
    if len(title) > LONGEST:
        raise Invalid("title", f"Keep it under {LONGEST} letters.")
    if title.casefold() in {said.casefold() for one in requests for said in (one.title, one.business_need)}:
        raise Invalid("title", "These are the words of one unit. Say it in IT's.")
    return title


def _checked_facilitator(session: Session, by: Actor, person_id: int | None) -> int:
    person = session.get(Person, person_id) if person_id else None
    if person is None or not (person.is_rep or person.is_cio) or not person.is_here(by.today):
        raise Invalid("facilitator_id", "Choose somebody of IT who is here.")
    return person.id
