"""Requests in a list: which are wanted, and in what order they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import pages, request_limits, similar
from crm.services.pages import Page
from crm.services.statements import put_together_once
from crm.services.stretches import Stretch
from models.request import UNDECIDED, Origin, Request, RequestKind, RequestState
from models.unit import Assignment, Cover

#: Beyond this a list only says "more than".
COUNTED = 1_000


@dataclass(frozen=True)
class Wanted:
    """Which requests; what is left empty leaves none out."""

    states: tuple[RequestState, ...] = ()
    kinds: tuple[RequestKind, ...] = ()
    origin: Origin | None = None
    unit_id: int | None = None
    #: Only of units the actor looks after.
    covered: bool = False
    #: Who leads the unit today.
    rep_id: int | None = None
    owner_id: int | None = None
    has_no_owner: bool = False
    theme_id: int | None = None
    is_late: bool = False
    text: str = ""
    #: When they were logged.
    stretch: Stretch | None = None

    @property
    def waits_for_a_decision(self) -> bool:
        return bool(self.states) and set(self.states) <= set(UNDECIDED)


def condition(session: Session, *, by: Actor, wanted: Wanted) -> ColumnElement[bool]:
    """On Request alone: the wanted ones of the units this person sees."""
    return and_(*_conditions(by, wanted), *_in_text(session, wanted))


def _in_text(session: Session, wanted: Wanted) -> Sequence[ColumnElement[bool]]:
    """In the words of the database."""
    return [similar.matching(session, wanted.text)] if wanted.text else ()


def _conditions(by: Actor, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """All but the text."""
    yield policy.in_visible_units(by, Request.unit_id)
    if wanted.states:
        yield Request.state.in_(wanted.states)
    if wanted.kinds:
        yield Request.kind.in_(wanted.kinds)
    for column, value in _values(wanted):
        if value is not None:
            yield column == value
    if wanted.covered:
        yield Request.unit_id.in_(by.covers)
    if wanted.rep_id is not None:
        yield Request.unit_id.in_(_led_by(wanted.rep_id, by))
    if wanted.has_no_owner:
        yield Request.owner_id.is_(None)
    if wanted.is_late:
        yield request_limits.late(by.today)
    if wanted.stretch:
        yield Request.logged_on >= wanted.stretch.since
        yield Request.logged_on < wanted.stretch.until


def _values(wanted: Wanted) -> tuple[tuple[ColumnElement[Any], Any], ...]:
    return (
        (Request.origin.expression, wanted.origin),
        (Request.unit_id.expression, wanted.unit_id),
        (Request.owner_id.expression, wanted.owner_id),
        (Request.theme_id.expression, wanted.theme_id),
    )


def _led_by(rep_id: int, by: Actor) -> Select[int]:
    leads = (Assignment.rep_id == rep_id, Assignment.cover == Cover.LEAD, Assignment.in_force(by.today))
    return select(Assignment.unit_id).where(*leads)


def _order(wanted: Wanted) -> Sequence[ColumnElement[Any]]:
    if wanted.is_late:
        return Request.due_on.asc(), Request.id.asc()
    if wanted.waits_for_a_decision:
        return Request.logged_on.asc(), Request.id.asc()
    return Request.logged_on.desc(), Request.id.desc()


def listed(session: Session, *, by: Actor, wanted: Wanted, number: int = 1, size: int = pages.SIZE) -> Page[Request]:
    """With unit, requester, owner and theme: the longest overdue first of late ones, the longest waiting first of
    those to decide, all others newest first. One statement a page: an index finds which, and only those are read."""
    policy.require(by, policy.Action.SEE_PROMISES)
    in_text = _in_text(session, wanted)
    statement = _page(by, wanted, number, size, *in_text) if in_text else _page_once(by, wanted, number, size)
    return pages.cut(session.scalars(statement).all(), number, size)


def _page(by: Actor, wanted: Wanted, number: int, size: int, *in_text: ColumnElement[bool]) -> Select[Request]:
    order = _order(wanted)
    keys = select(Request.id).where(*_conditions(by, wanted), *in_text).order_by(*order)
    whole = select(Request).join(Request.unit).order_by(*order)
    parts = (joinedload(part) for part in (Request.requester, Request.owner, Request.theme))
    return pages.of_keys(keys, whole.options(contains_eager(Request.unit), *parts), Request.id, number, size)


#: No two searches are alike; all else is asked again and again.
_page_once = put_together_once(_page)


def ids(session: Session, *, by: Actor, wanted: Wanted, most: int) -> Sequence[int]:
    """The first so many, in the order of the list. One statement."""
    policy.require(by, policy.Action.SEE_PROMISES)
    keys = select(Request.id).where(condition(session, by=by, wanted=wanted)).order_by(*_order(wanted))
    return session.scalars(keys.limit(most)).all()


def count(session: Session, *, by: Actor, wanted: Wanted) -> int:
    """How many there are; one more than ``COUNTED`` for any more. One statement."""
    policy.require(by, policy.Action.SEE_PROMISES)
    in_text = _in_text(session, wanted)
    return session.scalars(_counted(by, wanted, *in_text) if in_text else _counted_once(by, wanted)).one()


def _counted(by: Actor, wanted: Wanted, *in_text: ColumnElement[bool]) -> Select[int]:
    some = select(Request.id).where(*_conditions(by, wanted), *in_text).limit(COUNTED + 1)
    return select(func.count()).select_from(some.subquery())


_counted_once = put_together_once(_counted)
