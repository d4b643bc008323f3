"""What was promised and asked, and what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from crm.services.timeline.part import Part, Wanted, told, word
from models.action import Action, ActionState
from models.person import Person
from models.request import Request


def promised(wanted: Wanted) -> Part:
    return Part(_actions(wanted), Action.made_at, Action.id, (Action.text,))


def settled(wanted: Wanted) -> Part:
    source = _actions(wanted).where(Action.state != ActionState.OPEN)
    return Part(source, Action.settled_at, Action.id, (Action.text,))


def _actions(wanted: Wanted) -> Select[Any]:
    return (
        told(what=Action.text, who=Person.name, more=word(Action.state), link=Action.id)
        .outerjoin_from(Action, Person, Person.id == Action.owner_id)
        .where(Action.unit_id == wanted.unit_id)
    )


def asked(wanted: Wanted) -> Part:
    source = told(
        what=Request.title, said=Request.business_need, who=Person.name, more=word(Request.origin), link=Request.id
    ).outerjoin_from(Request, Person, Person.id == Request.requester_id)
    return Part(
        source.where(Request.unit_id == wanted.unit_id),
        Request.logged_on,
        Request.id,
        (Request.title, Request.business_need),
    )


def decided(wanted: Wanted) -> Part:
    source = told(
        what=Request.title, said=Request.reason, who=Person.name, more=word(Request.state), link=Request.id
    ).outerjoin_from(Request, Person, Person.id == Request.decided_by_id)
    answered = (Request.unit_id == wanted.unit_id, Request.decided_at.is_not(None))
    searched = (Request.title, Request.reason, Request.alternative)
    return Part(source.where(*answered), Request.decided_at, Request.id, searched)


def delivered(wanted: Wanted) -> Part:
    source = told(what=Request.title, link=Request.id).where(Request.unit_id == wanted.unit_id)
    return Part(source, Request.delivered_at, Request.id, (Request.title,))
