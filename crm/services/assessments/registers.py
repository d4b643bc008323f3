"""What the registers say to three of the four questions: the newest request each of them speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, select
from sqlalchemy.orm import Session

from crm.services import clock, words
from models.engagement import FourQuestion
from models.request import DONE, Origin, Request, RequestKind, RequestState
from models.unit import BusinessUnit

#: What was granted: IT said yes.
GRANTED = (RequestState.ACCEPTED, RequestState.DELIVERING, *DONE)


@dataclass(frozen=True)
class Suggestion:
    """An answer in words, and the request it speaks of."""

    text: str
    request_id: int
    title: str


@dataclass(frozen=True)
class _Register:
    """Which requests answer a question, since when each does, and how it is told."""

    holds: Callable[[Request], bool]
    condition: ColumnElement[bool]
    moment: Callable[[Request], datetime | None]
    column: ColumnElement[datetime | None]
    tell: Callable[[Request, str], str]


def read(session: Session, *, unit: BusinessUnit, today: date) -> dict[FourQuestion, Suggestion]:
    """What the registers suggest; a question without such a request is absent. One statement."""
    ids = [_newest(register, unit) for register in _REGISTERS.values()]
    found = session.scalars(select(Request).where(Request.id.in_(ids))).all()
    suggested = {question: _last(register, found) for question, register in _REGISTERS.items()}
    return {
        question: Suggestion(_told(_REGISTERS[question], request, unit, today), request.id, request.title)
        for question, request in suggested.items()
        if request is not None
    }


def _newest(register: _Register, unit: BusinessUnit) -> ScalarSelect[int]:
    mine = select(Request.id).where(Request.unit_id == unit.id, register.condition, register.column.is_not(None))
    return mine.order_by(register.column.desc(), Request.id.desc()).limit(1).scalar_subquery()


def _last(register: _Register, found: Iterable[Request]) -> Request | None:
    """Each question's newest is among them; so the newest of those that fit is the one."""
    fits = [(moment, one.id, one) for one in found if register.holds(one) and (moment := register.moment(one))]
    return max(fits, key=lambda fit: fit[:2])[2] if fits else None


def _told(register: _Register, request: Request, unit: BusinessUnit, today: date) -> str:
    moment = register.moment(request)
    on = words.day(clock.local_date(moment, unit.time_zone), today) if moment else ""
    return register.tell(request, on)


def _installation(request: Request, on: str) -> str:
    return f"“{request.title}”, granted on {on}. Why: {_stop(request.reason)}"


def _refusal(request: Request, on: str) -> str:
    instead = f" Offered instead: {_stop(request.alternative)}" if request.alternative else " Nothing offered instead."
    need = f" The need behind it: {_stop(request.business_need)}"
    return f"“{request.title}”, refused on {on}. {_stop(request.reason)}{instead}{need}"


def _gain(request: Request, on: str) -> str:
    idea = "IT’s idea" if request.origin is Origin.OFFERED else "the unit’s idea"
    worked = "The unit says that it works" if request.confirmed_at else "The unit has not said yet whether it works"
    did = f" {_stop(request.did)}" if request.did else ""
    return f"“{request.title}”, {idea}, delivered on {on}.{did} {worked}."


def _stop(sentence: str) -> str:
    """Ended, so that another can follow."""
    ended = sentence.strip()
    return ended if ended.endswith((".", "!", "?", "…")) else f"{ended}."


def _column(attribute: Any) -> ColumnElement[datetime | None]:
    expression: ColumnElement[datetime | None] = attribute.expression
    return expression


_REGISTERS = {
    FourQuestion.INSTALLATION: _Register(
        holds=lambda one: one.kind is RequestKind.NON_STANDARD and one.state in GRANTED,
        condition=(Request.kind == RequestKind.NON_STANDARD) & Request.state.in_(GRANTED),
        moment=lambda one: one.decided_at,
        column=_column(Request.decided_at),
        tell=_installation,
    ),
    FourQuestion.REFUSAL: _Register(
        holds=lambda one: one.state is RequestState.DECLINED,
        condition=Request.state == RequestState.DECLINED,
        moment=lambda one: one.decided_at,
        column=_column(Request.decided_at),
        tell=_refusal,
    ),
    FourQuestion.GAIN: _Register(
        holds=lambda one: one.kind is not RequestKind.COMPLAINT and one.state in DONE,
        condition=(Request.kind != RequestKind.COMPLAINT) & Request.state.in_(DONE),
        moment=lambda one: one.delivered_at,
        column=_column(Request.delivered_at),
        tell=_gain,
    ),
}
