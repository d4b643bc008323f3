"""What several units need, as it is read: by IT in a list and on a page, by each unit in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm import policy
from crm.policy import Action, Actor
from crm.services import pages, request_facts, similar
from crm.services.pages import Page
from crm.services.search import contains
from crm.services.similar import Similar
from models.person import Person
from models.request import OPEN_STATES, UNDECIDED, Request
from models.request_part import SharedNeed

SUMS = ("value", "cost")


@dataclass(frozen=True)
class Total:
    """A sum in one currency, from and to; ``of``: how many requests name one."""

    name: str
    low: Decimal
    high: Decimal
    currency: str
    of: int

    @property
    def words(self) -> str:
        return request_facts.money(self.low, self.high, self.currency)


@dataclass(frozen=True)
class NeedPage:
    """A need with its requests, those that wait longest for a decision first; each with its unit."""

    need: SharedNeed
    requests: Sequence[Request]
    totals: Sequence[Total]
    may_change: bool
    #: The first that waits for a decision this person may take.
    to_decide: Request | None

    @property
    def waiting(self) -> int:
        return sum(request.state in UNDECIDED for request in self.requests)


@dataclass(frozen=True)
class NeedRow:
    need: SharedNeed
    units: int
    waiting: int


@dataclass(frozen=True)
class Together:
    """What one request shares with others: enough for a unit to know, and no word of another unit."""

    need_id: int
    facilitator: str
    #: Other units, not this one.
    others: int


def listed(
    session: Session, *, by: Actor, mine: bool = False, settled: bool = False, text: str = "", number: int = 1
) -> Page[NeedRow]:
    """Needs of several units, the newest first: those with an open request, or with ``settled`` all others. ``mine``:
    those this person brings together. One statement. Raises Forbidden for the business."""
    policy.require(by, Action.SHARE_NEED)
    units, waiting = func.count(Request.unit_id.distinct()), func.count().filter(Request.state.in_(UNDECIDED))
    is_open = func.count().filter(Request.state.in_(OPEN_STATES)) > 0
    statement = (
        select(SharedNeed, units, waiting)
        .join(Request, Request.shared_need_id == SharedNeed.id)
        .join(SharedNeed.facilitator)
        .where(*_wanted(by, mine, text))
        .group_by(SharedNeed.id, Person.id)
        .having(~is_open if settled else is_open)
        .options(contains_eager(SharedNeed.facilitator))
        .order_by(SharedNeed.made_at.desc(), SharedNeed.id.desc())
    )
    page = pages.of_rows(session, statement, number)
    return Page([NeedRow(*row) for row in page.rows], page.number, page.has_next)


def _wanted(by: Actor, mine: bool, text: str) -> list[ColumnElement[bool]]:
    wanted = [SharedNeed.facilitator_id == by.id] if mine else []
    return [*wanted, contains(text, SharedNeed.title, Person.name)] if text else wanted


def of(session: Session, *, by: Actor, need: SharedNeed) -> NeedPage:
    """The page of a need that ``shared_needs.find`` has found. One statement."""
    mine = select(Request).where(Request.shared_need_id == need.id).options(joinedload(Request.unit))
    found = session.scalars(mine.order_by(Request.logged_on, Request.id)).all()
    ordered = sorted(found, key=lambda request: request.state not in UNDECIDED)
    decidable = (one for one in ordered if one.state in UNDECIDED and policy.can(by, Action.DECIDE_REQUEST, one))
    may_change = need.facilitator_id == by.id or any(policy.can(by, Action.SHARE_NEED, one) for one in found)
    return NeedPage(need, ordered, totals(found), may_change, next(decidable, None))


def totals(requests: Sequence[Request]) -> list[Total]:
    """What they are worth and cost together, as ranges, one for each currency; nothing for what nobody named."""
    found = []
    for name in SUMS:
        told = [one for one in requests if getattr(one, f"{name}_low") is not None]
        for currency in sorted({one.currency for one in told}):
            same = [one for one in told if one.currency == currency]
            found.append(Total(name, _sum(same, f"{name}_low"), _sum(same, f"{name}_high"), currency, len(same)))
    return found


def _sum(requests: Sequence[Request], column: str) -> Decimal:
    return sum((getattr(one, column) or Decimal(0) for one in requests), Decimal(0))


def together(session: Session, *, request: Request) -> Together | None:
    """How many other units need the same as this request, and who brings it together; None when it stands alone. One
    statement, none when it stands alone; the caller has checked the right to read the request."""
    if request.shared_need_id is None:
        return None
    others = func.count(Request.unit_id.distinct()).filter(Request.unit_id != request.unit_id)
    found = session.execute(
        select(Person.name, others)
        .join(SharedNeed, SharedNeed.facilitator_id == Person.id)
        .join(Request, Request.shared_need_id == SharedNeed.id)
        .where(SharedNeed.id == request.shared_need_id)
        .group_by(Person.id, Person.name)
    ).one()
    return Together(request.shared_need_id, found[0], found[1])


def elsewhere(session: Session, *, by: Actor, request: Request, limit: int = 3) -> Sequence[Similar]:
    """For IT: what other units need that reads like it, while it stands alone. One statement at most."""
    if request.shared_need_id is not None or not policy.can(by, Action.SHARE_NEED):
        return []
    return similar.to(session, by=by, text=words_of(request), beyond=request.unit_id, limit=limit)


def words_of(request: Request) -> str:
    return f"{request.title}\n{request.business_need}"
