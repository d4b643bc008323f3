"""Where a request stands, and who may bring it further: IT looks, asks back, decides, delivers; the unit confirms."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm import policy
from crm.errors import Conflict, Invalid
from crm.policy import Action, Actor
from crm.services import after_refusals, request_limits
from crm.services.engagement import danger
from models.request import UNDECIDED, Request, RequestKind, RequestState, RequestStep

LONGEST = 5_000


class Side(enum.Enum):
    IT = Action.DECIDE_REQUEST
    UNIT = Action.CONFIRM_REQUEST


@dataclass(frozen=True)
class Way:
    """From where a request stands to another state. ``asks``: what has to be said, as a sentence; "" for nothing."""

    to: RequestState
    side: Side
    asks: str = ""


_LOOK = Way(RequestState.LOOKING, Side.IT)
_ASK_BACK = Way(RequestState.WAITING, Side.IT, "Write what the unit should tell you.")
_DECIDE = (
    Way(RequestState.ACCEPTED, Side.IT, "Say why. The unit reads it."),
    Way(RequestState.DECLINED, Side.IT, "Say why. The unit reads it."),
)
_DELIVER = Way(RequestState.DELIVERED, Side.IT, "Write in a sentence what we did. The unit reads it.")
#: Every way there is. None leads to CONFIRMED but the unit's own.
WAYS: dict[RequestState, tuple[Way, ...]] = {
    RequestState.LOGGED: (_LOOK, _ASK_BACK, *_DECIDE),
    RequestState.LOOKING: (_ASK_BACK, *_DECIDE),
    RequestState.WAITING: (
        Way(RequestState.LOOKING, Side.UNIT, "Write your answer."),
        Way(RequestState.LOOKING, Side.IT, "Write what they told you."),
        *_DECIDE,
    ),
    RequestState.ACCEPTED: (Way(RequestState.DELIVERING, Side.IT), _DELIVER),
    RequestState.DELIVERING: (_DELIVER,),
    RequestState.DELIVERED: (
        Way(RequestState.CONFIRMED, Side.UNIT),
        Way(RequestState.DELIVERING, Side.UNIT, "Write what is missing."),
    ),
    RequestState.DECLINED: (
        Way(RequestState.LOOKING, Side.UNIT, "Write what is different now."),
        Way(RequestState.LOOKING, Side.IT, "Write why it is looked at again."),
    ),
    RequestState.CONFIRMED: (),
}
#: Decided with more than a word: see ``deciding.decide``.
DECIDED = frozenset({RequestState.ACCEPTED, RequestState.DECLINED})


def ways(request: Request, *, by: Actor) -> list[Way]:
    """Those open to this person now, decisions included; one to each state."""
    found: dict[RequestState, Way] = {}
    for way in WAYS[request.state]:
        if _may(way, request, by):
            found.setdefault(way.to, way)
    return list(found.values())


def _may(way: Way, request: Request, by: Actor) -> bool:
    return policy.can(by, way.side.value, request)


def move(session: Session, *, by: Actor, request: Request, to: RequestState, why: str, now: datetime) -> bool:
    """Bring the request there; False where it stands there already. Decisions have a function of their own,
    ``deciding.decide``.

    Raises Conflict("to") where no way leads there (any more), Forbidden for whoever may not go it,
    Invalid("why") without the words it asks for.
    """
    if to in DECIDED:
        raise Conflict("why", "A decision says more than a state.")
    session.refresh(request, ["state"], with_for_update=True)  # of two at once the second is told
    if request.state is to and any(way.to is to for known in WAYS.values() for way in known if _may(way, request, by)):
        return False
    was_refused = request.state is RequestState.DECLINED
    step(session, by=by, request=request, to=to, why=why, field="why", now=now)
    if was_refused:
        danger.look(session, unit_ids=[request.unit_id], now=now)
    return True


def step(
    session: Session, *, by: Actor, request: Request, to: RequestState, why: str, field: str, now: datetime
) -> None:
    """The one place where a request, locked by the caller, changes its state. ``field``: where words that are missing
    are asked for."""
    way = _way(request, to, by)
    if way.asks and not why:
        raise Invalid(field, way.asks)
    if len(why) > LONGEST:
        raise Invalid(field, f"Keep it under {LONGEST:,} letters.")
    if to is RequestState.DELIVERED and request.kind is RequestKind.COMPLAINT and not request.root_cause:
        raise Invalid(field, "Say why it came about first: a complaint is called solved with its root cause.")
    if request.state is RequestState.DECLINED:
        after_refusals.drop(session, request_id=request.id, why=after_refusals.LOOKED_AT_AGAIN)
    request.state = to
    _note_times(request, to, now)
    _note_words(request, to, why)
    if request.owner_id is None and way.side is Side.IT:
        request.owner_id = by.id  # whoever acts first sees to it, until somebody else is named
    begin(session, by=by, request=request, why=why, now=now)


def begin(session: Session, *, by: Actor, request: Request, now: datetime, why: str = "") -> None:
    """Keep that the request stands where it stands from now on, and by when it should stand elsewhere. For a new one
    too, when it is flushed."""
    request.stands_since = now
    request_limits.set_due(session, request)
    log(session, request, by=by, why=why, now=now)
    session.flush()


def _way(request: Request, to: RequestState, by: Actor) -> Way:
    known = [way for way in WAYS[request.state] if way.to is to]
    if not known:
        raise Conflict("why", "It stands elsewhere by now.")
    for way in known:
        if _may(way, request, by):
            return way
    policy.require(by, known[0].side.value, request)
    return known[0]


def _note_times(request: Request, to: RequestState, now: datetime) -> None:
    if to is RequestState.DELIVERED:
        request.delivered_at = now
    elif to is RequestState.CONFIRMED:
        request.confirmed_at = now
    elif to is RequestState.DELIVERING:
        request.delivered_at = None
    elif to in UNDECIDED:
        request.decided_at = request.decided_by_id = None  # what was decided stands in the steps


def _note_words(request: Request, to: RequestState, why: str) -> None:
    if to is RequestState.DELIVERED:
        request.did = why


def log(session: Session, request: Request, *, by: Actor, why: str, now: datetime) -> None:
    """Keep that the request stands where it stands from now on."""
    session.add(RequestStep(request_id=request.id, at=now, by_id=by.id, state=request.state, why=why))


def history(session: Session, *, request: Request) -> Sequence[RequestStep]:
    """Each step with who took it, oldest first. One statement; the caller has checked the right to read it."""
    mine = select(RequestStep).where(RequestStep.request_id == request.id).options(joinedload(RequestStep.by))
    return session.scalars(mine.order_by(RequestStep.at, RequestStep.id)).all()
