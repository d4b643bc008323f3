"""Decisions of a unit, and the day from which it is worth asking again. For IT: minutes may not be shared yet."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Invalid, NotFound
from crm.policy import Action, Actor
from crm.services import clock, pages
from crm.services.pages import Page
from crm.services.search import contains
from models.remark import Decision
from models.unit import BusinessUnit


class Which(enum.StrEnum):
    """Which decisions a list shows."""

    ALL = "all"
    #: With a day to look at them again, the soonest first.
    REVISIT = "revisit"


def listed(
    session: Session, *, by: Actor, unit: BusinessUnit, which: Which = Which.ALL, text: str = "", number: int = 1
) -> Page[Decision]:
    """Decisions with the unit and the meetings they were made in, the newest first. One statement a page."""
    policy.require(by, Action.SEE_AGENDA, unit)
    wanted = [Decision.unit_id == unit.id]
    order: tuple[ColumnElement[Any], ...] = (Decision.decided_on.desc(), Decision.id.desc())
    if which is Which.REVISIT:
        wanted.append(Decision.revisit_on.is_not(None))
        order = (Decision.revisit_on.asc(), Decision.id.asc())
    if text:
        wanted.append(contains(text, Decision.text))
    loaded = select(Decision).where(and_(*wanted)).options(joinedload(Decision.meeting))
    return pages.of_objects(session, loaded.order_by(*order), number)


def find(session: Session, *, by: Actor, decision_id: int) -> Decision:
    """The decision with its unit. Raises NotFound when it is not there for this person."""
    seen = (Decision.id == decision_id, policy.in_visible_units(by, Decision.unit_id))
    found = session.scalar(select(Decision).where(*seen).options(joinedload(Decision.unit)))
    if found is None or not policy.can(by, Action.SEE_AGENDA, found):
        raise NotFound("There is no such decision.")
    return found


def revisit(*, by: Actor, decision: Decision, on: date | None, now: datetime) -> None:
    """Look at a decision of :func:`find` again from that day on, or not any more. Raises Invalid for a day gone by."""
    policy.require(by, Action.PREPARE_REVIEW, decision)
    if on is not None and on != decision.revisit_on and on < clock.local_date(now, decision.unit.time_zone):
        raise Invalid("revisit_on", "That day has passed.")
    decision.revisit_on = on
