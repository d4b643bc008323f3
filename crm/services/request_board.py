"""The board of requests: a column for where they stand, the most urgent of each as cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Actor
from crm.services import request_lists, request_states
from crm.services.request_lists import Wanted
from crm.services.request_states import Way
from models.request import OPEN_STATES, Request, RequestState

COLUMNS = (*OPEN_STATES, RequestState.DELIVERED)
#: Over: only counted.
ENDS = (RequestState.DECLINED, RequestState.CONFIRMED)
SHOWN = 20


@dataclass(frozen=True)
class Card:
    """A request, and the ways open to who looks at it."""

    request: Request
    ways: Sequence[Way]


@dataclass(frozen=True)
class Column:
    """``count``: how many stand there; ``cards``: the first of them, the soonest due first, then the oldest."""

    state: RequestState
    count: int
    cards: Sequence[Card] = ()


def of(session: Session, *, by: Actor, wanted: Wanted) -> Sequence[Column]:
    """A column for each state, in the order a request takes; the ends without cards. Two statements."""
    policy.require(by, policy.Action.SEE_PROMISES)
    wanted = replace(wanted, states=())
    counts, cards = _counts(session, by, wanted), _cards(session, by, wanted)
    columns = [
        Column(state, counts.get(state, 0), [card for card in cards if card.request.state is state])
        for state in COLUMNS
    ]
    return [*columns, *(Column(state, counts.get(state, 0)) for state in ENDS)]


def _counts(session: Session, by: Actor, wanted: Wanted) -> dict[RequestState, int]:
    counted = select(Request.state, func.count()).where(request_lists.condition(session, by=by, wanted=wanted))
    return dict(session.execute(counted.group_by(Request.state)).all())


def _cards(session: Session, by: Actor, wanted: Wanted) -> Sequence[Card]:
    order = (Request.due_on.asc().nulls_last(), Request.logged_on, Request.id)
    those = request_lists.condition(session, by=by, wanted=wanted)
    firsts = [
        select(Request.id).where(those, Request.state == state).order_by(*order).limit(SHOWN).subquery()
        for state in COLUMNS
    ]
    shown = union_all(*(select(first.c.id) for first in firsts))
    found = session.scalars(
        select(Request)
        .join(Request.unit)
        .where(Request.id.in_(shown))
        .options(contains_eager(Request.unit), joinedload(Request.owner))
    )
    return [Card(one, request_states.ways(one, by=by)) for one in sorted(found, key=_place)]


def _place(request: Request) -> tuple[date, date, int]:
    return request.due_on or date.max, request.logged_on, request.id
