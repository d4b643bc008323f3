"""Many requests at once: who sees to them, what kind they are, what they are about, that they are looked at. Each goes
through the service of a single one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.errors import Invalid
from crm.policy import Action, Actor
from crm.services import attendees, bulk, request_editing, request_states, request_themes, requests
from crm.services.bulk import Outcome
from crm.services.request_editing import Told
from models.person import Person
from models.request import DONE, Request, RequestKind, RequestState, Severity
from models.request_part import RequestTheme

#: So many at once, ticked or all that a list shows.
MOST = 500
LOOKED_AT = "being looked at"
OVER = (*DONE, RequestState.DECLINED)


def find(session: Session, *, by: Actor, ids: Collection[int]) -> Sequence[Request]:
    """Those of these requests that this person sees, with unit, owner and theme, the oldest first. One statement."""
    policy.require(by, Action.SEE_PROMISES)
    seen = (Request.id.in_(sorted(ids)[:MOST]), policy.in_visible_units(by, Request.unit_id))
    parts = (contains_eager(Request.unit), joinedload(Request.owner), joinedload(Request.theme))
    fresh = select(Request).join(Request.unit).where(*seen).options(*parts)
    fresh = fresh.execution_options(populate_existing=True)  # after a trial that was taken back
    return session.scalars(fresh.order_by(Request.logged_on, Request.id)).all()


def owners(session: Session) -> Sequence[Person]:
    """Who may see to requests: who is from IT and still here, by name. One statement."""
    here = (Person.left_on.is_(None), attendees.is_from_it())
    return session.scalars(select(Person).where(*here).order_by(Person.name, Person.id).limit(attendees.MOST)).all()


def give(session: Session, *, by: Actor, chosen: Sequence[Request], owner_id: int | None) -> Outcome:
    """That person sees to each; None: nobody yet. Raises Invalid("owner_id") for who is not from IT, or has left."""
    owner = next((person for person in owners(session) if person.id == owner_id), None)
    if owner_id is not None and owner is None:
        raise Invalid("owner_id", "Choose somebody of IT.")

    def change(request: Request) -> str:
        policy.require(by, Action.DECIDE_REQUEST, request)
        if request.state in OVER:
            raise Invalid("owner_id", "Nothing is left to see to.")
        if owner is None and request.kind is RequestKind.COMPLAINT:
            raise Invalid("owner_id", "A complaint always has somebody who sees to it.")
        request.owner_id = owner_id
        session.flush()
        return f"{owner.name} sees to it" if owner else "nobody yet"

    return bulk.each(session, chosen, change)


def call(session: Session, *, by: Actor, chosen: Sequence[Request], kind: RequestKind, now: datetime) -> Outcome:
    """Each is of that kind."""

    def change(request: Request) -> str:
        policy.require(by, Action.DECIDE_REQUEST, request)
        names = request_editing.rights(session, by=by, request=request)
        if "kind" not in names:
            raise Invalid("kind", "It is decided: what it is stays.")
        before = Told.of(request)
        severity = before.severity or (Severity.SERIOUS if kind is RequestKind.COMPLAINT else None)
        told = replace(before, kind=kind, severity=severity)
        request_editing.edit(session, by=by, request=request, told=told, seen=before.signature(names), now=now)
        return kind.value.replace("_", "-")

    return bulk.each(session, chosen, change)


def sort(session: Session, *, by: Actor, chosen: Sequence[Request], theme_id: int | None) -> Outcome:
    """Each is about that; None: not sorted."""
    theme = session.get(RequestTheme, theme_id) if theme_id else None
    return bulk.each(session, chosen, _sorting(session, by, theme_id, theme.name if theme else "no theme"))


def _sorting(session: Session, by: Actor, theme_id: int | None, name: str) -> Callable[[Request], str]:
    def change(request: Request) -> str:
        request_themes.sort(session, by=by, request=request, theme_id=theme_id)
        return name

    return change


def obstacles(by: Actor, chosen: Sequence[Request]) -> dict[int, str]:
    """Which of them this person cannot just say are looked at, and why, by id."""
    found = {}
    for request in chosen:
        way = next((way for way in request_states.ways(request, by=by) if way.to is RequestState.LOOKING), None)
        if not policy.can(by, Action.DECIDE_REQUEST, request):
            found[request.id] = f"You may not {Action.DECIDE_REQUEST}."
        elif way is None:
            found[request.id] = "No way leads there from where it stands."
        elif way.asks:
            found[request.id] = way.asks
    return found


def look(session: Session, *, by: Actor, chosen: Sequence[Request], now: datetime) -> Outcome:
    """Somebody looks into each."""
    refused = obstacles(by, chosen)

    def change(request: Request) -> str:
        if why := refused.get(request.id):
            raise Invalid("why", why)
        requests.move(session, by=by, request=request, to=RequestState.LOOKING, why="", now=now)
        return LOOKED_AT

    return bulk.each(session, chosen, change)
