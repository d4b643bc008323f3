"""Taking back what was entered by mistake. Nothing that anybody has looked at ever disappears."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from crm import policy
from crm.errors import Conflict
from crm.policy import Action, Actor
from crm.services import request_files
from crm.services.stored_files import Store
from models.request import Request, RequestKind, RequestState, RequestStep
from models.ticket import Ticket


def may_remove(session: Session, *, by: Actor, request: Request) -> bool:
    """Whether this person entered it and nothing has come of it yet. A complaint stays: only the unit's word closes it.
    One statement."""
    is_new = request.state is RequestState.LOGGED and request.kind is not RequestKind.COMPLAINT
    if not is_new or not policy.can(by, Action.EDIT_REQUEST, request):
        return False
    steps = select(RequestStep.by_id).where(RequestStep.request_id == request.id).limit(2)
    has_ticket = exists().where(Ticket.request_id == request.id)
    return session.execute(steps.add_columns(has_ticket)).all() == [(by.id, False)]


def remove(session: Session, *, by: Actor, request: Request, store: Store) -> None:
    """The request goes with its files; that it was there stays in the audit trail.

    Raises Conflict("") when somebody else entered it, or it is looked at by now; Forbidden.
    """
    policy.require(by, Action.EDIT_REQUEST, request)
    session.refresh(request, ["state", "kind"], with_for_update=True)
    if not may_remove(session, by=by, request=request):
        raise Conflict("", "Only who entered it takes it back, and only until somebody has looked at it.")
    request_files.remove_all(session, request=request, store=store)
    for step in session.scalars(select(RequestStep).where(RequestStep.request_id == request.id)).all():
        session.delete(step)
    session.flush()
    session.delete(request)
    session.flush()
